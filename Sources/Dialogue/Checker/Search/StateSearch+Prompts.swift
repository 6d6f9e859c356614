import Core
import Language

/// Rules about what is asked and said: keys beside words, one thing at a time, not too long.
extension StateSearch {
  // MARK: Keys and ladders

  mutating func checkQuestions() {
    for flow in world.assistant.flows.values.sorted(by: { $0.id < $1.id }) {
      for step in flow.steps {
        guard case .collect(let collect) = step.kind else { continue }
        checkKeys(of: collect, flow, step)
        checkLadder(collect.voice.noMatchLadder, "nothing could be made of", "no_match", flow, step)
        checkLadder(collect.voice.noInputLadder, "were silence", "no_input", flow, step)
      }
    }
  }

  private mutating func checkKeys(of collect: CollectStep, _ flow: Flow, _ step: FlowStep) {
    guard let digits = collect.digits, collect.voice.acceptsKeys, let slot = world.assistant.slots[collect.slot] else {
      return
    }
    let uncovered = Self.choices(of: slot).filter { choice in
      !digits.menu.values.contains { Comparing.areEqual($0, choice, ignoringCase: true) }
        && !(digits.menu.isEmpty && Self.canBeKeyed(choice, digits))
    }
    guard !uncovered.isEmpty else { return }
    let names = uncovered.map { "'\($0)'" }.joined(separator: ", ")
    find(
      "flow.menu_incomplete", ours, at: step.source, flow: flow.id, step: step.id,
      "'\(collect.slot)' can be said but not keyed: \(names)",
      remedy: "give each choice a key in `voice: {dtmf: {menu: ...}}`", dialogue: dialogue(to: flow.id, step.id))
  }

  /// What a caller can choose from by voice.
  private static func choices(of slot: SlotDefinition) -> [SlotValue] {
    switch (slot.effectiveGrammar, slot.type) {
    case (.choice(let choices), _): choices.map { .text($0.value) }
    case (.yesNo, _), (_, .bool): [.bool(true), .bool(false)]
    case (_, .categorical(let values)): values.map { .text($0) }
    default: []
    }
  }

  private static func canBeKeyed(_ choice: SlotValue, _ digits: DigitGrammar) -> Bool {
    guard case .text(let text) = choice else { return false }
    return text.allSatisfy(\.isWholeNumber)
      && (digits.minimum...max(digits.minimum, digits.maximum)).contains(text.count)
  }

  private mutating func checkLadder(
    _ ladder: [EscalationRung], _ attempts: String, _ key: String, _ flow: Flow, _ step: FlowStep
  ) {
    guard !ladder.isEmpty, !ladder.contains(.person), !ladder.contains(.hangUp) else { return }
    find(
      "flow.no_way_to_person", ours, at: step.source, flow: flow.id, step: step.id,
      "a caller whose answers \(attempts) is asked for ever",
      remedy: "end `\(key)` with `person`", dialogue: dialogue(to: flow.id, step.id))
  }

  // MARK: Prompts

  mutating func checkPrompts() {
    for response in world.assistant.responses.values.sorted(by: { $0.name < $1.name }) where isOwn(response.source) {
      for variant in response.variants where variant.isSpoken {
        let locale = variant.locale ?? world.assistant.locale
        let prompt = Prompt(variant.text, locale: locale, slots: world.assistant.slots)
        let limit = variant.longestWords ?? world.assistant.voice.longestPromptWords
        let which = variant.attempt > 1 ? " (attempt \(variant.attempt))" : ""
        if prompt.words > limit {
          find(
            "response.too_long", ours, at: response.source,
            "\(response.name)\(which) has \(prompt.words) words when it is spoken; nobody keeps more than \(limit)",
            remedy: "say the half of it, or part it into two turns", dialogue: dialogue(to: response.name))
        }
        if prompt.decisions > 1 {
          find(
            "response.two_questions", ours, at: response.source,
            "\(response.name)\(which) asks \(prompt.decisions) things at once: \"\(variant.text.sketch)\"",
            remedy: "ask one thing, and the next in a step of its own", dialogue: dialogue(to: response.name))
        }
      }
    }
  }

