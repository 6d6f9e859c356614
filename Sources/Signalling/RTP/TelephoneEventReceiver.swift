/// Turns telephone-event packets into digits: one RTP timestamp is one digit, reported once, on its first end
/// packet, or when the next digit begins, or when its packets stop (RFC 4733 section 2.5). Allocates nothing.
/// A new synchronisation source has new timestamps: begin a new receiver then.
public struct TelephoneEventReceiver: Hashable, Sendable {
  /// A pressed key.
  public struct Press: Hashable, Sendable {
    /// The key.
    public var digit: TelephoneDigit
    /// Units of the RTP clock.
    public var duration: UInt16
    /// Whether the end packet was lost and the press was closed without it.
    public var endWasLost: Bool
  }
  private struct Open: Hashable {
    var timestamp: UInt32
    var press: Press
    var ended: Bool
    var lastPacket: Duration
  }
  private let silence: Duration
  private var open: Open?
  private var lastReported: UInt32?

  /// - Parameter silence: how long an event may be without packet before it counts as ended. 100 ms are five packets.
  public init(silence: Duration = .milliseconds(100)) { self.silence = silence }

  /// Takes a packet; returns a press that it completes. Codes above 15 are ignored.
  /// - Parameter now: the shell's monotonic clock.
  public mutating func receive(_ event: TelephoneEvent, timestamp: UInt32, at now: Duration) -> Press? {
    guard let digit = TelephoneDigit(rawValue: event.code) else { return nil }
    if let lastReported, Int32(bitPattern: timestamp &- lastReported) <= 0 { return nil }
    if var current = open, current.timestamp == timestamp {
      current.press.duration = max(current.press.duration, event.duration)
      current.ended = current.ended || event.isEnd
      current.lastPacket = now
      open = current
      return event.isEnd ? close() : nil
    }
    if let open, Int32(bitPattern: timestamp &- open.timestamp) < 0 { return nil }
    let before = close()
    open = Open(
      timestamp: timestamp, press: Press(digit: digit, duration: event.duration, endWasLost: false),
      ended: event.isEnd, lastPacket: now)
    // With a press of before to return, one that is already over waits for its next packet or for `expire`.
    return before ?? (event.isEnd ? close() : nil)
  }

  /// To be called on each tick: returns a press whose end packets were lost.
  public mutating func expire(at now: Duration) -> Press? {
    guard let open, open.ended || now - open.lastPacket >= silence else { return nil }
    return close()
  }

  private mutating func close() -> Press? {
    guard let done = open else { return nil }
    open = nil
    lastReported = done.timestamp
    var press = done.press
    press.endWasLost = !done.ended
    return press
  }
}
