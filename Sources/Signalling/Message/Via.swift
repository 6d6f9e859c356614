/// One Via value (RFC 3261 section 20.42, RFC 3581).
public struct Via: Hashable, Sendable, CustomStringConvertible {
  /// Transport token as written: `UDP`, `TCP`, `TLS`, `WS` or something new.
  public var transport: String
  /// Host of the sender; an IPv6 address in brackets.
  public var host: String
  /// Port of the sender, nil when absent.
  public var port: UInt16?
  /// Parameters: `branch`, `received`, `rport`.
  public var parameters = Parameters()

  /// The magic cookie that marks branches of RFC 3261 (section 8.1.1.7).
  public static let cookie = "z9hG4bK"

  /// Our own Via; asks for `rport`.
  public init(transport: SIPTransport, host: String, port: UInt16, branch: String) {
    self.transport = transport.rawValue
    self.host = host.asURIHost
    self.port = port
    parameters["branch"] = branch
    parameters.addFlag("rport")
  }

  /// Parses one value; nil when it breaks the grammar or its protocol is not SIP/2.0.
  public init?(_ text: String) {
    var scanner = Scanner(text)
    func slash(_ scanner: inout Scanner) -> Bool {
      scanner.skipSpace()
      guard scanner.take(UInt8(ascii: "/")) else { return false }
      scanner.skipSpace()
      return true
    }
    scanner.skipSpace()
    guard let name = scanner.token(), name.equalsIgnoringCase("SIP"), slash(&scanner), scanner.token() == "2.0",
      slash(&scanner), let transport = scanner.token()
    else { return nil }
    self.transport = transport
    guard let space = scanner.peek, space.isLinearSpace else { return nil }
    scanner.skipSpace()
    let sentBy = scanner.take { $0 != UInt8(ascii: ";") } ?? ""
    let compact = sentBy.utf8.filter { !$0.isLinearSpace }
    guard let hostPort = HostPort(compact[...]), let parameters = HeaderText.parameters(&scanner) else { return nil }
    host = hostPort.host
    port = hostPort.port
    self.parameters = parameters
  }

  /// The `branch` parameter.
  public var branch: String? { parameters["branch"] }
  /// Port that responses go to without `rport`.
  public var sentByPort: UInt16 { port ?? (SIPTransport(text: transport)?.defaultPort ?? 5060) }

  public var description: String {
    "SIP/2.0/\(transport) \(host)" + (port.map { ":\($0)" } ?? "") + parameters.description
  }
}

/// `CSeq: number METHOD` (RFC 3261 section 20.16).
public struct CSeq: Hashable, Sendable, CustomStringConvertible {
  /// Sequence number, below 2^31.
  public var number: UInt32
  /// The method.
  public var method: SIPMethod

  /// A sequence from its parts.
  public init(_ number: UInt32, _ method: SIPMethod) {
    self.number = number
    self.method = method
  }

  /// Parses the value; nil when it breaks the grammar or the number is 2^31 or more.
  public init?(_ text: String) {
    var scanner = Scanner(text)
    scanner.skipSpace()
    guard let digits = scanner.take(while: \.isDigit), let number = digits.decimal(upTo: 0x7FFF_FFFF),
      let next = scanner.peek, next.isLinearSpace
    else { return nil }
    scanner.skipSpace()
    guard let method = scanner.token() else { return nil }
    scanner.skipSpace()
    guard scanner.atEnd else { return nil }
    self.init(UInt32(number), SIPMethod(method))
  }

  public var description: String { "\(number) \(method)" }
}
