import Core
import Language

/// A look-up under way for readings of a slot that were not the likeliest.
struct ReadingTrial: Hashable {
  let slot: SlotName
  /// What the slot held first.
  let first: SlotState
  /// What came of that.
  let outcome: ToolOutcome
}

/// Other readings of what was heard. Where a look-up knows nothing of the likeliest, the next ones are looked up before the caller is
/// troubled: three reads in all, never a change, and never where it is found out who calls, since each is a guess.
extension EngineStep {
  /// Readings looked up besides the likeliest.
  private static let mostOthers = 2

  /// What else a proposed value may have been: readings that fit the slot and differ from each other.
  mutating func otherReadings(_ proposal: ProposedCommand, of name: SlotName) -> [SlotValue] {
    guard case .setSlot(name, let value?) = proposal.command, proposal.source == .speech,
      let slot = program.slots[name],
      slot.definition.label != .secret
    else { return [] }
    var found: [SlotValue] = []
    for other in proposal.others where found.count < Self.mostOthers {
      guard case .value(let fitting) = coerce(other, for: slot), fitting != value, !found.contains(fitting) else {
        continue
      }
      found.append(fitting)
    }
    return found
  }

  /// Looks the next reading up when the last one is not known. True when the engine waits for it.
  mutating func looksUpAnotherReading(for tool: ToolDefinition, after outcome: ToolOutcome) -> Bool {
    guard case .refused(let code) = outcome, tool.notFound.contains(code), !tool.changesState, tool.identifies == nil,
      tool.approval == nil, tool.latency == .short, !state.isGone, !isIdentifying,
      let slot = tool.arguments.map(\.slot).first(where: { state.slots[$0].map(Self.hasOthers) ?? false }),
      let held = state.slots[slot], let next = held.others.first
    else { return false }
    let top = state.stack.count - 1
    if state.stack[top].trial == nil {
      state.stack[top].trial = ReadingTrial(slot: slot, first: held, outcome: outcome)
    }
    note(.actionRun, tool.name.rawValue, "refused: \(code)")
    set(
      slot, next, source: held.source, confidence: held.confidence, others: Array(held.others.dropFirst()),
      reason: "another reading of what was heard")
    guard let arguments = arguments(of: tool) else { return false }
    return start(tool, arguments, deadline: tool.deadline)
  }

  private static func hasOthers(_ state: SlotState) -> Bool {
    !state.others.isEmpty && !state.isConfirmed && state.source == .speech
  }

  /// What is taken as a tool's outcome once no reading is left to look up. What was found is told, so that a caller can object; where
  /// nothing was found, all is as if only the likeliest had been looked up.
  mutating func endOfTrial(of tool: ToolDefinition, by outcome: ToolOutcome) -> ToolOutcome {
    let top = state.stack.count - 1
    guard let trial = state.stack[top].trial else {
      if case .completed = outcome { for argument in tool.arguments { state.slots[argument.slot]?.others = [] } }
      return outcome
    }
    state.stack[top].trial = nil
    if case .completed = outcome, let value = state.slots[trial.slot]?.value, let slot = program.slots[trial.slot] {
      state.slots[trial.slot]?.others = []
      state.stack[top].context["reading"] = .value(value, slot.grammar)
      speak(BuiltInResponse.readingTaken, isRequired: false)
      return outcome
    }
    set(
      trial.slot, trial.first.value, source: trial.first.source, confidence: trial.first.confidence,
      reason: "no other reading is known either")
    return trial.outcome
  }
}
