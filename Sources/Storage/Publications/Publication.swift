public import Core

/// One line of the record of an assistant's publications: which version was made current, by whom, and when.
public struct Publication: Hashable, Sendable, Codable {
  /// What was done.
  public let action: Action
  /// What is current since.
  public let version: AssistantVersion
  /// The content hash of what was current before; nil for the first.
  public let previous: String?
  /// SHA-256 over the version's own files, without what the program has built in: tells whether they were altered.
  public let files: String
  /// How many findings its check had.
  public let findings: Int
  /// The operating system's user.
  public let by: String
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let at: Int64
  /// SHA-256 of the line before this one; empty for the first.
  let before: String

  /// What makes a version current.
  public enum Action: String, Hashable, Sendable, Codable {
    /// It came from an author's folder.
    case published
    /// It had been current before.
    case rolledBack = "rolled_back"
  }
}
