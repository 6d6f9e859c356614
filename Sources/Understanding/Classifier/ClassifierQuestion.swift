internal import Core
import Language

/// What the classifier is asked, in which state, and what its scores mean there.
struct ClassifierQuestion {
  let text: String
  /// The whole turn.
  let said: String
  let state: State
  let request: UnderstandingRequest
  /// Whether it asks something.
  let isAsked: Bool
  /// Journeys that change something.
  let changing: Set<FlowID>
  /// The verb that the words open with.
  let verb: WishVerb
  /// What the words bring for a flow that is about to start.
  let opening: (FlowID) -> Opening

  /// A flow with the values that a turn brings for it.
  struct Opening {
    let flow: FlowID
    /// The turn with the slots' names in place of their values.
    let named: String
    /// How many values have a form of their own.
    let counted: Int
    let values: [ProposedCommand]

    /// Whether the values speak for the flow by themselves: a day or an amount is said of anything.
    var isTelling: Bool {
      counted > 1 || values.contains { Self.telling.contains($0.proposer) }
    }

    private static let telling: Set<String> = ["grammar:digits", "grammar:email", "grammar:address"]
  }

  func slotValues(_ flow: FlowID) -> [ProposedCommand] { opening(flow).values }

  /// What the grammars left open.
  enum State {
    /// Nothing was asked.
    case open
    /// A question was asked and these words do not answer it.
    case unanswered
    /// Yes or no was asked and neither was read.
    case bool(SlotName, mayBeYes: Bool)
    /// The question is answered; the rest may be a request of its own.
    case beside([ProposedCommand])
    /// The whole turn is the value unless it is surely something else.
    case instead(ProposedCommand, grammar: SlotGrammar)
  }

  /// Steps of similarity above the gate, by which a state asks for more.
  private static let digression: Float = 0.08
  private static let certainty: Float = 0.3
  /// What a value for one of its slots adds to a flow's confidence, in thousandths.
  private static let broughtValue = 200

  /// The commands. `scores` is empty when there were no words to classify.
  func decide(_ scores: [IntentClassifier.Score], _ classifier: IntentClassifier) -> [ProposedCommand] {
    let judged = judged(scores, classifier)
    switch state {
    case .beside(let values):
      if request.isIdle, let clarify = judged.clarify() { return [clarify] }
      guard let flow = judged.flow(above: request.isIdle ? 0 : Self.certainty * 0.6),
        case .startFlow(let id) = flow.command,
        id != request.activeFlow
      else { return values }
      let answersOnlyToContinue = request.isIdle
      let kept = answersOnlyToContinue ? [] : values
      return [flow] + kept + slotValues(id).filter { value in !kept.contains { $0.command.slot == value.command.slot } }
    case .instead(let value, let grammar):
      if let command = judged.stock([.handoff, .cancel, .repeatLast], above: Self.certainty) { return [command] }
      if grammar != .freeText,
        let command = judged.stock([.hold, .lacksAnswer, .goodbye, .smallTalk], above: Self.certainty)
      {
        return [command]
      }
      if grammar != .freeText, let flow = judged.flow(above: Self.certainty), case .startFlow(let id) = flow.command,
        id != request.activeFlow
      {
        return [flow]
      }
      return [value]
    case .bool(let slot, let mayBeYes):
      if let command = judged.yesNo(slot), mayBeYes || command.command == .setSlot(slot, .bool(false)) {
        return [command]
      }
      return request.isIdle ? open(judged) : digressed(judged)
    case .unanswered: return request.isIdle ? open(judged) : digressed(judged)
    case .open: return open(judged)
    }
  }

  func judged(_ scores: [IntentClassifier.Score], _ classifier: IntentClassifier) -> Judged {
    Judged(
      scores: scores.filter { isPossible($0.label) }, classifier: classifier, request: request, changing: changing,
      tells: { verb.tells($0, from: $1, in: said) }
    ) { !slotValues($0).isEmpty }
  }

  /// Whether these words may begin a journey and answer nothing.
  var isOpen: Bool {
    switch state {
    case .open, .unanswered, .bool: true
    case .beside, .instead: false
    }
  }

  /// What cannot be meant where nothing was asked does not compete. Thanks, hand-off and out of scope always do.
  private func isPossible(_ label: IntentLabel) -> Bool {
    // Whoever asks gives no thanks.
    if isAsked, label == .stock(.thanks) || label == .stock(.complaint) { return false }
    guard case .stock(let kind) = label, case .open = state else { return true }
    return kind != .affirm && kind != .deny && kind != .lacksAnswer
  }

