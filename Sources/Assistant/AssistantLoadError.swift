public import Core

/// Why an assistant was not loaded: every problem found, not only the first.
public struct AssistantLoadError: CodedError, Equatable {
  /// All problems, warnings included, by file and line. At least one is an error.
  public let problems: [AssistantProblem]

  /// An error from what was found.
  public init(problems: [AssistantProblem]) { self.problems = problems }

  /// Those that must be mended.
  public var errors: [AssistantProblem] { problems.filter { $0.severity == .error } }

  /// `assistant.not_loaded`.
  public var code: String { "assistant.not_loaded" }

  /// How many errors there are, and each of them on a line of its own.
  public var message: String {
    "the assistant has \(errors.count) error\(errors.count == 1 ? "" : "s")"
      + errors.map { "\n" + $0.description }.joined()
  }

  /// What to do.
  public var hint: String? { "mend them and load again" }

  /// Never: the files must change.
  public var isRetryable: Bool { false }
}
