import Core
import Language

/// What a caller adds to a change that nothing of it can hold: "every month", "only before noon". The change is read back without it,
/// so it is said that it was left out.
struct Additions {
  let definition: AssistantDefinition
  let request: UnderstandingRequest
  let text: String
  let reaches: [FlowID: FlowReach]

  /// The commands, with the limits of what is done told beside them where the words ask for more.
  func told(beside commands: [ProposedCommand]) -> [ProposedCommand] {
    guard asksForMore(than: commands) else { return commands }
    return commands + [
      ProposedCommand(
        .aside(.limits), confidence: Confidence(permille: 900), proposer: TurnReading.rulePrefix + "limits")
    ]
  }

  private func asksForMore(than commands: [ProposedCommand]) -> Bool {
    let started = commands.flatMap { proposed -> [FlowID] in
      switch proposed.command {
      case .startFlow(let flow): [flow]
      case .clarify(let flows): Array(flows.prefix(1))
      default: []
      }
    }
    let given = Set(commands.compactMap(\.command.slot))
    let flows = started + (request.activeFlow.map { [$0] } ?? [])
    return flows.contains { flow in
      asksForMore(of: flow, isStarting: started.contains(flow), given: given)
    }
  }

  private func asksForMore(of flow: FlowID, isStarting: Bool, given: Set<SlotName>) -> Bool {
    guard let reach = reaches[flow] else { return false }
    let filling = SlotFilling(definition: definition, request: request, text: text, assents: [])
    func slots(_ slots: [SlotName], _ isIt: (SlotGrammar) -> Bool) -> [SlotName] {
      slots.filter { filling.grammar(of: $0).map(isIt) ?? false }
    }
    let amounts = slots(reach.changed) { (grammar: SlotGrammar) in
      if case .money = grammar { true } else { false }
    }
    let days = slots(reach.changed) { $0 == .date }
    guard isStarting && !amounts.isEmpty || (amounts + days).contains(where: given.contains) else { return false }
    let readings = reach.slots.compactMap { filling.reading($0) }.filter { filled in
      switch filled.grammar {
      case .freeText, .name, .address, .yesNo: false
      default: filled.reading.confidence.permille >= 500
      }
    }
    var open = Set(Addition.allCases)
    if !slots(reach.slots, { $0 == .date }).isEmpty { open.remove(.day) }
    if !slots(reach.slots, { $0 == .time }).isEmpty { open.remove(.time) }
    return !Addition.said(
      in: text, to: readings.first { amounts.contains($0.slot) }?.reading.words, outside: readings.map(\.reading.words),
      context: ReadingContext(
        today: request.today, minuteOfDay: request.minuteOfDay, locale: definition.locale)
    ).isDisjoint(with: open)
  }
}
