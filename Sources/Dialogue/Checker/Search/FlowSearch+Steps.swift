import Core

/// What each kind of place does.
extension FlowSearch {
  func visit(_ place: Place) {
    let node = flat.nodes[place.node]
    if let step = node.step, node.kind == .step {
      let key = Observations.FlatStep(flow: node.flow.id, step: step.id)
      if seen.steps[key] == nil { seen.steps[key] = here }
    }
    switch node.kind {
    case .end: end(place)
    case .gate: pass(node, place)
    case .back: leave(node, place.values, place.marks, Passage(event: .silent))
    case .step:
      switch node.step?.kind {
      case .collect(let collect): ask(collect, node, place)
      case .setSlots(let assignments): assign(assignments, node, place)
      case .action(let name): act(name, node, place)
      case .link(let target): link(to: target, node, place)
      case .call: go(to: node.otherwise, place.values, place.marks, Passage(event: .silent))
      case .noop, nil: leave(node, place.values, place.marks, Passage(event: .silent))
      }
    }
  }

  private func end(_ place: Place) {
    exit()
    noteLegal(.end, place)
    guard let job = root.voice.job.flatMap({ world.jobs[$0] }), let success = job.success else { return }
    var sight = seen.success ?? (false, false, here)
    for found in space.cases(success, place.values) {
      if found.truth != .no { sight.held = true }
      if found.truth != .yes { sight.failed = true }
    }
    seen.success = sight
  }

  /// The engine lets nobody in whose identity or consent is missing: it asks, or ends the journey.
  private func pass(_ node: FlatFlow.Node, _ place: Place) {
    if node.flow.voice.identity > .none || !node.flow.voice.consents.isEmpty { exit() }
    guard let (values, passage) = meet(node.flow.voice.identity, node.flow.voice.consents, place.values) else { return }
    go(to: node.otherwise, values, place.marks, passage)
  }

  /// The values with which identity and consent are what is needed; nil when they cannot be.
  func meet(
    _ identity: IdentityLevel, _ consents: [ConsentName], _ values: [ValueSet]
  ) -> ([ValueSet], Passage)? {
    var values = identity > .none ? withCompanions(values) : values
    var passage = Passage(event: .silent)
    if identity > .none, let slot = space.index[IdentityLadder.slot] {
      let enough = levels(from: identity)
      if !enough.isSuperset(of: values[slot]) {
        let reached = enough.intersection(values[slot].union(world.identified))
        if reached.isEmpty { return nil }
        values[slot] = reached
        passage.event = .identified(identity.rank)
        passage.sets.append(SlotNote(slot: slot, values: reached))
      }
    }
    for purpose in consents {
      guard let slot = space.index[ConsentDefinition.slot(of: purpose)] else { continue }
      let yes = space.domains[slot].freshYes
      guard values[slot] != yes else { continue }
      values[slot] = yes
      if case .silent = passage.event { passage.event = .consented(purpose) }
      passage.sets.append(SlotNote(slot: slot, values: yes))
    }
    return (values, passage)
  }

  func levels(from level: IdentityLevel) -> ValueSet {
    guard let slot = space.index[IdentityLadder.slot] else { return [] }
    return (level.rank...3).reduce(into: []) { found, rank in
      found.formUnion(space.domains[slot].set(of: .number(Double(rank))))
    }
  }

  // MARK: Questions

  private func ask(_ collect: CollectStep, _ node: FlatFlow.Node, _ place: Place) {
    guard let slot = space.index[collect.slot] else {
      return leave(node, place.values, place.marks, Passage(event: .asks(collect)))
    }
    let domain = space.domains[slot]
    let values = place.values[slot]
    let isSurelyFilled = !values.isEmpty && !values.contains(.nothing)
    if !collect.asksBeforeFilling {
      // What is there already is not asked for. An old yes is told apart from a new one, other values are not.
      let held = isSurelyFilled ? values : values.intersection(domain.oldYes)
      if !held.isEmpty { answer(collect, node, place, held, Passage(event: .silent)) }
      if isSurelyFilled, !canBeRefused(collect, place) { return }
    }
    var passage = Passage(event: .asks(collect))
    passage.sets = [SlotNote(slot: slot, values: domain.filled)]
    answer(collect, node, place, domain.filled, passage)
  }

