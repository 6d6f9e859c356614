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
    guard let reach = reaches[flow], !reach.changes.isEmpty else { return false }
    let filling = SlotFilling(definition: definition, request: request, text: text, assents: [])
    func slots(_ slots: [SlotName], _ isIt: (SlotGrammar) -> Bool) -> [SlotName] {
      slots.filter { filling.grammar(of: $0).map(isIt) ?? false }
    }
    let amounts = slots(reach.changed) { (grammar: SlotGrammar) in
      if case .money = grammar { true } else { false }
    }
    let days = slots(reach.changed) { $0 == .date }
    let isMeasured = isStarting && !amounts.isEmpty || (amounts + days).contains(where: given.contains)
    guard isStarting || isMeasured else { return false }
    let readings = reach.slots.compactMap { filling.reading($0) }.filter { filled in
      switch filled.grammar {
      case .freeText, .name, .address, .yesNo: false
      default: filled.reading.confidence.permille >= 500
      }
    }
    if filling.namesEndOfNobody(in: reach.slots, besides: readings) { return true }
    if amounts.contains(where: { namesTwo($0, filling) }) { return true }
    var open = isMeasured ? Set(Addition.allCases) : Addition.ofAnyChange
    if !slots(reach.slots, { $0 == .date }).isEmpty { open.remove(.day) }
    if !slots(reach.slots, { $0 == .time }).isEmpty { open.remove(.time) }
    // "My purse is gone with all my cards" tells what happened.
    if !wishes.isWish(text) { open.remove(.multitude) }
    return !Addition.said(
      in: text, to: readings.first { amounts.contains($0.slot) }?.reading.words, outside: readings.map(\.reading.words),
      context: ReadingContext(
        today: request.today, minuteOfDay: request.minuteOfDay, locale: definition.locale)
    ).isDisjoint(with: open)
  }

  /// "Thirty to my sister and twenty to savings": two amounts for two changes, the first with a place of its own.
  private func namesTwo(_ slot: SlotName, _ filling: SlotFilling) -> Bool {
    func amount(in part: String) -> (value: Double, isLast: Bool)? {
      // The number of an account is no amount.
      let words = Word.split(part).texts.filter { $0.count < Self.shortestNumber || !$0.allSatisfy(\.isNumber) }
      guard let filled = filling.reading(slot, in: words.joined(separator: " ")),
        case .number(let amount) = filled.reading.value, filled.reading.confidence.permille >= Self.sureAmount,
        amount >= Self.leastAmount
      else { return nil }
      return (amount, filled.reading.words.upperBound == words.count)
    }
    return wishes.parts(of: text).contains { part in
      guard let first = amount(in: part.head), let second = amount(in: part.tail) else { return false }
      return first.value != second.value && !first.isLast && !second.isLast
    }
  }

  private var wishes: WishWords { .words(for: definition.locale) }

  private static let shortestNumber = 6
  private static let sureAmount = 800
  /// Smaller numbers count anything, or are cents.
  private static let leastAmount = 10.0
}
