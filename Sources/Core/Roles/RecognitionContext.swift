/// What is expected of the caller's next words. A recogniser that can favours it; the caller may always say something else, and
/// is then understood as without it.
public struct RecognitionContext: Hashable, Sendable {
  /// How many digits are asked for, spoken one by one; nil: none are.
  public let digits: ClosedRange<Int>?
  /// Phrases that are likely, as they are spoken: choices and their other names. Never a yes, which has to be what was said.
  public let phrases: [String]

  /// An expectation.
  public init(digits: ClosedRange<Int>? = nil, phrases: [String] = []) {
    self.digits = digits
    self.phrases = phrases
  }

  /// Nothing in particular.
  public static let open = RecognitionContext()
}
