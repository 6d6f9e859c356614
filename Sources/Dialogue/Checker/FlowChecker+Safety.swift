import Core

/// Rules about tools that change something.
extension FlowChecker {
  mutating func checkSafety(of flow: Flow) {
    // Behind a hang-up nobody can confirm, and nobody hears how it went.
    let isSilent = assistant.flows.values.contains { $0.voice.onHangUp == flow.id }
    for step in flow.steps {
      guard case .action(let name) = step.kind, let tool = assistant.tools[name] else { continue }
      for argument in tool.arguments where assistant.slots[argument.slot] == nil {
        find(
          "undeclared_slot", in: flow, at: step,
          "\(name) takes '\(argument.name)' from slot '\(argument.slot)', which is not declared")
      }
      guard tool.changesState, !isSilent else { continue }
      if tool.outcomeSlot == nil {
        find(
          "outcome_unseen", .warning, in: flow, at: step,
          "\(name) changes something, but no outcome slot says how it went")
      }
      guard let flag = tool.confirmedBy else {
        find(
          "unconfirmed_action", .warning, in: flow, at: step,
          "\(name) changes something without a confirmation; name one in confirmed_by")
        continue
      }
      if !collects(flag, from: flow.id) {
        find(
          "confirmation_unasked", in: flow, at: step,
          "\(name) needs '\(flag)', which no step of '\(flow.id)' or of what it calls asks for")
      }
    }
  }

  /// Whether a flow, one it calls, or one that calls it asks for a slot.
  private func collects(_ slot: SlotName, from id: FlowID) -> Bool {
    func asks(_ flow: Flow) -> Bool {
      flow.steps.contains { if case .collect(let collect) = $0.kind { collect.slot == slot } else { false } }
    }
    var open = [id]
    var seen: Set<FlowID> = []
    while let id = open.popLast() {
      guard seen.insert(id).inserted, let flow = assistant.flows[id] else { continue }
      if asks(flow) { return true }
      for step in flow.steps { if case .call(let target) = step.kind { open.append(target) } }
    }
    return assistant.flows.values.contains { flow in
      flow.steps.contains { if case .call(id) = $0.kind { true } else { false } } && asks(flow)
    }
  }
}
