public import Core

/// An assistant read from its folder, and what its author should know about it.
public struct LoadedAssistant: Sendable, Equatable {
  /// The assistant.
  public let definition: AssistantDefinition
  /// Warnings, by file and line. Never an error.
  public let problems: [AssistantProblem]
  /// What the assistant is there for, by name.
  public let jobs: [String: JobDefinition]
  /// Example utterances of flows in every language they were written in; `Flow.examples` has those of the assistant's own.
  public let examples: [LocaleTag: [FlowID: [String]]]
  /// Actions that a folder of another maker declares and that nothing here runs. A flow that meets one fails there.
  public let actionsWithoutTool: Set<ActionName>
  /// What of the server's environment its files ask for.
  public let references: [EnvironmentReference]
  /// How the folder is laid out.
  public let layout: Layout

  /// How a folder is laid out.
  public enum Layout: String, Hashable, Sendable {
    /// `assistant.yml`, `domain`, `flows`, `tools.yml`: our own.
    case native
    /// `config.yml`, `domain`, `data`, `endpoints.yml`: written for another engine.
    case imported
  }
}
