public import Assistant
public import Core

/// Why the server does not start, or stops.
public struct ServerError: CodedError {
  /// The kinds there are.
  public enum Kind: String, Sendable {
    case configuration = "server.configuration"
    case secretMissing = "server.secret_missing"
    case listener = "server.listener"
    case engine = "server.engine"
    case assistant = "server.assistant"
    case unknownCall = "server.unknown_call"
    case unknownPerson = "server.unknown_person"
    case conversation = "server.conversation"
    case newAssistant = "server.new_assistant"
  }

  /// What kind.
  public let kind: Kind
  public let message: String
  public let hint: String?
  public var code: String { kind.rawValue }
  public var isRetryable: Bool { false }

  /// An error.
  public init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  /// The problems of a configuration file, one a line.
  public init(problems: [AssistantProblem]) {
    self.init(
      .configuration, problems.map(\.description).joined(separator: "\n"), hint: "mend the file and start again")
  }
}
