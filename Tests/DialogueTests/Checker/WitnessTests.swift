import Core
import Testing

@testable import Dialogue

/// Dialogues of the search, played to the engine: they lead where they say.
@Suite struct WitnessTests {
  /// A part of a written line.
  private static func parts(_ action: String, _ mark: String) -> (String, String)? {
    guard let range = action.firstRange(of: mark) else { return nil }
    return (String(action[..<range.lowerBound]), String(action[range.upperBound...]))
  }

  private static func value(_ text: String, _ slot: SlotDefinition?) -> SlotValue {
    switch slot?.type {
    case .bool: .bool(text == "true")
    case .float: Double(text).map { .number($0) } ?? .text(text)
    default: .text(text)
    }
  }

  /// The steps an engine enters when it hears a dialogue; nil when the dialogue is not one a caller begins.
  private static func play(_ turns: [WitnessTurn], _ definition: AssistantDefinition) -> Set<String>? {
    let trace = EngineTrace()
    var engine = DialogueEngine(compiled: CompiledAssistant(definition, trace: trace), channel: .voice, seed: 1)
    var facts = FactBook()
    let clock = DialogueClock(today: CivilDate(daysSinceEpoch: 20_000), minuteOfDay: 600)
    var turn = 0
    func give(_ input: DialogueInput) {
      _ = engine.handle(input, clock: clock, facts: &facts)
      while case .heard = engine.waiting { _ = engine.handle(.heard, clock: clock, facts: &facts) }
    }
    func say(_ command: Command) {
      turn += 1
      give(.commands(TurnNumber(turn), [ProposedCommand(command, confidence: .certain, proposer: "test")]))
      // Read back, a value is right.
      if engine.understandingContext.awaiting == BuiltInSlot.valueIsRight { say(.answer(true)) }
    }
    give(.begin)
    for line in turns {
      switch line.speaker {
      case .before: return nil
      case .caller:
        if let (_, flow) = parts(line.action, "start ") {
          say(.startFlow(FlowID(flow)))
        } else if let (slot, text) = parts(line.action, " = ") {
          say(.setSlot(SlotName(slot), value(text, definition.slots[SlotName(slot)])))
        } else {
          return nil
        }
      case .tool:
        guard let (name, rest) = parts(line.action, ": ") else { return nil }
        let outcome = rest.split(separator: ",").first.map(String.init) ?? rest
        switch engine.waiting {
        case .transfer(let effect):
          give(.transferFinished(effect, TransferOutcome(rawValue: outcome) ?? .busy))
        case .tool(let effect):
          let result: ToolOutcome =
            switch outcome {
            case "completed": .completed([:])
            case "failed": .failed(.unreachable)
            case "unknown": .unknown
            default: .refused(outcome)
            }
          give(.toolFinished(effect, result))
        default: Issue.record("the engine waits for no tool at \(name)")
        }
      case .agent, .here: break
      }
    }
    return Set(
      trace.take().compactMap { line in
        if case .entered(let step) = line { "\(step.flow)/\(step.step)" } else { nil }
      })
  }

  @Test(arguments: ["shop", "bank"])
  func `the dialogue to a step leads the engine to that step`(name: String) {
    let definition = SampleAssistants.named(name)
    let world = SearchWorld(definition, jobs: [])
    var played = 0
    for root in world.roots where !root.isPattern {
      let search = FlowSearch(root, in: world, limit: 10_000)
      search.run()
      #expect(search.stopped == nil)
      // Whether there is somebody to transfer to is a setting, no way a dialogue takes.
      for (step, place) in search.seen.steps where step.step != "unavailable" {
        let turns = Witness(search: search).turns(to: place)
        guard let entered = Self.play(turns, definition) else { continue }
        played += 1
        #expect(
          entered.contains("\(step.flow)/\(step.step)"), "\(step.flow)/\(step.step): \(turns.map(\.description))")
      }
    }
    #expect(played > 12)
  }

  @Test func `what the search reaches is what can be reached`() {
    // The engine cannot be brought past a closed branch, and neither can the search.
    let definition = assistant(
      [flow("a", ask("kind", .when("slots.kind = 'a'", "one"), .end), run("utter_one", id: "one"), run("utter_two"))],
      slots: [kinds])
    let search = FlowSearch(
      definition.flows["a"] ?? flow("a"), in: SearchWorld(definition, jobs: []), limit: 100)
    search.run()
    #expect(Set(search.seen.steps.keys.map(\.step)) == ["ask_kind", "one", "utter_two"])
    #expect(search.places.count < 10)
  }
}
