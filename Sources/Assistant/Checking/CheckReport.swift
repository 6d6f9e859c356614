public import Core

/// What `repartee check` says about a folder: everything reading found, and everything the search through its journeys found.
public struct CheckReport: Sendable, Equatable {
  /// The assistant's version; nil when it does not load.
  public let version: AssistantVersion?
  /// By file and line.
  public let findings: [CheckFinding]
  /// Whether it can be published.
  public let status: Status

  init(version: AssistantVersion?, findings: [CheckFinding], isUnreadable: Bool) {
    self.version = version
    self.findings = findings
    let hasErrors = version == nil || findings.contains { $0.severity == .error }
    status = isUnreadable ? .unreadable : hasErrors ? .findings : .publishable
  }

  /// What became of the check. Raw values are those of the JSON.
  public enum Status: String, Sendable, Codable {
    /// No error; warnings may be there.
    case publishable
    /// Something must be mended.
    case findings
    /// The folder or a file of it cannot be read.
    case unreadable

    /// The exit status of the command: 0, 1, 2.
    public var exitStatus: Int32 {
      switch self {
      case .publishable: 0
      case .findings: 1
      case .unreadable: 2
      }
    }
  }
}

/// One finding.
public struct CheckFinding: Sendable, Hashable {
  /// How bad it is.
  public let severity: AssistantProblem.Severity
  /// Stable, such as `flow.confirmation_missing` or `assistant.unknown_key`.
  public let code: String
  /// File, line and column.
  public let location: SourceLocation
  /// The path of keys that leads there; empty when it is about a whole file.
  public let key: String
  /// What is wrong.
  public let message: String
  /// What to do; nil when the message says it.
  public let hint: String?
  /// The shortest dialogue that leads there; empty for what can be seen without one.
  public let dialogue: [Turn]

  /// One line of a dialogue.
  public struct Turn: Sendable, Hashable, Codable {
    /// `caller`, `agent`, `tool`, `before` (what was the case already) or `here` (the step the finding is about).
    public let speaker: String
    /// The command, response, tool with outcome, or step.
    public let action: String
    /// The words, when there are some.
    public let words: String?
    /// As a person reads it.
    public let text: String
  }

  /// The finding, and its dialogue below, indented: as they may stand on a terminal.
  public var lines: [String] {
    let head =
      "\(location): \(severity.rawValue): " + (key.isEmpty ? "" : key + ": ") + message + " [\(code)]"
      + (hint.map { ". " + $0 } ?? "")
    return ([head] + dialogue.map { "    " + $0.text }).map { TerminalText.line($0) }
  }
}

extension CheckFinding: Encodable {
  private enum Key: String, CodingKey { case severity, code, file, line, column, key, message, hint, dialogue }

  /// Writes the finding as `Docs/check.md` describes it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(severity, forKey: .severity)
    try container.encode(code, forKey: .code)
    try container.encode(location.file, forKey: .file)
    try container.encode(location.line, forKey: .line)
    try container.encode(location.column, forKey: .column)
    try container.encode(key, forKey: .key)
    try container.encode(message, forKey: .message)
    try container.encodeIfPresent(hint, forKey: .hint)
    try container.encode(dialogue, forKey: .dialogue)
  }
}

extension CheckReport: Encodable {
  private enum Key: String, CodingKey { case version, status, findings }

  /// Writes the report as `Docs/check.md` describes it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(version?.description, forKey: .version)
    try container.encode(status, forKey: .status)
    try container.encode(findings, forKey: .findings)
  }
}
