public import Core

/// Why tools cannot be run as they are declared. Found when the invoker is made, or when a request needs a secret.
public struct ActionsError: CodedError, Hashable {
  /// Stable, such as `actions.bad_pattern`.
  public let code: String
  /// What is wrong, with the place in the assistant's files.
  public let message: String
  /// What would be right.
  public let hint: String?
  /// Whether trying again may help.
  public var isRetryable: Bool { false }

  init(_ code: String, _ message: String, hint: String?) {
    self.code = "actions." + code
    self.message = message
    self.hint = hint
  }

  init(_ code: String, in tool: ToolDefinition, _ message: String, hint: String?) {
    self.init(code, "\(tool.source): tool \(tool.name): \(message)", hint: hint)
  }
}
