import Core

@testable import Dialogue

/// A caller who says anything at all, by a seed.
struct Walker {
  private var state: UInt64
  private let definition: AssistantDefinition
  private let flows: [FlowID]
  private let slots: [SlotName]
  private var tokens = 0

  init(seed: UInt64, in definition: AssistantDefinition) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    self.definition = definition
    flows =
      definition.flows.keys.filter { !$0.rawValue.hasPrefix("pattern_") }.sorted() + ["unknown", "pattern_goodbye"]
    slots = definition.slots.keys.sorted() + ["unknown"]
  }

  mutating func number(below bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }

  private mutating func pick<T>(_ values: [T]) -> T { values[number(below: values.count)] }

  private mutating func value() -> SlotValue? {
    tokens += 1
    switch number(below: 12) {
    case 0: return nil
    case 1, 2: return .bool(number(below: 2) == 0)
    case 3: return .number(Double(number(below: 1000)))
    case 4: return .text(pick(["credit", "Debit", "nobody", "again", "none", "flow"]))
    case 5: return .list([.text("a")])
    case 6, 7: return secret("9876543\(number(below: 10))", "t\(tokens)")
    case 8: return secret("12", "t\(tokens)")
    case 9: return secret("credit", "t\(tokens)")
    default: return .text("word\(number(below: 5))")
    }
  }

  private mutating func command(awaiting: SlotName?) -> Command {
    switch number(below: 30) {
    case 0..<6: return .startFlow(pick(flows))
    case 6..<13: return .setSlot(awaiting ?? pick(slots), value())
    case 13..<16: return .setSlot(pick(slots), value())
    case 16..<20: return .answer(number(below: 2) == 0)
    case 20: return .cancelFlow
    case 21: return .clarify([pick(flows), pick(flows)])
    case 22: return .skipQuestion
    case 23: return .repeatLast
    case 24: return .chitchat
    case 25: return .search
    case 26: return .hold
    case 27: return .cannotHandle(pick([.notUnderstood, .outOfScope, .noRelevantAnswer, .engineFailed]))
    case 28: return number(below: 4) == 0 ? .humanHandoff : .chitchat
    default: return number(below: 12) == 0 ? (number(below: 2) == 0 ? .goodbye : .restart) : .answer(true)
    }
  }

  /// The next input, fit for what is waited for most of the time.
  mutating func input(for waiting: Waiting, awaiting: SlotName?, turn: inout Int) -> DialogueInput {
    if number(below: 40) == 0 {
      return pick([
        .heard, .begin, .toolFinished(EffectID(99), .unknown), .transferFinished(EffectID(99), .accepted),
        .silence(count: 1),
      ])
    }
    switch waiting {
    case .tool(let effect) where number(below: 5) > 0:
      let outcomes: [ToolOutcome] = [
        .completed(["status": .text("sent")]), .completed(["outcome": .number(1)]), .refused("not_found"),
        .failed(.timedOut), .unknown,
      ]
      return .toolFinished(effect, pick(outcomes))
    case .transfer(let effect) where number(below: 5) > 0:
      return .transferFinished(effect, pick([.busy, .declined, .noAnswer, .unreachable]))
    case .heard where number(below: 5) > 0: return .heard
    default: break
    }
    if number(below: 12) == 0 { return .silence(count: 1 + number(below: 2)) }
    turn += 1
    let count = [0, 1, 1, 1, 1, 1, 2, 2, 3, 4][number(below: 10)]
    let proposals = (0..<count).map { _ in
      ProposedCommand(
        command(awaiting: awaiting), confidence: Confidence(permille: 300 + number(below: 701)),
        proposer: number(below: 5) == 0 ? ProposedCommand.payloadProposer : "walk", source: .speech)
    }
    return .commands(TurnNumber(turn), proposals)
  }
}
