import Core

/// Rules about tools that change something.
extension FlowChecker {
  /// Warnings with which an assistant of our own runs where it does already, and may not be published: a change that callers did not agree to.
  public static let unpublishable: Set<String> = ["flow.unconfirmed_action", "flow.argument_unsaid"]

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
        if !tool.needsNoYes {
          find(
            "unconfirmed_action", .warning, in: flow, at: step,
            "\(name) changes something without a confirmation; name one in `confirmed_by`, or write `confirmed_by: none`"
          )
        }
        continue
      }
      if !collects(flag, from: flow.id) {
        find(
          "confirmation_unasked", in: flow, at: step,
          "\(name) needs '\(flag)', which no step of '\(flow.id)' or of what it calls asks for")
      }
      let said = saidWhenAsking(for: flag)
      for argument in tool.arguments
      where argument.isReadBack && assistant.slots[argument.slot]?.isCallersToTell == true
        && !said.contains(argument.slot)
      {
        find(
          "argument_unsaid", .warning, in: flow, at: step,
          "\(name) uses '\(argument.slot)', which the question for '\(flag)' never says: "
            + "the caller agrees to something else than is done; say it, or write `read_back: false` at the argument")
      }
    }
  }

  /// Slots that the question for a flag says, or by which it chooses its words, when it is put the first time.
  private func saidWhenAsking(for flag: SlotName) -> Set<SlotName> {
    var said: Set<SlotName> = []
    for flow in assistant.flows.values {
      for case .collect(let collect) in flow.steps.map(\.kind) where collect.slot == flag {
        let variants = assistant.responses[collect.ask ?? ResponseName("utter_ask_\(flag)")]?.variants ?? []
        let first = variants.map(\.attempt).min()
        for variant in variants where variant.attempt == first {
          said.formUnion(variant.text.slots)
          said.formUnion(variant.condition?.slots ?? [])
        }
      }
    }
    return said
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

extension SlotDefinition {
  /// Whether callers fill it and may hear it again; consents are asked for by themselves.
  fileprivate var isCallersToTell: Bool { filledBy == .understanding && label != .secret }
}
