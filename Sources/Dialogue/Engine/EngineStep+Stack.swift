import Core

/// The stack: what is under way, entering and leaving flows.
extension EngineStep {
  /// Index of the topmost journey's frame.
  var topJourney: Int? { state.stack.lastIndex { !program.flows[$0.flow].isPattern } }

  /// The topmost journey with its call parents, from the outermost on.
  var liveTree: ClosedRange<Int>? { topJourney.map { root(of: $0)...$0 } }

  /// The outermost frame of the topmost journey.
  var liveRoot: Frame? { liveTree.map { state.stack[$0.lowerBound] } }

  /// The outermost frame of the calls that led to a frame.
  func root(of index: Int) -> Int {
    var index = index
    while index > 0, state.stack[index].kind == .call { index -= 1 }
    return index
  }

  /// The frames that belong to the journey at `root`: up to the next one that was not called.
  func region(of root: Int) -> Range<Int> {
    var end = root + 1
    while end < state.stack.count {
      let frame = state.stack[end]
      let flow = program.flows[frame.flow]
      if flow.isPattern ? !flow.role.isPartOfStep && !isOwnQuestion(end) : frame.kind != .call { break }
      end += 1
    }
    return root..<end
  }

  /// Whether a pattern frame stands in the middle of a journey because that journey entered it.
  private func isOwnQuestion(_ index: Int) -> Bool {
    guard index > 0, !program.flows[state.stack[index - 1].flow].isPattern else { return false }
    return state.stack[index - 1].phase == .child || state.stack[index - 1].phase == .gate
  }

  /// Journeys that wait below, the topmost first: indices of their outermost frames.
  var begunRoots: [Int] {
    state.stack.indices.reversed().filter {
      let frame = state.stack[$0]
      return !program.flows[frame.flow].isPattern && frame.kind != .call && frame.hasBegun
    }
  }

  func name(ofFrame index: Int) -> String { program.flows[state.stack[index].flow].definition.name }

  /// The slot the caller is asked for: that of the listening question on top, or below a pause the caller asked for.
  var awaiting: SlotName? { listeningQuestion.flatMap { state.stack[$0].subject } }

  /// The frame that asks for it.
  var listeningQuestion: Int? {
    guard let top = state.stack.last else { return nil }
    switch top.phase {
    case .listening: return top.subject == nil ? nil : state.stack.count - 1
    case .holding: return state.stack.lastIndex { $0.phase == .listening && $0.subject != nil }
    default: return nil
    }
  }

  /// The collect step a question frame was entered by.
  func collectStep(below index: Int) -> CollectStep? {
    guard index > 0 else { return nil }
    let parent = state.stack[index - 1]
    let flow = program.flows[parent.flow]
    guard parent.cursor < flow.steps.count, case .collect(let collect) = flow.steps[parent.cursor].definition.kind,
      collect.slot == state.stack[index].subject
    else { return nil }
    return collect
  }

  /// The topmost question that is open.
  var openQuestion: Int? {
    state.stack.lastIndex { program.flows[$0.flow].role == .collectInformation }
  }

  @discardableResult
  mutating func push(_ role: PatternRole, _ context: [String: ContextValue] = [:], subject: SlotName? = nil) -> Bool {
    guard let index = program.flow(FlowID(role.rawValue)) else {
      note(.failure, role.rawValue, "the assistant has no such pattern")
      return false
    }
    return push(index, kind: .pattern, context: context, subject: subject)
  }

  @discardableResult
  mutating func push(
    _ flow: Int, kind: FrameSummary.Kind, context: [String: ContextValue] = [:], subject: SlotName? = nil
  ) -> Bool {
    guard state.stack.count < Self.mostFrames else {
      internalError("stack_too_deep", "more than \(Self.mostFrames) flows are under way")
      return false
    }
    state.activation = state.activation.next
    var frame = Frame(flow: flow, kind: kind, activation: state.activation)
    frame.context = context
    frame.subject = subject
    let flow = program.flows[flow]
    note(.flowStarted, flow.definition.id.rawValue, "entered as \(kind.rawValue)")
    state.stack.append(frame)
    return true
  }

  /// Starts a journey for the caller, on top of what is under way.
  mutating func start(_ flow: Int) {
    let below = topJourney
    if let below, state.stack[below].hasBegun {
      note(
        .flowInterrupted, program.flows[state.stack[below].flow].definition.id.rawValue,
        "interrupted by \(program.flows[flow].definition.id)")
    }
    if let below, !state.stack[below].hasBegun { state.stack[below].comesNext = true }
    // The oldest interrupted journey makes room: the stack is bounded, the newest wish counts.
    while state.stack.count > Self.mostFrames - 12, let oldest = begunRoots.last {
      remove(rootedAt: oldest, reason: "too many journeys are interrupted")
    }
    push(flow, kind: below == nil ? .plain : .interrupt)
  }

  /// Removes a journey with all that belongs to it and resets its slots.
  mutating func remove(rootedAt root: Int, reason: String) {
    let region = region(of: root)
    let removed = Array(state.stack[region])
    state.stack.removeSubrange(region)
    for frame in removed.reversed() where !program.flows[frame.flow].isPattern {
      note(.flowCancelled, program.flows[frame.flow].definition.id.rawValue, reason)
    }
    for frame in removed where frame.kind != .call { resetSlots(of: frame) }
  }

  /// Gives up patterns that only stood by, such as the question whether to go on, with what they asked.
  mutating func dropStandingBy() {
    let above = (topJourney ?? -1) + 1
    guard above < state.stack.count,
      let first = state.stack[above...].firstIndex(where: { program.flows[$0.flow].role.givesWay })
    else { return }
    let removed = Array(state.stack[first...])
    state.stack.removeSubrange(first...)
    for frame in removed { resetSlots(of: frame) }
  }

  /// Brings an interrupted journey to the top.
  mutating func bringUp(rootedAt root: Int) {
    let region = region(of: root)
    let frames = Array(state.stack[region])
    state.stack.removeSubrange(region)
    state.stack.append(contentsOf: frames)
    note(.flowResumed, program.flows[frames[0].flow].definition.id.rawValue, "the caller goes back to it")
  }

  /// Slots of an ended frame, and of those it followed by a link, go back to their initial value.
  mutating func resetSlots(of frame: Frame) {
    resetSlots(of: frame.flow)
    for flow in frame.predecessors { resetSlots(of: flow) }
  }

  /// Slots of a flow go back to their initial value, unless a journey that goes on needs them.
  private mutating func resetSlots(of flow: Int) {
    for slot in program.flows[flow].resets {
      let initial = program.initialSlots[slot]
      guard state.slots[slot] != initial else { continue }
      let isNeeded = state.stack.contains { frame in
        frame.kind != .pattern && program.flows[frame.flow].resets.contains(slot)
      }
      if isNeeded { continue }
      state.slots[slot] = initial
      program.trace?.add(.changed(slot, nil))
      note(.slotCleared, slot.rawValue, "\(program.flows[flow].definition.id) has ended")
    }
  }
}
