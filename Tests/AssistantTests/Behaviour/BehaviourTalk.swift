import Core
import Dialogue
import Foundation

/// Plays the talk of a case with an engine and says where it goes another way.
///
/// `~` sets the scene, `>` is an input, `<` what is said then, `=` what holds then. The words are in `Tests/Behaviour/README.md`.
struct BehaviourTalk {
  private(set) var engine: DialogueEngine
  private var facts = FactBook()
  private var day = CivilDate(daysSinceEpoch: 20_000)
  private var turn = 0
  private var tokens = 0
  private var outcomes: [String: ToolOutcome] = [:]
  private var transfer = TransferOutcome.accepted
  /// The effect that `late` answers: the last one that is over.
  private var finished = EffectID(77)
  /// Moves since the last input, effects answered in between.
  private(set) var moves: [Move] = []
  /// Effects in a row, at most, until the caller is heard again: a flow written wrongly may ask a tool for ever.
  private static let longestEffectChain = 60
  /// Whether a step left the invariants of a walk.
  private(set) var complaint: String?
  private let definition: AssistantDefinition
  /// False when a tool asks a question: its words are not the engine's.
  private let asksInWords: Bool

  init(_ compiled: CompiledAssistant, channel: Channel = .voice) {
    definition = compiled.definition
    asksInWords = !definition.tools.keys.contains { $0.rawValue.hasPrefix("action_ask_") }
    engine = DialogueEngine(compiled: compiled, channel: channel, seed: 1)
  }

  /// Everything that differs from the talk, the first thing first; empty when all is as written.
  static func play(_ lines: [BehaviourCase.Line], _ compiled: CompiledAssistant) -> [String] {
    let isChat = lines.contains { $0.text == "~ chat" }
    var talk = BehaviourTalk(compiled, channel: isChat ? .chat : .voice)
    var found: [String] = []
    if !lines.contains(where: { $0.text == "> begin" }) { talk.give(.begin) }
    for line in lines {
      let text = String(line.text.dropFirst(2))
      switch line.text.first {
      case "~": if text != "chat", !talk.set(text) { found.append("\(line.number): no scene is called '\(text)'") }
      case ">":
        guard talk.hear(text) else {
          found.append("\(line.number): no input is written '\(text)'")
          continue
        }
        if let complaint = talk.complaint { found.append("\(line.number): \(complaint)") }
      case "<":
        let said = text.hasPrefix("\"") ? "\"\(talk.words)\"" : talk.said
        if said != text { found.append("\(line.number): expected \(text), heard \(said)") }
      case "=":
        for check in text.split(separator: "; ").map(String.init) {
          if let wrong = talk.check(check) { found.append("\(line.number): expected \(check), found \(wrong)") }
        }
      default: found.append("\(line.number): a line begins with ~, >, < or =")
      }
    }
    return found
  }

  // MARK: The scene

  private mutating func set(_ text: String) -> Bool {
    let words = text.split(separator: " ").map(String.init)
    switch words.first {
    case "tool" where words.count > 2:
      outcomes[words[1]] = outcome(words[2], Array(words.dropFirst(3)))
      return outcomes[words[1]] != nil
    case "transfer": transfer = TransferOutcome(rawValue: words.last ?? "") ?? .unreachable
    case "today": day = CivilDate(iso8601: words.last ?? "") ?? day
    case "preset": engine.preset(SlotName(words[1]), value(words[2...].joined(separator: " "), of: SlotName(words[1])))
    default: return false
    }
    return true
  }

  private mutating func outcome(_ name: String, _ rest: [String]) -> ToolOutcome? {
    switch name {
    case "completed":
      var results: [SlotName: SlotValue] = [:]
      for pair in rest {
        let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
        results[SlotName(parts[0])] = value(parts[1].replacing("_", with: " "), of: SlotName(parts[0]))
      }
      return .completed(results)
    case "refused": return .refused(rest.first ?? "")
    case "failed": return .failed(.timedOut)
    case "unknown": return .unknown
    case "pending": return .refused("pending")
    default: return nil
    }
  }

  /// `null`, `true`, `7`, `words`, `<a caller's value>`.
  private mutating func value(_ text: String, of slot: SlotName) -> SlotValue? {
    if text == "null" { return nil }
    if text.hasPrefix("<") {
      tokens += 1
      let label = definition.slots[slot]?.label ?? .personal
      return .sensitive(
        Sensitive(token: SensitiveToken(label: label, id: "t\(tokens)"), value: String(text.dropFirst().dropLast())))
    }
    if text.hasPrefix("[") { return .list(text.dropFirst().dropLast().split(separator: " ").map { .text(String($0)) }) }
    if text == "true" || text == "false" { return .bool(text == "true") }
    if let number = Double(text) { return .number(number) }
    return .text(text)
  }

  // MARK: Inputs

