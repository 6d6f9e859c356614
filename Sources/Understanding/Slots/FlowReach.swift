import Core

/// What a journey reaches through the flows it calls and links to. What patterns change, such as the way to a person, is no change of it.
struct FlowReach {
  /// The slots it and the flows it calls ask for, in the order of its steps; what a link leads to is a journey of its own.
  private(set) var slots: [SlotName] = []
  /// The tools among its actions that change something.
  private(set) var changes: [ToolDefinition] = []

  init(of flow: FlowID, in definition: AssistantDefinition) {
    var seen: Set<FlowID> = []
    var open = [(flow, isOwn: true)]
    while let (id, isOwn) = open.popLast() {
      guard seen.insert(id).inserted, let flow = definition.flows[id] else { continue }
      for step in flow.steps {
        switch step.kind {
        case .collect(let collect) where isOwn && !slots.contains(collect.slot): slots.append(collect.slot)
        case .action(let name) where !flow.isPattern:
          if let tool = definition.tools[name], tool.changesState { changes.append(tool) }
        case .call(let other): open.append((other, isOwn))
        case .link(let other): open.append((other, isOwn: false))
        default: break
        }
      }
    }
  }

  /// The slots it asks for that a change of it is made with.
  var changed: [SlotName] {
    slots.filter { slot in changes.contains { $0.arguments.contains { $0.slot == slot } } }
  }
}
