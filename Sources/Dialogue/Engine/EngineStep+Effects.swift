import Core

/// Tools and transfers: asking for them, taking what came of them.
extension EngineStep {
  /// Asks for a tool. True when the engine waits for it; false when it was refused without asking.
  mutating func invoke(_ name: ActionName) -> Bool {
    let top = state.stack.count - 1
    state.stack[top].phase = .leave
    guard let tool = program.definition.tools[name] else {
      internalError("unknown_action", "there is no tool \(name)")
      return false
    }
    note(.actionRun, name.rawValue, tool.changesState ? "a tool that changes something" : "a tool that reads")
    if tool.changesState, let flag = tool.confirmedBy, state.slots[flag]?.value != .bool(true) {
      note(.failure, name.rawValue, "forbidden: \(flag) does not hold")
      settle(tool, .failed(.forbidden))
      setQuietly(BuiltInSlot.deniedBy, .text("confirmation"))
      return false
    }
    // Who calls comes first: finding that out may fill an argument.
    guard mayRun(tool) else { return false }
    guard let arguments = arguments(of: tool) else {
      settle(tool, .failed(.badArgument))
      return false
    }
    guard isApproved(tool, for: arguments) else { return false }
    return start(tool, arguments, deadline: tool.deadline)
  }

  /// Sends a tool on its way. True when the engine waits for it.
  mutating func start(_ tool: ToolDefinition, _ arguments: [String: SlotValue], deadline: CallSpan) -> Bool {
    let top = state.stack.count - 1
    var parts: [SlotValue]?
    if let key = tool.idempotencyKey {
      guard let filled = idempotencyParts(of: key) else {
        note(.failure, tool.name.rawValue, "a part of its idempotency key is missing")
        settle(tool, .failed(.badArgument))
        return false
      }
      let request = [.text(tool.name.rawValue)] + filled
      state.keyInHand = request
      parts = filled + (state.failedRequests[request].map { [.text("again \($0)")] } ?? [])
    }
    if state.slots[BuiltInSlot.deniedBy] != nil { setQuietly(BuiltInSlot.deniedBy, nil) }
    if tool.latency == .long {
      speak(BuiltInResponse.takesAMoment, isRequired: false, purpose: .acknowledgement)
      mustBeHeard = false
    }
    state.effect = state.effect.next
    state.stack[top].phase = .effect(state.effect)
    moves.append(
      .invoke(
        ToolInvocation(
          effect: state.effect, tool: tool.name, activation: activation(of: top), arguments: arguments,
          changesState: tool.changesState, deadline: deadline, idempotency: parts)))
    suspend(.tool(state.effect))
    return true
  }

  /// What makes two requests one: the author's text, slot by slot. Nil when a slot is empty.
  private mutating func idempotencyParts(of key: Template) -> [SlotValue]? {
    var parts: [SlotValue] = []
    for piece in key.pieces {
      switch piece {
      case .literal(let text): parts.append(.text(text))
      case .slot(let name):
        guard let value = state.slots[name]?.value else { return nil }
        parts.append(value)
      case .expression(.path(let path)) where path.count == 2 && path[0] == "slots":
        guard let value = state.slots[SlotName(path[1])]?.value else { return nil }
        parts.append(value)
      case .expression, .choice:
        parts.append(.text(scope.plainText(of: Template(pieces: [piece]), &inquiry)))
        guard inquiry.problems.isEmpty else {
          reportProblems()
          return nil
        }
      }
    }
    return parts
  }

  /// The activation of the journey a frame belongs to: patterns within a journey act for it.
  private func activation(of index: Int) -> FlowActivation {
    program.flows[state.stack[index].flow].role.isPartOfStep
      ? topJourney.map { state.stack[$0].activation } ?? state.stack[index].activation : state.stack[index].activation
  }

  /// Arguments from slots; nil when one is missing or not what the tool takes.
  mutating func arguments(of tool: ToolDefinition) -> [String: SlotValue]? {
    var arguments: [String: SlotValue] = [:]
    for argument in tool.arguments {
      guard let value = state.slots[argument.slot]?.value else {
        guard argument.isRequired else { continue }
        note(.failure, tool.name.rawValue, "argument \(argument.name) is missing")
        return nil
      }
      guard let fitting = fit(value, argument) else {
        note(.failure, tool.name.rawValue, "argument \(argument.name) is not what the tool takes")
        return nil
      }
      arguments[argument.name] = fitting
    }
    return arguments
  }

  private mutating func fit(_ value: SlotValue, _ argument: ToolArgument) -> SlotValue? {
    let expressions = program.expressions
    func fits(_ text: String) -> Bool {
      switch argument.type {
      case .string: break
      case .integer: if Int64(text) == nil { return false }
      case .number: if Comparing.number(text) == nil { return false }
      case .boolean: if text != "true", text != "false" { return false }
      case .array: return false
      }
      return argument.pattern.map { expressions.matchWhole($0, in: text) ?? false } ?? true
    }
    switch value {
    case .sensitive(let sensitive):
      let question = "fits \(argument.type.rawValue) \(argument.pattern ?? "")"
      return inquiry.facts.ask(sensitive, question) { .truth(fits($0)) } == .truth(true) ? value : nil
    case .list: return argument.type == .array ? value : nil
    default:
      guard let text = value.revealedText, fits(text) else { return nil }
      switch (argument.type, value) {
      case (.string, .number), (.string, .bool): return .text(text)
      case (.integer, .text), (.number, .text): return Comparing.number(text).map { .number($0) }
      case (.boolean, .text): return .bool(text == "true")
      default: return value
      }
    }
  }

