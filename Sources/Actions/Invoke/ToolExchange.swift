public import Core

/// One request of a tool as logs and metrics may know it: no URL, no argument, no answer.
public struct ToolExchange: Hashable, Sendable {
  /// The tool.
  public let tool: ActionName
  /// The call it was made for.
  public let call: CallID
  /// What the request was for.
  public let step: Step
  /// The answer's HTTP status; nil when there was none.
  public let status: Int?
  /// What went wrong, redacted; nil when nothing did.
  public let problem: String?
  /// How long it took.
  public let took: Duration

  /// What a request is for.
  public enum Step: String, Hashable, Sendable, Codable {
    /// The tool's own request, or a failure before it.
    case request
    /// The second try of a reading tool.
    case retry
    /// A question whether a change happened.
    case probe
    /// Writing down the intent. It failed: the change was not asked for.
    case intent
    /// Writing to the ledger what became of a change.
    case ledger
  }
}
