/// What a network said of a call or a transfer that did not come about: its own number, such as SIP's 486, and the phrase that its
/// standard has for it. Never the other side's own words, which may name somebody.
public struct NetworkStatus: Hashable, Sendable, CustomStringConvertible {
  /// The number.
  public let code: Int
  /// What the standard calls it.
  public let phrase: String

  /// A status from its parts.
  public init(_ code: Int, _ phrase: String) {
    self.code = code
    self.phrase = phrase
  }

  /// Such as `486 Busy Here`.
  public var description: String { "\(code) \(phrase)" }
}
