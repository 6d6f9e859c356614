public import Core

/// What a journal says of the changes a call asked for, folded line by line.
public struct EffectFold: Sendable {
  /// A change that was asked for.
  public struct Change: Sendable, Hashable {
    /// The tool.
    public let tool: ActionName
    /// What became of it, as far as the journal says.
    public var outcome: ToolOutcome?

    /// A change.
    public init(tool: ActionName, outcome: ToolOutcome? = nil) {
      self.tool = tool
      self.outcome = outcome
    }
  }

  /// By the effect's number.
  public private(set) var changes: [EffectID: Change] = [:]

  /// Nothing was asked for yet.
  public init() {}

  /// Takes the next line. What was learned later counts.
  public mutating func take(_ entry: JournalEntry) {
    switch entry.record {
    case .effect(.work(.invoke(let invocation))) where invocation.changesState:
      changes[invocation.effect] = Change(tool: invocation.tool)
    case .event(.finished(.tool(let effect), .tool(let outcome))), .remark(.settled(let effect, let outcome)):
      changes[effect]?.outcome = outcome
    default: break
    }
  }
}
