public import Core

/// The error of this room. It carries no words of a caller.
public struct UnderstandingError: CodedError, Hashable {
  /// What went wrong.
  public enum Kind: String, Hashable, Sendable {
    /// The deadline passed before commands were found.
    case deadlineExceeded = "deadline_exceeded"
    /// The vocabulary of a model cannot be used.
    case vocabularyUnusable = "vocabulary_unusable"
    /// A model gives something else than was expected of it.
    case modelUnusable = "model_unusable"
    /// There is nothing to learn from: neither flows with examples nor a stock library.
    case nothingToLearn = "nothing_to_learn"
  }

  /// What went wrong.
  public let kind: Kind
  public let message: String

  /// An error.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public var code: String { "understanding." + kind.rawValue }
  public var hint: String? {
    switch kind {
    case .deadlineExceeded, .nothingToLearn: nil
    case .vocabularyUnusable, .modelUnusable: "run: make pack"
    }
  }
  public var isRetryable: Bool { kind == .deadlineExceeded }
}
