import Core

/// Responses, tools and built-in actions.
extension FlowSearch {
  func act(_ name: ActionName, _ node: FlatFlow.Node, _ place: Place) {
    switch StepAction(name, tools: world.assistant.tools) {
    case .response(let response): say(response, node, place)
    case .tool(let tool):
      if let tool = world.assistant.tools[tool] { run(tool, node, place) }
    case .builtIn(.transfer): transfer(node, place)
    case .builtIn(.hangUp): exit()
    case .builtIn, .template, .nothing: leave(node, place.values, place.marks, Passage(event: .silent))
    case .unknown:
      // Code of another maker that is not here: it may set anything but a confirmation.
      exit()
      var values = place.values
      for slot in values.indices where !world.confirmations.contains(space.names[slot]) {
        values[slot] = space.domains[slot].filled.union(.nothing)
      }
      var passage = Passage(event: .runs(name, "it ends"))
      passage.sets = changes(from: place.values, to: values)
      leave(node, values, place.marks | Place.foreign, passage)
    }
  }

  private func say(_ name: ResponseName, _ node: FlatFlow.Node, _ place: Place) {
    if seen.said[name] == nil { seen.said[name] = here }
    if let response = world.assistant.responses[name] { checkSaid(response, node, place) }
    var marks = place.marks
    if let bit = legal[name] { marks |= bit }
    leave(node, place.values, marks, Passage(event: .says(name)))
  }

  /// Slots that a variant says while they are empty.
  private func checkSaid(_ response: ResponseDefinition, _ node: FlatFlow.Node, _ place: Place) {
    guard let step = node.step, !place.isForeign else { return }
    var open = [place.values]
    let ordered = response.variants.filter(\.isSpoken).sorted { $0.condition != nil && $1.condition == nil }
    for variant in ordered where variant.attempt <= 1 {
      let cases = open.flatMap { values in
        variant.condition.map { space.cases($0, values) } ?? [SlotSpace.Case(values: values, truth: .yes)]
      }
      for found in cases where found.truth != .no {
        for slot in variant.text.saidSlots.sorted() {
          guard let index = space.index[slot], found.values[index].contains(.nothing) else { continue }
          let fault = Observations.Fault(
            kind: .saidUnset, flow: node.flow.id, step: step.id, detail: "\(slot) \(response.name)")
          seen.note(
            fault, at: here, changes(from: place.values, to: found.values) + [SlotNote(slot: index, values: .nothing)])
        }
      }
      open = cases.filter { $0.truth != .yes }.map(\.values)
      if open.isEmpty { break }
    }
  }

  private func transfer(_ node: FlatFlow.Node, _ place: Place) {
    if !world.assistant.destinations.isEmpty { exit() }
    var values = place.values
    var passage = Passage(event: .transfers)
    if let slot = space.index[BuiltInSlot.transferOutcome] {
      values[slot] = world.transferOutcomes
      passage.sets = [SlotNote(slot: slot, values: values[slot])]
    }
    leave(node, values, place.marks, passage)
  }

  // MARK: Tools

  private func run(_ tool: ToolDefinition, _ node: FlatFlow.Node, _ place: Place) {
    guard let step = node.step else { return }
    if tool.changesState { noteLegal(.tool(tool.name, node.flow.id, step.id), place) }
    func note(_ kind: Observations.Fault.Kind, _ detail: String, _ narrows: [SlotNote]) {
      seen.note(Observations.Fault(kind: kind, flow: node.flow.id, step: step.id, detail: detail), at: here, narrows)
    }
    var good: [ValueSet]? = place.values
    checkConfirmation(of: tool, place, note, &good)
    checkNeeds(of: tool, place, note)
    var passage = Passage(event: .silent)
    if let values = good {
      let met = meet(tool.identity, tool.consents, values)
      good = met?.0
      passage.sets = met?.1.sets ?? []
    }
    for argument in tool.arguments where argument.isRequired {
      guard let slot = space.index[argument.slot], place.values[slot].contains(.nothing) else { continue }
      if !place.isForeign { note(.argumentUnset, argument.slot.rawValue, [SlotNote(slot: slot, values: .nothing)]) }
      if let values = good {
        let filled = values[slot].subtracting(.nothing)
        good?[slot] = filled
        if filled.isEmpty { good = nil }
      }
    }
    if let condition = tool.approval?.condition {
      for slot in condition.slots.sorted() {
        guard let index = space.index[slot], place.values[index].contains(.nothing) else { continue }
        note(.approvalUndecided, slot.rawValue, [SlotNote(slot: index, values: .nothing)])
      }
    }
    finish(tool, node, place, good, passage)
  }

