import Core

/// Saying responses: choosing a variant, filling it.
extension EngineStep {
  /// Says a response. A required one that is missing is an error of the flow; another is left out with a note.
  ///
  /// Nothing is said to a caller who is gone.
  mutating func speak(_ name: ResponseName, isRequired: Bool, purpose: Utterance.Purpose? = nil) {
    guard !state.isGone else { return }
    guard let variants = program.responses[name], let variant = choose(among: variants) else {
      if isRequired { return internalError("missing_response", "nothing to say for \(name)") }
      return note(.failure, name.rawValue, "nothing to say")
    }
    let sentences = variant.constant ?? fill(variant, of: name)
    note(.responseSaid, name.rawValue, "variant for attempt \(variant.definition.attempt)")
    noteGaps(in: name)
    guard !sentences.isEmpty else { return }
    let policy = variant.definition.interruption
    say(sentences, policy, purpose)
    state.said.append(
      DialogueState.Said(
        sentences: sentences, policy: policy, payloads: variant.definition.buttons.map(\.payload),
        tellsChange: state.lastChange.map { $0.turn == state.turn && $0.result == .done } ?? false))
    if policy == .mustBeHeard, channel == .voice { mustBeHeard = true }
  }

  private mutating func fill(_ variant: CompiledVariant, of name: ResponseName) -> [Sentence] {
    let wording = Scope.Wording(isSpoken: channel == .voice, locale: locale)
    inquiry.gaps = 0
    inquiry.isReadBack = isReadBack
    defer { inquiry.isReadBack = false }
    let pieces = scope.pieces(of: variant.definition.text, wording: wording, &inquiry)
    reportProblems()
    return SentenceSplitter.sentences(of: pieces, response: name)
  }

  /// Whether the frame on top asks for a yes that makes a change or settles a value.
  private var isReadBack: Bool {
    guard let top = state.stack.last, program.flows[top.flow].role == .collectInformation else { return false }
    return top.subject.map(program.assents.contains) ?? false
  }

  /// A read-back that lacks a value gets no yes any more: nobody knows to what.
  private mutating func noteGaps(in name: ResponseName) {
    let gaps = inquiry.gaps
    inquiry.gaps = 0
    guard gaps > 0, isReadBack else { return }
    state.stack[state.stack.count - 1].lacksValue = true
    note(.failure, name.rawValue, "a value that it reads back is missing or cannot be said")
  }

  private mutating func say(_ sentences: [Sentence], _ policy: InterruptionPolicy, _ purpose: Utterance.Purpose? = nil)
  {
    moves.append(.say(sentences, policy, purpose ?? (state.outcome.isGuidance ? .guidance : .answer)))
  }

  /// The words of a response that holds nothing of the caller, as one text.
  mutating func plainWords(of name: ResponseName) -> String {
    guard let variants = program.responses[name], let variant = choose(among: variants) else { return "" }
    let sentences = variant.constant ?? fill(variant, of: name)
    return sentences.map { sentence in
      sentence.pieces.map { if case .words(let words) = $0 { words } else { "" } }.joined()
    }.joined(separator: " ")
  }

  /// Says again what the turn before said. That it is said again is not said again.
  mutating func sayAgain() {
    let before = state.saidBefore
    for said in before {
      let policy = said.policy == .mustBeHeard ? .free : said.policy
      say(said.sentences, policy)
    }
    state.said = before
    keepsListening = !before.isEmpty
  }

  /// The language of the conversation: slot `language` when it holds one, else the assistant's.
  private var locale: LocaleTag {
    if case .text(let tag)? = state.slots[BuiltInSlot.language]?.value { return LocaleTag(tag) }
    return program.definition.locale
  }

  /// The variant for channel, language, attempt and conditions: with condition and channel, for the channel, with condition, any;
  /// among equals by the seed.
  private mutating func choose(among variants: [CompiledVariant]) -> CompiledVariant? {
    if variants.count == 1, variants[0].definition.isPlain { return variants[0] }
    let locale = self.locale
    var fitting: [CompiledVariant] = []
    for variant in variants {
      let definition = variant.definition
      if let wanted = definition.channel, wanted != channel.rawValue { continue }
      if let wanted = definition.locale, wanted != locale, wanted.language != locale.language { continue }
      if let condition = definition.condition, !holds(condition) { continue }
      fitting.append(variant)
    }
    let attempt = self.attempt
    func rank(_ variant: CompiledVariant) -> Int {
      let definition = variant.definition
      let language = definition.locale == locale ? 0 : definition.locale != nil ? 8 : 16
      let channel = definition.channel == nil ? 2 : 0
      return language + channel + (definition.condition == nil ? 1 : 0)
    }
    let reached = fitting.filter { $0.definition.attempt <= attempt }
    let latest = reached.map(\.definition.attempt).max()
    let candidates = reached.filter { $0.definition.attempt == latest }
    guard let best = candidates.map(rank).min() else { return fitting.first }
    let equals = candidates.filter { rank($0) == best }
    return equals.count == 1 ? equals[0] : equals[state.draw(below: equals.count)]
  }

  /// The attempt at the question on top, from 1.
  private var attempt: Int {
    if case .value(.number(let attempt), _)? = scope.context("attempt") { return Int(attempt) }
    return 1
  }
}

extension ResponseVariant {
  /// Whether nothing has to be looked at to use it.
  var isPlain: Bool { channel == nil && condition == nil && locale == nil && attempt <= 1 }
}
