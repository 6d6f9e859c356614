/// A session description (RFC 4566): what offer and answer need of it. Other lines are accepted and dropped.
public struct SessionDescription: Hashable, Sendable {
  /// The `o=` line.
  public struct Origin: Hashable, Sendable {
    /// `-` when unknown.
    public var username: String
    /// One number for the whole session: digits without a bound (RFC 8866 section 5.2), kept as they came.
    public var sessionID: String
    /// Grows with each change (RFC 3264 section 8). Digits without a bound.
    public var version: String
    /// Host that wrote the description.
    public var address: String

    /// An origin from its parts.
    public init(username: String = "-", sessionID: String, version: String, address: String) {
      self.username = username
      self.sessionID = sessionID
      self.version = version
      self.address = address
    }
  }
  /// Who wrote the description, and which version.
  public var origin: Origin
  /// The `s=` line.
  public var name = "-"
  /// Session-level connection address, without the network type; nil when absent.
  public var address: String?
  /// Session-level attributes in their order.
  public var attributes: [SDPAttribute] = []
  /// Media lines in their order.
  public var media: [MediaDescription] = []

  /// The connection addresses that are names and have to be looked up before media can flow; each once.
  public var hostNames: [String] {
    var found: [String] = []
    for host in [address] + media.map(\.address) {
      if let host, IPAddress(host) == nil, !found.contains(host) { found.append(host) }
    }
    return found
  }

  /// The description with these names replaced by their addresses.
  public func resolved(_ addresses: [String: IPAddress]) -> SessionDescription {
    func look(_ host: String?) -> String? { host.map { addresses[$0]?.description ?? $0 } }
    var result = self
    result.address = look(address)
    for index in media.indices { result.media[index].address = look(media[index].address) }
    return result
  }

  /// A description from its origin; the media follow.
  public init(origin: Origin, address: String?, media: [MediaDescription] = []) {
    self.origin = origin
    self.address = address
    self.media = media
  }
}

/// One `a=name` or `a=name:value`.
public struct SDPAttribute: Hashable, Sendable {
  /// Text before the colon; case-sensitive.
  public var name: String
  /// Text behind the colon, nil without one.
  public var value: String?

  /// An attribute, a flag when the value is nil.
  public init(_ name: String, _ value: String? = nil) {
    self.name = name
    self.value = value
  }
}

/// One `m=` block.
public struct MediaDescription: Hashable, Sendable {
  /// `audio`, `video`, `image`, ...
  public var kind: String
  /// Transport port; 0 rejects or disables the stream.
  public var port: UInt16
  /// Transport protocol, such as `RTP/AVP`.
  public var transport: String
  /// Formats in order of preference: payload type numbers for RTP.
  public var formats: [String]
  /// Connection address of this stream, nil when the session's holds.
  public var address: String?
  /// Attributes in their order.
  public var attributes: [SDPAttribute] = []

  /// A media block from its first line.
  public init(kind: String, port: UInt16, transport: String, formats: [String], attributes: [SDPAttribute] = []) {
    self.kind = kind
    self.port = port
    self.transport = transport
    self.formats = formats
    self.attributes = attributes
  }

  /// The value of the first attribute of this name.
  public func value(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

  /// The stream's direction, its own or else none.
  var direction: MediaDirection? { attributes.lazy.compactMap { MediaDirection(rawValue: $0.name) }.first }
}

/// Who sends, seen from the side that wrote the description (RFC 3264 section 5.1).
public enum MediaDirection: String, Hashable, Sendable, Codable {
  case sendrecv, sendonly, recvonly, inactive

  /// From two permissions.
  public init(sends: Bool, receives: Bool) {
    self = sends ? (receives ? .sendrecv : .sendonly) : (receives ? .recvonly : .inactive)
  }
  /// Whether the writer sends.
  public var sends: Bool { self == .sendrecv || self == .sendonly }
  /// Whether the writer receives.
  public var receives: Bool { self == .sendrecv || self == .recvonly }
  /// The same agreement seen from the other side.
  public var reversed: MediaDirection { MediaDirection(sends: receives, receives: sends) }
}
