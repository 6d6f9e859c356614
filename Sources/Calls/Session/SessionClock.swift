internal import Core
internal import NIOCore

/// A conversation's own time on a loop's clock: from its start, which may lie before this process.
struct SessionClock: Sendable {
  /// An instant of the loop's clock.
  let since: NIODeadline
  /// The conversation's instant then.
  let offset: CallInstant

  /// The conversation's instant at one of the loop's clock.
  func instant(of deadline: NIODeadline) -> CallInstant {
    offset + CallSpan(microseconds: (deadline - since).nanoseconds / 1000)
  }

  /// When an instant is on the loop's clock; what is past is due at once.
  func deadline(of instant: CallInstant) -> NIODeadline {
    since + .microseconds(max(0, (instant - offset).microseconds))
  }
}
