public import Core

/// What a slot holds and how it came to it.
public struct SlotState: Hashable, Sendable {
  /// The value.
  public let value: SlotValue
  /// Where it came from.
  public let source: SlotSource
  /// How sure its source was.
  public let confidence: Confidence
  /// Whether the caller said yes to it when it was read back.
  public var isConfirmed: Bool
  /// What was perhaps said instead, likeliest first, until it is known that the value was right.
  var others: [SlotValue] = []
  /// A filled slot.
  public init(value: SlotValue, source: SlotSource, confidence: Confidence, isConfirmed: Bool = false) {
    self.value = value
    self.source = source
    self.confidence = confidence
    self.isConfirmed = isConfirmed
  }
}
