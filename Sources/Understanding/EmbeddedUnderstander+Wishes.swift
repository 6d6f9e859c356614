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
    let openings = question.request.startable.map(question.opening)
    guard let most = openings.map(\.counted).max(), most > 0 else { return commands }
    let guessed = commands.first { if case .startFlow = $0.command { true } else { false } }
    if let guessed, case .startFlow(let flow) = guessed.command,
      openings.contains(where: { $0.flow == flow && $0.counted == most })
    {
      return commands
    }
    var best: (start: ProposedCommand, opening: ClassifierQuestion.Opening)?
    for opening in openings.filter({ $0.counted == most }).prefix(Self.mostOpenings) {
      guard let scores = try? await scores(opening.named, deadline),
        let start = question.judged(scores, classifier).flow(above: 0), start.command == .startFlow(opening.flow),
        start.confidence >= Self.sureOfNames, start.confidence > best?.start.confidence ?? Confidence.none
      else { continue }
      best = (start, opening)
    }
    guard let best, best.start.confidence > guessed?.confidence ?? Confidence.none else { return commands }
    return question.started(best.start, best.opening.values)
  }

  private static let mostOpenings = 4
  private static let sureOfNames = Confidence(permille: 350)

  /// Adds the journey that the other part of a sentence asks for: "block my card and tell me my balance".
  func withSecondWish(
    _ commands: [ProposedCommand], _ question: ClassifierQuestion, _ deadline: ContinuousClock.Instant
  ) async -> [ProposedCommand] {
    let starts = commands.filter { if case .startFlow = $0.command { true } else { false } }
    guard starts.count == 1, case .startFlow(let main) = starts[0].command, question.request.isIdle else {
      return commands
    }
    for (head, tail) in wishes.parts(of: question.said).prefix(Self.mostParts) {
      guard let first = await wish(head, question, deadline), let second = await wish(tail, question, deadline),
        first.flow != second.flow, let other = [first, second].first(where: { $0.flow != main }),
        first.flow == main || second.flow == main, other.start.confidence >= Self.sureOfSecond,
        wishes.isWish(other.words) || other.start.confidence >= Self.sureOfStatement
      else { continue }
      let values = question.slotValues(other.flow).filter { value in
        !commands.contains { $0.command.slot == value.command.slot }
      }
      return commands + [other.start] + values
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

  private func wish(_ words: String, _ question: ClassifierQuestion, _ deadline: ContinuousClock.Instant) async -> Wish? {
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
