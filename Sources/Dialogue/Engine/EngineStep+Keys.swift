import Core
import Language

/// Keys: what may be keyed, and telling callers so. Where nobody is understood, the whole conversation goes by key.
extension EngineStep {
  /// What may be keyed at a question: what its step says, or what its slot's grammar gives; nothing when keys are no input.
  func digits(of collect: CollectStep?, _ slot: CompiledSlot) -> DigitGrammar? {
    guard collect?.voice.acceptsKeys ?? true else { return nil }
    return collect?.digits ?? slot.digits
  }

  /// Where nothing is asked: journeys by key.
  var openPlan: ListenPlan { program.keys.digits.map { ListenPlan(digits: $0) } ?? ListenPlan() }

  /// Takes down whether callers are understood: words that came to something, or to nothing, were understood as words.
  mutating func noteHearing(_ proposals: [ProposedCommand]) {
    let failed = proposals.contains { $0.command == .cannotHandle(.engineFailed) }
    state.wasKeyed = !proposals.isEmpty && proposals.allSatisfy { $0.source == .keys }
    if failed { state.isDeaf = channel == .voice } else if !state.wasKeyed { state.isDeaf = false }
  }

  // MARK: Questions

  /// The question becomes its choices by key. False when it takes none.
  mutating func offerKeys(at index: Int) -> Bool {
    guard describeKeys(at: index) else { return false }
    say(BuiltInResponse.keyMenu, inPlaceOfQuestion: index)
    return true
  }

  /// What stands behind a question when callers are not understood: how it is answered by key.
  mutating func tellKeys(at index: Int) {
    guard state.isDeaf, !state.isGone, state.stack[index].question == nil, state.stack[index].subject != nil else {
      return
    }
    if state.stack[index].subject == BuiltInSlot.flowToContinue {
      writeJourneys(begunRoots.map { program.flows[state.stack[$0].flow].definition.id }, at: index)
      return speak(BuiltInResponse.keyMenu, isRequired: false)
    }
    guard describeKeys(at: index) else {
      // A question that was just said not to be heard says so already.
      state.stack[index].context["transfer_available"] = .bool(!program.definition.destinations.isEmpty)
      return state.toldKeys ? () : speak(BuiltInResponse.noKeys, isRequired: false)
    }
    speak(BuiltInResponse.keyMenu, isRequired: false)
  }

  /// Puts down how the question is keyed. False when it is not.
  private mutating func describeKeys(at index: Int) -> Bool {
    guard let slot = state.stack[index].subject.flatMap({ program.slots[$0] }),
      let digits = digits(of: collectStep(below: index), slot)
    else { return false }
    state.stack[index].context["end_key"] = digits.endKey.map { .text($0) }
    state.stack[index].context["menu"] = nil
    let form = digits.menu.isEmpty ? KeyedForm(slot.grammar, locale: program.definition.locale) : nil
    state.stack[index].context["key_form"] = (form?.isTyped(by: digits) ?? false) ? form.map { .text($0.name) } : nil
    if !digits.menu.isEmpty {
      writeMenu(digits.menu.map { (key: $0.key, choice: .value($0.value, slot.grammar)) }, at: index)
    }
    return true
  }

  /// Whether a question can be answered by key.
  func isKeyed(_ index: Int) -> Bool {
    guard let slot = state.stack[index].subject.flatMap({ program.slots[$0] }) else { return false }
    return digits(of: collectStep(below: index), slot) != nil
  }

  /// Writes choices by key as one text into a frame's context.
  private mutating func writeMenu(_ choices: [(key: String, choice: ContextValue)], at index: Int) {
    var menu: [String] = []
    for (key, choice) in choices.sorted(by: { ($0.key.count, $0.key) < ($1.key.count, $1.key) }) {
      state.stack[index].context["key"] = .text(key)
      state.stack[index].context["choice"] = choice
      menu.append(plainWords(of: BuiltInResponse.keyChoice))
    }
    state.stack[index].context["menu"] = .text(menu.joined(separator: " "))
  }

  // MARK: Journeys

  /// A silent caller who cannot be understood hears the keys again, then a person takes over: they were told to stay for one.
  /// False when the usual ladder goes on.
  mutating func answerSilenceUnheard(_ count: Int) -> Bool {
    if count == 1, openQuestion == nil { return offerJourneys() }
    guard count == 2, !program.definition.destinations.isEmpty else { return false }
    handOff(reason: "no_input")
    return true
  }

  /// Tells which journeys can be started by key, once a turn. False when there is nobody to press keys.
  @discardableResult
  mutating func offerJourneys() -> Bool {
    guard channel == .voice, !state.isGone, !state.toldKeys, program.flow("pattern_key_menu") != nil else {
      return false
    }
    state.toldKeys = true
    guard push(.keyMenu) else { return false }
    writeJourneys(startable(), at: state.stack.count - 1)
    return true
  }

  /// Writes journeys by key, and the way to a person, into a frame's context. Nothing on a line without keys.
  mutating func writeJourneys(_ flows: [FlowID], at index: Int) {
    guard channel == .voice else { return }
    let wanted = Set(flows)
    var choices = program.keys.entries.filter { wanted.contains($0.flow) }.compactMap { entry in
      program.flow(entry.flow).map { (entry.keys, ContextValue.text(program.flows[$0].definition.name)) }
    }
    // The person comes last, as a journey of the author or by the common key.
    let person = choices.filter { $0.0 == KeyMenu.person }
    choices.removeAll { $0.0 == KeyMenu.person }
    writeMenu(choices.map { (key: $0.0, choice: $0.1) }, at: index)
    guard case .value(.text(let menu), _)? = state.stack[index].context["menu"] else { return }
    var whole = menu
    if let own = person.first {
      state.stack[index].context["key"] = .text(own.0)
      state.stack[index].context["choice"] = own.1
      whole += " " + plainWords(of: BuiltInResponse.keyChoice)
    } else if !program.definition.destinations.isEmpty {
      whole += " " + plainWords(of: BuiltInResponse.keyPerson)
    }
    state.stack[index].context["menu"] = .text(whole)
  }
}
