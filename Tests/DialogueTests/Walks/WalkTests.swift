import Core
import Glibc
import Testing

@testable import Dialogue

/// Random dialogues with invariants: the same ones each time unless `REPARTEE_WALKS` says how many and `REPARTEE_SEED` where to
/// begin, as `scripts/proof walks` does.
@Suite struct WalkTests {
  #if DEBUG
    private static let usual: UInt64 = 60
  #else
    private static let usual: UInt64 = 1500
  #endif
  static let walks = max(usual, number("REPARTEE_WALKS") ?? 0)
  static let first = number("REPARTEE_SEED") ?? 0
  private static func number(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }
  static let clock = DialogueClock(today: CivilDate(daysSinceEpoch: 20_000), minuteOfDay: 600)

  /// Checks what must hold after every step; an explanation when it does not.
  static func complaint(_ moves: [Move], _ engine: DialogueEngine, wasEnded: Bool) -> String? {
    guard case .wait(let waiting)? = moves.last else { return "no wait at the end" }
    if moves.dropLast().contains(where: { if case .wait = $0 { true } else { false } }) {
      return "a wait in the middle"
    }
    if waiting != engine.waiting { return "two minds about the wait" }
    let endings = moves.count { if case .turnEnded = $0 { true } else { false } }
    if endings > 1 { return "two endings" }
    if endings == 1, !waiting.isRest { return "an ending while something is under way" }
    if wasEnded, moves != [.wait(.ended)] { return "life after the end" }
    let effects = moves.count { move in
      switch move {
      case .invoke, .transfer: true
      default: false
      }
    }
    if effects > 1 { return "two effects at once" }
    if effects == 1, waiting.isRest { return "an effect nobody waits for" }
    if engine.stack.count > EngineStep.mostFrames { return "the stack is too deep" }
    if case .caller = waiting {
      let context = engine.understandingContext
      if let top = engine.stack.last, context.awaiting == nil, context.options.isEmpty {
        return "waiting within \(top) for nothing"
      }
      if let awaiting = context.awaiting {
        if engine.slots[awaiting] != nil { return "\(awaiting) is asked for and filled" }
        if endings == 1, !moves.contains(where: { if case .say = $0 { true } else { false } }) {
          return "a question without words"
        }
      }
    }
    return nil
  }

  struct Walk {
    var inputs: [DialogueInput] = []
    var moves: [[Move]] = []
    var facts: [[Fact]] = []
    var complaint: String?
    var turns = 0
    var deepest = 0
  }

  static func walk(_ compiled: CompiledAssistant, seed: UInt64, steps: Int) -> Walk {
    var engine = DialogueEngine(compiled: compiled, channel: seed % 5 == 0 ? .chat : .voice, seed: seed)
    var walker = Walker(seed: seed + 1, in: compiled.definition)
    var book = FactBook()
    var walk = Walk()
    var turn = 0
    var input = DialogueInput.begin
    for _ in 0..<steps {
      let wasEnded = engine.waiting == .ended
      let wasRest = engine.waiting.isRest
      let moves = engine.handle(input, clock: clock, facts: &book)
      walk.inputs.append(input)
      walk.moves.append(moves)
      walk.facts.append(book.takeNoted())
      walk.deepest = max(walk.deepest, engine.stack.count)
      walk.complaint = complaint(moves, engine, wasEnded: wasEnded)
      if case .commands = input, wasRest, !wasEnded, engine.waiting.isRest,
        !moves.contains(where: { if case .turnEnded = $0 { true } else { false } })
      {
        walk.complaint = "a turn without an ending"
      }
      if walk.complaint != nil || wasEnded { break }
      input = walker.input(for: engine.waiting, awaiting: engine.understandingContext.awaiting, turn: &turn)
    }
    walk.turns = turn
    return walk
  }

  @Test(arguments: SampleAssistants.names)
  func `random callers never break an engine`(name: String) {
    let compiled = CompiledAssistant(SampleAssistants.named(name))
    var turns = 0
    var deepest = 0
    for seed in Self.first..<Self.first + Self.walks {
      let walk = Self.walk(compiled, seed: seed, steps: 120)
      turns += walk.turns
      deepest = max(deepest, walk.deepest)
      if let complaint = walk.complaint {
        Issue.record(
          "REPARTEE_SEED=\(seed), step \(walk.inputs.count): \(complaint) after \(walk.inputs.suffix(2)) gave \(walk.moves.last ?? [])"
        )
        return
      }
    }
    #expect(turns > 3000)
    print("\(name): \(Self.walks) walks from seed \(Self.first), \(turns) turns, deepest stack \(deepest)")
  }