  private func open(_ judged: Judged) -> [ProposedCommand] {
    if let clarify = judged.clarify() { return [clarify] + kept(for: clarify) }
    if let flow = judged.flow(above: 0), case .startFlow(let id) = flow.command {
      return id == request.activeFlow ? [judged.nothing()] : started(flow, slotValues(id))
    }
    return [judged.stock(Set(StockIntent.Kind.allCases), above: 0) ?? judged.nothing(isAsked: isAsked)]
  }

  /// Values for the flows that are asked about: the one that is chosen takes them.
  private func kept(for clarify: ProposedCommand) -> [ProposedCommand] {
    guard case .clarify(let flows) = clarify.command else { return [] }
    var values: [ProposedCommand] = []
    for value in flows.flatMap(slotValues) where !values.contains(where: { $0.command.slot == value.command.slot }) {
      values.append(value)
    }
    return values
  }

  /// Words that bring what a flow asks for speak for that flow.
  func started(_ flow: ProposedCommand, _ values: [ProposedCommand]) -> [ProposedCommand] {
    guard !values.isEmpty else { return [flow] }
    let confidence = Confidence(permille: min(950, flow.confidence.permille + Self.broughtValue))
    return [
      ProposedCommand(
        flow.command, confidence: max(confidence, flow.confidence), proposer: flow.proposer, runnerUp: flow.runnerUp)
    ] + values
  }

  private func digressed(_ judged: Judged) -> [ProposedCommand] {
    if let flow = judged.flow(above: Self.digression), case .startFlow(let id) = flow.command {
      return id == request.activeFlow ? [judged.nothing()] : [flow] + slotValues(id)
    }
    return [judged.stock(Set(StockIntent.Kind.allCases), above: 0) ?? judged.nothing()]
  }
}

extension UnderstandingRequest {
  /// Whether nothing is under way and nothing asked but whether there is more. A question of the hand-over is one all the same.
  var isIdle: Bool { activeFlow == nil && (awaiting == nil || awaiting == "continue_conversation") }
}

/// Scores in the light of what can be started now.
struct Judged {
  let scores: [IntentClassifier.Score]
  let classifier: IntentClassifier
  let request: UnderstandingRequest
  let changing: Set<FlowID>
  /// Whether the words open with what names the first of two flows and not the second.
  let tells: (FlowID, FlowID) -> Bool
  /// Whether the words bring values that a flow asks for.
  let bringsValues: (FlowID) -> Bool

  /// Of two flows the second must be less than this share as likely, or both are asked about: less yet where the first one changes
  /// something, and hardly likely at all where the words bring what only the second asks for.
  private static let clarifyShare: Float = 0.62
  private static let clarifyShareOfChange: Float = 0.4
  private static let clarifyShareOfValues: Float = 0.1
  /// So near lies what is said nearly word by word: it is no weak guess.
  private static let verbatim: Float = 0.95

  /// How sure a guess must be that leaves a question, and one where nothing is under way.
  private static let sureToLeave = Confidence(permille: 800)
  /// How sure a guess must be that answers a greeting or a complaint.
  private static let sureOfTalk = Confidence(permille: 400)

  private static let sureToLeaveIdly = Confidence(permille: 600)

  private var gate: Float { classifier.gate.similarity }

  private func isUsable(_ score: IntentClassifier.Score) -> Bool {
    guard case .flow(let flow) = score.label else { return true }
    return request.startable.contains(flow) || flow == request.activeFlow
  }

  private var top: IntentClassifier.Score? {
    guard let first = scores.first else { return nil }
    // A flow's example said nearly word by word beats a likelier stock intent.
    if case .stock = first.label,
      let near = scores.dropFirst().first(where: { score in
        guard case .flow = score.label else { return false }
        return score.similarity >= gate + 0.35 && score.similarity > first.similarity + 0.1
      })
    {
      return near
    }
    return first
  }

  private func runnerUp(of label: IntentLabel) -> String? {
    scores.first { $0.label != label }.map { "\($0.label.description) \(Confidence(Double($0.probability)))" }
  }

  private func confidence(_ score: IntentClassifier.Score) -> Confidence {
    let rival = scores.first { $0.label != score.label }?.probability ?? 0
    let share = Double(score.probability / max(0.0001, score.probability + rival))
    let nearness = min(1, max(0, Double((score.similarity - gate) / max(0.01, 0.85 - gate))))
    return Confidence(0.25 + 0.4 * max(0, 2 * share - 1) + 0.35 * nearness)
  }

