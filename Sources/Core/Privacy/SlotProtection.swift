/// Puts values of labelled slots behind tokens where they enter a conversation: the answers of tools and what words are
/// understood to mean. The one place that decides which values these are; the vault, or a test's stand-in, makes the tokens.
public struct SlotProtection: Hashable, Sendable {
  /// Makes a token of a value.
  public typealias Minting = (_ value: String, _ label: DataLabel) -> Sensitive<String>

  private let labels: [SlotName: DataLabel]

  /// Protection of slots with these labels; a slot without one is nobody's personal data.
  public init(_ labels: [SlotName: DataLabel]) { self.labels = labels }

  /// Protection of an assistant's slots.
  public init(_ assistant: AssistantDefinition) { self.init(assistant.slots.compactMapValues(\.label)) }

  /// A value that a caller gives or a test presets. Yes and no stay clear: they are branched on, and tell nothing alone.
  public func protect(_ value: SlotValue, for slot: SlotName, _ mint: Minting) -> SlotValue {
    if case .bool = value { return value }
    return labels[slot].map { hide(value, $0, mint) } ?? value
  }

  /// The values that a tool answered. A back end's yes or no about a person is as personal as its text.
  public func protect(_ values: [SlotName: SlotValue], _ mint: Minting) -> [SlotName: SlotValue] {
    var protected = values
    // In order, so that tokens which are counted come out the same each time.
    for (slot, value) in values.sorted(by: { $0.key < $1.key }) {
      if let label = labels[slot] { protected[slot] = hide(value, label, mint) }
    }
    return protected
  }

  /// A tool's outcome.
  public func protect(_ outcome: ToolOutcome, _ mint: Minting) -> ToolOutcome {
    guard case .completed(let values) = outcome else { return outcome }
    return .completed(protect(values, mint))
  }

  /// A command with the value it sets protected.
  public func protect(_ proposal: ProposedCommand, _ mint: Minting) -> ProposedCommand {
    let command: Command
    var others: [SlotValue] = []
    switch proposal.command {
    case .setSlot(let slot, let value?):
      command = .setSlot(slot, protect(value, for: slot, mint))
      others = proposal.others.map { protect($0, for: slot, mint) }
    case .holdPart(let slot, let value, let count):
      command = .holdPart(slot, protect(value, for: slot, mint), count: count)
    default: return proposal
    }
    return ProposedCommand(
      command, confidence: proposal.confidence, proposer: proposal.proposer, source: proposal.source,
      runnerUp: proposal.runnerUp, others: others)
  }

  private func hide(_ value: SlotValue, _ label: DataLabel, _ mint: Minting) -> SlotValue {
    switch value {
    case .sensitive: value
    case .list(let values): .list(values.map { hide($0, label, mint) })
    case .bool, .number, .text: .sensitive(mint(value.revealedText ?? "", label))
    }
  }
}
