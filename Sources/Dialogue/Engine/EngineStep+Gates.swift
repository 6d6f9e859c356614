import Core

/// What must hold before a step runs: who the caller is, what was consented to, a person's word.
extension EngineStep {
  enum Passage {
    case open
    /// Something is asked for on top; the step runs again afterwards.
    case asking
    case closed(Denial)
  }

  /// How sure it is who the caller is.
  var identityLevel: IdentityLevel {
    switch state.slots[IdentityLadder.slot]?.value {
    case .number(let number) where number.isFinite: IdentityLevel(Int(min(3, max(0, number))))
    case .text(let text): IdentityLevel(Int(text) ?? 0)
    default: .none
    }
  }

  private func hasConsented(to purpose: ConsentName) -> Bool {
    state.slots[ConsentDefinition.slot(of: purpose)]?.value == .bool(true)
  }

  /// Whether the flow that identifies the caller is under way for the live journey; one below it does not count.
  var isIdentifying: Bool {
    guard let identification = program.identification else { return false }
    return state.stack[(liveTree?.lowerBound ?? 0)...].contains { $0.flow == identification }
  }

  /// What the live journey needs as long as it lasts: its own needs with those of the flows that called it.
  private var journeyNeeds: Needs? {
    guard program.hasFlowsWithNeeds, let tree = liveTree, !isIdentifying else { return nil }
    var needs = Needs()
    for frame in state.stack[tree] { needs.add(program.flows[frame.flow].definition.voice) }
    return needs.isEmpty ? nil : needs
  }

  /// Whether the step on top may run. Otherwise what is missing is asked for, or the journey is over.
  mutating func mayRun() -> Bool {
    guard let needs = journeyNeeds else { return true }
    switch passage(needs) {
    case .open: return true
    case .asking: return false
    case .closed(let denial):
      denyJourney(denial)
      return false
    }
  }

  /// Looks whether needs are met, and asks once for what is not.
  private mutating func passage(_ needs: Needs) -> Passage {
    if identityLevel < needs.identity {
      guard let flow = program.identification, mayAsk(.identity(needs.identity)) else {
        return .closed(.identity(needs.identity))
      }
      identify(needs.identity, by: flow)
      return .asking
    }
    for purpose in needs.consents where !hasConsented(to: purpose) {
      guard let definition = program.definition.consents[purpose], mayAsk(.consent(purpose)) else {
        return .closed(.consent(purpose))
      }
      push(.consent, ["purpose": .text(purpose.rawValue), "utter": .text(definition.ask.rawValue)])
      return .asking
    }
    return .open
  }

  /// Whether something may be asked for at the step on top; then the step waits for it.
  private mutating func mayAsk(_ need: Need) -> Bool {
    guard !state.isGone, let top = state.stack.indices.last, !program.flows[state.stack[top].flow].isPattern,
      !isIdentifying, state.stack[top].asked.insert(need).inserted
    else { return false }
    state.stack[top].phase = .gate
    return true
  }

  private mutating func identify(_ level: IdentityLevel, by flow: Int) {
    let context: [String: ContextValue] = [
      "level": .number(level.rank), "level_name": .text(program.definition.identity.name(of: level) ?? ""),
      "held_level": .number(identityLevel.rank),
    ]
    push(flow, kind: program.flows[flow].isPattern ? .pattern : .call, context: context)
  }

  /// The live journey ends because it may not go on.
  private mutating func denyJourney(_ denial: Denial) {
    guard let tree = liveTree else { return }
    let root = state.stack[tree.lowerBound]
    note(.failure, program.flows[root.flow].definition.id.rawValue, "forbidden: \(denial.words)")
    remove(rootedAt: tree.lowerBound, reason: "forbidden")
    journeyEnded(root)
    offerToUndo(changesOf: root.activation)
    tell(denial)
  }

  /// Says why something does not happen, and what the caller can do instead.
  private mutating func tell(_ denial: Denial) {
    setQuietly(BuiltInSlot.deniedBy, .text(denial.reason))
    var context: [String: ContextValue] = [
      "reason": .text(denial.reason), "transfer_available": .bool(!program.definition.destinations.isEmpty),
    ]
    switch denial {
    case .identity(let level): context["level"] = .number(level.rank)
    case .consent(let purpose): context["purpose"] = .text(purpose.rawValue)
    case .approval(let role): context["role"] = .text(role)
    }
    push(.denied, context)
  }

  // MARK: Tools

  /// Whether the tool of the step on top may run for this caller. Otherwise it waits for what is missing, or has failed.
  mutating func mayRun(_ tool: ToolDefinition) -> Bool {
    var needs = Needs(of: tool)
    if program.flows[state.stack[state.stack.count - 1].flow].role.isPartOfStep, let journey = journeyNeeds {
      // What a question runs belongs to the journey that asks.
      needs.identity = max(needs.identity, journey.identity)
      needs.consents += journey.consents
    }
    return isOpen(passage(needs), to: tool)
  }