  /// Takes a tool's outcome into the slots of the frame that waits for it. True when the engine waits for another one.
  mutating func toolFinished(_ effect: EffectID, _ outcome: ToolOutcome) -> Bool {
    guard let top = state.stack.indices.last, state.stack[top].phase == .effect(effect) else { return false }
    state.stack[top].phase = .leave
    if let request = state.keyInHand {
      state.keyInHand = nil
      switch outcome {
      case .failed, .refused: state.failedRequests[request, default: 0] += 1
      case .completed, .unknown: break
      }
    }
    let frame = state.stack[top]
    let step = program.flows[frame.flow].steps[frame.cursor]
    var name: ActionName?
    switch step.action {
    case .builtIn(.compensate):
      compensationFinished(outcome)
      return false
    case .builtIn(.requestApproval):
      name = approvalInHand?.rule.tool
      approvalFinished(outcome)
    case .tool(let tool): name = tool
    case .template(let template): name = ActionName(scope.plainText(of: template, &inquiry))
    default: break
    }
    guard let name, let tool = program.definition.tools[name] else { return false }
    if looksUpAnotherReading(for: tool, after: outcome) { return true }
    settle(tool, endOfTrial(of: tool, by: outcome))
    return false
  }

  /// Writes how a tool went: its outcome as text, its results; results of an earlier run do not survive.
  mutating func settle(_ tool: ToolDefinition, _ outcome: ToolOutcome) {
    var results: [SlotName: SlotValue] = [:]
    let text: String
    let reason: String
    switch outcome {
    case .completed(let values): (results, text, reason) = (values, "completed", "completed")
    case .refused(let code): (text, reason) = (code, "refused: \(code)")
    case .failed(let failure): (text, reason) = ("failed", "failed: \(failure.rawValue)")
    case .unknown: (text, reason) = ("unknown", "it is not known whether it happened")
    }
    note(.actionRun, tool.name.rawValue, reason)
    for slot in tool.results.compactMap(\.slot) where results[slot] == nil { clear(slot, "no result of \(tool.name)") }
    for (slot, value) in results.sorted(by: { $0.key < $1.key }) { take(value, into: slot, from: tool) }
    if let slot = tool.outcomeSlot { take(.text(text), into: slot, from: tool) }
    if tool.changesState { rememberResult(outcome) }
    remember(tool, outcome)
  }

  /// What callers are told who ask whether it was done.
  private mutating func rememberResult(_ outcome: ToolOutcome) {
    // A code that is sent to identify the caller is not what the caller asks about.
    guard !isIdentifying, let frame = liveRoot ?? state.stack.last else { return }
    let result: DialogueState.LastChange.Result =
      switch outcome {
      case .completed: .done
      case .refused, .failed: .failed
      case .unknown: .unknown
      }
    state.lastChange = DialogueState.LastChange(
      flow: frame.flow, activation: frame.activation, turn: state.turn, result: result)
  }

  private mutating func take(_ value: SlotValue, into name: SlotName, from tool: ToolDefinition) {
    guard let slot = program.slots[name] else {
      return note(.failure, name.rawValue, "the assistant has no such slot for a result of \(tool.name)")
    }
    switch coerce(value, for: slot) {
    case .value(let value): set(name, value, source: .action, confidence: .certain, reason: "result of \(tool.name)")
    case .mistyped:
      clear(name, "the result of \(tool.name) does not fit")
      note(.valueRejected, name.rawValue, "the result of \(tool.name) does not fit the slot's type")
    }
  }

  // MARK: Transfers

  /// Asks for a transfer. True when the engine waits for it.
  mutating func transfer() -> Bool {
    let top = state.stack.count - 1
    guard !state.isGone else {
      transferSettled(.unreachable)
      return false
    }
    state.outcome.escalated = true
    let destinations = program.definition.destinations
    var wanted: TransferDestination?
    if case .text(let name)? = state.slots[BuiltInSlot.transferDestination]?.value {
      wanted = destinations[DestinationName(name)]
      if wanted == nil { note(.failure, "transfer", "there is no such destination; the first one is taken") }
    }
    guard let destination = wanted ?? destinations.min(by: { $0.key < $1.key })?.value else {
      note(.failure, "transfer", "the assistant has no destination")
      transferSettled(.unreachable)
      _ = handleTransferFailure()
      return false
    }
    state.effect = state.effect.next
    state.stack[top].phase = .effect(state.effect)
    note(.escalated, destination.name.rawValue, "the caller is handed over")
    moves.append(
      .transfer(
        TransferRequest(effect: state.effect, destination: destination.name, ringTimeout: destination.ringTimeout)))
    suspend(.transfer(state.effect))
    return true
  }

  /// Goes on after a transfer, or ends when the person took the call.
  mutating func transferFinished(_ outcome: TransferOutcome) {
    transferSettled(outcome)
    if outcome == .accepted {
      state.stack = []
      state.completed = nil
      _ = rest(.ended)
      return
    }
    if let top = state.stack.indices.last { state.stack[top].phase = .leave }
    if handleTransferFailure() { state.outcome.escalated = true }
    run()
  }

  private mutating func transferSettled(_ outcome: TransferOutcome) {
    state.slots[BuiltInSlot.transferOutcome] = SlotState(
      value: .text(outcome.rawValue), source: .action, confidence: .certain)
    program.trace?.add(.changed(BuiltInSlot.transferOutcome, .text(outcome.rawValue)))
    note(.actionRun, "action_transfer", outcome.rawValue)
  }
}
