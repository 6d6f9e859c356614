/// A number counted within one conversation: identity is derived, never drawn.
public protocol Ordinal: RawRepresentable, Hashable, Sendable, Codable, Comparable, CustomStringConvertible
where RawValue == Int {
  /// Wraps a count.
  init(_ rawValue: Int)
}

extension Ordinal {
  /// The number itself.
  public var description: String { String(rawValue) }
  /// The one after this.
  public var next: Self { Self(rawValue + 1) }
  /// Wraps a count.
  public init?(rawValue: Int) { self.init(rawValue) }
  /// Orders by count.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Counts the caller's turns, from 1.
public struct TurnNumber: Ordinal {
  public let rawValue: Int
  public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// Counts the agent's utterances, from 1.
public struct UtteranceID: Ordinal {
  public let rawValue: Int
  public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// Counts effects that the outside can notice (tools, transfers), from 1.
public struct EffectID: Ordinal {
  public let rawValue: Int
  public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// Counts the times a flow was entered in a conversation, from 1: a deliberate second transfer is a second activation.
public struct FlowActivation: Ordinal {
  public let rawValue: Int
  public init(_ rawValue: Int) { self.rawValue = rawValue }
}
