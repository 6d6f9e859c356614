/// A `sip:` or `sips:` URI (RFC 3261 section 19.1).
public struct SIPURI: Hashable, Sendable, CustomStringConvertible {
  /// Whether the scheme is `sips`.
  public var isSecure: Bool
  /// The user part as written, percent escapes included; nil when there is none. Personal data.
  public var user: String?
  /// The password part, which nobody should use; kept for round trips.
  public var password: String?
  /// Host name or address; an IPv6 address stands in brackets.
  public var host: String
  /// The port, nil when absent.
  public var port: UInt16?
  /// URI parameters.
  public var parameters = Parameters()
  /// What follows `?`, unparsed.
  public var headers: String?

  /// A URI from its parts.
  public init(user: String? = nil, host: String, port: UInt16? = nil, isSecure: Bool = false) {
    self.user = user
    self.host = host
    self.port = port
    self.isSecure = isSecure
  }

  /// Parses the text; nil when it is not a SIP or SIPS URI or breaks the grammar.
  public init?(_ text: some StringProtocol) {
    let whole = Array(text.utf8)
    guard let colon = whole.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let scheme = String(decoding: whole[..<colon], as: UTF8.self)
    guard scheme.equalsIgnoringCase("sip") || scheme.equalsIgnoringCase("sips") else { return nil }
    isSecure = scheme.utf8.count == 4
    var rest = whole[(colon + 1)...]
    guard !rest.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == 0x3C || $0 == 0x3E || $0 == 0x22 }),
      Self.escapesAreWhole(rest)
    else { return nil }
    if let at = rest.firstIndex(of: UInt8(ascii: "@")) {
      let info = rest[..<at]
      let cut = info.firstIndex(of: UInt8(ascii: ":"))
      user = String(decoding: info[..<(cut ?? info.endIndex)], as: UTF8.self)
      guard user?.isEmpty == false else { return nil }
      password = cut.map { String(decoding: info[info.index(after: $0)...], as: UTF8.self) }
      rest = rest[(at + 1)...]
    }
    if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
      headers = String(decoding: rest[(mark + 1)...], as: UTF8.self)
      rest = rest[..<mark]
    }
    let semicolon = rest.firstIndex(of: UInt8(ascii: ";")) ?? rest.endIndex
    guard let hostPort = HostPort(rest[..<semicolon]) else { return nil }
    host = hostPort.host
    port = hostPort.port
    for part in rest[semicolon...].split(separator: UInt8(ascii: ";")) {
      let pieces = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(decoding: pieces[0], as: UTF8.self)
      guard !name.isEmpty else { return nil }
      parameters.items.append(
        Parameter(name: name, value: pieces.count > 1 ? String(decoding: pieces[1], as: UTF8.self) : nil))
    }
  }

  private static func escapesAreWhole(_ bytes: ArraySlice<UInt8>) -> Bool {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == UInt8(ascii: "%") {
        guard index + 2 < bytes.endIndex, bytes[index + 1].isHex, bytes[index + 2].isHex else { return false }
        index += 2
      }
      index += 1
    }
    return true
  }

  /// The user part with percent escapes resolved; nil without user or when the octets are not UTF-8.
  public var decodedUser: String? { userOctets.flatMap { String(validating: $0, as: UTF8.self) } }

  private var userOctets: [UInt8]? {
    guard let user else { return nil }
    var result: [UInt8] = []
    let bytes = Array(user.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
      {
        result.append(value)
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  /// The `transport` parameter, or what the scheme implies: TLS for `sips`, else UDP.
  public var transport: SIPTransport {
    if isSecure { return .tls }
    return parameters["transport"].flatMap { SIPTransport(text: $0) } ?? .udp
  }

  /// Where requests to this URI go: host (a name is for the shell to resolve) and port with the transport's default. Nil
  /// when the URI names a transport that nobody here knows, such as `ws`.
  public var destination: TransportPath? {
    if let name = parameters["transport"], SIPTransport(text: name) == nil { return nil }
    return TransportPath(transport: transport, host: host.withoutBrackets, port: port ?? transport.defaultPort)
  }

  /// Whether requests to this URI must not go in clear: `sips:`, or TLS by its transport.
  public var asksForTLS: Bool { transport == .tls }

  /// Equality for digest and target checks: scheme, decoded user, host without case, port.
  public func sameTarget(as other: SIPURI) -> Bool {
    isSecure == other.isSecure && userOctets == other.userOctets && host.equalsIgnoringCase(other.host)
      && (port ?? transport.defaultPort) == (other.port ?? other.transport.defaultPort)
  }

  public var description: String {
    var text = isSecure ? "sips:" : "sip:"
    if let user { text += user + (password.map { ":" + $0 } ?? "") + "@" }
    text += host + (port.map { ":\($0)" } ?? "") + parameters.description
    if let headers { text += "?" + headers }
    return text
  }
}

/// `host[:port]` with checks of both.
struct HostPort {
  var host: String
  var port: UInt16?

  init?(_ bytes: ArraySlice<UInt8>) {
    var end = bytes.endIndex
    if bytes.first == UInt8(ascii: "[") {
      guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      end = close + 1
      host = String(decoding: bytes[..<end], as: UTF8.self)
      guard case .some(let address) = IPAddress(host.withoutBrackets), !address.isV4 else { return nil }
    } else {
      end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
      guard end > bytes.startIndex,
        bytes[..<end].allSatisfy({ $0.isDigit || $0.isAlpha || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F })
      else { return nil }
      host = String(decoding: bytes[..<end], as: UTF8.self)
    }
    guard end < bytes.endIndex else { return }
    guard bytes[end] == UInt8(ascii: ":"),
      let value = String(decoding: bytes[(end + 1)...], as: UTF8.self).decimal(upTo: 65_535)
    else { return nil }
    port = UInt16(value)
  }
}

extension String {
  /// An IPv6 reference without its brackets; other hosts unchanged.
  var withoutBrackets: String {
    guard utf8.first == UInt8(ascii: "["), utf8.last == UInt8(ascii: "]") else { return self }
    return String(dropFirst().dropLast())
  }

  /// The host as it stands in URIs and Via: an IPv6 address in brackets.
  var asURIHost: String { utf8.contains(UInt8(ascii: ":")) && utf8.first != UInt8(ascii: "[") ? "[\(self)]" : self }
}
