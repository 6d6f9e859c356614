internal import Core
internal import Foundation
internal import NIOCore
internal import Signalling

/// When RTCP reports are due, and what is known of the peer's last one (RFC 3550 section 6.4).
struct ControlClock {
  private static let interval = CallSpan.seconds(5)
  private let cname: String
  private let source: UInt32
  private var next = CallInstant.zero + interval
  private var heard: (middle: UInt32, at: NIODeadline)?

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

  mutating func heard(_ info: RTCPPacket.SenderInfo, at now: NIODeadline) {
    heard = (UInt32(truncatingIfNeeded: info.ntp >> 16), now)
  }

  /// Middle bits of the peer's last report and the time since, in 65536ths of a second.
  func lastReport(at now: NIODeadline) -> (UInt32, UInt32) {
    guard let heard else { return (0, 0) }
    return (heard.middle, UInt32(clamping: (now - heard.at).nanoseconds * 65_536 / 1_000_000_000))
  }

  /// The wall clock as NTP, 32.32 fixed point.
  static var ntp: UInt64 {
    let seconds = Date().timeIntervalSince1970 + 2_208_988_800
    return UInt64(seconds) << 32 | UInt64((seconds - seconds.rounded(.down)) * 4_294_967_296)
  }
}
