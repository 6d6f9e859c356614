import Core

/// Which slots the places of a flat flow read and write.
struct SlotUse {
  /// For each node, whether the value of a slot can matter from there on.
  private(set) var isLive: [[Bool]] = []

  /// Slots a node reads before it writes.
  static func reads(_ node: FlatFlow.Node, _ world: SearchWorld) -> Set<SlotName> {
    var found: Set<SlotName> = []
    for way in node.branches { if let condition = way.condition { found.formUnion(condition.slots) } }
    switch node.kind {
    case .end:
      if let job = node.flow.voice.job, let success = world.jobs[job]?.success { found.formUnion(success.slots) }
    case .gate, .back: break
    case .step:
      switch node.step?.kind {
      case .collect(let collect):
        found.insert(collect.slot)
        for rejection in collect.rejections + (world.assistant.slots[collect.slot]?.rejections ?? []) {
          found.formUnion(rejection.condition.slots)
        }
      case .action(let name): found.formUnion(reads(name, world))
      default: break
      }
    }
    return found
  }

  private static func reads(_ name: ActionName, _ world: SearchWorld) -> Set<SlotName> {
    var found: Set<SlotName> = []
    switch StepAction(name, tools: world.assistant.tools) {
    case .tool(let name):
      guard let tool = world.assistant.tools[name] else { return [] }
      found.formUnion(tool.arguments.filter(\.isRequired).map(\.slot))
      if let flag = tool.confirmedBy { found.insert(flag) }
      if tool.identity > .none { found.insert(IdentityLadder.slot) }
      found.formUnion(tool.consents.map(ConsentDefinition.slot(of:)))
      if let condition = tool.approval?.condition { found.formUnion(condition.slots) }
    case .response(let response):
      for variant in world.assistant.responses[response]?.variants ?? [] {
        found.formUnion(variant.text.saidSlots)
        if let condition = variant.condition { found.formUnion(condition.slots) }
      }
    default: break
    }
    return found
  }

  /// Slots a node writes whatever they held.
  private static func overwrites(_ node: FlatFlow.Node, _ world: SearchWorld) -> Set<SlotName> {
    guard node.kind == .step else { return [] }
    switch node.step?.kind {
    case .collect(let collect): return collect.asksBeforeFilling ? [collect.slot] : []
    case .setSlots(let assignments): return Set(assignments.map(\.slot))
    case .action(let name):
      guard let tool = world.assistant.tools[name] else { return [] }
      return Set(tool.results.compactMap(\.slot) + [tool.outcomeSlot].compactMap { $0 })
    default: return []
    }
  }

  init(_ flat: FlatFlow, _ space: SlotSpace, _ world: SearchWorld) {
    let count = space.names.count
    let writes = flat.nodes.map { node in indices(Self.overwrites(node, world), space) }
    // A branch is read after its step has written: what only branches ask is not live before the write.
    let branchReads = flat.nodes.map { node -> Set<Int> in
      var found: Set<SlotName> = []
      for way in node.branches { if let condition = way.condition { found.formUnion(condition.slots) } }
      return indices(found, space)
    }
    let effectReads = flat.nodes.map { node -> Set<Int> in
      var bare = node
      bare.branches = []
      return indices(Self.reads(bare, world), space)
    }
    var live = [[Bool]](repeating: [Bool](repeating: false, count: count), count: flat.nodes.count)
    var isSettled = false
    while !isSettled {
      isSettled = true
      for node in flat.nodes.indices.reversed() {
        var after = [Bool](repeating: false, count: count)
        for next in flat.successors(of: node) {
          for slot in 0..<count where live[next][slot] { after[slot] = true }
        }
        for slot in branchReads[node] { after[slot] = true }
        for slot in writes[node] { after[slot] = false }
        for slot in effectReads[node] { after[slot] = true }
        if after != live[node] {
          live[node] = after
          isSettled = false
        }
      }
    }
    isLive = live
  }
}

private func indices(_ names: Set<SlotName>, _ space: SlotSpace) -> Set<Int> {
  Set(names.compactMap { space.index[$0] })
}

extension Template {
  /// Slots whose values are part of what is said, whatever else holds.
  var saidSlots: Set<SlotName> {
    pieces.reduce(into: []) { found, piece in
      switch piece {
      case .slot(let name): found.insert(name)
      case .expression(.path(let parts)) where parts.count == 2 && parts[0] == "slots": found.insert(SlotName(parts[1]))
      default: break
      }
    }
  }
}
