public import Core

/// Why a condition or a text of a flow cannot be read. Only the parsers throw it; the engine never does.
public struct DialogueError: CodedError, Hashable {
  /// Which of the two notations it is about.
  public enum Notation: String, Hashable, Sendable {
    /// A condition, as in `if:`.
    case predicate
    /// A text with places to fill.
    case template
  }
  /// The notation.
  public let notation: Notation
  /// What is wrong, in words for authors; quotes the author's text only.
  public let message: String
  /// What would be right.
  public let hint: String?
  /// Where in the text, in characters from 1.
  public let column: Int

  init(_ notation: Notation, at column: Int, _ message: String, hint: String? = nil) {
    self.notation = notation
    self.column = column
    self.message = message
    self.hint = hint
  }

  /// `dialogue.predicate_syntax` or `dialogue.template_syntax`.
  public var code: String { "dialogue.\(notation.rawValue)_syntax" }
  /// Never: the text stays as it is.
  public var isRetryable: Bool { false }
}
