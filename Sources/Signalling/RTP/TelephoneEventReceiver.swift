/// Turns telephone-event packets into digits, each press once: on its first end packet, when the next press begins, or
/// when its packets stop (RFC 4733 section 2.5).
///
/// One timestamp is one press, by the book. Many peers do otherwise: their end packets get new timestamps, each packet has
/// one of its own, two presses share one, or the clock steps back. So a packet belongs to the press before it when it
/// has the same digit, its duration goes on from there and it is within reach; whatever else is newer by its number
/// begins a press. Allocates nothing. A new synchronisation source has numbers of its own: begin a new receiver then.
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
  /// Packets further behind are numbers that began anew, not packets that were overtaken.
  private static let reordering: Int16 = 100
  /// A press this long is told in several events, each where the one before it ends (RFC 4733 section 2.5.1.3).
  private static let segment: UInt16 = 0xF000
  /// How far behind its press the timestamp of an end may be: 100 ms.
  private static let reach: UInt32 = 800

  private let silence: Duration
  private var open: Open?
  /// The press that was reported last.
  private var closed: Open?
  private var highest: UInt16?

  /// - Parameter silence: how long an event may be without packet before it counts as ended. 100 ms are five packets.
  public init(silence: Duration = .milliseconds(100)) { self.silence = silence }

  /// Takes a packet; returns a press that it completes. Codes above 15 are ignored.
  /// - Parameters:
  ///   - sequence: the packet's number, which tells what is old from a clock that stepped back.
  ///   - now: the shell's monotonic clock.
  public mutating func receive(
    _ event: TelephoneEvent, sequence: UInt16, timestamp: UInt32, at now: Duration
  ) -> Press? {
    guard let digit = TelephoneDigit(rawValue: event.code) else { return nil }
    if let highest {
      let ahead = Int16(bitPattern: sequence &- highest)
      if ahead < 0, ahead > -Self.reordering { return nil }
    }
    highest = sequence
    if var current = open, continues(current, event, timestamp, now) {
      current.timestamp = timestamp
      current.press.duration = max(current.press.duration, event.duration)
      current.ended = current.ended || event.isEnd
      current.lastPacket = now
      open = current
      return event.isEnd ? close() : nil
    }
    if open == nil, let done = closed, repeats(done, event, timestamp, now) {
      closed?.lastPacket = now
      return nil
    }
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

  /// Whether a packet goes on with the press under way.
  private func continues(_ open: Open, _ event: TelephoneEvent, _ timestamp: UInt32, _ now: Duration) -> Bool {
    guard event.code == open.press.digit.rawValue else { return false }
    if open.press.duration >= Self.segment { return timestamp &- open.timestamp <= 0x1_0000 + Self.reach }
    guard event.duration >= open.press.duration else { return false }
    if timestamp == open.timestamp { return true }
    return now - open.lastPacket < silence && isWithinReach(timestamp, of: open, event.duration)
  }

  /// Whether a packet only says again what was reported.
  private func repeats(_ done: Open, _ event: TelephoneEvent, _ timestamp: UInt32, _ now: Duration) -> Bool {
    guard event.code == done.press.digit.rawValue else { return false }
    if timestamp == done.timestamp { return event.isEnd || event.duration >= done.press.duration }
    return event.isEnd && event.duration == done.press.duration && now - done.lastPacket < silence
      && isWithinReach(timestamp, of: done, event.duration)
  }

  private func isWithinReach(_ timestamp: UInt32, of press: Open, _ duration: UInt16) -> Bool {
    timestamp &- press.timestamp <= UInt32(duration) + Self.reach
  }

  private mutating func close() -> Press? {
    guard let done = open else { return nil }
    open = nil
    closed = done
    var press = done.press
    press.endWasLost = !done.ended
    return press
  }
}
