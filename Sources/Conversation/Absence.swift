public import Core

/// How long nobody was in a conversation, by the wall clock: what goes on in it counts on from its last line.
///
/// Clocks are set: back by seconds, or after years in which a machine had none. So no clock is compared with the conversation's
/// start but only with the clock of the line that was left, and none is trusted with more than it can know:
///
/// * a clock that says less than when the conversation was left has been set back: no time has passed;
/// * a clock from before there was such a conversation knows no time, be it the one it was left by or the one that is asked;
/// * what was left by a wrong clock has its whole two weeks from when it is gone on with.
public struct Absence: Hashable, Sendable {
  /// When it was left, in the conversation's own time.
  public let began: CallInstant
  /// The wall clock then, milliseconds since the epoch.
  public let clock: Int64

  /// An absence since an instant, of a conversation that had this clock.
  public init(since began: CallInstant, by clock: WallClock) {
    self.began = began
    self.clock = clock.epochMilliseconds.addingReportingOverflow(began.microseconds / 1000).partialValue
  }

  /// The absence that the landmarks of a journal tell (`JournalReader.landmarks`); nil without a start.
  public init?(_ landmarks: [JournalEntry]) {
    guard case .started(let start, _)? = landmarks.first?.record, let last = landmarks.last else { return nil }
    var clock = start.clock
    for entry in landmarks {
      guard case .event(.attached(let attachment)) = entry.record, let now = attachment.epochMilliseconds else {
        continue
      }
      clock = WallClock(
        epochMilliseconds: now.subtractingReportingOverflow(entry.instant.microseconds / 1000).partialValue,
        utcOffsetSeconds: 0)
    }
    self.init(since: last.instant, by: clock)
  }

  /// How long it has been at a wall clock: none when one of the two clocks cannot be right.
  public func lasting(at now: Int64) -> CallSpan {
    guard clock >= Self.earliest, now > clock else { return .zero }
    let (microseconds, overflow) = (now - clock).multipliedReportingOverflow(by: 1000)
    return overflow ? .zero : CallSpan(microseconds: microseconds)
  }

  /// The conversation's instant at a wall clock, milliseconds since the epoch; never before it was left.
  public func instant(at now: Int64) -> CallInstant { began + lasting(at: now) }

  /// The wall clock at which nobody may come back any more; nil when it was left by a clock that cannot be right.
  public var limit: Int64? { limit(of: began + Limits.suspension) }

  /// The wall clock at an instant that was set as the limit.
  public func limit(of instant: CallInstant) -> Int64? {
    clock < Self.earliest ? nil : clock.addingReportingOverflow((instant - began).microseconds / 1000).partialValue
  }

  /// Whether it is over for good: past its limit, by a clock that is not itself beyond belief. An end that is written stays, so it
  /// is written only then; a clock that jumped far ahead ends nothing.
  public func isOver(at now: Int64) -> Bool {
    guard let limit, now >= limit else { return false }
    return now - limit < Self.farthest
  }

  /// 2025-01-01: no journal is older.
  private static let earliest: Int64 = 1_735_689_600_000
  /// A year: who is started within it finds what is over.
  private static let farthest: Int64 = 365 * 86_400_000
}
