/// Lets each press of a key in once, and no more than the budget allows.
///
/// Some peers send one press on two ways, as telephone events (RFC 4733) and by SIP INFO. What comes second on the other
/// way within two seconds (and the length of the press) is the same press. Two presses that come on one way are two.
/// Allocates at creation only.
public struct KeyAdmission: Hashable, Sendable {
  /// How a key came.
  public enum Way: Hashable, Sendable {
    /// Packets beside the audio.
    case event
    /// A SIP request in the dialog.
    case info
  }
  private struct Pending: Hashable {
    let digit: TelephoneDigit
    let way: Way
    let at: Duration
    let lasting: Duration
  }
  private static let window = Duration.seconds(2)
  private static let capacity = 32

  private var budget = KeyBudget()
  /// Presses whose twin may still come, oldest first.
  private var pending: [Pending] = []
  /// Presses that came a second time.
  public private(set) var repeated = 0

  /// Nothing pressed yet.
  public init() { pending.reserveCapacity(Self.capacity) }

  /// Keys that were over the budget.
  public var refused: Int { budget.refused }

  /// Whether a key counts.
  /// - Parameters:
  ///   - lasting: how long it was held, as far as that is known.
  ///   - now: the shell's monotonic clock.
  public mutating func admit(
    _ digit: TelephoneDigit, by way: Way, lasting: Duration = .zero, at now: Duration
  ) -> Bool {
    var index = 0
    while index < pending.count {
      let other = pending[index]
      if isTwin(digit, way, lasting, now, of: other) {
        pending.remove(at: index)
        repeated += 1
        return false
      }
      index += 1
    }
    if pending.count == Self.capacity { pending.remove(at: 0) }
    pending.append(Pending(digit: digit, way: way, at: now, lasting: lasting))
    return budget.take(at: now)
  }

  private func isTwin(
    _ digit: TelephoneDigit, _ way: Way, _ lasting: Duration, _ now: Duration, of other: Pending
  ) -> Bool {
    let isOtherWay =
      switch (way, other.way) {
      case (.event, .info), (.info, .event): true
      case (.event, .event), (.info, .info): false
      }
    return isOtherWay && digit.rawValue == other.digit.rawValue
      && now - other.at <= Self.window + max(lasting, other.lasting)
  }
}
