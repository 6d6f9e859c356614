/// Scheme, host and port of an address (RFC 6454 section 4): whom a request goes to, and whom a secret is granted for.
///
/// Read strictly, so that no two readers can differ about the host: no user, no escapes, nothing but a name or a numeric
/// address and a port.
public struct HTTPOrigin: Hashable, Sendable, CustomStringConvertible {
  /// `http` or `https`.
  public let scheme: String
  /// In lower case; an IPv6 address in brackets.
  public let host: String
  /// Port, the scheme's own when the address has none.
  public let port: Int

  /// The origin of an address that begins with `http://` or `https://`; nil when it is none.
  public init?(_ address: some StringProtocol) {
    guard let scheme = ["https", "http"].first(where: { address.hasPrefix($0 + "://") }) else { return nil }
    let authority = address.dropFirst(scheme.count + 3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    var host = authority[...]
    var port = scheme == "https" ? 443 : 80
    let end = authority.lastIndex(of: "]") ?? authority.startIndex
    if let colon = authority[end...].firstIndex(of: ":") {
      let digits = authority[authority.index(after: colon)...]
      guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = UInt16(digits), number > 0 else {
        return nil
      }
      (host, port) = (authority[..<colon], Int(number))
    }
    guard Self.isHost(host.utf8) else { return nil }
    self.scheme = scheme
    self.host = host.lowercased()
    self.port = port
  }

  private static func isHost(_ text: some Collection<UInt8>) -> Bool {
    guard let first = text.first, let last = text.suffix(1).first else { return false }
    if first == UInt8(ascii: "[") {
      let inner = text.dropFirst().dropLast()
      return last == UInt8(ascii: "]") && !inner.isEmpty
        && inner.allSatisfy { isDigit($0) || isHexLetter($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
    }
    return text.allSatisfy {
      isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
  private static func isHexLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
  }

  /// `https://host:443`.
  public var description: String { "\(scheme)://\(host):\(port)" }
}