  private func proposal(_ command: Command, _ score: IntentClassifier.Score) -> ProposedCommand {
    ProposedCommand(
      command, confidence: confidence(score), proposer: classifier.name + ":" + score.label.description,
      runnerUp: runnerUp(of: score.label))
  }

  /// The flow that is meant, when it can be started (or is under way) and stands so far above the gate.
  func flow(above margin: Float) -> ProposedCommand? {
    guard let top, case .flow(let flow) = top.label, top.similarity >= gate + margin, isUsable(top) else { return nil }
    return proposal(.startFlow(flow), top)
  }

  /// Two flows between which nobody can choose.
  func clarify() -> ProposedCommand? {
    guard let top, case .flow(let first) = top.label, top.similarity >= gate, isUsable(top) else { return nil }
    let isChange = changing.contains(first) && top.similarity < Self.verbatim
    let lacksValues = isChange && !bringsValues(first)
    for rival in scores {
      guard case .flow(let second) = rival.label, second != first, rival.similarity >= gate, isUsable(rival),
        !tells(first, second)
      else { continue }
      let least =
        lacksValues && bringsValues(second)
        ? Self.clarifyShareOfValues : isChange ? Self.clarifyShareOfChange : Self.clarifyShare
      if rival.probability >= top.probability * least { return proposal(.clarify([first, second]), top) }
    }
    return nil
  }

  /// The stock intent that is meant, when it is one of these.
  func stock(_ kinds: Set<StockIntent.Kind>, above margin: Float) -> ProposedCommand? {
    guard let top, case .stock(let kind) = top.label, kinds.contains(kind), top.similarity >= gate + margin,
      let command = command(for: kind)
    else { return nil }
    let proposed = proposal(command, top)
    // A guess neither ends the call nor hands it over, nor drops or rests what is under way.
    if kind.leaves {
      return proposed.confidence < (request.isIdle ? Self.sureToLeaveIdly : Self.sureToLeave) ? nil : proposed
    }
    // A single word that nobody knows is like any of them.
    return kind.answersTalk && proposed.confidence < Self.sureOfTalk ? nil : proposed
  }

  /// Yes or no said in other words.
  func yesNo(_ slot: SlotName) -> ProposedCommand? {
    guard let top, case .stock(let kind) = top.label, kind == .affirm || kind == .deny, top.similarity >= gate + 0.1
    else { return nil }
    let guess = proposal(.setSlot(slot, .bool(kind == .affirm)), top)
    // What is guessed from other words is no surer than a no with a doubt.
    return ProposedCommand(
      guess.command, confidence: min(guess.confidence, YesNoAnswer.doubted), proposer: guess.proposer,
      source: guess.source, runnerUp: guess.runnerUp, others: guess.others)
  }

  private func command(for kind: StockIntent.Kind) -> Command? {
    switch kind {
    // A bare no may end the call: only words that say nothing else count as one.
    case .affirm, .deny: nil
    case .cancel: request.activeFlow == nil ? nil : .cancelFlow
    case .thanks: .chitchat
    case .greeting: .aside(.greeting)
    case .smallTalk: .aside(.about)
    case .complaint: .aside(.complaint)
    case .goodbye: .goodbye
    case .handoff: .humanHandoff
    case .hold: .hold
    case .repeatLast: .repeatLast
    case .lacksAnswer: .cannotHandle(.notUnderstood)
    case .outOfScope: .cannotHandle(.outOfScope)
    }
  }

  /// Words, but nothing this assistant does.
  ///
  /// `isAsked`: where nothing is under way a question is rather one that nobody here can answer.
  func nothing(isAsked: Bool = false) -> ProposedCommand {
    var reason: CannotHandleReason = isAsked && request.isIdle ? .noRelevantAnswer : .notUnderstood
    if let top, case .stock(.outOfScope) = top.label { reason = .outOfScope }
    return ProposedCommand(
      .cannotHandle(reason), confidence: Confidence(permille: 600),
      proposer: classifier.name,
      runnerUp: scores.first.map { "\($0.label.description) \(Confidence(Double($0.probability)))" })
  }
}

extension Command {
  /// The slot it sets.
  var slot: SlotName? {
    if case .setSlot(let slot, _) = self { return slot }
    return nil
  }
}
