/// The session description inside a body: the body itself, or one part of several (RFC 5621), at most two levels deep.
enum BodyParts {
  /// What a body holds.
  enum Content: Hashable, Sendable {
    case none
    case description([UInt8])
    /// Something else; `isOptional` when the peer says that it may be left aside.
    case foreign(isOptional: Bool)
    case compressed
  }

  static let accepted = "application/sdp, multipart/mixed"
  private static let parts = 16

  static func content(of headers: HeaderFields, _ body: [UInt8]) -> Content {
    guard !body.isEmpty else { return .none }
    return content(headers, body[...], depth: 0)
  }

  private static func content(_ headers: HeaderFields, _ body: ArraySlice<UInt8>, depth: Int) -> Content {
    let encoding = headers["Content-Encoding"] ?? "identity"
    guard encoding.equalsIgnoringCase("identity") else { return .compressed }
    let transfer = headers["Content-Transfer-Encoding"] ?? "binary"
    let isPlain = ["binary", "8bit", "7bit"].contains { transfer.equalsIgnoringCase($0) }
    guard let text = headers[.contentType] else {
      // Gateways leave the type out; what begins as a description is one.
      return depth == 0 && body.starts(with: Array("v=0".utf8))
        ? .description(Array(body)) : .foreign(isOptional: false)
    }
    let type = text.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
    if type == "application/sdp", isPlain { return .description(Array(body)) }
    if type.hasPrefix("multipart/"), depth < 2, let boundary = parameter("boundary", of: text) {
      var found = Content.foreign(isOptional: isOptional(headers))
      for part in split(body, at: boundary) {
        let content = content(part.headers, part.body, depth: depth + 1)
        if case .description = content { return content }
        if content == .compressed { found = .compressed }
      }
      return found
    }
    return .foreign(isOptional: isOptional(headers))
  }

  private static func isOptional(_ headers: HeaderFields) -> Bool {
    headers["Content-Disposition"].flatMap { parameter("handling", of: $0) }?.equalsIgnoringCase("optional") ?? false
  }

  private static func parameter(_ name: String, of text: String) -> String? {
    var scanner = Scanner(text)
    _ = scanner.take { $0 != UInt8(ascii: ";") }
    guard let value = HeaderText.parameters(&scanner)?[name], !value.isEmpty else { return nil }
    return value
  }

  /// The parts between lines of two hyphens and the boundary (RFC 2046 section 5.1). Linear in the octets.
  private static func split(_ body: ArraySlice<UInt8>, at boundary: String) -> [(
    headers: HeaderFields, body: ArraySlice<UInt8>
  )] {
    let mark = Array("--".utf8) + OctetText.octets(boundary)
    var found: [(headers: HeaderFields, body: ArraySlice<UInt8>)] = []
    var begin: Int?
    var line = body.startIndex
    while line < body.endIndex, found.count < parts {
      let newline = body[line...].firstIndex(of: 10) ?? body.endIndex
      if body[line..<newline].starts(with: mark) {
        if let begin {
          var end = line
          if end > begin, body[end - 1] == 10 { end -= 1 }
          if end > begin, body[end - 1] == 13 { end -= 1 }
          found.append(part(body[begin..<end]))
        }
        begin = newline < body.endIndex ? newline + 1 : nil
        if body[line..<newline].dropFirst(mark.count).starts(with: Array("--".utf8)) { break }
      }
      line = newline < body.endIndex ? newline + 1 : body.endIndex
    }
    return found
  }

  private static func part(_ octets: ArraySlice<UInt8>) -> (headers: HeaderFields, body: ArraySlice<UInt8>) {
    var headers = HeaderFields()
    // A part may have no header at all: then it begins with its empty line.
    if octets.starts(with: [13, 10]) { return (headers, octets.dropFirst(2)) }
    let block = HeaderBlock.read(octets, limits: SIPLimits())
    guard block.problem == nil else { return (headers, octets.suffix(0)) }
    for line in block.lines { if let (name, value) = HeaderBlock.field(line) { headers.add(name, value) } }
    return (headers, octets[block.bodyStart...])
  }
}
