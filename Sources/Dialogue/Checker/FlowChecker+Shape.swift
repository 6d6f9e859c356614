import Core

/// Rules about the graph: where steps lead, what is never reached, what never ends.
extension FlowChecker {
  mutating func checkShape(of flow: Flow) {
    guard !flow.steps.isEmpty else { return find("no_steps", in: flow, "the flow has no steps") }
    if !flow.isPattern, flow.summary.allSatisfy(\.isWhitespace) {
      find("no_description", .warning, in: flow, "a description tells callers' words apart; this flow has none")
    }
    var seen: Set<StepID> = []
    for step in flow.steps where !seen.insert(step.id).inserted {
      find("duplicate_step", in: flow, at: step, "two steps of the flow are called '\(step.id)'")
    }
    let graph = FlowGraph(flow)
    for (step, target) in graph.unknownTargets {
      let near = NearestName.find(target.rawValue, among: flow.steps.map(\.id.rawValue))
      find(
        "unknown_step", in: flow, at: step,
        "there is no step '\(target)'" + (near.map { "; did you mean '\($0)'?" } ?? "; use the id of a step, or END"))
    }
    for index in graph.unreachable {
      find(
        "unreachable_step", .warning, in: flow, at: flow.steps[index], "no way leads to step '\(flow.steps[index].id)'")
    }
    if let stuck = graph.stuck.first {
      find("no_end", in: flow, at: flow.steps[stuck], "from step '\(flow.steps[stuck].id)' the flow never ends")
    }
    for index in graph.silentLoop.prefix(1) {
      find(
        "silent_loop", in: flow, at: flow.steps[index],
        "step '\(flow.steps[index].id)' leads back to itself without asking anybody or any condition")
    }
    checkLinks(of: flow)
  }

  private mutating func checkLinks(of flow: Flow) {
    for step in flow.steps {
      switch step.kind {
      case .link(let target):
        if !step.next.isEmpty {
          find("link_not_last", in: flow, at: step, "a link ends the flow; it cannot have a next step")
        }
        let isPattern = target.rawValue.hasPrefix("pattern_")
        if isPattern, !flow.isPattern, target != "pattern_human_handoff" {
          find(
            "link_to_pattern", in: flow, at: step, "a journey can link to pattern_human_handoff only, not to \(target)")
        }
        if target == flow.id {
          find("endless_link", in: flow, at: step, "'\(flow.id)' links to itself: it begins again and never ends")
        } else if links(from: target, reach: flow) {
          find(
            "endless_link", in: flow, at: step,
            "'\(target)' links to '\(flow.id)' again, and on the way nobody is asked: the call goes round for ever")
        }
        if flow.id == "pattern_internal_error" {
          find("link_from_error", in: flow, at: step, "pattern_internal_error cannot link")
        }
      case .call(let target):
        if flow.isPattern { find("pattern_calls", in: flow, at: step, "patterns cannot call flows") }
        if let called = assistant.flows[target] {
          if called.steps.contains(where: { if case .link = $0.kind { true } else { false } }) {
            find("called_flow_links", in: flow, at: step, "'\(target)' contains a link, so it cannot be called")
          }
          if calls(from: target, reach: flow.id) {
            find("endless_call", in: flow, at: step, "'\(target)' calls '\(flow.id)' again")
          }
        }
      case .noop where step.next.isEmpty:
        find("noop_without_next", in: flow, at: step, "a noop step does nothing but lead on; give it a next")
      default: break
      }
    }
  }

  /// Whether links lead from a flow back to this one, and nobody is asked in any of them.
  private func links(from start: FlowID, reach goal: Flow) -> Bool {
    !goal.mayAsk
      && leads(from: start, to: goal.id) { flow in
        flow.mayAsk ? [] : flow.steps.compactMap { if case .link(let target) = $0.kind { target } else { nil } }
      }
  }

  private func calls(from start: FlowID, reach goal: FlowID) -> Bool {
    leads(from: start, to: goal) { flow in
      flow.steps.compactMap { if case .call(let target) = $0.kind { target } else { nil } }
    }
  }

  private func leads(from start: FlowID, to goal: FlowID, by next: (Flow) -> [FlowID]) -> Bool {
    var open = [start]
    var seen: Set<FlowID> = []
    while let id = open.popLast() {
      if id == goal { return true }
      guard seen.insert(id).inserted, let flow = assistant.flows[id] else { continue }
      open += next(flow)
    }
    return false
  }
}

extension Flow {
  /// Whether a step asks the caller, or calls a flow that may.
  fileprivate var mayAsk: Bool {
    steps.contains { step in
      switch step.kind {
      case .collect, .call: true
      case .action, .setSlots, .link, .noop: false
      }
    }
  }
}
