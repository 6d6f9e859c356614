import Core

/// Rules about tools and what is said: identity, consent, confirmation, approval, empty slots.
extension StateSearch {
  mutating func checkFaults() {
    for search in searches {
      for (fault, sight) in search.seen.faults {
        guard let step = step(fault.flow, fault.step) else { continue }
        let dialogue = Witness(search: search).turns(to: sight.place, sight.narrows, at: step)
        report(fault, step, dialogue)
      }
    }
  }

  private mutating func report(_ fault: Observations.Fault, _ step: FlowStep, _ dialogue: [WitnessTurn]) {
    var tool = ""
    if case .action(let name) = step.kind { tool = name.rawValue }
    func find(_ code: String, _ severity: FlowFinding.Severity, _ message: String, _ remedy: String) {
      self.find(
        "flow." + code, severity, at: step.source, flow: fault.flow, step: step.id, message, remedy: remedy,
        dialogue: dialogue)
    }
    let ladder = world.assistant.identity
    switch fault.kind {
    case .identityMissing:
      find(
        "identity_missing", ours,
        "\(tool) needs identity level \(fault.detail), and neither this way nor '\(ladder.flow)' leads there",
        "let the flow '\(ladder.flow)' set the slot \(IdentityLadder.slot) to \(fault.detail), or lead to another step")
    case .identityLate:
      find(
        "identity_late", .warning,
        "\(tool) needs identity level \(fault.detail), and is reached without it: the caller is asked in the middle",
        "write `voice: {identity: ...}` at the flow")
    case .consentLate:
      find(
        "consent_late", .warning,
        "\(tool) needs consent to '\(fault.detail)', and is reached without it: the caller is asked in the middle",
        "write `voice: {consent: [\(fault.detail)]}` at the flow")
    case .confirmationMissing:
      find(
        "confirmation_missing", ours, "\(tool) is reached without a yes in '\(fault.detail)': it will be refused",
        "collect '\(fault.detail)' with `ask_before_filling: true` before it, and lead a no elsewhere")
    case .confirmationOld:
      find(
        "confirmation_old", ours,
        "\(tool) is reached with a yes in '\(fault.detail)' that was given earlier, or before its values were asked for",
        "collect '\(fault.detail)' with `ask_before_filling: true`, last before it")
    case .argumentUnset:
      find(
        "argument_unset", ours, "\(tool) takes '\(fault.detail)', which is empty on this way: it will fail",
        "collect or set '\(fault.detail)' before it, or write `required: false`")
    case .approvalUndecided:
      find(
        "approval_undecided", .warning,
        "whether \(tool) needs approval depends on '\(fault.detail)', which is empty on this way: it is asked for",
        "collect or set '\(fault.detail)' before it")
    case .saidUnset:
      let names = fault.detail.split(separator: " ")
      find(
        "said_unset", ours,
        "\(names.last ?? "") says '\(names.first ?? "")', which is empty on this way",
        "fill '\(names.first ?? "")' before it, or write a variant with a condition and one without the slot")
    }
  }

  /// Approval that nobody can give.
  mutating func checkNeeds() {
    for flow in world.assistant.flows.values.sorted(by: { $0.id < $1.id }) {
      for step in flow.steps {
        guard case .action(let name) = step.kind, let tool = world.assistant.tools[name], let rule = tool.approval,
          rule.tool == nil
        else { continue }
        let always = rule.condition == nil
        find(
          "flow.approval_missing", always ? ours : .warning, at: step.source, flow: flow.id, step: step.id,
          "\(name) needs the word of '\(rule.role)', and no tool asks for it: "
            + (always ? "it never runs" : "it does not run when that is needed"),
          remedy: "name a tool in `approval: {role: \(rule.role), tool: ...}`", dialogue: dialogue(to: flow.id, step.id)
        )
      }
    }
  }
}
