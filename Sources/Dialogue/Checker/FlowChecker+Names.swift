import Core

/// Rules about names: slots, responses, actions, flows that nobody declared.
extension FlowChecker {
  private static let builtInSlots = Set(BuiltInPatterns.slots.map(\.name))

  mutating func checkNames(of flow: Flow) {
    if let condition = flow.guardCondition { checkSlots(of: condition, in: flow, at: nil) }
    let filled = Set(flow.steps.flatMap(\.filledSlots))
    for slot in flow.persistedSlots where !filled.contains(slot) {
      find(
        "persisted_slot_unfilled", in: flow,
        "persisted_slots names '\(slot)', which no collect or set_slots of this flow fills")
    }
    for step in flow.steps {
      for branch in step.next {
        if let condition = branch.condition { checkSlots(of: condition, in: flow, at: step) }
      }
      switch step.kind {
      case .action(let action): checkAction(action, in: flow, at: step)
      case .collect(let collect): checkCollect(collect, in: flow, at: step)
      case .setSlots(let assignments):
        for assignment in assignments { checkAssignment(assignment, in: flow, at: step) }
      case .link(let target), .call(let target): checkTarget(target, in: flow, at: step)
      case .noop: break
      }
    }
  }

  private func isDeclared(_ slot: SlotName) -> Bool {
    assistant.slots[slot] != nil || Self.builtInSlots.contains(slot)
  }

  private mutating func checkSlot(_ slot: SlotName, in flow: Flow, at step: FlowStep?) {
    guard !isDeclared(slot) else { return }
    let near = NearestName.find(slot.rawValue, among: assistant.slots.keys.map(\.rawValue))
    find(
      "undeclared_slot", in: flow, at: step,
      "there is no slot '\(slot)'" + (near.map { "; did you mean '\($0)'?" } ?? "; declare it in the domain"))
  }

  private mutating func checkSlots(of predicate: Predicate, in flow: Flow, at step: FlowStep?) {
    for slot in predicate.slots { checkSlot(slot, in: flow, at: step) }
  }

  private mutating func checkResponse(_ response: ResponseName, in flow: Flow, at step: FlowStep) {
    guard !response.rawValue.contains("{{"), assistant.responses[response] == nil else { return }
    let near = NearestName.find(response.rawValue, among: assistant.responses.keys.map(\.rawValue))
    find(
      "undeclared_response", in: flow, at: step,
      "there is no response '\(response)'" + (near.map { "; did you mean '\($0)'?" } ?? "; declare it in the domain"))
  }

  private mutating func checkAction(_ action: ActionName, in flow: Flow, at step: FlowStep) {
    switch StepAction(action, tools: assistant.tools) {
    case .response(let response): checkResponse(response, in: flow, at: step)
    case .unknown:
      let known = assistant.tools.keys.map(\.rawValue) + BuiltInAction.allCases.map(\.rawValue)
      let near = NearestName.find(action.rawValue, among: known)
      find(
        "undeclared_action", in: flow, at: step,
        "there is no action '\(action)'" + (near.map { "; did you mean '\($0)'?" } ?? "; declare it in tools.yml"))
    case .tool, .builtIn, .template, .nothing: break
    }
  }

  private mutating func checkCollect(_ collect: CollectStep, in flow: Flow, at step: FlowStep) {
    checkSlot(collect.slot, in: flow, at: step)
    for rejection in collect.rejections {
      checkSlots(of: rejection.condition, in: flow, at: step)
      checkResponse(rejection.response, in: flow, at: step)
    }
    let action = ActionName("action_ask_\(collect.slot)")
    let response = collect.ask ?? ResponseName("utter_ask_\(collect.slot)")
    let hasAction = assistant.tools[action] != nil
    let hasResponse = response.rawValue.contains("{{") || assistant.responses[response] != nil
    if !hasAction, !hasResponse {
      find(
        "collect_without_ask", in: flow, at: step,
        "nothing asks for '\(collect.slot)'; declare the response \(response)")
    } else if hasAction, hasResponse, collect.ask == nil {
      find("two_asks", in: flow, at: step, "both \(action) and \(response) ask for '\(collect.slot)'; keep one")
    }
    if case .list? = assistant.slots[collect.slot]?.type {
      find(
        "collects_list", in: flow, at: step,
        "'\(collect.slot)' is a list, which actions fill; callers cannot be asked for it")
    }
  }

  private mutating func checkAssignment(_ assignment: SlotAssignment, in flow: Flow, at step: FlowStep) {
    checkSlot(assignment.slot, in: flow, at: step)
    guard let value = assignment.value, let slot = assistant.slots[assignment.slot] else { return }
    if !slot.type.accepts(value) {
      find("value_of_wrong_type", in: flow, at: step, "'\(value)' does not fit the type of slot '\(assignment.slot)'")
    }
  }

  private mutating func checkTarget(_ target: FlowID, in flow: Flow, at step: FlowStep) {
    if assistant.flows[target] == nil {
      let near = NearestName.find(target.rawValue, among: assistant.flows.keys.map(\.rawValue))
      find(
        "undeclared_flow", in: flow, at: step,
        "there is no flow '\(target)'" + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
  }

  /// Responses that speak of slots nobody declared.
  mutating func checkResponses() {
    for response in assistant.responses.values.sorted(by: { $0.name < $1.name }) {
      var slots: Set<SlotName> = []
      for variant in response.variants {
        slots.formUnion(variant.text.slots)
        if let condition = variant.condition { slots.formUnion(condition.slots) }
      }
      for slot in slots.sorted() where !isDeclared(slot) {
        find(
          "response.undeclared_slot", .error, at: response.source,
          "\(response.name) speaks of slot '\(slot)', which is not declared")
      }
    }
  }
}

extension FlowStep {
  /// Slots it fills without an action.
  var filledSlots: [SlotName] {
    switch kind {
    case .collect(let collect): [collect.slot]
    case .setSlots(let assignments): assignments.map(\.slot)
    default: []
    }
  }
}

extension SlotType {
  /// Whether an author's literal fits, as the engine reads it.
  func accepts(_ value: SlotValue) -> Bool {
    switch (self, value) {
    case (.any, _), (.list, .list), (.text, .text), (.text, .number), (.text, .bool), (.bool, .bool): true
    case (.bool, .text(let text)): ["true", "false", "yes", "no"].contains(text.lowercased())
    case (.bool, .number(let number)): number == 0 || number == 1
    case (.categorical(let values), _):
      value.revealedText.map { text in values.contains { $0.lowercased() == text.lowercased() } } ?? true
    case (.float(let minimum, let maximum), _):
      Comparing.number(value).map { $0 >= minimum ?? -.infinity && $0 <= maximum ?? .infinity } ?? false
    default: false
    }
  }
}