  private func rejections(of collect: CollectStep) -> [Rejection] {
    (world.assistant.slots[collect.slot]?.rejections ?? []) + collect.rejections
  }

  private func canBeRefused(_ collect: CollectStep, _ place: Place) -> Bool {
    rejections(of: collect).contains { space.canHold($0.condition, place.values) }
  }

  /// Goes on with the values that no rejection refuses.
  private func answer(
    _ collect: CollectStep, _ node: FlatFlow.Node, _ place: Place, _ answers: ValueSet, _ passage: Passage
  ) {
    guard let slot = space.index[collect.slot] else { return }
    var values = place.values
    values[slot] = answers
    if case .asks = passage.event { age(after: collect.slot, &values) }
    var open = [values]
    for rejection in rejections(of: collect) {
      open = open.flatMap { values in space.cases(rejection.condition, values).filter { $0.truth != .yes }.map(\.values)
      }
    }
    for kept in open {
      var passage = passage
      passage.narrows = changes(from: values, to: kept)
      leave(node, kept, place.marks, passage)
    }
  }

  /// A yes does not stand for what is asked after it.
  private func age(after slot: SlotName, _ values: inout [ValueSet]) {
    for (flag, arguments) in world.confirmedArguments where arguments.contains(slot) {
      guard let index = space.index[flag] else { continue }
      values[index] = space.domains[index].aged(values[index])
    }
  }

  private func assign(_ assignments: [SlotAssignment], _ node: FlatFlow.Node, _ place: Place) {
    var values = place.values
    var passage = Passage(event: .silent)
    for assignment in assignments {
      guard let slot = space.index[assignment.slot] else { continue }
      values[slot] = space.domains[slot].set(of: assignment.value)
      passage.sets.append(SlotNote(slot: slot, values: values[slot]))
    }
    leave(node, values, place.marks, passage)
  }

  private func link(to target: FlowID, _ node: FlatFlow.Node, _ place: Place) {
    exit()
    guard let next = world.assistant.flows[target] else { return }
    var values = place.values
    if !next.isPattern {
      let kept = world.resets(of: next)
      for slot in world.resets(of: node.flow).subtracting(kept) {
        if let index = space.index[slot] { values[index] = world.initial(slot) }
      }
    }
    go(to: node.otherwise, values, place.marks, Passage(event: .silent))
  }

  // MARK: Ways out

  /// Takes every way out that can be taken.
  func leave(_ node: FlatFlow.Node, _ values: [ValueSet], _ marks: UInt64, _ passage: Passage) {
    var open = [values]
    for (number, way) in node.branches.enumerated() {
      guard let condition = way.condition else {
        for kept in open { go(to: way.target, kept, marks, adding(passage, values, kept)) }
        return
      }
      var rest: [[ValueSet]] = []
      var sight = Observations.BranchSight(place: here)
      for found in open.flatMap({ space.cases(condition, $0) }) {
        if found.truth != .no {
          sight.held = true
          go(to: way.target, found.values, marks, adding(passage, values, found.values))
        }
        if found.truth != .yes {
          sight.failed = true
          rest.append(found.values)
        }
      }
      if let step = node.step {
        let key = Observations.BranchKey(flow: node.flow.id, step: step.id, branch: number)
        var known = seen.branches[key] ?? sight
        known.held = known.held || sight.held
        known.failed = known.failed || sight.failed
        seen.branches[key] = known
      }
      open = rest
      if open.isEmpty { return }
    }
    for kept in open { go(to: node.otherwise, kept, marks, adding(passage, values, kept)) }
  }

  private func adding(_ passage: Passage, _ old: [ValueSet], _ new: [ValueSet]) -> Passage {
    var passage = passage
    passage.narrows += changes(from: old, to: new)
    return passage
  }

  func noteLegal(_ goal: Observations.LegalGoal, _ place: Place) {
    guard !legal.isEmpty, goal == .end || place.marks & Place.changed == 0 else { return }
    let heard = place.marks & ~(Place.changed | Place.foreign)
    if seen.legal[goal, default: [:]][heard] == nil { seen.legal[goal, default: [:]][heard] = here }
  }
}
