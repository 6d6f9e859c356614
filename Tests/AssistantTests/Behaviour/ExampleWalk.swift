import Core
import Dialogue

/// A caller of an example who does anything at all, by a seed, and mostly what makes sense.
struct ExampleWalk {
  private(set) var engine: DialogueEngine
  private var state: UInt64
  private var facts = FactBook()
  private var turn = 0
  private var tokens = 0
  private let definition: AssistantDefinition
  private let flows: [FlowID]
  private let slots: [SlotName]
  /// The first thing that must not be.
  private(set) var complaint: String?
  private(set) var turns = 0
  private(set) var deepest = 0
  /// A number that every move went into: equal walks have equal ones.
  private(set) var digest = 0
  private(set) var endings: [TurnEnding: Int] = [:]

  static let clock = DialogueClock(today: CivilDate(daysSinceEpoch: 22_040), minuteOfDay: 600)
  /// Steps of flows at most until a caller who only hangs about is heard again.
  private static let longestEffectChain = 60

  init(_ compiled: CompiledAssistant, seed: UInt64) {
    definition = compiled.definition
    engine = DialogueEngine(compiled: compiled, channel: seed % 7 == 0 ? .chat : .voice, seed: seed)
    state = (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15
    flows = definition.flows.keys.sorted().filter { !$0.rawValue.hasPrefix("pattern_") } + ["unknown"]
    slots = definition.slots.keys.sorted() + ["unknown"]
  }

  /// The first complaint of some walks.
  static func complaint(of compiled: CompiledAssistant, walks: UInt64) -> String? {
    for seed in 0..<walks {
      var walk = ExampleWalk(compiled, seed: seed)
      walk.run(turns: 40)
      if let complaint = walk.complaint { return "seed \(seed): \(complaint)" }
    }
    return nil
  }

  /// Begins and takes so many turns, or fewer when the call ends.
  mutating func run(turns: Int) {
    give(.begin)
    for _ in 0..<turns where complaint == nil && engine.waiting != .ended {
      let count = [0, 1, 1, 1, 1, 1, 1, 2, 2, 3][number(below: 10)]
      if number(below: 15) == 0 {
        give(.silence(count: 1 + number(below: 2)))
      } else {
        turn += 1
        give(.commands(TurnNumber(turn), (0..<count).map { _ in proposal() }))
      }
    }
    if complaint == nil, number(below: 4) == 0 { give(.hungUp) }
  }

  private mutating func give(_ input: DialogueInput) {
    turns += 1
    var next: DialogueInput? = input
    var steps = 0
    var ended = 0
    while let input = next {
      let wasEnded = engine.waiting == .ended
      let moves = engine.handle(input, clock: Self.clock, facts: &facts)
      _ = facts.takeNoted()
      complaint = complaint ?? WalkRules.complaint(moves, engine, wasEnded: wasEnded)
      deepest = max(deepest, engine.stack.count)
      for move in moves {
        digest = digest &* 31 &+ weight(of: move)
        if case .turnEnded(let ending) = move {
          ended += 1
          endings[ending, default: 0] += 1
        }
      }
      steps += 1
      if steps > Self.longestEffectChain { complaint = complaint ?? "it never listens again" }
      next = complaint == nil ? answer(moves) : nil
    }
    if complaint == nil, input != .hungUp, ended != 1 { complaint = "a turn with \(ended) endings" }
  }

  /// What tells moves apart, without the cost of hashing them whole.
  private func weight(of move: Move) -> Int {
    switch move {
    case .say(let sentences, _, _): sentences.reduce(1) { $0 &* 7 &+ ($1.response?.rawValue.utf8.count ?? 0) }
    case .invoke(let invocation): 3 &+ invocation.tool.rawValue.utf8.count &* 5 &+ invocation.arguments.count
    case .transfer: 5
    case .hangUp: 7
    case .note(let decision): decision.subject.utf8.count &* 3 &+ decision.reason.utf8.count
    case .turnEnded(let ending): ending.rawValue.utf8.count
    case .wait(let waiting): waiting.isRest ? 11 : 13
    }
  }

  /// The world answers an effect, now and then with something that nobody waits for before it.
  private mutating func answer(_ moves: [Move]) -> DialogueInput? {
    switch engine.waiting {
    case .tool(let effect):
      if number(below: 9) == 0 { return .toolFinished(EffectID(9999), .unknown) }
      guard let invocation = moves.invocations.last else { return .toolFinished(effect, .unknown) }
      return .toolFinished(effect, outcome(of: invocation.tool))
    case .transfer(let effect):
      return .transferFinished(effect, pick([.accepted, .busy, .declined, .noAnswer, .unreachable]))
    case .heard: return .heard
    case .caller, .hold, .ended: return nil
    }
  }

  private mutating func outcome(of name: ActionName) -> ToolOutcome {
    guard let tool = definition.tools[name] else { return .unknown }
    switch number(below: 8) {
    case 0: return .unknown
    case 1: return .failed(.timedOut)
    case 2, 3: return .refused(tool.refusals.isEmpty ? "strange" : pick(tool.refusals))
    default:
      var results: [SlotName: SlotValue] = [:]
      for slot in tool.results.compactMap(\.slot) where number(below: 6) > 0 {
        if let value = value(for: slot) { results[slot] = value }
      }
      return .completed(results)
    }
  }

  // MARK: What callers do

  private mutating func proposal() -> ProposedCommand {
    let confidence = Confidence(permille: number(below: 4) > 0 ? 950 : 300 + number(below: 700))
    let isButton = number(below: 12) == 0
    return ProposedCommand(
      command(), confidence: confidence, proposer: isButton ? ProposedCommand.payloadProposer : "walk",
      source: isButton ? .text : number(below: 5) == 0 ? .keys : .speech)
  }

  private mutating func command() -> Command {
    let context = engine.understandingContext
    switch number(below: 40) {
    case 0..<18:
      guard let awaiting = context.awaiting else { return .startFlow(pick(context.startable + flows)) }
      if definition.slots[awaiting]?.type == .bool, number(below: 2) == 0 { return .answer(number(below: 3) > 0) }
      return .setSlot(awaiting, value(for: awaiting))
    case 18..<23: return .startFlow(pick(flows))
    case 23..<27:
      let slot = pick(context.fillable + [pick(slots)])
      return .setSlot(slot, number(below: 7) == 0 ? nil : value(for: slot))
    case 27..<30: return .answer(number(below: 2) == 0)
    case 30: return .cancelFlow
    case 31: return .clarify([pick(flows), pick(flows)])
    case 32: return .skipQuestion
    case 33: return .repeatLast
    case 34: return pick([.chitchat, .search, .aside(pick(Aside.allCases))])
    case 35: return .hold
    case 36, 37: return .cannotHandle(pick([.notUnderstood, .outOfScope, .noRelevantAnswer, .engineFailed]))
    case 38: return number(below: 3) == 0 ? .humanHandoff : .chitchat
    default: return number(below: 6) == 0 ? pick([.goodbye, .restart]) : .repeatLast
    }
  }

  /// A value that fits the slot, most of the time, behind a token when its label wants one.
  private mutating func value(for name: SlotName) -> SlotValue? {
    guard let slot = definition.slots[name], number(below: 12) > 0 else {
      return .text(pick(["x", "none", "yes", "0"]))
    }
    let text: String
    switch slot.effectiveGrammar {
    case .digits(let minimum, let maximum):
      text = String((0..<pick([minimum, maximum])).map { _ in pick(Array("0123456789")) })
    case .yesNo: return .bool(number(below: 3) > 0)
    case .choice(let choices): text = pick(choices.map(\.value))
    case .date: text = pick(["2030-05-05", "2030-05-08", "2030-06-01"])
    case .time: text = pick(["09:30", "17:00"])
    default: text = slot.type.isNumber ? String(number(below: 2000)) : pick(["one thing", "12", "another"])
    }
    guard let label = slot.label else { return .text(text) }
    tokens += 1
    return .sensitive(Sensitive(token: SensitiveToken(label: label, id: "t\(tokens)"), value: text))
  }

  private mutating func number(below bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }

  private mutating func pick<T>(_ values: [T]) -> T { values[number(below: values.count)] }
}

extension SlotType {
  fileprivate var isNumber: Bool { if case .float = self { true } else { false } }
}
