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

  /// The question becomes its choices by key. False when it takes none.
  private mutating func offerKeys(at index: Int) -> Bool {
    guard let slot = state.stack[index].subject.flatMap({ program.slots[$0] }),
      let digits = digits(of: collectStep(below: index), slot)
    else { return false }
    state.stack[index].question = state.stack[index].context["utter"]
    state.stack[index].context["utter"] = .text(BuiltInResponse.keyMenu.rawValue)
    state.stack[index].context["end_key"] = digits.endKey.map { .text($0) }
    state.stack[index].context["menu"] = nil
    guard !digits.menu.isEmpty else { return true }
    var menu = ""
    for (key, value) in digits.menu.sorted(by: { $0.key < $1.key }) {
      state.stack[index].context["key"] = .text(key)
      state.stack[index].context["choice"] = .value(value, slot.grammar)
      menu += (menu.isEmpty ? "" : " ") + plainWords(of: BuiltInResponse.keyChoice)
    }
    state.stack[index].context["menu"] = .text(menu)
    return true
  }

  /// The question's own words again, after a menu.
  mutating func restoreQuestion(at index: Int) {
    guard let question = state.stack[index].question else { return }
    state.stack[index].context["utter"] = question
    state.stack[index].question = nil
  }
}
