/// Decides by its address alone whether what came is read at all, before a parser sees an octet. Pure: time comes from outside.
///
/// Sources that are trusted, that called with a right password or that we turned to ourselves have bounds of their own. All
/// others share one small allowance besides, so that any number of forged addresses costs no more than it: their requests
/// in dialogs are read still, scanners are not worth more. Each bound holds for each `MessageKind`.
public struct SourceGate: Sendable {
  /// What sources may send.
  public struct Bounds: Sendable {
    /// Messages of one source that is known: twice the new requests that it may send, since some are repeated.
    public var known = RequestRate(perSecond: 400, burst: 800)
    /// The same of messages in calls that are there.
    public var knownInCalls = RequestRate(perSecond: 2_000, burst: 4_000)
    /// Octets of one source that is known.
    public var knownOctets = RequestRate(perSecond: 8_000_000, burst: 16_000_000)
    /// Messages of one other source.
    public var stranger = RequestRate(perSecond: 20, burst: 100)
    /// Octets of one other source.
    public var strangerOctets = RequestRate(perSecond: 100_000, burst: 1_000_000)
    /// Messages of all others together.
    public var strangers = RequestRate(perSecond: 500, burst: 1_000)
    /// Octets of all others together.
    public var strangersOctets = RequestRate(perSecond: 1_000_000, burst: 4_000_000)
    /// Acquaintances that are remembered; the oldest is forgotten first.
    public var acquaintances = 1_024

    /// The bounds of a server that answers some hundred calls at once.
    public init() {}
  }
  private static let everybody = IPAddress(v4: 0)

  private let trusted: [AddressRange]
  private var known: Allowance
  private var stranger: Allowance
  private var strangers: Allowance
  private var acquaintances: Set<IPAddress> = []
  private var ring: [IPAddress] = []
  private var oldest = 0
  private let capacity: Int

  private struct Allowance: Sendable {
    var messages: KindLimiter
    var octets: KindLimiter

    init(_ messages: RequestRate, inCalls: RequestRate? = nil, _ octets: RequestRate) {
      self.messages = KindLimiter { $0 == .call ? inCalls ?? messages : messages }
      self.octets = KindLimiter { _ in octets }
    }
  }

  /// A gate for these addresses; nobody else is known yet.
  public init(trusted: [AddressRange], bounds: Bounds = Bounds()) {
    self.trusted = trusted
    known = Allowance(bounds.known, inCalls: bounds.knownInCalls, bounds.knownOctets)
    stranger = Allowance(bounds.stranger, bounds.strangerOctets)
    strangers = Allowance(bounds.strangers, bounds.strangersOctets)
    capacity = max(1, bounds.acquaintances)
  }

  /// Whether the source is trusted or an acquaintance.
  public func knows(_ source: IPAddress) -> Bool {
    acquaintances.contains(source) || trusted.contains { $0.contains(source) }
  }

  /// Remembers a source: one that was let in by a password, or that we sent a request to.
  public mutating func acquaint(_ source: IPAddress) {
    guard acquaintances.insert(source).inserted else { return }
    if ring.count < capacity {
      ring.append(source)
    } else {
      acquaintances.remove(ring[oldest])
      ring[oldest] = source
      oldest = (oldest + 1) % capacity
    }
  }

  /// Whether so many octets of a source may be taken, of a message of this kind.
  public mutating func admit(octets: Int, _ kind: MessageKind, of source: IPAddress, at now: Duration) -> Bool {
    if knows(source) { return known.octets.admit(kind, of: source, amount: octets, at: now) }
    return stranger.octets.admit(kind, of: source, amount: octets, at: now)
      && strangers.octets.admit(kind, of: Self.everybody, amount: octets, at: now)
  }

  /// Whether one more message or keep-alive of a source may be read.
  public mutating func admitMessage(_ kind: MessageKind, of source: IPAddress, at now: Duration) -> Bool {
    if knows(source) { return known.messages.admit(kind, of: source, at: now) }
    return stranger.messages.admit(kind, of: source, at: now)
      && strangers.messages.admit(kind, of: Self.everybody, at: now)
  }
}
