import Core

/// Puts the way to a place of a search into words.
struct Witness {
  let search: FlowSearch

  /// The shortest dialogue to a place, with what must be so there, and the step it leads to. `done`: what the step does is part
  /// of it.
  func turns(
    to place: Int, _ narrows: [SlotNote] = [], at step: FlowStep? = nil, done: Bool = false
  ) -> [WitnessTurn] {
    var chain: [Int] = []
    var next = place
    while next >= 0 {
      chain.append(next)
      next = search.parents[next]
    }
    chain.reverse()
    // For each slot the event that filled it last; what is learned of it later is told there.
    var source: [Int: Int] = [:]
    var told: [[Int: ValueSet]] = []
    var before: [Int: ValueSet] = [:]
    func learn(_ change: SlotNote) {
      if let event = source[change.slot] {
        told[event][change.slot] = change.values
      } else {
        before[change.slot] = change.values
      }
    }
    for (event, place) in chain.enumerated() {
      let passage = search.passages[place]
      told.append([:])
      for change in passage.sets {
        source[change.slot] = event
        told[event][change.slot] = change.values
      }
      passage.narrows.forEach(learn)
    }
    narrows.forEach(learn)
    var turns = earlier(before)
    for (event, place) in chain.enumerated() { turns += self.turns(of: search.passages[place].event, told[event]) }
    if done, let step { turns += self.turns(of: event(of: step), [:]) }
    if let step { turns.append(WitnessTurn(.here, "step \(step.id)")) }
    return turns
  }

  /// What must have been so before the journey began, where that is not the usual.
  private func earlier(_ before: [Int: ValueSet]) -> [WitnessTurn] {
    before.sorted { $0.key < $1.key }.compactMap { slot, values in
      let name = search.space.names[slot]
      guard values.isDisjoint(with: search.world.initial(name)) else { return nil }
      return WitnessTurn(.before, "\(name) = \(text(values, slot))")
    }
  }

  private func turns(of event: WitnessEvent, _ told: [Int: ValueSet]) -> [WitnessTurn] {
    switch event {
    case .silent: return []
    case .begins(let flow): return [beginning(of: flow)]
    case .identified(let level): return [WitnessTurn(.caller, "is identified to level \(level)")]
    case .consented(let purpose): return [WitnessTurn(.caller, "consents to \(purpose)")]
    case .asks(let collect):
      let name = collect.ask ?? ResponseName("utter_ask_\(collect.slot)")
      let answer = value(of: collect.slot, told) ?? sample(search.world.assistant.slots[collect.slot])
      return [says(name), WitnessTurn(.caller, "\(collect.slot) = \(answer)")]
    case .says(let name): return [says(name)]
    case .hangsUp: return [WitnessTurn(.agent, "hangs up")]
    case .transfers:
      return [WitnessTurn(.tool, "transfer: " + (value(of: BuiltInSlot.transferOutcome, told) ?? "busy"))]
    case .runs(let name, let result):
      let tool = search.world.assistant.tools[name]
      let outcome = tool?.outcomeSlot.flatMap { value(of: $0, told) } ?? result
      var parts = ["\(name): \(outcome)"]
      for slot in Set(tool?.results.compactMap(\.slot) ?? []).sorted() {
        guard let index = search.space.index[slot], let values = told[index], values != .nothing,
          values.count < search.space.domains[index].filled.count || values == search.space.domains[index].filled
        else { continue }
        parts.append("\(slot) = \(text(values, index))")
      }
      return [WitnessTurn(.tool, parts.joined(separator: ", "))]
    }
  }

  private func event(of step: FlowStep) -> WitnessEvent {
    switch step.kind {
    case .collect(let collect): return .asks(collect)
    case .action(let name):
      switch StepAction(name, tools: search.world.assistant.tools) {
      case .response(let response): return .says(response)
      case .tool(let tool): return .runs(tool, "completed")
      case .builtIn(.transfer): return .transfers
      default: return .silent
      }
    default: return .silent
    }
  }

