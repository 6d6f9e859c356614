/// How many keys one call may bring, on whatever way: 20 a second, 2,000 in all. Nobody presses more; each is a value to
/// be protected and lines of a journal. Allocates nothing.
public struct KeyBudget: Hashable, Sendable {
  /// Keys a second, and at once.
  public static let perSecond = 20
  /// Keys of one call.
  public static let perCall = 2_000
  private static let refill = Duration.seconds(1) / perSecond

  private var left = perSecond
  private var leftOfCall = perCall
  private var refilled = Duration.zero
  /// Keys that were over the budget.
  public private(set) var refused = 0

  /// A full budget.
  public init() {}

  /// Takes one key.
  /// - Parameter now: the shell's monotonic clock.
  /// - Returns: whether it may be heard.
  public mutating func take(at now: Duration) -> Bool {
    while left < Self.perSecond, now - refilled >= Self.refill {
      left += 1
      refilled += Self.refill
    }
    if left == Self.perSecond { refilled = now }
    guard left > 0, leftOfCall > 0 else {
      refused += 1
      return false
    }
    left -= 1
    leftOfCall -= 1
    return true
  }
}
