/// From, To, Contact, Route, Record-Route, Refer-To: a display name, a URI and parameters (RFC 3261 section 20.10).
public struct NameAddress: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The display name as on the wire (quotes included), nil when there is none. Personal data.
  public var displayName: String?
  /// The URI's text, exactly as received, of any scheme. Personal data.
  public var uriText: String
  /// Header parameters such as `tag`, `expires`.
  public var parameters = Parameters()

  /// An address from its parts.
  public init(uri: String, displayName: String? = nil, tag: String? = nil) {
    uriText = uri
    self.displayName = displayName
    if let tag { parameters["tag"] = tag }
  }

  /// Parses one value (not a list); nil when it breaks the grammar.
  public init?(_ text: String) {
    var scanner = Scanner(text)
    var displayName: String?
    scanner.skipSpace()
    let start = scanner.index
    if scanner.quoted() != nil {
      displayName = scanner.text(start..<scanner.index)
      scanner.skipSpace()
    } else {
      let words = scanner.take { $0 != UInt8(ascii: "<") } ?? ""
      guard scanner.peek != nil else {
        self.init(addrSpec: words.trimmed)
        return
      }
      guard !words.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x3E || $0 == 0x3B }) else { return nil }
      displayName = words.trimmed.isEmpty ? nil : words.trimmed
    }
    guard scanner.take(UInt8(ascii: "<")), let uri = scanner.take(while: { $0 != UInt8(ascii: ">") && $0 > 0x20 }),
      scanner.take(UInt8(ascii: ">")), Self.isURI(uri), let parameters = HeaderText.parameters(&scanner)
    else { return nil }
    self.init(uri: uri, displayName: displayName)
    self.parameters = parameters
  }

  /// Without brackets, what follows `;` belongs to the header, and `?` and `,` may not occur (RFC 3261 section 20.10).
  private init?(addrSpec text: String) {
    var scanner = Scanner(text)
    guard let uri = scanner.take(while: { $0 != UInt8(ascii: ";") && $0 > 0x20 }), Self.isURI(uri),
      !uri.utf8.contains(where: { $0 == 0x3F || $0 == 0x2C || $0 == 0x22 || $0 == 0x3E }),
      let parameters = HeaderText.parameters(&scanner)
    else { return nil }
    uriText = uri
    self.parameters = parameters
  }

  private static func isURI(_ text: String) -> Bool {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), colon != text.utf8.startIndex,
      text.utf8[..<colon].allSatisfy({ $0.isAlpha || $0.isDigit || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E })
    else { return false }
    let scheme = text[..<colon]
    return !scheme.equalsIgnoringCase("sip") && !scheme.equalsIgnoringCase("sips") || SIPURI(text) != nil
  }

  /// The URI when it is `sip:` or `sips:`.
  public var uri: SIPURI? { SIPURI(uriText) }
  /// The `tag` parameter.
  public var tag: String? {
    get { parameters["tag"] }
    set { parameters["tag"] = newValue }
  }

  public var description: String {
    (displayName.map { $0 + " " } ?? "") + "<" + uriText + ">" + parameters.description
  }
}
