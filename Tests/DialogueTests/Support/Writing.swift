import Core

@testable import Dialogue

/// A compact way to write flows in tests. Conditions are written as authors write them.
func condition(_ text: String) -> Predicate {
  do { return try PredicateParser.parse(text).predicate } catch {
    return .compare(.literal(.text("\(error)")), .equal, .literal(nil))
  }
}

func text(_ text: String) -> Template {
  do { return try TemplateParser.parse(text) } catch { return Template(text: "\(error)") }
}

let place = SourceLocation(file: "test.yml", line: 1, column: 1)

/// Where a step leads.
enum Next {
  case to(StepID)
  case end
  case when(String, StepID)
  case endWhen(String)

  var branch: FlowBranch {
    switch self {
    case .to(let id): FlowBranch(condition: nil, target: .step(id))
    case .end: FlowBranch(condition: nil, target: .end)
    case .when(let text, let id): FlowBranch(condition: condition(text), target: .step(id))
    case .endWhen(let text): FlowBranch(condition: condition(text), target: .end)
    }
  }
}

func run(_ action: ActionName, id: StepID? = nil, _ next: Next...) -> FlowStep {
  FlowStep(id: id ?? StepID(action.rawValue), kind: .action(action), next: next.map(\.branch), source: place)
}

func ask(
  _ slot: SlotName, id: StepID? = nil, utter: ResponseName? = nil, first: Bool = false, resets: Bool = true,
  rejections: [(String, ResponseName)] = [], forced: Bool = false, voice: CollectVoice = CollectVoice(),
  digits: DigitGrammar? = nil, silence: CallSpan? = nil, _ next: Next...
) -> FlowStep {
  FlowStep(
    id: id ?? StepID("ask_" + slot.rawValue),
    kind: .collect(
      CollectStep(
        slot: slot, ask: utter, asksBeforeFilling: first, resetsAfterFlowEnds: resets,
        rejections: rejections.map { Rejection(condition: condition($0.0), response: $0.1) }, forcesSlotFilling: forced,
        silenceTimeout: silence, digits: digits, voice: voice)),
    next: next.map(\.branch), source: place)
}

func put(_ slot: SlotName, _ value: SlotValue?, id: StepID? = nil, _ next: Next...) -> FlowStep {
  FlowStep(
    id: id ?? StepID("set_" + slot.rawValue), kind: .setSlots([SlotAssignment(slot: slot, value: value)]),
    next: next.map(\.branch), source: place)
}

func link(_ flow: FlowID, id: StepID? = nil) -> FlowStep {
  FlowStep(id: id ?? StepID("link_" + flow.rawValue), kind: .link(flow), source: place)
}

func call(_ flow: FlowID, id: StepID? = nil, _ next: Next...) -> FlowStep {
  FlowStep(id: id ?? StepID("call_" + flow.rawValue), kind: .call(flow), next: next.map(\.branch), source: place)
}

func branch(_ id: StepID, _ next: Next...) -> FlowStep {
  FlowStep(id: id, kind: .noop, next: next.map(\.branch), source: place)
}

func flow(
  _ id: FlowID, named name: String? = nil, if guardText: String? = nil, persisted: [SlotName] = [],
  completes: Bool = true,
  _ steps: FlowStep...
) -> Flow {
  Flow(
    id: id, name: name ?? id.rawValue, summary: "about \(id)", guardCondition: guardText.map(condition), steps: steps,
    persistedSlots: persisted, runsPatternCompleted: completes, source: place)
}

func slot(
  _ name: SlotName, _ type: SlotType = .text, initial: SlotValue? = nil,
  by filler: SlotDefinition.Filler = .understanding,
  rejections: [(String, ResponseName)] = [], refill: ResponseName? = nil, grammar: SlotGrammar? = nil,
  label: DataLabel? = nil
) -> SlotDefinition {
  SlotDefinition(
    name: name, type: type, initialValue: initial, filledBy: filler,
    rejections: rejections.map { Rejection(condition: condition($0.0), response: $0.1) }, refill: refill,
    grammar: grammar,
    label: label, source: place)
}

func response(_ name: ResponseName, _ texts: String...) -> ResponseDefinition {
  ResponseDefinition(name: name, variants: texts.map { ResponseVariant(text: text($0)) }, source: place)
}

func response(_ name: ResponseName, variants: [ResponseVariant]) -> ResponseDefinition {
  ResponseDefinition(name: name, variants: variants, source: place)
}

func tool(
  _ name: ActionName, changes: Bool = false, from arguments: [SlotName] = [], results: [SlotName] = [],
  outcome: SlotName? = nil, confirmedBy flag: SlotName? = nil, pattern: String? = nil, type: JSONType = .string
) -> ToolDefinition {
  ToolDefinition(
    name: name, summary: "", request: ToolRequest(method: "GET", url: "http://localhost/"),
    arguments: arguments.map { ToolArgument(name: $0.rawValue, slot: $0, type: type, pattern: pattern) },
    results: results.map { ToolField(path: $0.rawValue, type: .string, slot: $0, isRequired: false) },
    outcomeSlot: outcome, changesState: changes, confirmedBy: flag, source: place)
}

/// An assistant from its flows, with the patterns of a profile. Responses that flows name and nobody wrote say their own name.
func assistant(
  _ flows: [Flow], slots: [SlotDefinition] = [], responses: [ResponseDefinition] = [], tools: [ToolDefinition] = [],
  destinations: [DestinationName] = [], profile: String = "c13", without: [FlowID] = [],
  voice: VoiceDefaults = VoiceDefaults(), writesMissing: Bool = true
) -> AssistantDefinition {
  var all = Dictionary(uniqueKeysWithValues: TestPatterns.all(profile).map { ($0.id, $0) })
  for id in without { all[id] = nil }
  for flow in flows { all[flow.id] = flow }
  var said: [ResponseName: ResponseDefinition] = [:]
  var names = Set(TestPatterns.responses)
  for flow in all.values {
    for step in flow.steps {
      switch step.kind {
      case .action(let name) where name.rawValue.hasPrefix("utter_"): names.insert(ResponseName(name.rawValue))
      case .collect(let collect):
        names.insert(collect.ask ?? ResponseName("utter_ask_\(collect.slot)"))
        names.formUnion(collect.rejections.map(\.response))
      default: break
      }
    }
  }
  for slot in slots {
    names.formUnion(slot.rejections.map(\.response))
    if let refill = slot.refill { names.insert(refill) }
  }
  if writesMissing {
    for name in names where !name.rawValue.contains("{{") {
      said[name] = ResponseDefinition(
        name: name, variants: [ResponseVariant(text: Template(text: name.rawValue))], source: place)
    }
  }
  for response in responses { said[response.name] = response }
  return AssistantDefinition(
    version: AssistantVersion(name: "test", contentHash: "0"), locale: .americanEnglish,
    persona: Persona(name: "Ada", voice: "none"), flows: all,
    slots: Dictionary(uniqueKeysWithValues: (TestPatterns.slots + slots).map { ($0.name, $0) }), responses: said,
    tools: Dictionary(uniqueKeysWithValues: tools.map { ($0.name, $0) }),
    destinations: Dictionary(
      uniqueKeysWithValues: destinations.map { ($0, TransferDestination(name: $0, uri: "sip:\($0)@localhost")) }),
    voice: voice, profile: profile)
}
