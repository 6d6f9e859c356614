import Core

/// Running action steps.
extension EngineStep {
  /// Runs the action of the step on top. True when the engine waits now.
  mutating func act(_ action: StepAction, _ name: ActionName) -> Bool {
    let top = state.stack.count - 1
    switch action {
    case .template(let template):
      let text = scope.plainText(of: template, &inquiry)
      reportProblems()
      let filled = ActionName(text)
      let resolved = StepAction(filled, tools: program.definition.tools)
      if case .template = resolved { return act(.unknown, filled) }
      return act(resolved, filled)
    case .response(let response):
      state.stack[top].phase = .leave
      note(.actionRun, name.rawValue, "says a response")
      speak(response, isRequired: true)
    case .tool(let tool):
      return invoke(tool)
    case .builtIn(let action):
      return run(action)
    case .nothing:
      state.stack[top].phase = .leave
    case .unknown:
      state.stack[top].phase = .leave
      internalError("unknown_action", "there is no action \(name)")
    }
    return false
  }

  private mutating func run(_ action: BuiltInAction) -> Bool {
    let top = state.stack.count - 1
    if action != .runSlotRejections, action != .listen { note(.actionRun, action.rawValue, "built in") }
    state.stack[top].phase = .leave
    switch action {
    case .listen where state.isGone, .hold where state.isGone: giveUpSilently()
    case .listen: return listen()
    case .hold:
      state.stack[top].phase = .holding
      return rest(.hold)
    case .hangUp: return hangUp()
    case .transfer: return transfer()
    case .sessionStart, .clarifyFlows, .triggerChitchat: break
    case .requestApproval: return requestApproval()
    case .giveConsent: settleConsent(true)
    case .refuseConsent: settleConsent(false)
    case .compensate: return compensate()
    case .restart: restart()
    case .cleanStack: state.stack.removeSubrange(..<top)
    case .cancelFlow: cancelFrames()
    case .correctFlowSlot: correct()
    case .continueInterruptedFlow: continueInterrupted()
    case .cancelInterruptedFlows: cancelInterrupted()
    case .repeatBotMessages: sayAgain()
    case .runSlotRejections: runRejections()
    case .confirmSlot: settleConfirmation(isRight: true)
    case .rejectSlot: settleConfirmation(isRight: false)
    case .triggerSearch: cannotHandle(.noRelevantAnswer)
    case .defaultFallback: cannotHandle(.notUnderstood)
    }
    return false
  }

  private mutating func hangUp() -> Bool {
    let role = state.stack.last.map { program.flows[$0.flow].role } ?? .none
    state.outcome.escalated = true
    if channel == .chat {
      // A written conversation stays open; only what was under way is over.
      state.stack = []
      state.completed = nil
      state.deferred = []
      return rest(.caller(ListenPlan()))
    }
    let reason: HangUpReason = role == .userSilence ? .silence : role == .internalError ? .failure : .completed
    state.stack = []
    state.completed = nil
    if !state.isGone { moves.append(.hangUp(reason)) }
    return rest(.ended)
  }

  /// Begins anew: nothing under way, nothing known.
  private mutating func restart() {
    guard let top = state.stack.last else { return }
    for frame in state.stack.dropLast().reversed() where !program.flows[frame.flow].isPattern {
      note(.flowCancelled, program.flows[frame.flow].definition.id.rawValue, "the conversation begins anew")
    }
    state.stack = [top]
    state.slots = program.initialSlots
    state.changes = []
    state.completed = nil
    state.noMatch = 0
  }

  /// Takes the journey the caller chose, or the topmost, to go on with.
  private mutating func continueInterrupted() {
    guard let pattern = state.stack.last else { return }
    guard case let value? = state.slots[BuiltInSlot.flowToContinue]?.value,
      let chosen = begunRoots.first(where: { matches(value, program.flows[state.stack[$0].flow].definition) })
    else { return }
    state.stack.removeLast()
    bringUp(rootedAt: chosen)
    state.stack.append(pattern)
  }

