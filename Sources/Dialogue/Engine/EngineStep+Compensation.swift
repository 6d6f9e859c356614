import Core

/// Undoing what a journey has changed when the rest of it does not happen.
extension EngineStep {
  /// Remembers a change that can be undone, and that a later one failed.
  mutating func remember(_ tool: ToolDefinition, _ outcome: ToolOutcome) {
    guard tool.changesState, state.compensating == nil else { return }
    let owner = changeOwner
    guard case .completed = outcome else {
      for index in state.changes.indices where state.changes[index].owner == owner {
        state.changes[index].shakenBy = state.changes[index].shakenBy ?? tool.name
      }
      return
    }
    for index in state.changes.indices where state.changes[index].shakenBy == tool.name {
      state.changes[index].shakenBy = nil
    }
    guard let name = tool.compensation, let compensation = program.definition.tools[name], let owner else { return }
    let change = UndoableChange(
      owner: owner, tool: tool.name, compensation: name, arguments: arguments(of: compensation))
    state.changes.removeAll { $0.owner == owner && $0.tool == change.tool && $0.arguments == change.arguments }
    state.changes.append(change)
  }

  /// Whose changes `action_compensate` and `context.compensable` are about: the pattern on top that offers it, or the journey.
  private var changeOwner: FlowActivation? {
    guard let top = state.stack.indices.last else { return nil }
    if program.flows[state.stack[top].flow].role == .compensation { return state.stack[top].activation }
    if let below = state.stack.lastIndex(where: { program.flows[$0.flow].role == .compensation }),
      below > topJourney ?? -1
    {
      return state.stack[below].activation
    }
    return liveRoot?.activation
  }

  /// How many changes can still be undone here.
  var compensable: Int {
    guard !state.changes.isEmpty, let owner = changeOwner else { return 0 }
    return state.changes.count { $0.owner == owner }
  }

  /// Undoes the latest change. True when the engine waits for it.
  mutating func compensate() -> Bool {
    let owner = changeOwner
    guard let index = state.changes.lastIndex(where: { $0.owner == owner }) else {
      note(.failure, "compensation", "nothing is left to undo")
      setQuietly(BuiltInSlot.compensationOutcome, nil)
      return false
    }
    let change = state.changes.remove(at: index)
    guard let tool = program.definition.tools[change.compensation], let arguments = change.arguments else {
      note(.failure, change.compensation.rawValue, "an argument was missing when \(change.tool) was done")
      setQuietly(BuiltInSlot.compensationOutcome, .text("failed"))
      return false
    }
    note(.actionRun, change.compensation.rawValue, "undoes \(change.tool)")
    state.compensating = change.compensation
    return start(tool, arguments, deadline: tool.deadline)
  }

  /// What came of it.
  mutating func compensationFinished(_ outcome: ToolOutcome) {
    guard let name = state.compensating, let tool = program.definition.tools[name] else { return }
    settle(tool, outcome)
    state.compensating = nil
    let text =
      switch outcome {
      case .completed: "completed"
      case .refused(let code): code
      case .failed: "failed"
      case .unknown: "unknown"
      }
    setQuietly(BuiltInSlot.compensationOutcome, .text(text))
  }

  /// A journey that is over hands its changes to the pattern that offers to undo them; `onlyShaken`: when a later one failed.
  mutating func offerToUndo(changesOf owner: FlowActivation, onlyShaken: Bool = false) {
    guard !state.changes.isEmpty else { return }
    let left = state.changes.filter { $0.owner == owner }
    state.changes.removeAll { $0.owner == owner }
    guard !left.isEmpty, !state.isGone, !onlyShaken || left.contains(where: { $0.shakenBy != nil }) else { return }
    guard push(.compensation), let pattern = state.stack.last else { return }
    for var change in left {
      change.owner = pattern.activation
      state.changes.append(change)
    }
  }

  /// The changes of a journey that another takes the place of.
  mutating func passOnChanges(from owner: FlowActivation, to heir: FlowActivation) {
    for index in state.changes.indices where state.changes[index].owner == owner { state.changes[index].owner = heir }
  }
}
