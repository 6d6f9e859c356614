import Core

/// Values that are said before their question: for a journey that is yet to be chosen, and for what a no leads to.
extension EngineStep {
  /// Keeps a value while it is asked which journey is meant. False where nothing of the kind is asked, or none of them takes it.
  mutating func keepOffered(_ change: SlotChange, _ plan: TurnPlan) -> Bool {
    let flows = plan.options.isEmpty ? openOptions : plan.options
    guard flows.contains(where: { takes(change.slot, $0) }) else { return false }
    state.offered.removeAll { $0.slot == change.slot }
    state.offered.append(change)
    return true
  }

  /// Gives kept values to the journey that is chosen. Where none is, and nothing else was said, it is asked again.
  mutating func takeOffered(_ plan: inout TurnPlan) {
    let options = openOptions
    if !options.isEmpty, !plan.isUsable, !plan.refusesOptions, !state.offered.isEmpty { plan.options = options }
    for change in state.offered where plan.starts.contains(where: { takes(change.slot, $0) }) {
      guard !plan.sets.contains(where: { $0.slot == change.slot }) else { continue }
      plan.sets.append(change)
      note(.commandAccepted, "set \(change.slot)", "it was given before the journey was chosen")
    }
    if plan.isUsable, plan.options.isEmpty { state.offered = [] }
  }

  private func takes(_ slot: SlotName, _ flow: Int) -> Bool {
    program.flows[flow].fillable.contains(slot) && !program.flows[flow].askedFirst.contains(slot)
  }

  /// The journeys the caller is just asked to choose from.
  private var openOptions: [Int] {
    guard let top = state.stack.last, top.phase == .listening, program.flows[top.flow].role == .clarification else {
      return []
    }
    return options(of: top).compactMap { program.flow($0) }
  }

  /// The pattern that asks what is asked now, where an author's pattern does.
  var askingPattern: CompiledFlow? {
    guard let question = listeningQuestion, question > 0, collectStep(below: question) != nil else { return nil }
    let flow = program.flows[state.stack[question - 1].flow]
    return flow.isPattern && !flow.role.isPartOfStep ? flow : nil
  }

  /// Whether a no to the question of yes or no that is open leads at once to the question for a slot: "later" says both.
  mutating func followsNo(_ slot: SlotName) -> Bool {
    guard let question = listeningQuestion, let awaiting, program.slots[awaiting]?.definition.type == .bool,
      collectStep(below: question) != nil
    else { return false }
    let frame = state.stack[question - 1]
    let flow = program.flows[frame.flow]
    let held = state.slots[awaiting]
    state.slots[awaiting] = SlotState(value: .bool(false), source: .flow, confidence: .certain)
    defer { state.slots[awaiting] = held }
    let step = flow.steps[frame.cursor]
    let branch = step.branches.first { branch in branch.condition.map { scope.holds($0, &inquiry) } ?? true }
    let target = branch?.target ?? frame.cursor + 1
    guard flow.steps.indices.contains(target), case .collect(let next) = flow.steps[target].definition.kind else {
      return false
    }
    return next.slot == slot
  }
}