  @Test(arguments: SampleAssistants.names)
  func `the same inputs give equal moves, and equal engines`(name: String) {
    let compiled = CompiledAssistant(SampleAssistants.named(name))
    for seed in 0..<15 as Range<UInt64> {
      let first = Self.walk(compiled, seed: seed, steps: 80)
      let again = Self.walk(CompiledAssistant(SampleAssistants.named(name)), seed: seed, steps: 80)
      #expect(first.moves == again.moves)
      #expect(first.facts == again.facts)
    }
  }

  @Test(arguments: SampleAssistants.names)
  func `a replay with erased values gives equal moves`(name: String) {
    let compiled = CompiledAssistant(SampleAssistants.named(name))
    var facts = 0
    for seed in 0..<25 as Range<UInt64> {
      let walk = Self.walk(compiled, seed: seed, steps: 80)
      var engine = DialogueEngine(compiled: compiled, channel: seed % 5 == 0 ? .chat : .voice, seed: seed)
      var book = FactBook()
      for (index, input) in walk.inputs.enumerated() {
        book.recall(walk.facts[index])
        let moves = engine.handle(Self.erased(input), clock: Self.clock, facts: &book)
        #expect(moves == walk.moves[index], "seed \(seed), step \(index)")
        let noted = book.takeNoted()
        #expect(noted == walk.facts[index], "seed \(seed), step \(index)")
        facts += noted.count
        guard moves == walk.moves[index] else { return }
      }
    }
    if name != "odd" { #expect(facts > 50) }
  }

  /// The input as a journal would give it back after the values were erased.
  static func erased(_ input: DialogueInput) -> DialogueInput {
    guard case .commands(let turn, let proposals) = input else { return input }
    return .commands(
      turn,
      proposals.map { proposal in
        guard case .setSlot(let slot, .sensitive(let value)?) = proposal.command else { return proposal }
        return ProposedCommand(
          .setSlot(slot, .sensitive(value.revealing(nil))), confidence: proposal.confidence,
          proposer: proposal.proposer,
          source: proposal.source)
      })
  }

  @Test func `no note, fact or word ever holds a caller's value`() {
    let compiled = CompiledAssistant(SampleAssistants.shop)
    for seed in 0..<20 as Range<UInt64> {
      let walk = Self.walk(compiled, seed: seed, steps: 80)
      #expect(!"\(walk.moves)\(walk.facts)".contains("9876543"))
    }
  }

  @Test func `the speed of an engine`() {
    let compiled = CompiledAssistant(Self.fifty)
    var turns = 0
    #if DEBUG
      let conversations: UInt64 = 20
    #else
      let conversations: UInt64 = 2000
    #endif
    let start = Self.processorSeconds()
    for seed in 0..<conversations { turns += Self.conversation(compiled, seed: seed) }
    let seconds = max(1e-9, Self.processorSeconds() - start)
    print("\(Int(Double(turns) / seconds)) turns a second of one core with \(compiled.journeys.count) journeys")
    #expect(turns > 1000)
  }

  /// Processor time of this thread, so that other work on the machine does not count.
  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Fifty flows of four questions each.
  static let fifty = assistant(
    (0..<50).map { index in
      flow(
        FlowID("flow\(index)"), if: index % 5 == 0 ? "slots.a is null" : nil, ask("a"), ask("b"),
        branch("n", .when("slots.b = 'x'", "c"), .to("d")), ask("c", id: "c"),
        ask("d", id: "d", rejections: [("not (slots.d matches '^[0-9]+$')", "utter_bad")]), run("utter_done"))
    }, slots: [slot("a"), slot("b"), slot("c"), slot("d")])

  static func conversation(_ compiled: CompiledAssistant, seed: UInt64) -> Int {
    var engine = DialogueEngine(compiled: compiled, channel: .voice, seed: seed)
    var facts = FactBook()
    var turns = 0
    func give(_ command: Command) {
      turns += 1
      _ = engine.handle(
        .commands(TurnNumber(turns), [ProposedCommand(command, confidence: .certain, proposer: "t")]), clock: clock,
        facts: &facts)
    }
    _ = engine.handle(.begin, clock: clock, facts: &facts)
    for index in 0..<10 {
      give(.startFlow(FlowID("flow\(index)")))
      give(.setSlot("a", .text("1")))
      give(.setSlot("b", .text("x")))
      give(.setSlot("a", .text("2")))
      give(.setSlot("c", .text("3")))
      give(.setSlot("d", secret("44", "t\(index)")))
    }
    return turns
  }
}
