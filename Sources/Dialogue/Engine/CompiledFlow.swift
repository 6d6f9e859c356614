import Core

/// A flow with indices in place of names. A class, so that a step of the engine passes it on without copying it.
final class CompiledFlow: Sendable {
  let definition: Flow
  let isPattern: Bool
  let role: PatternRole
  let steps: [CompiledStep]
  /// Slots that go back to their initial value when it ends as the outermost: its own and those of the flows it calls.
  let resets: [SlotName]
  /// Slots its steps ask for, called flows included, in order.
  let fillable: [SlotName]
  /// Of those, the ones filled at their own step only.
  let askedFirst: Set<SlotName>
  /// Whether all it does is to put the caller through to a person.
  let handsOver: Bool
  /// Whether it runs a tool that changes something, itself or in a flow that it calls.
  let changesState: Bool

  init(
    _ flow: Flow, among flows: [FlowID: Flow], index: [FlowID: Int], tools: [ActionName: ToolDefinition],
    confirmations: Set<SlotName>, held: Set<SlotName> = [], identification: FlowID? = nil
  ) {
    definition = flow
    handsOver =
      flow.steps.contains { step in
        switch step.kind {
        case .link(let target), .call(let target): PatternRole(target) == .humanHandoff
        default: false
        }
      } && !flow.steps.contains { if case .collect = $0.kind { true } else { false } }
    isPattern = flow.isPattern
    role = PatternRole(flow.id)
    let stepIndex = Dictionary(flow.steps.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    steps = flow.steps.map { CompiledStep($0, of: flow.id, stepIndex: stepIndex, flows: index, tools: tools) }
    var resets: [SlotName] = []
    var fillable: [SlotName] = []
    var askedFirst: Set<SlotName> = []
    var changesState = false
    // Whoever is only identified changes nothing yet, though a code be sent.
    var isIdentifying = false
    var seen: Set<FlowID> = []
    func walk(_ flow: Flow) {
      guard seen.insert(flow.id).inserted else { return }
      var needsIdentity = flow.voice.identity > .none
      func noteReset(_ slot: SlotName) {
        if !flow.persistedSlots.contains(slot), !resets.contains(slot), !held.contains(slot) { resets.append(slot) }
      }
      for step in flow.steps {
        switch step.kind {
        case .collect(let collect):
          if !fillable.contains(collect.slot) { fillable.append(collect.slot) }
          if collect.asksBeforeFilling || confirmations.contains(collect.slot) { askedFirst.insert(collect.slot) }
          if collect.resetsAfterFlowEnds { noteReset(collect.slot) }
        case .setSlots(let assignments): for assignment in assignments { noteReset(assignment.slot) }
        case .call(let target): if let called = flows[target] { walk(called) }
        case .action(let name):
          guard let tool = tools[name] else { break }
          if tool.identity > .none { needsIdentity = true }
          if tool.changesState, !isIdentifying { changesState = true }
        case .link, .noop: break
        }
      }
      // The caller is identified inside the journey that needs it.
      if needsIdentity, let identification, !identification.rawValue.hasPrefix("pattern_"),
        let flow = flows[identification]
      {
        isIdentifying = true
        walk(flow)
        isIdentifying = false
      }
    }
    walk(flow)
    self.changesState = changesState
    self.resets = resets
    self.fillable = fillable
    self.askedFirst = askedFirst
  }

  /// Whether a step asks for one of these slots, itself or through the flow it calls.
  func asks(_ step: Int, for slots: Set<SlotName>, in program: CompiledAssistant) -> Bool {
    switch steps[step].definition.kind {
    case .collect(let collect): slots.contains(collect.slot)
    case .call(let target): program.flow(target).map { !slots.isDisjoint(with: program.flows[$0].fillable) } ?? false
    default: false
    }
  }
}

/// A step with indices in place of names.
final class CompiledStep: Sendable {
  let definition: FlowStep
  let reference: StepReference
  let branches: [Branch]
  let action: StepAction?

  struct Branch: Sendable {
    let condition: Predicate?
    let text: String
    /// The index of the step; past the last one for the end; -1 when there is no such step.
    let target: Int
    let name: String
  }

  init(
    _ step: FlowStep, of flow: FlowID, stepIndex: [StepID: Int], flows: [FlowID: Int],
    tools: [ActionName: ToolDefinition]
  ) {
    definition = step
    reference = StepReference(flow: flow, step: step.id, source: step.source)
    branches = step.next.map { branch in
      let text = branch.condition.map { PredicateText.text($0) } ?? "else"
      switch branch.target {
      case .end: return Branch(condition: branch.condition, text: text, target: .max, name: "END")
      case .step(let id):
        return Branch(condition: branch.condition, text: text, target: stepIndex[id] ?? -1, name: id.rawValue)
      }
    }
    if case .action(let name) = step.kind { action = StepAction(name, tools: tools) } else { action = nil }
  }
}

/// What an action step runs.
enum StepAction: Sendable {
  case response(ResponseName)
  case tool(ActionName)
  case builtIn(BuiltInAction)
  /// A name with places to fill.
  case template(Template)
  /// `validate_...` and `action_ask_...` that nobody declared: nothing to do.
  case nothing
  case unknown

  init(_ name: ActionName, tools: [ActionName: ToolDefinition]) {
    let text = name.rawValue
    if text.utf8.contains(UInt8(ascii: "{")) {
      if let template = try? TemplateParser.parse(text) { self = .template(template) } else { self = .unknown }
    } else if tools[name] != nil, BuiltInAction(rawValue: text)?.yieldsToTool ?? true {
      self = .tool(name)
    } else if text.hasPrefix("utter_") {
      self = .response(ResponseName(text))
    } else if let action = BuiltInAction(rawValue: text) {
      self = .builtIn(action)
    } else if text.hasPrefix("validate_") || text.hasPrefix("action_ask_") {
      self = .nothing
    } else {
      self = .unknown
    }
  }
}

/// Actions every assistant has.
enum BuiltInAction: String, Sendable, CaseIterable {
  case listen = "action_listen"
  case hold = "action_hold"
  case hangUp = "action_hangup"
  case transfer = "action_transfer"
  case sessionStart = "action_session_start"
  case restart = "action_restart"
  case cleanStack = "action_clean_stack"
  case cancelFlow = "action_cancel_flow"
  case correctFlowSlot = "action_correct_flow_slot"
  case clarifyFlows = "action_clarify_flows"
  case continueInterruptedFlow = "action_continue_interrupted_flow"
  case cancelInterruptedFlows = "action_cancel_interrupted_flows"
  case repeatBotMessages = "action_repeat_bot_messages"
  case runSlotRejections = "action_run_slot_rejections"
  case confirmSlot = "action_confirm_slot"
  case rejectSlot = "action_reject_slot"
  case triggerSearch = "action_trigger_search"
  case triggerChitchat = "action_trigger_chitchat"
  case defaultFallback = "action_default_fallback"
  case requestApproval = "action_request_approval"
  case giveConsent = "action_give_consent"
  case refuseConsent = "action_refuse_consent"
  case compensate = "action_compensate"

  /// Whether a tool of the same name goes before it.
  var yieldsToTool: Bool {
    switch self {
    case .sessionStart, .triggerSearch, .triggerChitchat: true
    default: false
    }
  }
}
