import Core

@testable import Dialogue

/// A dialogue in a test: drives an engine, answers its effects, keeps what the last turn gave.
struct Talk {
  var engine: DialogueEngine
  var facts = FactBook()
  var clock = DialogueClock(today: CivilDate(daysSinceEpoch: 20_000), minuteOfDay: 600)
  /// Outcomes of tools, by name; the last one stays.
  var outcomes: [ActionName: [ToolOutcome]] = [:]
  var transfer: TransferOutcome = .accepted
  /// Whether must-be-heard sentences are played at once.
  var hears = true
  private(set) var turn = 0
  /// Moves of the last turn, effects answered in between.
  private(set) var moves: [Move] = []
  /// Moves of the whole dialogue.
  private(set) var all: [Move] = []
  private(set) var noted: [Fact] = []

  init(_ definition: AssistantDefinition, channel: Channel = .voice, seed: UInt64 = 1) {
    engine = DialogueEngine(assistant: definition, channel: channel, seed: seed)
  }

  mutating func begin() { give(.begin) }

  /// A turn of the caller, all commands certain.
  mutating func says(_ commands: Command..., confidence: Confidence = .certain, source: SlotSource = .speech) {
    proposes(commands.map { ProposedCommand($0, confidence: confidence, proposer: "test", source: source) })
  }

  mutating func presses(_ commands: Command...) {
    proposes(
      commands.map {
        ProposedCommand($0, confidence: .certain, proposer: ProposedCommand.payloadProposer, source: .text)
      })
  }

  mutating func proposes(_ proposals: [ProposedCommand]) {
    turn += 1
    give(.commands(TurnNumber(turn), proposals))
  }

  mutating func isSilent(_ count: Int) { give(.silence(count: count)) }

  mutating func give(_ input: DialogueInput) {
    moves = []
    var next: DialogueInput? = input
    while let input = next {
      let step = engine.handle(input, clock: clock, facts: &facts)
      noted += facts.takeNoted()
      moves += step
      next = answer(to: step)
    }
    all += moves
  }

  private mutating func answer(to step: [Move]) -> DialogueInput? {
    guard case .wait(let waiting)? = step.last else { return nil }
    switch waiting {
    case .tool(let effect):
      guard case .invoke(let invocation)? = step.last(where: { if case .invoke = $0 { true } else { false } }),
        var queue = outcomes[invocation.tool], let outcome = queue.first
      else { return nil }
      if queue.count > 1 { queue.removeFirst() }
      outcomes[invocation.tool] = queue
      return .toolFinished(effect, outcome)
    case .transfer(let effect): return .transferFinished(effect, transfer)
    case .heard: return hears ? .heard : nil
    case .caller, .hold, .ended: return nil
    }
  }

  // MARK: What the last turn gave

  var sentences: [Sentence] { moves.said }

  /// Names of the responses said, each once in a row.
  var said: [String] {
    var names: [String] = []
    for move in moves {
      if case .say(let sentences, _, _) = move, let name = sentences.first?.response?.rawValue { names.append(name) }
    }
    return names
  }

  /// The words said; a caller's value as its label.
  var words: String {
    sentences.map { sentence in
      sentence.pieces.map { piece in
        switch piece {
        case .words(let words): words
        case .value(let value, _): value.description
        }
      }.joined()
    }.joined(separator: " ")
  }

  var decisions: [Decision] { moves.compactMap { if case .note(let decision) = $0 { decision } else { nil } } }
  func noted(_ kind: Decision.Kind) -> [String] { decisions.filter { $0.kind == kind }.map(\.subject) }
  var endings: [TurnEnding] { moves.compactMap { if case .turnEnded(let ending) = $0 { ending } else { nil } } }
  var ending: TurnEnding? { endings.last }
  var waiting: Waiting { engine.waiting }
  var awaiting: String? { engine.understandingContext.awaiting?.rawValue }
  var invoked: [String] { moves.compactMap { if case .invoke(let tool) = $0 { tool.tool.rawValue } else { nil } } }
  var invocations: [ToolInvocation] { moves.compactMap { if case .invoke(let tool) = $0 { tool } else { nil } } }
  var flows: [String] { engine.stack.map(\.flow.rawValue) }
  var journeys: [String] { flows.filter { !$0.hasPrefix("pattern_") } }
  func value(_ slot: SlotName) -> SlotValue? { engine.slots[slot]?.value }
  func text(_ slot: SlotName) -> String? { value(slot)?.revealedText }
  var hangUps: [HangUpReason] { moves.compactMap { if case .hangUp(let reason) = $0 { reason } else { nil } } }
  var transfers: [String] {
    moves.compactMap { if case .transfer(let request) = $0 { request.destination.rawValue } else { nil } }
  }
}

extension [Move] {
  var said: [Sentence] {
    flatMap { move -> [Sentence] in
      if case .say(let sentences, _, _) = move { return sentences }
      return []
    }
  }
}

/// A caller's value under a token.
func secret(_ text: String, _ id: String, label: DataLabel = .identifier) -> SlotValue {
  .sensitive(Sensitive(token: SensitiveToken(label: label, id: id), value: text))
}
