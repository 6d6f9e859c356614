/// A transport of SIP.
public enum SIPTransport: String, Hashable, Sendable, Codable {
  case udp = "UDP"
  case tcp = "TCP"
  case tls = "TLS"

  /// By its name without case; nil when unknown.
  public init?(text: some StringProtocol) {
    guard let found = [SIPTransport.udp, .tcp, .tls].first(where: { text.equalsIgnoringCase($0.rawValue) }) else {
      return nil
    }
    self = found
  }

  /// Whether the transport delivers by itself, so that transactions do not retransmit (RFC 3261 section 17).
  public var isReliable: Bool { self != .udp }
  /// 5060, or 5061 for TLS.
  public var defaultPort: UInt16 { self == .tls ? 5061 : 5060 }
}

/// Where a message came from or goes to.
public struct TransportPath: Hashable, Sendable, Codable {
  /// The transport.
  public var transport: SIPTransport
  /// Peer's address without brackets. For sending it may be a name that the shell resolves.
  public var host: String
  /// Peer's port.
  public var port: UInt16
  /// The stream connection that the shell numbered; nil for UDP, or when the shell has to open one. When the connection
  /// is gone the shell opens another to host and port.
  public var connection: UInt64?

  /// A path from its parts.
  public init(transport: SIPTransport, host: String, port: UInt16, connection: UInt64? = nil) {
    self.transport = transport
    self.host = host
    self.port = port
    self.connection = connection
  }
}
