import Core

/// Slots: writing, clearing, refusing.
extension EngineStep {
  mutating func set(
    _ slot: SlotName, _ value: SlotValue, source: SlotSource, confidence: Confidence, others: [SlotValue] = [],
    reason: String
  ) {
    let wasFilled = state.slots[slot] != nil
    state.slots[slot] = SlotState(value: value, source: source, confidence: confidence)
    state.slots[slot]?.others = others
    program.trace?.add(.changed(slot, value))
    note(.slotSet, slot.rawValue, reason)
    if source != .flow, source != .action { identityRests(on: slot, wasFilled: wasFilled) }
  }

  /// Writes a slot of the engine's own, without a trace.
  mutating func setQuietly(_ slot: SlotName, _ value: SlotValue?) {
    guard program.slots[slot] != nil else { return }
    state.slots[slot] = value.map { SlotState(value: $0, source: .flow, confidence: .certain) }
    program.trace?.add(.changed(slot, value))
  }

  mutating func clear(_ slot: SlotName, _ reason: String) {
    guard state.slots[slot] != nil else { return }
    state.slots[slot] = nil
    program.trace?.add(.changed(slot, nil))
    note(.slotCleared, slot.rawValue, reason)
  }

  /// Runs the rejections of the slot the frame on top is about: the slot's own, then those of its question.
  mutating func runRejections() {
    let top = state.stack.count - 1
    state.stack[top].phase = .leave
    guard let name = state.stack[top].subject, state.slots[name] != nil, let slot = program.slots[name] else { return }
    let own = slot.definition.rejections
    let asked = collectStep(below: top)?.rejections ?? []
    for (index, rejection) in (own + asked).enumerated() where holds(rejection.condition) {
      let origin = index < own.count ? "the slot" : "the question"
      note(.valueRejected, name.rawValue, "\(origin) refuses it: \(PredicateText.text(rejection.condition))")
      state.slots[name] = nil
      program.trace?.add(.changed(name, nil))
      if index < own.count, let refill = slot.definition.refill,
        program.flows[state.stack[top].flow].role == .collectInformation
      {
        state.stack[top].context["utter"] = .text(refill.rawValue)
      }
      countNoMatch(at: top)
      speak(rejection.response, isRequired: false)
      escalateWhenExhausted(top)
      return
    }
  }

  /// Counts an attempt that led nowhere at a question.
  mutating func countNoMatch(at index: Int) {
    state.stack[index].failures.noMatch += 1
    restoreQuestion(at: index)
    publishFailures(of: index)
  }

  mutating func countNoInput(at index: Int) {
    state.stack[index].failures.noInput += 1
    restoreQuestion(at: index)
    publishFailures(of: index)
  }

  mutating func publishFailures(of index: Int) {
    let failures = state.stack[index].failures
    state.stack[index].context["attempt"] = .number(failures.attempt)
    state.stack[index].context["no_match"] = .number(failures.noMatch)
    state.stack[index].context["no_input"] = .number(failures.noInput)
  }

  /// Hands over when a question has failed as often as it may. True when it does.
  @discardableResult
  mutating func escalateWhenExhausted(_ index: Int) -> Bool {
    guard state.stack.indices.contains(index) else { return false }
    if let isHandedOver = climbAfterNoMatch(index) { return isHandedOver }
    let most = max(1, collectStep(below: index)?.voice.maximumNoMatch ?? CollectVoice().maximumNoMatch)
    let failures = state.stack[index].failures.noMatch
    guard failures > 0, failures % most == 0 else { return false }
    handOff(reason: "no_match")
    return true
  }

  /// Why a person takes over when nothing is understood.
  private static let noMatch = "no_match"

  /// A person was tried, and still nothing is understood: instead of going round, the journey is given up with an honest word,
  /// and where none is under way the call ends.
  private mutating func giveUp() {
    note(.escalated, "call", "nothing is understood, and no person took the call")
    speak(BuiltInResponse.cannotGoOn, isRequired: false)
    if let cancellation = cancelContext() { push(.cancelFlow, cancellation) } else { push(.goodbye) }
  }

  /// Pushes the way to a person. For want of understanding that is tried once, until something is understood.
  mutating func handOff(reason: String) {
    if let top = state.stack.last, program.flows[top.flow].role == .humanHandoff, !top.hasBegun {
      return note(.escalated, "pattern_human_handoff", "\(reason); one is on the way already")
    }
    state.outcome.escalated = true
    if reason == Self.noMatch {
      guard !state.wasHandedOverInVain else { return giveUp() }
      state.wasHandedOverInVain = true
    }
    state.escalations += 1
    note(.escalated, "pattern_human_handoff", reason)
    if program.definition.destinations.isEmpty, handleTransferFailure() { return }
    push(
      .humanHandoff,
      [
        "reason": .text(reason),
        "transfer_available": .bool(!program.definition.destinations.isEmpty),
        "escalations": .number(state.escalations),
      ])
  }
}
