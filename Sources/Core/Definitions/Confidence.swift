/// How sure somebody is, as an integer from 0 to 1000, so that journals are canonical.
public struct Confidence: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Thousandths, 0 to 1000.
  public let permille: Int
  /// A confidence, clamped to 0...1000.
  public init(permille: Int) { self.permille = min(1000, max(0, permille)) }
  /// A confidence from a probability of 0 to 1; not a number counts as 0.
  public init(_ probability: Double) {
    self.init(permille: probability.isFinite ? Int((min(1, max(0, probability)) * 1000).rounded()) : 0)
  }
  /// Beyond doubt: a key pressed, a rule that matched the whole utterance.
  public static let certain = Confidence(permille: 1000)
  /// The least of a yes by which something is changed: that is no guess, and more than a polite word or a listener's sound.
  public static let sureToAssent = Confidence(permille: 730)
  /// No confidence at all.
  public static let none = Confidence(permille: 0)
  /// Orders by size.
  public static func < (left: Self, right: Self) -> Bool { left.permille < right.permille }
  /// Such as `0.873`.
  public var description: String {
    permille == 1000 ? "1.000" : "0." + String(repeating: "0", count: 3 - String(permille).count) + String(permille)
  }
}

extension Confidence: Codable {
  /// Reads thousandths.
  public init(from decoder: any Decoder) throws {
    self.init(permille: try decoder.singleValueContainer().decode(Int.self))
  }
  /// Writes thousandths.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(permille)
  }
}
