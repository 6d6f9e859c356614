import Core

/// Rules about conditions: those that never hold, always hold, or read a slot before it can be set.
extension StateSearch {
  mutating func checkConditions() {
    var sights: [Observations.BranchKey: (held: Bool, failed: Bool, search: FlowSearch, place: Int)] = [:]
    var unsure: Set<FlowID> = []
    for search in searches {
      if search.stopped != nil { unsure.formUnion(search.flat.nodes.map(\.flow.id)) }
      if search.seen.neverStarts, let guardCondition = search.root.guardCondition {
        find(
          "flow.never_starts", ours, at: search.root.source, flow: search.root.id,
          "the guard never holds: \(PredicateText.text(guardCondition))\(emptiness(of: guardCondition))",
          remedy: "compare with a value the slot can have, or write `if: false` for a flow that is only called",
          dialogue: [WitnessTurn(.caller, "start \(search.root.id)", words: search.root.examples.first)])
      }
      for (key, sight) in search.seen.branches {
        var all = sights[key] ?? (false, false, search, sight.place)
        all.held = all.held || sight.held
        all.failed = all.failed || sight.failed
        if search.distances[sight.place] < all.search.distances[all.place] {
          (all.search, all.place) = (search, sight.place)
        }
        sights[key] = all
      }
    }
    for (key, sight) in sights where !unsure.contains(key.flow) {
      guard let step = step(key.flow, key.step), step.next.indices.contains(key.branch),
        let condition = step.next[key.branch].condition
      else { continue }
      let text = PredicateText.text(condition)
      let dialogue = Witness(search: sight.search).turns(to: sight.place, at: step, done: true)
      if !sight.held {
        find(
          "flow.never_holds", ours, at: step.source, flow: key.flow, step: key.step,
          "a condition never holds here: \(text)\(emptiness(of: condition))",
          remedy: "compare with a value the slot can have here, or remove the branch", dialogue: dialogue)
      } else if !sight.failed, key.branch == 0, step.next.count > 1 {
        find(
          "flow.always_holds", .warning, at: step.source, flow: key.flow, step: key.step,
          "a condition always holds here: \(text); the branches after it are never taken",
          remedy: "write its way as the step's `next`, or ask for something that can differ", dialogue: dialogue)
      }
    }
    checkDefinitions()
  }

  /// Which slots of a condition nothing ever fills.
  private func emptiness(of condition: Predicate) -> String {
    let empty = condition.slots.sorted().filter { slot in
      world.assistant.slots[slot]?.initialValue == nil && !SearchWorld.writtenByEngine.contains(slot)
        && !world.closures.values.contains { !($0.writes[slot] ?? []).subtracting(.nothing).isEmpty }
    }
    return empty.isEmpty ? "" : "; nothing ever fills " + empty.map { "'\($0)'" }.joined(separator: ", ")
  }

  /// Conditions of responses and rejections, over all values their slots can have.
  private mutating func checkDefinitions() {
    for response in world.assistant.responses.values.sorted(by: { $0.name < $1.name }) {
      for variant in response.variants {
        guard let condition = variant.condition, !canHold(condition) else { continue }
        find(
          "response.never_holds", ours, at: response.source,
          "a variant of \(response.name) is never said: \(PredicateText.text(condition)) never holds",
          remedy: "compare with a value the slot can have, or remove the variant", dialogue: dialogue(to: response.name)
        )
      }
    }
    for slot in world.assistant.slots.values.sorted(by: { $0.name < $1.name }) {
      for rejection in slot.rejections where !canHold(rejection.condition) {
        find(
          "slot.never_rejects", ours, at: slot.source,
          "a rejection of '\(slot.name)' never holds: \(PredicateText.text(rejection.condition))",
          remedy: "compare with a value the slot can have, or remove the rejection",
          dialogue: dialogue(askingFor: slot.name))
      }
    }
    for flow in world.assistant.flows.values.sorted(by: { $0.id < $1.id }) {
      for step in flow.steps {
        guard case .collect(let collect) = step.kind else { continue }
        for rejection in collect.rejections where !canHold(rejection.condition) {
          find(
            "slot.never_rejects", ours, at: step.source, flow: flow.id, step: step.id,
            "a rejection of '\(collect.slot)' never holds: \(PredicateText.text(rejection.condition))",
            remedy: "compare with a value the slot can have, or remove the rejection",
            dialogue: dialogue(to: flow.id, step.id))
        }
      }
    }
  }