  private func says(_ name: ResponseName) -> WitnessTurn {
    let response = search.world.assistant.responses[name]
    let variants = response?.variants.filter { $0.isSpoken && $0.attempt <= 1 } ?? []
    let variant = variants.first { $0.condition == nil } ?? variants.first
    return WitnessTurn(.agent, name.rawValue, words: variant?.text.sketch)
  }

  private func value(of slot: SlotName, _ told: [Int: ValueSet]) -> String? {
    search.space.index[slot].flatMap { index in told[index].map { text($0, index) } }
  }

  /// One of the values, as an author would write it.
  private func text(_ values: ValueSet, _ slot: Int) -> String {
    let domain = search.space.domains[slot]
    guard let member = values.members.first(where: { $0 > 0 }) ?? values.members.first else { return "nothing" }
    switch domain.values[member] {
    case .nothing: return "nothing"
    case .known(let value): return value.description
    case .oldYes: return "true"
    case .other: return sample(domain.definition)
    }
  }

  /// A value that fits a slot.
  private func sample(_ slot: SlotDefinition?) -> String {
    switch slot?.effectiveGrammar {
    case .digits(let minimum, let maximum):
      let length = max(1, min(maximum, max(minimum, 4)))
      return String(String(repeating: "1234567890", count: length / 10 + 1).prefix(length))
    case .number(let minimum, let maximum): return SlotValue.number(minimum ?? maximum ?? 5).description
    case .money: return "25"
    case .date: return "2030-05-03"
    case .time: return "10:30"
    case .yesNo: return "true"
    case .choice(let choices): return choices.first?.value ?? "something"
    case .name: return "Ada Moss"
    case .address: return "12 Elm Street, Springfield"
    case .email: return "ada@example.com"
    case .spelling(let minimum, _): return String(repeating: "A", count: max(1, minimum))
    case .freeText, nil: return "something"
    }
  }

  /// How a journey or pattern begins.
  private func beginning(of id: FlowID) -> WitnessTurn {
    let flow = search.world.assistant.flows[id]
    switch PatternRole(id) {
    case .none where !id.rawValue.hasPrefix("pattern_"):
      return WitnessTurn(.caller, "start \(id)", words: flow?.examples.first)
    case .sessionStart: return WitnessTurn(.caller, "calls")
    case .cannotHandle: return WitnessTurn(.caller, "says something nobody understands")
    case .cancelFlow: return WitnessTurn(.caller, "cancels")
    case .chitchat: return WitnessTurn(.caller, "gives thanks")
    case .aside: return WitnessTurn(.caller, "asks the assistant about itself")
    case .clarification: return WitnessTurn(.caller, "says what may mean several journeys")
    case .correction: return WitnessTurn(.caller, "corrects an answer")
    case .goodbye: return WitnessTurn(.caller, "says goodbye")
    case .hold: return WitnessTurn(.caller, "asks for a moment")
    case .humanHandoff: return WitnessTurn(.caller, "asks for a person")
    case .repeatBotMessages: return WitnessTurn(.caller, "asks to hear it again")
    case .restart: return WitnessTurn(.caller, "wants to begin anew")
    case .search: return WitnessTurn(.caller, "asks what only a knowledge base knows")
    case .skipQuestion: return WitnessTurn(.caller, "wants to leave a question out")
    case .userSilence: return WitnessTurn(.caller, "says nothing")
    default: return WitnessTurn(.before, "the engine enters \(id)")
    }
  }
}

extension Template {
  /// The text with places in braces.
  var sketch: String { pieces.map(\.sketch).joined() }
}

extension Template.Piece {
  fileprivate var sketch: String {
    switch self {
    case .literal(let text): text
    case .slot(let name): "{\(name)}"
    case .expression(.path(let parts)): "{\(parts.last ?? "")}"
    case .expression: "{...}"
    case .choice(let branches): branches.first?.pieces.map(\.sketch).joined() ?? ""
    }
  }
}
