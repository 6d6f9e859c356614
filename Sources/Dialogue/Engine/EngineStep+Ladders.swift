import Core

/// The ladders of a question: what follows each failed attempt.
extension EngineStep {
  /// The rung that a question's failures have led to; nil when its step has no ladder of its own.
  private func rung(of index: Int, _ ladder: KeyPath<CollectVoice, [EscalationRung]>, after failures: Int)
    -> EscalationRung?
  {
    guard failures > 0, let rungs = collectStep(below: index)?.voice[keyPath: ladder], !rungs.isEmpty else {
      return nil
    }
    return rungs[(failures - 1) % rungs.count]
  }

  /// Takes the rung after words nothing could be made of. True when it is a person's turn; nil without a ladder.
  mutating func climbAfterNoMatch(_ index: Int) -> Bool? {
    guard let rung = rung(of: index, \.noMatchLadder, after: state.stack[index].failures.noMatch) else { return nil }
    return climb(rung, at: index, reason: "no_match")
  }

  /// Takes the rung after a silence. False without a ladder.
  mutating func climbAfterSilence(_ index: Int) -> Bool {
    guard listeningQuestion == index,
      let rung = rung(of: index, \.noInputLadder, after: state.stack[index].failures.noInput)
    else { return false }
    if rung == .hangUp {
      note(.escalated, "silence", "the ladder ends the call")
      push(.userSilence, ["no_input_exhausted": .bool(true), "attempt": .number(state.stack[index].failures.attempt)])
    } else {
      _ = climb(rung, at: index, reason: "no_input")
    }
    return true
  }

  private mutating func climb(_ rung: EscalationRung, at index: Int, reason: String) -> Bool {
    note(.branchTaken, rung.rawValue, "the ladder after \(reason)")
    switch rung {
    case .reprompt: state.stack[index].failures.kept += 1
    case .rephrase, .hangUp: break
    case .menu: if offerKeys(at: index) { state.stack[index].failures.kept += 1 }
    case .person:
      handOff(reason: reason)
      return true
    }
    publishFailures(of: index)
    return false
  }

  /// Other words stand for the question until its own are restored.
  mutating func say(_ response: ResponseName, inPlaceOfQuestion index: Int) {
    if state.stack[index].question == nil { state.stack[index].question = state.stack[index].context["utter"] }
    state.stack[index].context["utter"] = .text(response.rawValue)
  }

  /// The question's own words again, after a menu or a part that is not held any more.
  mutating func restoreQuestion(at index: Int) {
    guard state.stack[index].part == nil, let question = state.stack[index].question else { return }
    state.stack[index].context["utter"] = question
    state.stack[index].question = nil
  }
}
