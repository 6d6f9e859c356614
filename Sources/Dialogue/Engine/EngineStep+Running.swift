import Core

/// Running flows: the frame on top until it waits.
extension EngineStep {
  /// Runs until something is waited for.
  mutating func run() {
    while true {
      if mustBeHeard {
        mustBeHeard = false
        return suspend(.heard)
      }
      budget -= 1
      if budget < 0 {
        if hasGivenUp {
          // Even the pattern of errors does not come to rest.
          state.stack = []
          state.completed = nil
          state.deferred = []
          _ = rest(.caller(ListenPlan()))
          return
        }
        hasGivenUp = true
        budget = 60
        internalError("too_many_steps", "more than \(Self.mostSteps) steps without waiting for anybody")
        continue
      }
      guard let frame = state.stack.last else {
        if stackIsEmpty() { return }
        continue
      }
      switch frame.phase {
      case .enter:
        if execute(frame) { return }
      case .gate: state.stack[state.stack.count - 1].phase = .enter
      case .child, .leave, .holding, .effect:
        if frame.phase == .child { childEnded(frame) }
        leave()
      case .listening:
        if keepsListening {
          keepsListening = false
          if rest(.caller(listenPlan)) { return }
        } else {
          leave()
        }
      }
    }
  }

  /// What follows when nothing is under way. True when the turn is over.
  private mutating func stackIsEmpty() -> Bool {
    keepsListening = false
    if let completed = state.completed, !state.isGone {
      state.completed = nil
      let name = program.flows[completed].definition.name
      if push(.completed, ["previous_flow_name": .text(name)]) { state.asksForMore = true }
      return false
    }
    if state.isDeaf, offerJourneys() { return false }
    return rest(.caller(openPlan))
  }

  /// Runs the step on top. True when the engine waits now.
  private mutating func execute(_ frame: Frame) -> Bool {
    let flow = program.flows[frame.flow]
    let top = state.stack.count - 1
    guard frame.cursor < flow.steps.count else {
      end()
      return false
    }
    let step = flow.steps[frame.cursor]
    if frame.comesNext, !frame.hasBegun { announce(top) }
    state.stack[top].hasBegun = true
    if program.hasFlowsWithNeeds, !flow.isPattern, !mayRun() { return false }
    program.trace?.add(.entered(step.reference))
    switch step.definition.kind {
    case .noop:
      state.stack[top].phase = .leave
    case .setSlots(let assignments):
      state.stack[top].phase = .leave
      for assignment in assignments { assign(assignment, at: step.reference) }
    case .collect(let collect):
      if state.isGone { giveUpSilently() } else { ask(collect) }
    case .call(let target):
      call(target)
    case .link(let target):
      link(to: target)
    case .action(let name):
      return act(step.action ?? .unknown, name)
    }
    return false
  }

  private mutating func assign(_ assignment: SlotAssignment, at step: StepReference) {
    guard let slot = program.slots[assignment.slot] else {
      return note(.failure, assignment.slot.rawValue, "the assistant has no such slot", at: step)
    }
    guard let value = assignment.value else { return clear(assignment.slot, "cleared by the flow") }
    switch coerce(value, for: slot) {
    case .value(let value): set(assignment.slot, value, source: .flow, confidence: .certain, reason: "set by the flow")
    case .mistyped: note(.failure, assignment.slot.rawValue, "the value does not fit the slot's type", at: step)
    }
  }

  private mutating func call(_ target: FlowID) {
    let top = state.stack.count - 1
    guard let index = program.flow(target) else {
      state.stack[top].phase = .leave
      return internalError("missing_step", "there is no flow \(target) to call")
    }
    if !state.stack[top].trail.contains(state.stack[top].cursor) {
      state.stack[top].trail.append(state.stack[top].cursor)
    }
    state.stack[top].phase = .child
    let kept = state.stack[top].kept
    if push(index, kind: program.flows[index].isPattern ? .pattern : .call) {
      state.stack[state.stack.count - 1].kept = kept
    }
  }

  private mutating func link(to target: FlowID) {
    guard let index = program.flow(target) else {
      return internalError("missing_step", "there is no flow \(target) to link to")
    }
    if program.flows[index].role == .humanHandoff, program.definition.destinations.isEmpty,
      let frame = state.stack.last, let handler = transferHandler(of: frame.flow)
    {
      return link(to: program.flows[handler].definition.id)
    }
    guard let frame = state.stack.popLast() else { return }
    let flow = program.flows[frame.flow]
    note(.flowCompleted, flow.definition.id.rawValue, "linked to \(target)")
    let targetIsPattern = program.flows[index].isPattern
    if !flow.isPattern, targetIsPattern, frame.kind != .call { journeyEnded(frame) }
    // The target is on the stack before slots are reset, so that it keeps what both ask for.
    let kind: FrameSummary.Kind =
      targetIsPattern
      ? .pattern : frame.kind == .call ? .call : flow.isPattern ? (topJourney == nil ? .plain : .interrupt) : .link
    let height = state.stack.count
    if targetIsPattern, program.flows[index].role == .humanHandoff {
      handOff(reason: "requested")
    } else {
      push(index, kind: kind)
    }
    if targetIsPattern, flow.isPattern {
      state.changes.removeAll { $0.owner == frame.activation }
    } else if !targetIsPattern, frame.kind != .call, let heir = state.stack.last {
      passOnChanges(from: frame.activation, to: heir.activation)
    }
    if targetIsPattern, state.stack.count == height + 1 {
      state.stack[height].predecessors = frame.predecessors + (frame.kind == .call ? [] : [frame.flow])
    } else if frame.kind != .call {
      resetSlots(of: frame)
    }
    // The journey is over, whatever the pattern does: a person may take the call, and nobody would offer it later.
    if targetIsPattern, !flow.isPattern { offerToUndo(changesOf: frame.activation, onlyShaken: true) }
  }