  private func checkConfirmation(
    of tool: ToolDefinition, _ place: Place,
    _ note: (Observations.Fault.Kind, String, [SlotNote]) -> Void, _ good: inout [ValueSet]?
  ) {
    guard tool.changesState, let flag = tool.confirmedBy, let slot = space.index[flag] else { return }
    let domain = space.domains[slot]
    let held = place.values[slot]
    if !held.isDisjoint(with: domain.oldYes), !domain.oldYes.isEmpty {
      note(.confirmationOld, flag.rawValue, [SlotNote(slot: slot, values: domain.oldYes)])
    }
    let missing = held.subtracting(domain.freshYes).subtracting(domain.oldYes)
    if !missing.isEmpty {
      let shown = missing.contains(.nothing) ? .nothing : missing
      note(.confirmationMissing, flag.rawValue, [SlotNote(slot: slot, values: shown)])
    }
    let yes = held.intersection(domain.freshYes.union(domain.oldYes))
    good?[slot] = yes
    if yes.isEmpty { good = nil }
  }

  private func checkNeeds(
    of tool: ToolDefinition, _ place: Place, _ note: (Observations.Fault.Kind, String, [SlotNote]) -> Void
  ) {
    if tool.identity > .none, let slot = space.index[IdentityLadder.slot] {
      let enough = levels(from: tool.identity)
      let missing = place.values[slot].subtracting(enough)
      if !missing.isEmpty {
        let canBeReached = !world.identified.isDisjoint(with: enough)
        if !canBeReached || tool.changesState {
          note(
            canBeReached ? .identityLate : .identityMissing, tool.identity.description,
            [SlotNote(slot: slot, values: missing)])
        }
      }
    }
    guard tool.changesState else { return }
    for purpose in tool.consents {
      guard let slot = space.index[ConsentDefinition.slot(of: purpose)] else { continue }
      let missing = place.values[slot].subtracting(space.domains[slot].freshYes)
      if !missing.isEmpty { note(.consentLate, purpose.rawValue, [SlotNote(slot: slot, values: missing)]) }
    }
  }

  /// What can come of it: an answer with its results, a refusal, a failure.
  private func finish(
    _ tool: ToolDefinition, _ node: FlatFlow.Node, _ place: Place, _ good: [ValueSet]?, _ needs: Passage
  ) {
    let marks = tool.changesState ? place.marks | Place.changed : place.marks
    let outcome = tool.outcomeSlot.flatMap { space.index[$0] }
    let results = world.results(of: tool)
    if var values = good {
      var passage = needs
      passage.event = .runs(tool.name, "completed")
      for (name, set) in results {
        guard let slot = space.index[name] else { continue }
        values[slot] = set
        passage.sets.append(SlotNote(slot: slot, values: set))
      }
      if let outcome {
        values[outcome] = space.domains[outcome].set(of: .text("completed"))
        passage.sets.append(SlotNote(slot: outcome, values: values[outcome]))
      }
      leave(node, values, marks, passage)
    }
    var values = place.values
    var passage = Passage(event: .runs(tool.name, "failed"))
    for name in results.keys {
      guard let slot = space.index[name] else { continue }
      values[slot] = .nothing
      passage.sets.append(SlotNote(slot: slot, values: .nothing))
    }
    if let outcome {
      let words = good == nil ? ["failed"] : Array(tool.outcomes.dropFirst())
      values[outcome] = words.reduce(into: []) { $0.formUnion(space.domains[outcome].set(of: .text($1))) }
      passage.sets.append(SlotNote(slot: outcome, values: values[outcome]))
    }
    leave(node, values, marks, passage)
  }
}

extension ResponseVariant {
  /// Whether callers on the telephone can hear it.
  var isSpoken: Bool { channel == nil || channel == Channel.voice.rawValue }
}
