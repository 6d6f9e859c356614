/// An address and port of media, without allocation.
public struct MediaSource: Hashable, Sendable {
  /// The sender's address.
  public var address: IPAddress
  /// The sender's port.
  public var port: UInt16

  /// A source from its parts.
  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }
}

/// Decides whose packets belong to the call and where ours go (symmetric RTP, RFC 4961): only inside an established
/// dialog, and then one source until the next offer and answer. Allocates nothing.
public struct SourceLatch: Hashable, Sendable {
  /// Who may become the source.
  public enum Policy: Hashable, Sendable {
    /// Only the signalled address and port.
    case exact
    /// Any port of the signalled address: a translator may have changed it.
    case sameHost
    /// The first to send: for peers behind translators on a network that is trusted.
    case first
  }
  private let policy: Policy
  private var signalled: MediaSource?
  /// The source that was taken, nil before its first packet.
  public private(set) var latched: MediaSource?
  /// Packets of others, and packets before the dialog was established.
  public private(set) var refused: UInt64 = 0

  /// A latch that refuses everything until `establish`.
  public init(policy: Policy = .sameHost) { self.policy = policy }

  /// The dialog is established, or a re-INVITE changed the agreement: only now may the source be another one.
  public mutating func establish(signalled source: MediaSource) {
    if signalled != source { latched = nil }
    signalled = source
  }

  /// Whether a packet from this source is to be taken.
  public mutating func admit(_ source: MediaSource) -> Bool {
    guard let signalled else {
      refused += 1
      return false
    }
    if let latched {
      if latched == source { return true }
      // The signalled place itself is authentic also when a translated one spoke first.
      if source == signalled, policy != .exact {
        self.latched = source
        return true
      }
      refused += 1
      return false
    }
    let matches =
      switch policy {
      case .exact: source == signalled
      case .sameHost: source.address == signalled.address
      case .first: true
      }
    guard matches else {
      refused += 1
      return false
    }
    latched = source
    return true
  }

  /// Where our packets go: to the source that was heard, before that to the signalled one.
  public var destination: MediaSource? { latched ?? signalled }
}