  /// A question or called flow has ended: the step that entered it is done.
  private mutating func childEnded(_ frame: Frame) {
    let step = program.flows[frame.flow].steps[frame.cursor]
    guard case .collect(let collect) = step.definition.kind,
      collect.voice.confirmation == .implicit || wasTypedInAnotherForm(collect)
    else { return }
    readBack(collect.slot)
  }

  /// Finds what comes after the step on top.
  private mutating func leave() {
    let top = state.stack.count - 1
    let frame = state.stack[top]
    let flow = program.flows[frame.flow]
    let step = flow.steps[frame.cursor]
    var target = frame.cursor + 1
    var taken: Int?
    for (index, branch) in step.branches.enumerated() {
      if let condition = branch.condition {
        guard holds(condition) else { continue }
      }
      if step.branches.count > 1 || branch.condition != nil {
        note(.branchTaken, branch.name, branch.text, at: step.reference)
      }
      target = branch.target
      taken = index
      break
    }
    program.trace?.add(.left(step.reference, branch: taken))
    if target < 0 {
      return internalError("missing_step", "the branch leads to a step that does not exist")
    }
    if target >= flow.steps.count {
      end()
    } else {
      state.stack[top].cursor = target
      state.stack[top].phase = .enter
      state.stack[top].asked = []
      state.stack[top].approval = nil
    }
  }

  /// The flow on top is at its end.
  private mutating func end() {
    let top = state.stack.count - 1
    let frame = state.stack[top]
    let flow = program.flows[frame.flow]
    if flow.role == .collectInformation, confirmFirst(top) { return }
    state.stack.removeLast()
    note(.flowCompleted, flow.definition.id.rawValue, "reached its end", at: flow.steps.last?.reference)
    if frame.kind == .call { return }
    resetSlots(of: frame)
    if !flow.isPattern {
      journeyEnded(frame)
      offerToUndo(changesOf: frame.activation, onlyShaken: true)
    } else if flow.role == .compensation {
      state.changes.removeAll { $0.owner == frame.activation }
    } else if flow.role == .continueInterrupted, let top = topJourney, state.stack[top].hasBegun {
      note(.flowResumed, program.flows[state.stack[top].flow].definition.id.rawValue, "goes on where it was")
    }
  }

  /// What follows the end of a journey: the one it interrupted, or completion when the stack is empty.
  mutating func journeyEnded(_ frame: Frame) {
    if lacksItsChange(frame) {
      state.lastChange = DialogueState.LastChange(
        flow: frame.flow, activation: frame.activation, turn: state.turn, result: .failed)
    }
    if let below = topJourney {
      if state.stack[below].hasBegun { pushContinueInterrupted() }
    } else {
      state.completed = program.flows[frame.flow].definition.runsPatternCompleted ? frame.flow : nil
    }
  }

  /// Says that what the caller also wanted begins now.
  private mutating func announce(_ index: Int) {
    state.stack[index].comesNext = false
    state.stack[index].context["next_flow_name"] = .text(name(ofFrame: index))
    speak(BuiltInResponse.nextWish, isRequired: false)
  }

  /// Announces, or asks, that the topmost interrupted journey goes on.
  mutating func pushContinueInterrupted() {
    let roots = begunRoots
    guard let first = roots.first else { return }
    push(
      .continueInterrupted,
      [
        "previous_flow_name": .text(name(ofFrame: first)),
        "interrupted_flow_names": .texts(roots.map(name(ofFrame:))),
        "multiple_flows_interrupted": .bool(roots.count > 1),
      ])
  }

  /// Gives up the journey on top and says so.
  mutating func internalError(_ type: String, _ reason: String) {
    note(.failure, type, reason)
    state.outcome.clarified = true
    let top = state.stack.last.map { program.flows[$0.flow] }
    if type == "stack_too_deep" {
      state.stack = []
    } else if let top, top.isPattern, !top.role.isPartOfStep {
      // A repair that fails leaves the journey alone.
      state.stack.removeLast()
    } else if let tree = liveTree {
      let root = state.stack[tree.lowerBound]
      state.stack.removeSubrange((tree.upperBound + 1)...)
      remove(rootedAt: tree.lowerBound, reason: "an error in the flow")
      if topJourney != nil { pushContinueInterrupted() }
      if !hasFailed { offerToUndo(changesOf: root.activation) }
    } else {
      state.stack = []
    }
    if program.flow("pattern_internal_error") != nil {
      if !hasFailed { push(.internalError, ["error_type": .text(type)]) }
    } else {
      speak(BuiltInResponse.internalError, isRequired: false)
    }
    hasFailed = true
  }
}