  private mutating func hear(_ text: String) -> Bool {
    let words = text.split(separator: " ").map(String.init)
    switch words.first {
    case "begin": give(.begin)
    case "silence": give(.silence(count: Int(words.last ?? "") ?? 1))
    case "hangs": give(.hungUp)
    case "late": give(.toolFinished(finished, .unknown))
    case "tool":
      guard case .tool(let effect) = engine.waiting,
        let outcome = outcome(words.count > 2 ? words[2] : "", Array(words.dropFirst(3)))
      else {
        return false
      }
      finished = effect
      give(.toolFinished(effect, outcome))
    default:
      turn += 1
      var proposals: [ProposedCommand] = []
      for part in text.components(separatedBy: ", ") where part != "nothing" {
        guard let proposal = proposal(part) else { return false }
        proposals.append(proposal)
      }
      give(.commands(TurnNumber(turn), proposals))
    }
    return true
  }

  private mutating func proposal(_ text: String) -> ProposedCommand? {
    var text = text
    var confidence = Confidence.certain
    if let at = text.range(of: " at 0.") {
      confidence = Confidence(permille: Int((Double("0." + text[at.upperBound...]) ?? 1) * 1000 + 0.5))
      text = String(text[..<at.lowerBound])
    }
    let isButton = text.hasPrefix("button ")
    let isKeyed = text.hasPrefix("key ")
    if isButton || isKeyed { text = text.split(separator: " ", maxSplits: 1).last.map(String.init) ?? "" }
    guard let command = command(text) else { return nil }
    return ProposedCommand(
      command, confidence: confidence, proposer: isButton ? ProposedCommand.payloadProposer : "talk",
      source: isButton ? .text : isKeyed ? .keys : .speech)
  }

  private mutating func command(_ text: String) -> Command? {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    let rest = words.count > 1 ? words[1] : ""
    switch words.first {
    case "start": return .startFlow(FlowID(rest))
    case "set":
      let parts = rest.components(separatedBy: " = ")
      guard parts.count == 2 else { return nil }
      let slot = SlotName(parts[0])
      return .setSlot(slot, value(parts[1], of: slot))
    case "clear": return .setSlot(SlotName(rest), nil)
    case "cancel": return .cancelFlow
    case "clarify": return .clarify(rest.split(separator: " ").map { FlowID(String($0)) })
    case "skip": return .skipQuestion
    case "repeat": return .repeatLast
    case "person": return .humanHandoff
    case "hold": return .hold
    case "chitchat": return .chitchat
    case "aside": return Aside(rawValue: rest).map { .aside($0) }
    case "search": return .search
    case "restart": return .restart
    case "goodbye": return .goodbye
    case "yes": return .answer(true)
    case "no": return .answer(false)
    case "cannot": return CannotHandleReason(rawValue: rest).map { .cannotHandle($0) }
    default: return nil
    }
  }

  private mutating func give(_ input: DialogueInput) {
    moves = []
    var next: DialogueInput? = input
    var steps = 0
    while let input = next {
      steps += 1
      guard steps <= Self.longestEffectChain else {
        complaint = complaint ?? "it never listens again"
        return
      }
      let wasEnded = engine.waiting == .ended
      let step = engine.handle(input, clock: DialogueClock(today: day, minuteOfDay: 600), facts: &facts)
      complaint = complaint ?? WalkRules.complaint(step, engine, wasEnded: wasEnded, asksInWords: asksInWords)
      moves += step
      next = answer(to: step)
    }
  }

  private func answer(to step: [Move]) -> DialogueInput? {
    guard case .wait(let waiting)? = step.last else { return nil }
    switch waiting {
    case .tool(let effect):
      guard let invocation = step.invocations.last else { return nil }
      let outcome = outcomes[invocation.tool.rawValue] ?? .completed([:])
      return outcome == .refused("pending") ? nil : .toolFinished(effect, outcome)
    case .transfer(let effect): return .transferFinished(effect, transfer)
    case .heard: return .heard
    case .caller, .hold, .ended: return nil
    }
  }

  // MARK: What came of it

  /// Names of the responses said, in order.
  var said: String {
    let names = moves.compactMap { move -> String? in
      guard case .say(let sentences, _, _) = move else { return nil }
      return sentences.first?.response?.rawValue ?? "?"
    }
    return names.isEmpty ? "nothing" : names.joined(separator: ", ")
  }

  /// The words said; a caller's value in angle brackets.
  var words: String {
    let sentences = moves.flatMap { move -> [Sentence] in
      if case .say(let sentences, _, _) = move { return sentences }
      return []
    }
    return sentences.map { sentence in
      sentence.pieces.map { piece in
        switch piece {
        case .words(let words): words
        case .value(let value, _): "<\(value.revealed ?? "")>"
        }
      }.joined()
    }.joined(separator: " ")
  }
}

extension [Move] {
  var invocations: [ToolInvocation] { compactMap { if case .invoke(let invocation) = $0 { invocation } else { nil } } }
}
