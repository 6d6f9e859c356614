import Core
import Language

/// What can be said of a flow only when the whole domain is known: keys by the slots' grammars, literals in the slots' types,
/// examples.
struct FlowFinishing {
  let slots: [SlotName: SlotDefinition]
  let examples: [FlowID: [String]]

  func finish(_ flow: Flow) -> Flow {
    Flow(
      id: flow.id, name: flow.name, summary: flow.summary, guardCondition: flow.guardCondition,
      steps: flow.steps.map { FlowStep(id: $0.id, kind: finish($0.kind), next: $0.next, source: $0.source) },
      persistedSlots: flow.persistedSlots, runsPatternCompleted: flow.runsPatternCompleted,
      examples: examples[flow.id] ?? [], voice: flow.voice, source: flow.source)
  }

  private func finish(_ kind: FlowStep.Kind) -> FlowStep.Kind {
    switch kind {
    case .collect(let step):
      let keys = slots[step.slot].flatMap { KeyedForm.grammar(for: $0.effectiveGrammar) }
      return .collect(
        CollectStep(
          slot: step.slot, summary: step.summary, ask: step.ask, asksBeforeFilling: step.asksBeforeFilling,
          resetsAfterFlowEnds: step.resetsAfterFlowEnds, rejections: step.rejections,
          forcesSlotFilling: step.forcesSlotFilling, silenceTimeout: step.silenceTimeout,
          digits: step.voice.acceptsKeys ? step.digits.map(inType(of: step.slot)) ?? keys : nil, voice: step.voice))
    case .setSlots(let assignments):
      return .setSlots(assignments.map { SlotAssignment(slot: $0.slot, value: $0.value.map(inType(of: $0.slot))) })
    default: return kind
    }
  }

  private func inType(of slot: SlotName) -> (DigitGrammar) -> DigitGrammar {
    { digits in
      DigitGrammar(
        minimum: digits.minimum, maximum: digits.maximum, endKey: digits.endKey,
        menu: digits.menu.mapValues(inType(of: slot)), interDigitTimeout: digits.interDigitTimeout)
    }
  }

  /// A bare `12345678` in a text slot is text; a choice is in its declared spelling.
  private func inType(of slot: SlotName) -> (SlotValue) -> SlotValue {
    let type = slots[slot]?.type
    return { value in
      switch (type, value) {
      case (.text?, .number), (.text?, .bool): .text(value.revealedText ?? "")
      case (.categorical(let values)?, _):
        values.first { $0.lowercased() == value.revealedText?.lowercased() }.map { .text($0) } ?? value
      default: value
      }
    }
  }
}
