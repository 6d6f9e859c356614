import Signalling

/// Sends one key press as telephone events (RFC 4733 section 2.5.1): a packet each tick, three end packets.
/// Allocates nothing.
struct TelephoneEventSender: Hashable, Sendable {
  /// What goes into one RTP packet. Its sequence number is the audio stream's next.
  struct Packet: Hashable, Sendable {
    /// The payload.
    var event: TelephoneEvent
    /// Marker bit: set in the first packet.
    var marker: Bool
    /// Timestamp of the whole press.
    var timestamp: UInt32
  }
  private let code: UInt8
  private let timestamp: UInt32
  private let step: UInt16
  private let total: UInt16
  private var duration: UInt16 = 0
  private var ends = 0
  private var isFirst = true

  /// - Parameters:
  ///   - timestamp: the audio stream's timestamp at the beginning of the press.
  ///   - total: duration in units of the RTP clock, 1,280 being 160 ms.
  ///   - step: units between two packets, 160 being 20 ms.
  init(_ digit: TelephoneDigit, timestamp: UInt32, total: UInt16 = 1_280, step: UInt16 = 160) {
    code = digit.rawValue
    self.timestamp = timestamp
    self.total = max(total, step)
    self.step = max(step, 1)
  }

  /// The packet of this tick; nil when the press has been sent.
  mutating func next() -> Packet? {
    guard ends < 3 else { return nil }
    if duration < total { duration = total - duration > step ? duration + step : total }
    if duration == total, !isFirst { ends += 1 }
    defer { isFirst = false }
    return Packet(
      event: TelephoneEvent(code: code, isEnd: ends > 0, duration: duration), marker: isFirst, timestamp: timestamp)
  }
}
