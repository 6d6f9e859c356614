import Core

/// Digits that are said in parts: what was heard is held and said back, and the rest is asked for.
extension EngineStep {
  /// Less than this is no digit to hold on to.
  private static let sureToHold = Confidence(permille: 450)

  /// Considers digits that are too few or too many for the slot asked for.
  mutating func proposePart(
    _ slot: SlotName, _ part: Frame.Part, _ proposal: ProposedCommand, _ plan: inout TurnPlan
  ) {
    guard slot == awaiting, program.slots[slot]?.digitCount != nil else {
      return reject(proposal, "no digits are asked for there")
    }
    guard program.slots[slot]?.definition.label != .secret else { return reject(proposal, "a secret is not said back") }
    guard proposal.confidence >= Self.sureToHold else {
      return reject(proposal, "not sure enough (below \(Self.sureToHold)) to hold it")
    }
    plan.part = part
    accept(proposal, "part of what is asked")
  }

  /// Holds digits until the rest is said. More than fit are said back once and forgotten. What brings the caller no further counts
  /// as a failed attempt.
  mutating func hold(_ part: Frame.Part) {
    guard let question = listeningQuestion, let slot = state.stack[question].subject.flatMap({ program.slots[$0] }),
      let wanted = slot.digitCount
    else { return }
    let isTooLong = part.count > wanted.upperBound
    let goesOn = !isTooLong && part.count > state.stack[question].part?.count ?? 0
    let isAnew = part.count == 0
    if !goesOn, !isAnew {
      countNoMatch(at: question)
      if escalateWhenExhausted(question) { return }
    }
    state.stack[question].part = isTooLong || isAnew ? nil : part
    state.stack[question].context["part"] = .value(part.value, slot.grammar)
    state.stack[question].context["part_count"] = .number(part.count)
    state.stack[question].context["part_wanted"] = .number(wanted.upperBound)
    let response =
      isTooLong ? BuiltInResponse.partTooLong : isAnew ? BuiltInResponse.partAnew : BuiltInResponse.partHeard
    say(response, inPlaceOfQuestion: question)
    note(.questionAsked, slot.definition.name.rawValue, "so far \(part.count) of \(wanted.upperBound) digits")
  }

  /// What is listened for at a question: of digits that are held in part, the rest or all of them.
  func grammar(of slot: CompiledSlot, at question: Int) -> SlotGrammar {
    guard let part = state.stack[question].part, case .digits(let minimum, let maximum) = slot.grammar else {
      return slot.grammar
    }
    return .digits(minimum: max(1, minimum - part.count), maximum: maximum)
  }
}

extension CompiledSlot {
  /// How many digits it takes; nil when it takes something else.
  fileprivate var digitCount: ClosedRange<Int>? {
    guard case .digits(let minimum, let maximum) = grammar, minimum <= maximum else { return nil }
    return minimum...maximum
  }
}
