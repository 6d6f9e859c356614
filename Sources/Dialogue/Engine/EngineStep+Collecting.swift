import Core
import Language

/// Questions: asking, confirming, reading back, listening.
extension EngineStep {
  /// Enters the question of a collect step.
  mutating func ask(_ collect: CollectStep) {
    let top = state.stack.count - 1
    let name = collect.slot
    let frame = state.stack[top]
    if !frame.trail.contains(frame.cursor) { state.stack[top].trail.append(frame.cursor) }
    state.stack[top].phase = .child
    guard program.slots[name] != nil else {
      return internalError("missing_slot", "the assistant has no slot \(name)")
    }
    if state.stack[top].kept.remove(name) == nil, collect.asksBeforeFilling {
      clear(name, "asked before it is filled")
    }
    push(
      .collectInformation,
      [
        "collect": .text(name.rawValue), "utter": .text(question(of: collect)), "attempt": .number(1),
        "no_match": .number(0), "no_input": .number(0),
      ], subject: name)
  }

  private mutating func question(of collect: CollectStep) -> String {
    if let ask = collect.ask {
      guard ask.rawValue.utf8.contains(UInt8(ascii: "{")), let template = try? TemplateParser.parse(ask.rawValue) else {
        return ask.rawValue
      }
      let text = scope.plainText(of: template, &inquiry)
      reportProblems()
      return text
    }
    let action = "action_ask_\(collect.slot)"
    return program.definition.tools[ActionName(action)] != nil ? action : "utter_ask_\(collect.slot)"
  }

  /// Whether the value of the question on top is to be confirmed before the flow goes on; then the confirmation is entered.
  mutating func confirmFirst(_ top: Int) -> Bool {
    guard let collect = collectStep(below: top), let slot = state.slots[collect.slot], !slot.isConfirmed,
      program.slots[collect.slot]?.definition.label != .secret
    else { return false }
    switch collect.voice.confirmation {
    case .none, .implicit: return false
    case .explicit: break
    case .below(let threshold): if slot.confidence >= threshold { return false }
    }
    state.stack[top].cursor = 0
    state.stack[top].phase = .enter
    let own = ResponseName("utter_confirm_\(collect.slot)")
    let response = program.responses[own] != nil ? own : BuiltInResponse.isValueRight
    return push(
      .confirmSlot,
      [
        "collect": .text(collect.slot.rawValue), "utter": .text(response.rawValue),
        "value": .value(slot.value, program.slots[collect.slot]?.grammar),
      ], subject: collect.slot)
  }

  /// The caller said yes, or no, to the value that was read back.
  mutating func settleConfirmation(isRight: Bool) {
    let top = state.stack.count - 1
    state.stack[top].phase = .leave
    guard let name = state.stack[top].subject else { return }
    if isRight {
      state.slots[name]?.isConfirmed = true
      return
    }
    note(.valueRejected, name.rawValue, "the caller says it is not right")
    clear(name, "not confirmed")
    identityRests(on: name, wasFilled: true)
    let question = top - 1
    guard question >= 0, state.stack[question].subject == name else { return }
    countNoMatch(at: question)
    escalateWhenExhausted(question)
  }

  /// Says a value once after it was given, so that the caller can correct it.
  mutating func readBack(_ name: SlotName) {
    guard let slot = state.slots[name], !slot.isConfirmed, slot.source != .flow, slot.source != .action,
      program.slots[name]?.definition.label != .secret
    else { return }
    state.slots[name]?.isConfirmed = true
    let own = ResponseName("utter_read_back_\(name)")
    let top = state.stack.count - 1
    state.stack[top].context["collect"] = .text(name.rawValue)
    state.stack[top].context["value"] = .value(slot.value, program.slots[name]?.grammar)
    speak(program.responses[own] != nil ? own : BuiltInResponse.readBack, isRequired: false)
  }

  /// Whether a value was keyed in a form that does not look like it, such as the four digits of a day.
  func wasTypedInAnotherForm(_ collect: CollectStep) -> Bool {
    guard let slot = state.slots[collect.slot], slot.source == .keys, case .sensitive = slot.value,
      let definition = program.slots[collect.slot], !collect.voice.masksKeys,
      let digits = digits(of: collect, definition), digits.menu.isEmpty,
      let form = KeyedForm(definition.grammar, locale: program.definition.locale)
    else { return false }
    return form.isReadBack && form.isTyped(by: digits)
  }

  /// The frame on top listens.
  mutating func listen() -> Bool {
    let top = state.stack.count - 1
    tellKeys(at: top)
    state.stack[top].phase = .listening
    if let subject = state.stack[top].subject {
      note(.questionAsked, subject.rawValue, "attempt \(state.stack[top].failures.attempt)")
    }
    return rest(.caller(listenPlan))
  }

  /// What the question on top listens for.
  var listenPlan: ListenPlan {
    guard let question = listeningQuestion, let awaiting, let slot = program.slots[awaiting] else { return openPlan }
    let collect = collectStep(below: question)
    var hints: [String] = []
    if case .choice(let choices) = slot.grammar { hints = choices.flatMap { [$0.value] + $0.synonyms } }
    return ListenPlan(
      grammar: grammar(of: slot, at: question), digits: digits(of: collect, slot), hints: hints,
      confirms: program.assents.contains(awaiting))
  }

  /// Puts down what understanding should know.
  mutating func describe() {
    var context = UnderstandingContext()
    context.awaiting = awaiting
    context.confirms = awaiting.map(program.assents.contains) ?? false
    if let question = listeningQuestion {
      if state.waiting != .hold { state.outcome.asked = true }
      if let collect = collectStep(below: question) {
        context.forcesSlotFilling = collect.forcesSlotFilling
        context.acceptsSpeech = collect.voice.acceptsSpeech
        context.silenceTimeout = collect.silenceTimeout
      }
      context.part = state.stack[question].part?.value
    }
    if let tree = liveTree {
      context.activeFlow = program.flows[state.stack[tree.upperBound].flow].definition.id
      context.fillable = program.flows[state.stack[tree.lowerBound].flow].fillable
    }
    if let flow = askingPattern { context.fillable += flow.fillable.filter { !context.fillable.contains($0) } }
    if let awaiting, !context.fillable.contains(awaiting) { context.fillable.insert(awaiting, at: 0) }
    for slot in context.fillable {
      if let held = state.slots[slot] { context.filled[slot] = held.value }
    }
    context.startable = startable()
    if let top = state.stack.last, top.phase == .listening, program.flows[top.flow].role == .clarification {
      context.options = options(of: top)
    }
    state.context = context
  }

  /// Journeys that can be started now, in order of id.
  mutating func startable() -> [FlowID] {
    let active = liveTree.map { state.stack[$0].map(\.flow) } ?? []
    var found: [FlowID] = []
    found.reserveCapacity(program.journeys.count)
    // One scope for all guards: making one for each costs as much as evaluating it.
    let scope = scope
    for journey in program.journeys where !active.contains(journey.flow) {
      if let condition = journey.guardCondition, !scope.holds(condition, &inquiry) { continue }
      found.append(journey.id)
    }
    reportProblems()
    return found
  }

  /// The journeys a clarification offered.
  func options(of frame: Frame) -> [FlowID] {
    guard case .list(let ids)? = frame.context["clarification_ids"] else { return [] }
    return ids.compactMap { if case .text(let id)? = $0.slotValue { FlowID(id) } else { nil } }
  }
}
