import Core

/// From a plan to the stack.
extension EngineStep {
  mutating func apply(_ plan: TurnPlan) {
    guard plan.isUsable else {
      return cannotHandle(plan.reason ?? .notUnderstood, byKey: state.wasKeyed)
    }
    state.noMatch = 0
    if plan.acts { state.clarifications = 0 }
    // Small talk is guessed from any words.
    if plan.acts || plan.tail.map({ !$0.isTalk }) ?? false { state.wasHandedOverInVain = false }
    if let mistyped = plan.mistyped, !plan.acts, plan.tail == nil, plan.options.isEmpty {
      return refuseType(of: mistyped.slot, mistyped.response)
    }
    if let part = plan.part, !plan.acts, plan.tail == nil, plan.options.isEmpty { return hold(part) }
    let asking = askingPattern?.fillable ?? []
    let isAnswerOnly =
      plan.corrections.isEmpty && plan.sets.allSatisfy { $0.slot == awaiting || asking.contains($0.slot) }
    if !plan.starts.isEmpty || plan.resumes != nil || plan.goesOn || !isAnswerOnly { dropStandingBy() }
    write(plan.sets)
    if let flow = plan.resumes, let root = begunRoots.first(where: { state.stack[$0].flow == flow }) {
      if let below = topJourney, below != root {
        note(
          .flowInterrupted, program.flows[state.stack[below].flow].definition.id.rawValue,
          "the caller goes back to another")
      }
      bringUp(rootedAt: root)
    }
    let cancellation = plan.cancels ? cancelContext() : nil
    for flow in plan.starts.reversed() { start(flow) }
    validate(plan.sets)
    if !plan.corrections.isEmpty { pushCorrectionBelowStarts(plan) }
    if let cancellation { push(.cancelFlow, cancellation) }
    if !plan.options.isEmpty { clarify(plan.options) }
    if let tail = plan.tail { apply(tail) }
  }

  private mutating func write(_ sets: [SlotChange]) {
    if let slot = slotUnderConfirmation, let frame = confirmation, sets.contains(where: { $0.slot == slot }) {
      // The value under confirmation is given anew: its question takes it from the start.
      let removed = Array(state.stack[frame...])
      state.stack.removeSubrange(frame...)
      for frame in removed { resetSlots(of: frame) }
    }
    for change in sets {
      guard let value = change.value else { continue }
      set(
        change.slot, value, source: change.source, confidence: change.confidence, others: change.others,
        reason: "given by the caller")
    }
  }

  /// Global rejections of slots that were given before their question.
  private mutating func validate(_ sets: [SlotChange]) {
    for change in sets.reversed() {
      guard let slot = program.slots[change.slot], !slot.definition.rejections.isEmpty,
        !state.stack.contains(where: { $0.subject == change.slot && $0.phase != .leave })
      else { continue }
      var context: [String: ContextValue] = ["validate": .text(change.slot.rawValue), "attempt": .number(1)]
      if let refill = slot.definition.refill { context["refill_utter"] = .text(refill.rawValue) }
      push(.validateSlot, context, subject: change.slot)
    }
  }

  private mutating func pushCorrectionBelowStarts(_ plan: TurnPlan) {
    // Journeys that were just started lie on top; the correction belongs to the one below them.
    let started = state.stack.suffix(while: { program.flows[$0.flow].isPattern || !$0.hasBegun })
    let isBelow = !plan.starts.isEmpty && started > 0
    guard isBelow else { return pushCorrection(plan.corrections, alsoSet: plan.sets.map(\.slot)) }
    let kept = Array(state.stack.suffix(started))
    state.stack.removeLast(started)
    let height = state.stack.count
    pushCorrection(plan.corrections, alsoSet: plan.sets.map(\.slot))
    guard state.stack.count == height + 1, let correction = state.stack.popLast() else {
      state.stack.append(contentsOf: kept)
      return
    }
    state.stack.append(contentsOf: kept)
    state.stack.append(correction)
  }