  /// Whether the person whose word the tool needs has given it for these arguments.
  mutating func isApproved(_ tool: ToolDefinition, for arguments: [String: SlotValue]) -> Bool {
    guard isOpen(approval(of: tool, for: arguments), to: tool) else { return false }
    state.stack[state.stack.count - 1].asked = []
    state.stack[state.stack.count - 1].approval = nil
    return true
  }

  private mutating func isOpen(_ passage: Passage, to tool: ToolDefinition) -> Bool {
    switch passage {
    case .open: return true
    case .asking: return false
    case .closed(let denial):
      note(.failure, tool.name.rawValue, "forbidden: \(denial.words)")
      settle(tool, .failed(.forbidden))
      tell(denial)
      return false
    }
  }

  private mutating func approval(of tool: ToolDefinition, for arguments: [String: SlotValue]) -> Passage {
    guard let rule = tool.approval, isNeeded(rule) else { return .open }
    let top = state.stack.count - 1
    if let approval = state.stack[top].approval, approval.isGiven, approval.arguments == arguments { return .open }
    guard let approver = rule.tool, mayAsk(.approval) else { return .closed(.approval(role: rule.role)) }
    state.stack[top].approval = Approval(arguments: arguments)
    push(
      .approval, ["tool": .text(tool.name.rawValue), "role": .text(rule.role), "approver": .text(approver.rawValue)])
    return .asking
  }

  /// What cannot be decided counts as needed: an empty slot, a value whose answer is not known.
  private mutating func isNeeded(_ rule: ApprovalRule) -> Bool {
    guard let condition = rule.condition else { return true }
    for slot in condition.slots where state.slots[slot] == nil { return true }
    inquiry.isStrict = true
    let result = scope.holds(condition, &inquiry)
    inquiry.isStrict = false
    let isDecided = inquiry.problems.isEmpty
    reportProblems()
    return result || !isDecided
  }

  /// Asks the person whose word the step below waits for. True when the engine waits for it.
  mutating func requestApproval() -> Bool {
    guard let (_, rule) = approvalInHand, let name = rule.tool, let tool = program.definition.tools[name] else {
      note(.failure, "approval", "nobody can be asked")
      return false
    }
    guard let arguments = arguments(of: tool) else {
      settle(tool, .failed(.badArgument))
      return false
    }
    return start(tool, arguments, deadline: rule.deadline)
  }

  /// The step that waits for approval, and its rule.
  var approvalInHand: (frame: Int, rule: ApprovalRule)? {
    guard let frame = state.stack.lastIndex(where: { $0.phase == .gate && $0.approval != nil }) else { return nil }
    let flow = program.flows[state.stack[frame].flow]
    guard case .tool(let name)? = flow.steps[state.stack[frame].cursor].action,
      let rule = program.definition.tools[name]?.approval
    else { return nil }
    return (frame, rule)
  }

  /// The person's answer: only `completed` is a yes.
  mutating func approvalFinished(_ outcome: ToolOutcome) {
    guard let (frame, rule) = approvalInHand else { return }
    guard case .completed = outcome else { return note(.failure, "approval", "the \(rule.role) did not approve") }
    state.stack[frame].approval?.isGiven = true
    note(.actionRun, "approval", "the \(rule.role) approved")
  }

  // MARK: What is held for the whole call

  /// The caller's yes or no to the purpose that `pattern_consent` asks about.
  mutating func settleConsent(_ isGiven: Bool) {
    guard case .value(.text(let purpose), _)? = scope.context("purpose") else { return }
    let slot = ConsentDefinition.slot(of: ConsentName(purpose))
    guard program.slots[slot] != nil else { return }
    set(slot, .bool(isGiven), source: .flow, confidence: .certain, reason: isGiven ? "consented" : "not consented")
  }

  /// A caller's change of what the identification rests on takes it back.
  mutating func identityRests(on slot: SlotName, wasFilled: Bool) {
    guard program.identitySlots.contains(slot), wasFilled || !isIdentifying, identityLevel > .none else { return }
    forgetIdentity("\(slot), on which it rests, is changed by the caller")
  }

  /// Nobody is sure any more who the caller is.
  mutating func forgetIdentity(_ reason: String) {
    guard identityLevel > .none else { return }
    let initial = program.initialSlots[IdentityLadder.slot]
    state.slots[IdentityLadder.slot] = initial
    program.trace?.add(.changed(IdentityLadder.slot, initial?.value))
    note(.slotCleared, IdentityLadder.slot.rawValue, reason)
  }
}
