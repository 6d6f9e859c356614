/// Who may hold a stream connection, and how long. Pure: time comes from outside.
///
/// A connection that no message comes over ends soon. When a source, or the whole book, has as many as it may, the connection that
/// was of use least recently makes room for a new one of who is known, unless a call uses it.
public struct StreamBook: Sendable {
  private struct Stream {
    var source: IPAddress
    /// Accepted from a source that was not known then, nor since.
    var isStranger: Bool
    var isOurs: Bool
    var born: Duration
    /// When the last message or keep-alive was whole, or the first octet of the next one came.
    var last: Duration
    /// When the last message was whole.
    var useful: Duration?

    var isAccepted: Bool { !isOurs }
    var mattered: Duration { useful ?? born }
  }
  /// What a new connection is told.
  public struct Admission: Hashable, Sendable {
    /// Its number.
    public var id: UInt64
    /// The connection that ends for it.
    public var replaced: UInt64?
  }
  private let limits: StreamLimits
  private var streams: [UInt64: Stream] = [:]
  private var sources: [IPAddress: Int] = [:]
  private var accepted = 0
  private var strangers = 0
  private var last: UInt64 = 0
  /// The last search for room that found none, so that a source which goes on asking costs little.
  private var fruitless: (source: IPAddress, at: Duration)?
  private static let rest = Duration.milliseconds(100)

  /// A book without connections.
  public init(limits: StreamLimits) { self.limits = limits }

  /// Connections accepted.
  public var count: Int { accepted }

  /// A number for a connection of an address; nil when its source has too many or all have.
  /// - Parameter inUse: the connections that carry a call.
  public mutating func accept(
    _ address: IPAddress, isKnown: Bool, at now: Duration, inUse: () -> Set<UInt64>
  ) -> Admission? {
    let source = address.source
    let mine = sources[source] ?? 0
    if !isKnown {
      guard mine < limits.ofStranger, strangers < limits.strangers, accepted < limits.accepted else { return nil }
    }
    var replaced: UInt64?
    let isOfMine = mine >= limits.ofKnown
    if isKnown, isOfMine || accepted >= limits.accepted {
      replaced = leastUseful(of: isOfMine ? source : nil, for: source, at: now, inUse: inUse)
      guard let replaced else { return nil }
      close(replaced)
    }
    let id = number(Stream(source: source, isStranger: !isKnown, isOurs: false, born: now, last: now))
    sources[source, default: 0] += 1
    accepted += 1
    if !isKnown { strangers += 1 }
    return Admission(id: id, replaced: replaced)
  }

  /// A number for a connection of ours.
  public mutating func open(_ address: IPAddress, at now: Duration) -> UInt64 {
    number(Stream(source: address.source, isStranger: false, isOurs: true, born: now, last: now))
  }

  private mutating func number(_ stream: Stream) -> UInt64 {
    last += 1
    streams[last] = stream
    return last
  }

  /// The one that ends for another: of who has most, what was of use least recently.
  private mutating func leastUseful(
    of source: IPAddress?, for newcomer: IPAddress, at now: Duration, inUse: () -> Set<UInt64>
  ) -> UInt64? {
    if let fruitless, fruitless.source == newcomer, now - fruitless.at < Self.rest { return nil }
    let used = inUse()
    let found = streams.filter { id, stream in
      stream.isAccepted && (source == nil || stream.source == source) && now - stream.mattered >= limits.first
        && !used.contains(id)
    }.min { left, right in
      let (many, few) = (sources[left.value.source] ?? 0, sources[right.value.source] ?? 0)
      return many != few ? many > few : (left.value.mattered, left.key) < (right.value.mattered, right.key)
    }
    if found == nil { fruitless = (newcomer, now) }
    return found?.key
  }

  /// A stranger turned out to be known: its connection takes no stranger's place any more.
  public mutating func introduce(_ id: UInt64) {
    guard streams[id]?.isStranger == true else { return }
    streams[id]?.isStranger = false
    strangers -= 1
  }

  /// The first octet of a message came, or a keep-alive.
  public mutating func stirred(_ id: UInt64, at now: Duration) { streams[id]?.last = now }

  /// A message was whole, and could be read.
  public mutating func served(_ id: UInt64, at now: Duration) {
    streams[id]?.last = now
    streams[id]?.useful = now
  }

  /// The connection is closed.
  public mutating func close(_ id: UInt64) {
    guard let stream = streams.removeValue(forKey: id), stream.isAccepted else { return }
    accepted -= 1
    if stream.isStranger { strangers -= 1 }
    let left = (sources[stream.source] ?? 1) - 1
    sources[stream.source] = left > 0 ? left : nil
  }

  /// Whether the time of a connection is over.
  /// - Parameter isMidMessage: whether a message is under way over it.
  public func isOverdue(_ id: UInt64, isKnown: Bool, isMidMessage: Bool, at now: Duration) -> Bool {
    guard let stream = streams[id] else { return true }
    if stream.isAccepted, stream.useful == nil, now - stream.born >= limits.first { return true }
    if !isKnown { return now - stream.born >= limits.strangerLife }
    return now - stream.last >= (isMidMessage ? limits.message : limits.idle)
  }
}
