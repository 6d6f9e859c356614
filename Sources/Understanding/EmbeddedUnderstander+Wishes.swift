import Core
import Language

// What an opening sentence says beside the journey it begins: values that tell which journey is meant, and a second wish.

extension EmbeddedUnderstander {
  /// Values are no words to a classifier. Where a journey takes more of them than what was guessed, the sentence is heard again
  /// with the slots' names in their places: "pay transfer amount to payee account".
  func byValues(
    _ commands: [ProposedCommand], _ question: ClassifierQuestion, _ deadline: ContinuousClock.Instant
  ) async -> [ProposedCommand] {
    guard question.request.isIdle, question.request.options.isEmpty, question.isOpen,
      commands.allSatisfy({ $0.command.isGuessOfWish })
    else { return commands }
    let asked = commands.lazy.compactMap { if case .clarify(let flows) = $0.command { flows } else { nil } }.first
    let openings = (asked ?? question.request.startable).map(question.opening)
    guard let most = openings.map(\.counted).max(), most > 0 else { return commands }
    let guessed = commands.first { if case .startFlow = $0.command { true } else { false } }
    if let guessed, case .startFlow(let flow) = guessed.command,
      openings.contains(where: { $0.flow == flow && $0.counted == most })
    {
      return commands
    }
    let richest = openings.map(\.values.count).max()
    var meant: [(start: ProposedCommand, opening: ClassifierQuestion.Opening)] = []
    let telling = openings.filter { opening in
      opening.counted == most && (asked == nil ? opening.isTelling : opening.values.count == richest)
    }
    for opening in telling.prefix(Self.mostOpenings) {
      guard let scores = try? await scores(opening.named, deadline),
        let start = question.judged(scores, classifier).flow(above: 0), start.command == .startFlow(opening.flow),
        start.confidence >= Self.sureOfNames
      else { continue }
      meant.append((start, opening))
    }
    // Where the names of two journeys fit alike, nobody can tell by them.
    guard meant.count == 1, meant[0].start.confidence > guessed?.confidence ?? Confidence.none else { return commands }
    return question.started(meant[0].start, meant[0].opening.values)
  }

  private static let mostOpenings = 4
  private static let sureOfNames = Confidence(permille: 350)

  /// Adds the journey that the other part of a sentence asks for: "block my card and tell me my balance".
  func withSecondWish(
    _ commands: [ProposedCommand], _ question: ClassifierQuestion, _ deadline: ContinuousClock.Instant
  ) async -> [ProposedCommand] {
    guard question.request.isIdle, question.request.options.isEmpty else { return commands }
    let starts = commands.filter { if case .startFlow = $0.command { true } else { false } }
    let asked = commands.lazy.compactMap { if case .clarify(let flows) = $0.command { flows } else { nil } }.first
    var main: FlowID?
    if starts.count == 1, case .startFlow(let flow) = starts[0].command { main = flow }
    guard main != nil || asked != nil else { return commands }
    for (head, tail) in wishes.parts(of: question.said).prefix(Self.mostParts) {
      guard let first = await wish(head, question, deadline), let second = await wish(tail, question, deadline),
        first.flow != second.flow
      else { continue }
      let both = [first, second]
      let fits = both.allSatisfy { wish in
        wish.flow == main
          || wish.start.confidence >= (wishes.isWish(wish.words) ? Self.sureOfSecond : Self.sureOfStatement)
      }
      guard fits,
        main.map({ flow in both.contains { $0.flow == flow } }) ?? both.allSatisfy({ asked?.contains($0.flow) == true })
      else { continue }
      // What the whole sentence was taken for comes first, whatever stands in front.
      let others = both.filter { $0.flow != main }
      let kept = main == nil ? [] : commands
      let values = others.flatMap { question.slotValues($0.flow) }
      return others.reduce(kept) { $0 + [$1.start] }
        + values.enumerated().filter { place, value in
          !kept.contains { $0.command.slot == value.command.slot }
            && !values[..<place].contains { $0.command.slot == value.command.slot }
        }.map(\.element)
    }
    return commands
  }

  private static let mostParts = 3
  private static let sureOfSecond = Confidence(permille: 550)
  private static let sureOfStatement = Confidence(permille: 850)

  private var wishes: WishWords { .words(for: definition.locale) }

  private struct Wish {
    let words: String
    let flow: FlowID
    let start: ProposedCommand
  }

  private func wish(
    _ words: String, _ question: ClassifierQuestion, _ deadline: ContinuousClock.Instant
  ) async -> Wish? {
    guard let scores = try? await scores(words, deadline),
      let start = question.judged(scores, classifier).flow(above: 0), case .startFlow(let flow) = start.command
    else { return nil }
    return Wish(words: words, flow: flow, start: start)
  }
}

extension Command {
  /// Whether it may give way to what the values of a sentence say: what was guessed from its words alone.
  fileprivate var isGuessOfWish: Bool {
    switch self {
    case .startFlow, .setSlot, .clarify, .cannotHandle, .repeatLast, .aside, .chitchat: true
    default: false
    }
  }
}
