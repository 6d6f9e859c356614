extension AssistantDefinition {
  /// The questions whose yes makes a change or settles a value: nothing less than a yes answers them, and only one that began
  /// after all of the question was heard.
  ///
  /// They are the flags that changing tools name in `confirmed_by`, the questions of yes or no in a flow that runs a changing
  /// tool without such a flag, and the built-in questions whether a value is right, a purpose is consented to, a change undone.
  public var assents: Set<SlotName> {
    var found: Set<SlotName> = ["value_is_right", "consent_is_given", "undo_is_wanted"]
    for tool in tools.values where tool.changesState {
      if let flag = tool.confirmedBy { found.insert(flag) }
    }
    for flow in flows.values where !flow.isPattern {
      let isUnguarded = flow.steps.contains { step in
        guard case .action(let name) = step.kind, let tool = tools[name] else { return false }
        return tool.changesState && tool.confirmedBy == nil
      }
      guard isUnguarded else { continue }
      for step in flow.steps {
        if case .collect(let collect) = step.kind, slots[collect.slot]?.type == .bool { found.insert(collect.slot) }
      }
    }
    return found
  }
}
