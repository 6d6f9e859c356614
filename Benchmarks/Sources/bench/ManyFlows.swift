import Assistant
import Core
import Dialogue

/// An assistant of many flows, made in code, and a caller who goes through a part of them.
///
/// Each flow asks for a number by digits and for a choice, branches, asks whether that is right, and tells. Every second one has
/// a guard, which is evaluated after each turn. Patterns and their words are the shop's.
struct ManyFlows {
  private static let place = SourceLocation(file: "made.yml", line: 1, column: 1)
  private static let clock = DialogueClock(today: CivilDate(daysSinceEpoch: 22_040), minuteOfDay: 600)

  let program: CompiledAssistant
  let inputs: [DialogueInput]
  let turns: Int
  let flows: Int

  init(flows count: Int, patternsOf folder: String) throws {
    let shop = try AssistantLoader.load(folder: folder).definition
    var flows = shop.flows.filter { $0.value.isPattern }
    var slots = shop.slots
    var responses = shop.responses
    for number in 0..<count {
      let flow = try Self.flow(number)
      flows[flow.id] = flow
      for slot in Self.slots(number) { slots[slot.name] = slot }
      for response in try Self.responses(number) { responses[response.name] = response }
    }
    program = CompiledAssistant(
      AssistantDefinition(
        version: AssistantVersion(name: "many", contentHash: "0"), locale: shop.locale, persona: shop.persona,
        flows: flows, slots: slots, responses: responses, tools: [:], destinations: [:], voice: shop.voice,
        profile: shop.profile))
    (inputs, turns) = Self.talk(program, flows: count)
    self.flows = count
    var facts = FactBook()
    var engine = DialogueEngine(compiled: program, channel: .voice, seed: 1)
    var told = 0
    for input in inputs {
      for move in engine.handle(input, clock: Self.clock, facts: &facts) {
        if case .say(let sentences, _, _) = move {
          told += sentences.count { $0.response?.rawValue.hasPrefix("utter_told_") == true }
        }
      }
    }
    guard told >= count / 5 else { throw BenchmarkError("only \(told) flows of the generated assistant were finished") }
  }

  /// One pass: a whole conversation.
  func run() {
    var facts = FactBook()
    var engine = DialogueEngine(compiled: program, channel: .voice, seed: 1)
    for input in inputs { consume(engine.handle(input, clock: Self.clock, facts: &facts)) }
  }

  // MARK: The assistant

  private static func flow(_ number: Int) throws -> Flow {
    let id = "flow_\(number)"
    func step(_ id: String, _ kind: FlowStep.Kind, _ next: [FlowBranch] = []) -> FlowStep {
      FlowStep(id: StepID(id), kind: kind, next: next, source: place)
    }
    func when(_ condition: String?, _ target: FlowTarget) throws -> FlowBranch {
      FlowBranch(condition: try condition.map { try PredicateParser.parse($0).predicate }, target: target)
    }
    return Flow(
      id: FlowID(id), name: "matter number \(number)", summary: "Matter number \(number) of the generated assistant",
      guardCondition: number.isMultiple(of: 2)
        ? nil
        : try PredicateParser.parse("slots.number_\(number) is null or slots.kind_\(number) != 'closed'").predicate,
      steps: [
        step("number", .collect(CollectStep(slot: SlotName("number_\(number)")))),
        step(
          "kind", .collect(CollectStep(slot: SlotName("kind_\(number)"))),
          [
            try when("slots.kind_\(number) = 'urgent' and slots.number_\(number) is not null", .step("urgent")),
            try when(nil, .step("ask")),
          ]),
        step("urgent", .action(ActionName("utter_urgent_\(number)"))),
        step(
          "ask", .collect(CollectStep(slot: SlotName("right_\(number)"), asksBeforeFilling: true)),
          [try when("slots.right_\(number)", .step("tell")), try when(nil, .step("again"))]),
        step(
          "again", .setSlots([SlotAssignment(slot: SlotName("kind_\(number)"), value: nil)]),
          [try when(nil, .step("kind"))]),
        step("tell", .action(ActionName("utter_told_\(number)")), [try when(nil, .end)]),
      ], source: place)
  }

  private static func slots(_ number: Int) -> [SlotDefinition] {
    [
      SlotDefinition(
        name: SlotName("number_\(number)"), type: .text, grammar: .digits(minimum: 8, maximum: 8), label: .identifier,
        source: place),
      SlotDefinition(
        name: SlotName("kind_\(number)"), type: .categorical(["urgent", "usual", "closed"]), source: place),
      SlotDefinition(name: SlotName("right_\(number)"), type: .bool, source: place),
    ]
  }

  private static func responses(_ number: Int) throws -> [ResponseDefinition] {
    try [
      ("utter_ask_number_\(number)", "What is the number of matter \(number)? It has eight digits."),
      ("utter_ask_kind_\(number)", "Is matter \(number) urgent or usual?"),
      ("utter_urgent_\(number)", "I see. We hurry."),
      ("utter_ask_right_\(number)", "I have {number_\(number)}, and it is {kind_\(number)}. Is that right?"),
      ("utter_told_\(number)", "Matter {number_\(number)} is written down. Somebody will see to it."),
    ].map { name, text in
      ResponseDefinition(
        name: ResponseName(name), variants: [ResponseVariant(text: try TemplateParser.parse(text))], source: place)
    }
  }

  // MARK: The caller

  /// Every fourth flow: its wish, an answer nobody understood, the number, the choice, a correction, a yes.
  private static func talk(_ program: CompiledAssistant, flows: Int) -> ([DialogueInput], Int) {
    var engine = DialogueEngine(compiled: program, channel: .voice, seed: 1)
    var facts = FactBook()
    var inputs: [DialogueInput] = []
    var turns = 0
    func give(_ first: DialogueInput) {
      var next: DialogueInput? = first
      while let input = next {
        inputs.append(input)
        next = nil
        if case .wait(.heard)? = engine.handle(input, clock: clock, facts: &facts).last { next = .heard }
      }
    }
    func say(_ commands: Command...) {
      turns += 1
      give(.commands(TurnNumber(turns), commands.map { ProposedCommand($0, confidence: .certain, proposer: "script") }))
    }
    give(.begin)
    for number in stride(from: 0, to: flows, by: 4) {
      let digits = SlotValue.sensitive(
        Sensitive(token: SensitiveToken(label: .identifier, id: "n\(number)"), value: "\(10_000_000 + number)"))
      say(.startFlow(FlowID("flow_\(number)")))
      say(.cannotHandle(.notUnderstood))
      say(.setSlot(SlotName("number_\(number)"), digits))
      say(.setSlot(SlotName("kind_\(number)"), .text("urgent")))
      say(.setSlot(SlotName("kind_\(number)"), .text("usual")))
      say(.answer(true))
    }
    give(.hungUp)
    return (inputs, turns)
  }

  // MARK: What is measured

  /// The few flows first: what more flows cost is the ratio.
  static func suite(few: ManyFlows, many: ManyFlows) -> Suite {
    Suite(
      name: "dialogue",
      input: "DialogueEngine alone, \(many.turns) turns over every fourth flow of a generated assistant",
      workloads: [few, many].map { assistant in
        Workload("\(assistant.flows) flows", unit: "turn", operations: assistant.turns) { assistant.run() }
      })
  }
}