  private func canHold(_ condition: Predicate) -> Bool {
    let space = SlotSpace(Set(condition.slots), world.domains)
    return space.canHold(condition, space.domains.map { $0.filled.union(.nothing) })
  }

  func dialogue(askingFor slot: SlotName) -> [WitnessTurn] {
    for flow in world.assistant.flows.values.sorted(by: { $0.id < $1.id }) {
      for step in flow.steps {
        if case .collect(let collect) = step.kind, collect.slot == slot {
          let turns = dialogue(to: flow.id, step.id)
          if !turns.isEmpty { return turns }
        }
      }
    }
    return []
  }

  // MARK: The order of filling and reading

  /// Conditions that ask for the value of a slot which only a later step of the journey fills.
  mutating func checkOrder() {
    for search in searches {
      let order = FillingOrder(search.flat, world)
      let closure = world.closures[search.root.id]
      for (number, node) in search.flat.nodes.enumerated() {
        guard let step = node.step else { continue }
        for way in node.branches {
          guard let condition = way.condition else { continue }
          for slot in condition.comparedSlots.sorted()
          where order.fills(slot) && !order.mayBeFilled(slot, after: number) {
            guard world.assistant.slots[slot]?.initialValue == nil, !(closure?.volunteered.contains(slot) ?? false),
              slot != IdentityLadder.slot
            else { continue }
            find(
              "flow.read_unset", ours, at: step.source, flow: node.flow.id, step: step.id,
              "a condition asks for '\(slot)', which only later steps fill: \(PredicateText.text(condition))",
              remedy: "move the step that fills '\(slot)' before this one",
              dialogue: dialogue(to: node.flow.id, step.id))
          }
        }
      }
    }
  }
}

/// Which slots may have been filled by the time a place is left, in this run of the journey.
private struct FillingOrder {
  private let filled: [Set<SlotName>]
  private let all: Set<SlotName>

  init(_ flat: FlatFlow, _ world: SearchWorld) {
    let own = flat.nodes.map { Self.fills($0, world) }
    var after = own
    var open = Array(flat.nodes.indices)
    while let node = open.popLast() {
      for next in flat.successors(of: node) where !after[next].isSuperset(of: after[node]) {
        after[next].formUnion(after[node])
        open.append(next)
      }
    }
    filled = after
    all = own.reduce(into: []) { $0.formUnion($1) }
  }

  func fills(_ slot: SlotName) -> Bool { all.contains(slot) }
  func mayBeFilled(_ slot: SlotName, after node: Int) -> Bool { filled[node].contains(slot) }

  private static func fills(_ node: FlatFlow.Node, _ world: SearchWorld) -> Set<SlotName> {
    guard node.kind == .step else { return [] }
    switch node.step?.kind {
    case .collect(let collect): return [collect.slot]
    case .setSlots(let assignments): return Set(assignments.filter { $0.value != nil }.map(\.slot))
    case .action("action_transfer"): return [BuiltInSlot.transferOutcome]
    case .action(let name):
      guard let tool = world.assistant.tools[name] else { return [] }
      return Set(tool.results.compactMap(\.slot) + [tool.outcomeSlot].compactMap { $0 })
    default: return []
    }
  }
}

extension Predicate {
  /// Slots whose value matters to it, not only whether there is one.
  fileprivate var comparedSlots: Set<SlotName> { Set(slots).subtracting(slotsTestedForNothing) }

  /// Slots it asks for emptiness.
  fileprivate var slotsTestedForNothing: Set<SlotName> {
    switch self {
    case .not(let inner): inner.slotsTestedForNothing
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.slotsTestedForNothing) }
    case .compare(.slot(let slot), _, .literal(nil)), .compare(.literal(nil), _, .slot(let slot)): [slot]
    default: []
    }
  }
}
