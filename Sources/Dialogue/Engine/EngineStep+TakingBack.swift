import Core

/// Words that take something back where no journey is under way: they are about what was just done.
extension EngineStep {
  /// Begins the journey that takes back the last change, or says what became of it. Never the end of the call.
  mutating func proposeTakingBack(_ proposal: ProposedCommand, _ plan: inout TurnPlan) {
    guard awaiting == nil || isAskedForMore, let change = state.lastChange else {
      return reject(proposal, "no journey is under way")
    }
    guard change.result == .done else { return proposeTail(.aside(.outcome), proposal, &plan) }
    guard let undoing = undoing(change.flow) else { return proposeTail(.stays, proposal, &plan) }
    plan.starts.append(undoing)
    accept(proposal, "what was done is to be taken back")
  }

  /// The journey that takes back what another did, where it can be started now.
  private mutating func undoing(_ changed: Int) -> Int? {
    guard let id = program.flows[changed].definition.voice.undoneBy, let index = program.flow(id),
      !state.stack.contains(where: { $0.flow == index })
    else { return nil }
    if let condition = program.flows[index].definition.guardCondition, !holds(condition) { return nil }
    return index
  }

  /// What the journey of the last change is called.
  var lastChangedName: String { state.lastChange.map { program.flows[$0.flow].definition.name } ?? "" }
}