  /// Whether a value names a flow, by id or name.
  private mutating func matches(_ value: SlotValue, _ flow: Flow) -> Bool {
    func names(_ text: String) -> Bool {
      text == flow.id.rawValue || text.lowercased() == flow.name.lowercased()
    }
    if case .sensitive(let sensitive) = value {
      return inquiry.facts.ask(sensitive, "names \(flow.id)") { .truth(names($0)) } == .truth(true)
    }
    return value.revealedText.map(names) ?? false
  }

  private mutating func cancelInterrupted() {
    guard let pattern = state.stack.popLast() else { return }
    let roots = begunRoots
    if let last = roots.last { state.completed = state.stack[last].flow }
    for root in roots {
      let activation = state.stack[root].activation
      remove(rootedAt: root, reason: "the caller does not go on with it")
      offerToUndo(changesOf: activation)
    }
    if let completed = state.completed, !program.flows[completed].definition.runsPatternCompleted {
      state.completed = nil
    }
    state.stack.append(pattern)
  }

  // MARK: Silence, and nothing usable

  /// Pushes the answer to a silence.
  mutating func silence(_ count: Int) {
    setQuietly(BuiltInSlot.consecutiveSilences, .number(Double(count)))
    var context: [String: ContextValue] = [
      "attempt": .number(count), "no_input": .number(count), "no_input_exhausted": .bool(false),
    ]
    if let question = openQuestion {
      countNoInput(at: question)
      let frame = state.stack[question]
      let most = max(1, collectStep(below: question)?.voice.maximumNoInput ?? CollectVoice().maximumNoInput)
      context["no_input"] = .number(frame.failures.noInput)
      context["no_input_exhausted"] = .bool(frame.failures.noInput >= most)
      context["attempt"] = .number(frame.failures.attempt)
      if let subject = frame.subject { context["collect"] = .text(subject.rawValue) }
    }
    note(.commandAccepted, "silence", "the caller says nothing, \(count) in a row")
    if state.isDeaf, answerSilenceUnheard(count) { return }
    if let question = openQuestion, climbAfterSilence(question) { return }
    push(.userSilence, context)
  }

  mutating func clearSilence() {
    if state.slots[BuiltInSlot.consecutiveSilences] != nil { setQuietly(BuiltInSlot.consecutiveSilences, .number(0)) }
  }

  /// Answers an utterance nothing could be made of, or hands over when that happened too often.
  /// `byKey`: it was a key that means nothing.
  mutating func cannotHandle(_ reason: CannotHandleReason, byKey: Bool = false) {
    state.outcome.clarified = true
    state.noMatch += 1
    var attempt = state.noMatch
    var takesKeys = channel == .voice
    if let question = openQuestion {
      countNoMatch(at: question)
      if escalateWhenExhausted(question) { return }
      let failures = state.stack[question].failures
      attempt = max(1, failures.noMatch - failures.kept)
      takesKeys = takesKeys && isKeyed(question)
      if reason == .engineFailed, !takesKeys { state.toldKeys = true }
    } else if state.noMatch % CollectVoice().maximumNoMatch == 0 {
      return handOff(reason: "no_match")
    } else if reason == .engineFailed || byKey {
      offerJourneys()
    }
    push(
      .cannotHandle,
      [
        "reason": .text(reason.contextName), "attempt": .number(attempt), "no_match": .number(state.noMatch),
        "by_key": .bool(byKey), "takes_keys": .bool(takesKeys),
        "transfer_available": .bool(!program.definition.destinations.isEmpty),
      ])
  }
}

extension CannotHandleReason {
  /// What `context.reason` holds.
  var contextName: String {
    switch self {
    case .notUnderstood: "cannot_handle_default"
    case .outOfScope: "cannot_handle_not_supported"
    case .noRelevantAnswer: "cannot_handle_no_relevant_answer"
    case .engineFailed: "cannot_handle_engine_failed"
    }
  }
}
