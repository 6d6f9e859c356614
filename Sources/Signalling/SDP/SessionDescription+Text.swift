extension SessionDescription {
  /// Octets, lines and media blocks that a description may have.
  static let limits = (bytes: 16_384, lines: 512, media: 16, formats: 64)

  /// Parses a description; line ends may be CRLF or LF.
  /// - Throws: `.badSessionDescription` or `.tooLarge`.
  public init(parsing bytes: [UInt8]) throws(SignallingError) {
    guard bytes.count <= Self.limits.bytes else { throw SignallingError(.tooLarge, "session description too large") }
    let lines = bytes.split(separator: 10, maxSplits: Self.limits.lines + 1, omittingEmptySubsequences: true)
    guard lines.count <= Self.limits.lines else { throw SignallingError(.tooLarge, "too many lines") }
    var origin: Origin?
    var sawVersion = false
    var name = "-"
    var address: String?
    var attributes: [SDPAttribute] = []
    var media: [MediaDescription] = []
    for raw in lines {
      let line = raw.last == 13 ? raw.dropLast() : raw
      if line.isEmpty { continue }
      guard line.count >= 2, line[line.startIndex + 1] == UInt8(ascii: "="),
        !line.contains(where: { $0 < 0x20 && $0 != 9 })
      else { throw Self.bad("bad line") }
      let value = OctetText.decode(line.dropFirst(2))
      let type = line[line.startIndex]
      guard sawVersion || type == UInt8(ascii: "v") else { throw Self.bad("does not begin with v=") }
      switch type {
      case UInt8(ascii: "v"):
        guard !sawVersion, value.trimmed == "0" else { throw Self.bad("version is not 0") }
        sawVersion = true
      case UInt8(ascii: "o"): origin = try Self.origin(value)
      case UInt8(ascii: "s"): name = value
      case UInt8(ascii: "c"):
        let found = try Self.connection(value)
        if media.isEmpty { address = found } else { media[media.count - 1].address = found }
      case UInt8(ascii: "a"):
        let parts = value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let attribute = SDPAttribute(String(parts[0]).trimmed, parts.count > 1 ? String(parts[1]).trimmed : nil)
        if media.isEmpty { attributes.append(attribute) } else { media[media.count - 1].attributes.append(attribute) }
      case UInt8(ascii: "m"):
        guard media.count < Self.limits.media else { throw SignallingError(.tooLarge, "too many media") }
        media.append(try Self.media(value))
      default:
        guard type.isAlpha else { throw Self.bad("bad line type") }
      }
    }
    guard let origin else { throw Self.bad("no origin") }
    self.init(origin: origin, address: address, media: media)
    self.name = name
    self.attributes = attributes
  }

  private static func bad(_ message: String) -> SignallingError { SignallingError(.badSessionDescription, message) }

  private static func origin(_ value: String) throws(SignallingError) -> Origin {
    // Counted from the end: some write a user name of several words.
    let parts = value.split(separator: " ")
    guard parts.count >= 6 else { throw bad("bad origin") }
    let last = parts.suffix(5).map(String.init)
    return Origin(
      username: parts.dropLast(5).joined(separator: " "), sessionID: last[0], version: last[1], address: last[4])
  }

  private static func connection(_ value: String) throws(SignallingError) -> String {
    let parts = value.split(separator: " ")
    guard parts.count == 3, parts[0].equalsIgnoringCase("IN"),
      parts[1].equalsIgnoringCase("IP4") || parts[1].equalsIgnoringCase("IP6"),
      let address = parts[2].split(separator: "/").first
    else { throw bad("bad connection") }
    return String(address)
  }

  private static func media(_ value: String) throws(SignallingError) -> MediaDescription {
    let parts = value.split(separator: " ")
    guard parts.count >= 4, parts.count <= 3 + limits.formats,
      let port = parts[1].split(separator: "/").first?.decimal(upTo: 65_535)
    else { throw bad("bad media line") }
    return MediaDescription(
      kind: parts[0].lowercased(), port: UInt16(port), transport: parts[2].uppercased(),
      formats: parts[3...].map(String.init))
  }

  /// The octets of the description, lines ended by CRLF.
  public func encoded() -> [UInt8] {
    var text = "v=0\r\n"
    text += "o=\(origin.username) \(origin.sessionID) \(origin.version) \(Self.typed(origin.address))\r\n"
    text += "s=\(name)\r\n"
    if let address { text += "c=\(Self.typed(address))\r\n" }
    text += "t=0 0\r\n"
    for attribute in attributes { text += attribute.line }
    for stream in media {
      text += "m=\(stream.kind) \(stream.port) \(stream.transport) \(stream.formats.joined(separator: " "))\r\n"
      if let address = stream.address { text += "c=\(Self.typed(address))\r\n" }
      for attribute in stream.attributes { text += attribute.line }
    }
    return OctetText.octets(text)
  }

  private static func typed(_ address: String) -> String {
    "IN \(address.utf8.contains(UInt8(ascii: ":")) ? "IP6" : "IP4") \(address)"
  }
}

extension SDPAttribute {
  fileprivate var line: String { value.map { "a=\(name):\($0)\r\n" } ?? "a=\(name)\r\n" }
}