  /// The shortest dialogue in which a response is said.
  func dialogue(to response: ResponseName) -> [WitnessTurn] {
    var shortest: [WitnessTurn] = []
    func take(_ turns: [WitnessTurn]) { if shortest.isEmpty || turns.count < shortest.count { shortest = turns } }
    for search in searches {
      if let place = search.seen.said[response] {
        take(Witness(search: search).turns(to: place, at: search.flat.nodes[search.places[place].node].step))
      }
      for node in search.flat.nodes where node.kind == .step {
        guard let step = node.step, case .collect(let collect) = step.kind,
          (collect.ask ?? ResponseName("utter_ask_\(collect.slot)")) == response
            || collect.rejections.contains(where: { $0.response == response }),
          let place = search.seen.steps[Observations.FlatStep(flow: node.flow.id, step: step.id)]
        else { continue }
        take(Witness(search: search).turns(to: place, at: step))
      }
    }
    return shortest
  }
}

/// A prompt as a caller hears it.
struct Prompt {
  /// How many words it has, values in full.
  let words: Int
  /// How many things it asks the caller to decide.
  let decisions: Int

  init(_ text: Template, locale: LocaleTag, slots: [SlotName: SlotDefinition]) {
    var said = ""
    var values = 0
    Self.append(text.pieces, slots, &said, &values)
    words = SpeechText.normalize(said, locale: locale).split(whereSeparator: \.isWhitespace).count + values
    decisions = Sentences.split(said, locale: locale).reduce(0) { $0 + Self.decisions(in: $1, locale) }
  }

  private static func append(
    _ pieces: [Template.Piece], _ slots: [SlotName: SlotDefinition], _ said: inout String, _ values: inout Int
  ) {
    for piece in pieces {
      switch piece {
      case .literal(let text): said += text
      case .slot(let name): values += Self.words(slots[name]?.effectiveGrammar)
      case .expression(.path(let parts)) where parts.count == 2 && parts[0] == "slots":
        values += Self.words(slots[SlotName(parts[1])]?.effectiveGrammar)
      case .expression: values += 3
      case .choice(let branches):
        var longest = ("", 0)
        for branch in branches {
          var inner = ("", 0)
          append(branch.pieces, slots, &inner.0, &inner.1)
          if inner.0.count > longest.0.count { longest = inner }
        }
        said += longest.0
        values += longest.1
      }
    }
  }

  /// How many words a value of a grammar has when it is spoken, at most usually.
  private static func words(_ grammar: SlotGrammar?) -> Int {
    switch grammar {
    case .digits(let minimum, let maximum): maximum <= 16 ? maximum : max(minimum, 12)
    case .spelling(let minimum, let maximum): maximum <= 16 ? maximum : max(minimum, 12)
    case .number: 4
    case .money: 6
    case .date: 5
    case .time: 3
    case .yesNo: 1
    case .choice(let choices): choices.map { $0.value.split { $0 == " " || $0 == "_" }.count }.max() ?? 1
    case .name: 2
    case .address: 8
    case .email: 6
    case .freeText, nil: 3
    }
  }

  private static let openings = [
    "what", "which", "when", "where", "who", "how", "why", "do you", "would you", "shall i", "shall we", "can you",
    "could you", "will you", "is it", "is that", "are you", "may i", "should i", "should we",
  ]

  /// A question asks one thing, unless a second question or a second thing of the caller's is joined to it.
  private static func decisions(in sentence: String, _ locale: LocaleTag) -> Int {
    guard sentence.contains("?") else { return 0 }
    guard locale.language == "en" else { return 1 }
    let text = sentence.lowercased()
    let joined = openings.map { " and \($0) " } + [" and your "]
    return joined.contains { Scope.text(text, contains: $0) } ? 2 : 1
  }
}