  private mutating func clarify(_ options: [Int]) {
    var limit = 3
    if case .number(let number)? = state.slots[BuiltInSlot.maximumOptions]?.value {
      limit = number.isNaN ? limit : Int(max(1, min(20, number)))
    }
    let offered = options.prefix(limit).map { program.flows[$0].definition }
    dropStandingBy()
    state.outcome.clarified = true
    state.clarifications += 1
    guard state.clarifications <= CollectVoice().maximumNoMatch else {
      state.clarifications = 0
      return handOff(reason: "no_match")
    }
    let isPushed = push(
      .clarification,
      [
        "names": .texts(offered.map(\.name)),
        "clarification_options": .text(Self.enumeration(offered.map(\.name))),
        "clarification_ids": .texts(offered.map(\.id.rawValue)), "attempt": .number(state.clarifications),
      ])
    if isPushed, state.clarifications == CollectVoice().maximumNoMatch {
      writeJourneys(offered.map(\.id), at: state.stack.count - 1)
    }
  }

  /// How many journeys are named to a caller who asks what can be done.
  private static let namedJourneys = 4

  /// `a`, `a or b`, `a, b or c`.
  private static func enumeration(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " or " + last
  }

  private mutating func apply(_ tail: TurnPlan.Tail) {
    switch tail {
    case .chitchat: push(.chitchat)
    case .aside(let aside):
      var context: [String: ContextValue] = ["aside": .text(aside.rawValue)]
      let names = startable().prefix(Self.namedJourneys).compactMap { program.flow($0) }.map {
        program.flows[$0].definition.name
      }
      if !names.isEmpty { context["journeys"] = .text(Self.enumeration(names)) }
      if aside == .outcome { tellOutcome(in: &context) }
      push(.aside, context)
    case .stays: push(.aside, ["aside": .text("stays"), "changed_flow_name": .text(lastChangedName)])
    case .search: push(.search)
    case .hold: push(.hold)
    case .skip: push(.skipQuestion)
    case .again:
      push(.repeatBotMessages, ["of_change": .bool(state.saidBefore.contains(where: \.tellsChange))])
    case .help: speak(BuiltInResponse.howCanIHelp, isRequired: false)
    case .handoff: handOff(reason: "requested")
    case .restart: push(.restart)
    case .goodbye:
      state.outcome.escalated = true
      push(.goodbye)
    }
  }

  /// What became of the last change; one that is just asked about, or whose journey is under way without it, has not been made.
  private func tellOutcome(in context: inout [String: ContextValue]) {
    if liveRoot.map(lacksItsChange) ?? false || awaiting.map(program.assents.contains) ?? false {
      context["outcome"] = .text("pending")
    } else if let change = state.lastChange {
      context["outcome"] = .text(change.result.rawValue)
      context["changed_flow_name"] = .text(program.flows[change.flow].definition.name)
    } else {
      context["outcome"] = .text("none")
    }
  }

  /// Whether a journey that changes something has asked for no change so far.
  func lacksItsChange(_ journey: Frame) -> Bool {
    program.flows[journey.flow].changesState && state.lastChange?.activation != journey.activation
  }

  /// The answer is of the wrong type: it says so, counts, and the question comes again.
  private mutating func refuseType(of slot: SlotName, _ response: ResponseName) {
    note(.valueRejected, slot.rawValue, "it does not fit the slot's type")
    guard let question = state.stack.lastIndex(where: { $0.subject == slot }) else { return }
    countNoMatch(at: question)
    speak(response, isRequired: false)
    escalateWhenExhausted(question)
  }
}

extension Array {
  /// How many elements at the end satisfy a condition without a gap.
  func suffix(while condition: (Element) -> Bool) -> Int {
    var count = 0
    for element in reversed() {
      guard condition(element) else { break }
      count += 1
    }
    return count
  }
}
