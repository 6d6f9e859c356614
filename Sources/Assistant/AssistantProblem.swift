public import Core

/// Something an author should know about a file of an assistant: where it is, what is wrong and what would be right.
public struct AssistantProblem: Hashable, Sendable, CustomStringConvertible {
  /// Whether the assistant can be published with it.
  public let severity: Severity
  /// What kind of problem it is; stable.
  public let code: Code
  /// File, line and column.
  public let location: SourceLocation
  /// The path of keys that leads there, such as `flows.order_status.steps[2].collect`; empty for a whole file.
  public let key: String
  /// What is wrong. Never shows a literal secret.
  public let message: String
  /// What would be right; nil when the message says it.
  public let hint: String?
  /// Whether it is an error to who would publish the assistant, though it is loaded.
  public let isUnpublishable: Bool

  /// A problem.
  public init(
    _ severity: Severity, _ code: Code, at location: SourceLocation, key: String, _ message: String,
    hint: String? = nil, isUnpublishable: Bool = false
  ) {
    self.severity = severity
    self.code = code
    self.location = location
    self.key = key
    self.message = message
    self.hint = hint
    self.isUnpublishable = isUnpublishable
  }

  /// `file:line:column: severity: key: message [code]. hint`, one line, whatever signs the author's file holds.
  public var description: String {
    TerminalText.line(
      "\(location): \(severity.rawValue): " + (key.isEmpty ? "" : key + ": ") + message + " [\(code.rawValue)]"
        + (hint.map { ". " + $0 } ?? ""))
  }

  /// How bad it is.
  public enum Severity: String, Hashable, Sendable, Codable {
    /// The assistant is not loaded.
    case error
    /// It is loaded; the message says what happens instead.
    case warning
  }
}

extension AssistantProblem {
  /// The kinds of problem. Raw values are stable: tools and documentation use them.
  public enum Code: String, Hashable, Sendable, Codable, CaseIterable {
    /// The folder or a file is missing, unreadable, too large or not text.
    case file = "assistant.file"
    /// A file is not well-formed YAML.
    case syntax = "assistant.syntax"
    /// A file is nested or repeated beyond the limits.
    case limit = "assistant.limit"
    /// A key that does not exist at its place.
    case unknownKey = "assistant.unknown_key"
    /// A key written twice.
    case duplicateKey = "assistant.duplicate_key"
    /// A required key is not there.
    case missingKey = "assistant.missing_key"
    /// Keys that exclude each other.
    case conflictingKeys = "assistant.conflicting_keys"
    /// A value of another type than its key takes.
    case wrongType = "assistant.wrong_type"
    /// A value outside what its key allows.
    case wrongValue = "assistant.wrong_value"
    /// A value that YAML readers disagree about, such as a bare `yes`.
    case ambiguousValue = "assistant.ambiguous_value"
    /// The same name defined twice.
    case duplicateName = "assistant.duplicate_name"
    /// A name that nothing defines.
    case unknownName = "assistant.unknown_name"
    /// A condition that does not parse.
    case predicate = "assistant.predicate"
    /// A text whose placeholders do not parse.
    case template = "assistant.template"
    /// A secret written out instead of referred to.
    case literalSecret = "assistant.literal_secret"
    /// A name of the environment that the server's configuration does not grant.
    case notGranted = "assistant.not_granted"
    /// Part of the format that this version does not run.
    case unsupported = "assistant.unsupported"
    /// Something legal that a caller would suffer from.
    case advice = "assistant.advice"
    /// A finding of the flow checker.
    case flow = "assistant.flow"
  }
}
