/// The head of a message as unfolded lines (RFC 3261 section 7.3.1).
struct HeaderBlock {
  /// Start line first; folded lines joined by one space.
  var lines: [ArraySlice<UInt8>] = []
  /// Index of the first octet of the body.
  var bodyStart: Int

  enum Problem: Error { case unfinished, tooLarge, controlCharacter }

  /// Splits the head at line ends. A bare LF is tolerated as a line end in datagrams; a bare CR or NUL is not.
  static func read(_ bytes: ArraySlice<UInt8>, limits: SIPLimits) throws(Problem) -> HeaderBlock {
    var block = HeaderBlock(bodyStart: bytes.startIndex)
    var start = bytes.startIndex
    while start < bytes.endIndex, bytes[start] == 13 || bytes[start] == 10 { start += 1 }
    while true {
      guard let newline = bytes[start...].firstIndex(of: 10) else { throw .unfinished }
      var end = newline
      if end > start, bytes[end - 1] == 13 { end -= 1 }
      if end == start, !block.lines.isEmpty {
        block.bodyStart = newline + 1
        return block
      }
      let line = bytes[start..<end]
      guard !line.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else { throw .controlCharacter }
      if let first = line.first, first.isLinearSpace, block.lines.count > 1 {
        let folded = Array(block.lines[block.lines.count - 1]) + [0x20] + line.drop(while: \.isLinearSpace)
        block.lines[block.lines.count - 1] = folded[...]
      } else {
        block.lines.append(line)
      }
      guard block.lines.count <= limits.headers + 1, (block.lines.last?.count ?? 0) <= limits.line else {
        throw .tooLarge
      }
      start = newline + 1
    }
  }

  /// Splits a header line at its colon; nil when the name is not a token.
  static func field(_ line: ArraySlice<UInt8>) -> (name: HeaderName, value: String)? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    var end = colon
    while end > line.startIndex, line[end - 1].isLinearSpace { end -= 1 }
    let name = line[line.startIndex..<end]
    guard !name.isEmpty, name.allSatisfy(\.isToken), let text = String(validating: line[(colon + 1)...], as: UTF8.self)
    else { return nil }
    return (HeaderName(String(decoding: name, as: UTF8.self)), text.trimmed)
  }
}
