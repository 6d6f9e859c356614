internal import Core
internal import Foundation
internal import NIOCore
internal import Signalling

/// When RTCP reports are due, of which kind, and what is known of the peer's last one (RFC 3550 section 6.4).
struct ControlClock {
  private static let interval = CallSpan.seconds(5)
  private let cname: String
  private let source: UInt32
  private var next = CallInstant.zero + interval
  private var heard: (middle: UInt32, at: NIODeadline)?
  /// Packets sent at the last report and at the one before it.
  private var sentAtLast: UInt32 = 0
  private var sentBefore: UInt32 = 0

  init(source: UInt32) {
    self.source = source
    // Names the stream, not a person (RFC 7022: random).
    cname = String(source, radix: 16) + "@repartee.invalid"
  }

  var description: RTCPPacket { .description(source: source, cname: cname) }

  mutating func isDue(at instant: CallInstant) -> Bool {
    guard instant >= next else { return false }
    next = instant + Self.interval
    return true
  }

  /// Whether this is the report of a sender: it sent since the report before the last one; else only of a receiver.
  mutating func isSender(sent: UInt32) -> Bool {
    defer { (sentBefore, sentAtLast) = (sentAtLast, sent) }
    return sent != sentBefore
  }

  mutating func heard(_ info: RTCPPacket.SenderInfo, at now: NIODeadline) {
    heard = (UInt32(truncatingIfNeeded: info.ntp >> 16), now)
  }

  /// Middle bits of the peer's last report and the time since, in 65536ths of a second; no more than 18 hours.
  func lastReport(at now: NIODeadline) -> (UInt32, UInt32) {
    guard let heard else { return (0, 0) }
    // Bounded before it is multiplied: longer does not fit the field.
    let microseconds = min(max(0, (now - heard.at).nanoseconds / 1000), 65_536_000_000)
    return (heard.middle, UInt32(clamping: microseconds * 65_536 / 1_000_000))
  }

  /// The wall clock as NTP, 32.32 fixed point; begins anew in 2036 as that does.
  static func ntp(_ date: Date) -> UInt64 {
    let seconds = date.timeIntervalSince1970 + 2_208_988_800
    guard let whole = Int64(exactly: seconds.rounded(.down)) else { return 0 }
    let fraction = (seconds - seconds.rounded(.down)) * 4_294_967_296
    return UInt64(UInt32(truncatingIfNeeded: whole)) << 32 | UInt64(fraction)
  }
}
