import Core

/// Corrections and cancellations: what their patterns do when they act.
extension EngineStep {
  /// Pushes the correction of filled slots; `action_correct_flow_slot` carries it out.
  ///
  /// `alsoSet`: slots the same turn has answered; their answers stand when their question is passed again.
  mutating func pushCorrection(_ changes: [SlotChange], alsoSet: [SlotName]) {
    guard let tree = liveTree else { return }
    let target = rewindTarget(of: Set(changes.map(\.slot)), from: tree.lowerBound)
    var context: [String: ContextValue] = [
      "corrected_slots": .map(
        changes.map { change in
          ContextValue.Entry(key: change.slot.rawValue, value: change.value.map { spoken($0, change.slot) })
        }),
      "new_slot_values": .list(changes.compactMap { change in change.value.map { spoken($0, change.slot) } }),
      "is_reset_only": .bool(changes.allSatisfy { $0.value == nil }),
      "root": .number(state.stack[tree.lowerBound].activation.rawValue),
    ]
    if let target {
      let flow = program.flows[state.stack[target.frame].flow]
      context["reset_flow_id"] = .text(flow.definition.id.rawValue)
      context["reset_step_id"] = .text(flow.steps[target.step].reference.step.rawValue)
    }
    let sources = changes.map { "\($0.source.rawValue) \($0.confidence.permille)" }
    context["sources"] = .texts(sources)
    context["also_set"] = .texts(alsoSet.map(\.rawValue))
    push(.correction, context)
  }

  private func spoken(_ value: SlotValue, _ slot: SlotName) -> ContextValue {
    .value(value, program.slots[slot]?.grammar)
  }

  /// The earliest passed step that asks for one of the slots, from the outermost frame on.
  private func rewindTarget(of slots: Set<SlotName>, from root: Int) -> (frame: Int, step: Int)? {
    for index in region(of: root) where !program.flows[state.stack[index].flow].isPattern {
      let frame = state.stack[index]
      let flow = program.flows[frame.flow]
      for step in frame.trail where flow.asks(step, for: slots, in: program) {
        // A called flow that is still under way is rewound inside.
        let isOpenCall = step == frame.cursor && frame.phase == .child
        if isOpenCall, case .call = flow.steps[step].definition.kind { continue }
        return (index, step)
      }
    }
    return nil
  }

  /// Writes the corrected values and leads the journey back to the earliest question concerned.
  mutating func correct() {
    guard let pattern = state.stack.last, case .map(let entries)? = pattern.context["corrected_slots"],
      case .value(.number(let root), _)? = pattern.context["root"],
      let rootIndex = state.stack.firstIndex(where: { $0.activation.rawValue == Int(root) })
    else { return }
    let sources = sources(of: pattern)
    var slots: Set<SlotName> = []
    for (index, entry) in entries.enumerated() {
      let slot = SlotName(entry.key)
      slots.insert(slot)
      if let value = entry.value?.slotValue {
        let source = index < sources.count ? sources[index] : (.speech, .certain)
        set(slot, value, source: source.0, confidence: source.1, reason: "corrected by the caller")
      } else {
        clear(slot, "the caller takes it back")
        identityRests(on: slot, wasFilled: true)
      }
    }
    // A yes given for the old values does not stand for the new ones.
    let flags = program.confirmations.subtracting(slots).sorted()
    let fillable = program.flows[state.stack[rootIndex].flow].fillable
    for flag in flags where fillable.contains(flag) { clear(flag, "what was confirmed has changed") }
    guard let target = rewindTarget(of: slots, from: rootIndex) else { return }
    let region = region(of: rootIndex)
    let above = (target.frame + 1)..<max(target.frame + 1, min(region.upperBound, state.stack.count - 1))
    let removed = Array(state.stack[above])
    state.stack.removeSubrange(above)
    for frame in removed where program.flows[frame.flow].isPattern { resetSlots(of: frame) }
    let frame = state.stack[target.frame]
    state.stack[target.frame].cursor = target.step
    state.stack[target.frame].phase = .enter
    state.stack[target.frame].asked = []
    state.stack[target.frame].approval = nil
    state.stack[target.frame].trail = Array(frame.trail.prefix { $0 != target.step })
    if case .list(let answered)? = pattern.context["also_set"] {
      for case .text(let name)? in answered.map(\.slotValue) {
        let slot = SlotName(name)
        if program.slots[slot]?.definition.type != .bool { slots.insert(slot) }
      }
    }
    state.stack[target.frame].kept = slots.filter { state.slots[$0] != nil }
    let flow = program.flows[frame.flow]
    note(
      .branchTaken, flow.steps[target.step].reference.step.rawValue, "led back by a correction",
      at: flow.steps[target.step].reference)
  }

  private func sources(of pattern: Frame) -> [(SlotSource, Confidence)] {
    guard case .list(let texts)? = pattern.context["sources"] else { return [] }
    return texts.map { text in
      guard case .text(let text)? = text.slotValue else { return (.speech, .certain) }
      let parts = text.split(separator: " ")
      let source = parts.first.flatMap { SlotSource(rawValue: String($0)) } ?? .speech
      return (source, Confidence(permille: parts.last.flatMap { Int($0) } ?? 1000))
    }
  }

  /// What a cancellation is about: the topmost journey with its call parents and the patterns above it.
  mutating func cancelContext() -> [String: ContextValue]? {
    guard let tree = liveTree else { return nil }
    let frames = state.stack[tree.lowerBound...].map { ContextValue.number($0.activation.rawValue) }
    return ["canceled_name": .text(name(ofFrame: tree.lowerBound)), "canceled_frames": .list(frames)]
  }

  /// Ends the frames a cancellation is about.
  mutating func cancelFrames() {
    guard let pattern = state.stack.last, case .list(let ids)? = pattern.context["canceled_frames"] else { return }
    let doomed = Set(
      ids.compactMap { id -> Int? in
        if case .number(let id)? = id.slotValue { Int(id) } else { nil }
      })
    let removed = state.stack.dropLast().filter { doomed.contains($0.activation.rawValue) }
    state.stack.removeAll { doomed.contains($0.activation.rawValue) }
    for frame in removed.reversed() where !program.flows[frame.flow].isPattern {
      note(.flowCancelled, program.flows[frame.flow].definition.id.rawValue, "the caller gives it up")
    }
    for frame in removed where frame.kind != .call { resetSlots(of: frame) }
    guard let root = removed.first(where: { !program.flows[$0.flow].isPattern }), let own = state.stack.popLast() else {
      return
    }
    journeyEnded(root)
    offerToUndo(changesOf: root.activation)
    state.stack.append(own)
  }
}
