import Core

/// How often a stream may begin anew: eight times at once, and once a second after that.
///
/// A source that changes with every packet, or a clock that jumps with every packet, is no stream; to follow it would
/// cost work and drop what others say.
struct RestartBudget: Hashable, Sendable {
  private static let burst = 8
  private static let refill = CallSpan.seconds(1)

  private var left = burst
  private var refilled = CallInstant.zero

  /// Takes one restart; false when there is none left.
  mutating func take(at instant: CallInstant) -> Bool {
    if left == Self.burst { refilled = instant }
    let gained = max(0, (instant - refilled).microseconds / Self.refill.microseconds)
    if gained > 0 {
      left = Int(min(Int64(Self.burst), Int64(left) + gained))
      refilled = refilled + CallSpan(microseconds: gained * Self.refill.microseconds)
    }
    guard left > 0 else { return false }
    left -= 1
    return true
  }
}
