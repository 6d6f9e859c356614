import Core

/// What flows do when the caller is gone, or could not be handed to a person.
extension EngineStep {
  /// The line is gone: journeys that say so do what is to be done then, without a word.
  mutating func hungUp() {
    var handlers: [(flow: Int, from: FlowActivation)] = []
    for root in begunRoots {
      var top = root
      while top + 1 < state.stack.count, state.stack[top + 1].kind == .call { top += 1 }
      let program = self.program
      let frames = state.stack[root...top].reversed()
      let named = frames.compactMap { program.flows[$0.flow].definition.voice.onHangUp }.first
      let wanted = named.flatMap { program.flow($0) }
      if let wanted { handlers.append((wanted, state.stack[root].activation)) }
    }
    state.stack = []
    state.deferred = []
    state.completed = nil
    state.compensating = nil
    state.keyInHand = nil
    state.isGone = true
    state.context = UnderstandingContext()
    for handler in handlers.reversed() where push(handler.flow, kind: .plain) {
      if let frame = state.stack.last { passOnChanges(from: handler.from, to: frame.activation) }
    }
    guard !state.stack.isEmpty else {
      state.waiting = .ended
      moves.append(.wait(.ended))
      return
    }
    run()
  }

  /// Nobody is there to answer: what asks is over, with the flows that led to it.
  mutating func giveUpSilently() {
    note(.failure, here?.flow.rawValue ?? "flow", "it asks, and the caller is gone")
    state.stack.removeSubrange((liveTree?.lowerBound ?? 0)...)
  }

  /// The flow that takes a journey's place when the caller could not be handed over.
  func transferHandler(of flow: Int) -> Int? {
    guard let id = program.flows[flow].definition.voice.onTransferFailure else { return nil }
    return program.flow(id)
  }

  private func transferHandler(of flows: [Int]) -> Int? {
    for flow in flows {
      if let handler = transferHandler(of: flow) { return handler }
    }
    return nil
  }

  /// Puts that flow in the place of the journey that led to the transfer. False when there is none.
  mutating func handleTransferFailure() -> Bool {
    guard !state.isGone else { return false }
    let above = (topJourney ?? -1) + 1
    if let pattern = state.stack[above...].first(where: { !$0.predecessors.isEmpty }) {
      // The journey has ended with a link to the pattern that hands over.
      guard let handler = transferHandler(of: pattern.predecessors) else { return false }
      replace(from: above, by: handler, kind: topJourney == nil ? .plain : .interrupt)
      return true
    }
    guard let tree = liveTree, let handler = transferHandler(of: state.stack[tree].reversed().map(\.flow)) else {
      return false
    }
    replace(from: tree.lowerBound, by: handler, kind: .link)
    return true
  }

  private mutating func replace(from index: Int, by handler: Int, kind: FrameSummary.Kind) {
    let removed = Array(state.stack[index...])
    state.stack.removeSubrange(index...)
    for frame in removed where !program.flows[frame.flow].isPattern && frame.kind != .call {
      note(
        .flowCompleted, program.flows[frame.flow].definition.id.rawValue,
        "nobody took the call: linked to \(program.flows[handler].definition.id)")
    }
    // The target is on the stack before slots are reset, so that it keeps what both ask for.
    guard push(handler, kind: kind), let frame = state.stack.last else { return }
    for old in removed { passOnChanges(from: old.activation, to: frame.activation) }
    for old in removed where old.kind != .call { resetSlots(of: old) }
  }
}
