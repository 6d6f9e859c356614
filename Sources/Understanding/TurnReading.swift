import Core
import Language

/// One turn on its way to commands: rules, then grammars, then what is left for the classifier.
struct TurnReading {
  let definition: AssistantDefinition
  let request: UnderstandingRequest
  let text: String
  let phrases: CommandPhrases
  /// Questions that nothing less than a yes answers.
  let assents: Set<SlotName>
  /// What each journey reaches.
  let reaches: [FlowID: FlowReach]
  /// The verb that the words open with.
  let verb: WishVerb

  /// The words of talk in the assistant's language.
  var talk: TalkWords { LanguagePack.pack(for: definition.locale).talk }

  /// When and where values are read.
  private var context: ReadingContext {
    ReadingContext(today: request.today, minuteOfDay: request.minuteOfDay, locale: definition.locale)
  }

  enum Outcome {
    case commands([ProposedCommand])
    case classify(ClassifierQuestion)
  }

  func settled() -> Outcome {
    let filling = SlotFilling(definition: definition, request: request, text: text, assents: assents)
    let awaited = request.awaiting.flatMap { slot in
      filling.grammar(of: slot).map { AwaitedSlot(filling: filling, slot: slot, grammar: $0) }
    }
    // A choice may itself be called "cancel" or "agent".
    if let awaited, case .choice = awaited.grammar, let own = filling.reading(awaited.slot), own.reading.coversWhole,
      own.reading.confidence.permille >= 700
    {
      return .commands([set(own)])
    }
    let command = rule(awaited?.grammar)
    // Half of a number is known: what is said now goes on with it, or begins it anew.
    if let awaited, request.part != nil, command.map({ $0.command == .restart }) ?? true, let said = dictated(awaited) {
      return .commands([said])
    }
    if let command { return .commands([command]) }
    if let chosen = chosen(filling) { return .commands(chosen) }
    if request.isIdle, deniesLeaving || complains { return .classify(question(text, .open, filling)) }
    if isHesitationOnly || request.awaiting != nil && awaited?.grammar != .yesNo && isSighOnly {
      return .commands([nothing()])
    }
    if request.isIdle, isGratitude {
      return .commands([proposal(.chitchat, Confidence(permille: 900), Self.thanksRule)])
    }
    guard let awaited else { return unawaited(filling) }
    // "no, thank you" is nobody's address.
    if awaited.grammar == .address || awaited.grammar == .name, bareAnswer() != nil { return .commands([nothing()]) }
    if awaited.grammar == .yesNo, complains || bareAnswer() == nil && opensWithNo,
      let slot = filling.doubtedAddress(request.fillable)
    {
      return .commands([proposal(.setSlot(slot, nil), Confidence(permille: 900), "grammar:address")])
    }
    switch awaited.answer() {
    case .filled(let values): return .commands(values.map(set))
    case .filledBeside(let values, let rest) where OtherDay.isAll(of: rest, locale: definition.locale):
      return .commands(values.map(set))
    case .none where OtherDay.isAll(of: text, locale: definition.locale): return .commands([nothing()])
    case .filledBeside(_, let rest) where request.isIdle && awaited.grammar == .yesNo && takesBack(rest):
      return .classify(question(filling.wordsToClassify(countable), .unanswered, filling))
    case .filledBeside(let values, let said):
      let rest = awaited.grammar == .address ? WishWords.words(for: definition.locale).unjoined(said) : said
      return .classify(question(rest.split(separator: " ").count >= 3 ? rest : "", .beside(values.map(set)), filling))
    case .unlessCommand(let value):
      return .classify(question(text, .instead(set(value), grammar: value.grammar), filling))
    case .none:
      if !filling.namesOtherEnd(of: awaited.slot, awaited.grammar), let part = dictated(awaited) {
        return .commands([part])
      }
      if isUnfinished(awaited.grammar) { return .commands([nothing()]) }
      return .classify(
        question(
          filling.wordsToClassify(countable), awaited.grammar == .yesNo ? guessable(awaited.slot) : .unanswered,
          filling))
    }
  }

  /// Yes or no may be guessed from words that are neither: but never from half a yes or a question, and no yes to a change.
  private func guessable(_ slot: SlotName) -> ClassifierQuestion.State {
    guard YesNoAnswer.of(text, locale: definition.locale) == .none else { return .unanswered }
    return .bool(slot, mayBeYes: !assents.contains(slot))
  }

  /// "um", "uh": also where nothing is asked, and where yes or no is.
  private var isHesitationOnly: Bool {
    talk.hesitations.covers(Word.split(text).texts)
  }

  /// "um", "well": a turn of sounds answers nothing and asks nothing.
  private var isSighOnly: Bool {
    talk.fillers.covers(Word.split(text).texts)
  }

  /// What proposers begin with that are fixed words.
  static let rulePrefix = "rule:"

  /// The proposer of a turn that is thanks.
  static let thanksRule = rulePrefix + "thanks"

  /// "Great, thank you": thanks for what was done, not a yes to more. "Yes, thank you" is one.
  private var isGratitude: Bool {
    let words = Word.split(text).texts
    let thanks = talk.thanks.matches(in: words).flatMap { Array($0.range) }
    let rest = words.indices.filter { !thanks.contains($0) }.map { words[$0] }
    guard !thanks.isEmpty,
      let answer = SlotReader.read(rest.joined(separator: " "), as: .yesNo, context: context).first
    else { return false }
    return answer.coversWhole && answer.value == .bool(true) && answer.confidence.permille < 900
  }

  /// "no, I meant another order": the no belongs to what was heard wrong, not to the question.
  private func takesBack(_ rest: String) -> Bool {
    !talk.corrections.matches(in: Word.split(rest).texts).isEmpty
  }

  /// Four of eight digits, half an e-mail address: part of an answer, not another wish.
  private func isUnfinished(_ grammar: SlotGrammar) -> Bool {
    switch grammar {
    case .digits, .spelling, .email:
      Completeness.ending(of: text, for: grammar, locale: definition.locale) == .incomplete
        && text.split(separator: " ").count { $0.contains(where: \.isNumber) || isDigitWord($0) } * 2
          >= text.split(separator: " ").count
    default: false
    }
  }

  /// Digits of a number that is said in parts, with those that are held.
  private func dictated(_ awaited: AwaitedSlot) -> ProposedCommand? {
    guard case .digits(let minimum, let maximum) = awaited.grammar else { return nil }
    let dictation = DigitDictation(minimum: minimum, maximum: maximum, locale: definition.locale)
    switch dictation.take(text, after: request.part?.revealedText ?? "") {
    case .whole(let digits, let confidence):
      return proposal(.setSlot(awaited.slot, .text(digits)), confidence, "grammar:digits")
    case .part(let digits, let confidence):
      return proposal(.holdPart(awaited.slot, .text(digits), count: digits.utf8.count), confidence, "grammar:digits")
    case nil: return nil
    }
  }

  private func isDigitWord(_ word: Substring) -> Bool {
    let clean = word.filter { $0.isLetter }.lowercased()
    let any = SlotGrammar.digits(minimum: 1, maximum: 3)
    return !clean.isEmpty && !SlotReader.read(clean, as: any, context: context).isEmpty
  }

  func nothing() -> ProposedCommand {
    proposal(.cannotHandle(.notUnderstood), Confidence(permille: 800), "rule:unfinished")
  }

  private func unawaited(_ filling: SlotFilling) -> Outcome {
    if let answer = bareAnswer(), let truth = answer.value.bool {
      return .commands([proposal(.answer(truth), answer.confidence, "rule:\(truth ? "yes" : "no")")])
    }
    let corrections = filling.unasked(request.fillable)
    if request.activeFlow != nil, !corrections.isEmpty { return .commands(corrections.map(set)) }
    return .classify(question(filling.wordsToClassify(countable), .open, filling))
  }

  /// Slots whose values a classifier would trip over: those under way, and those of flows to start when none is.
  private var countable: [SlotName] {
    request.activeFlow == nil
      ? request.fillable + request.startable.flatMap { reaches[$0]?.slots ?? [] } : request.fillable
  }

  /// Yes or no and nothing else but sighs. Where nothing was asked, "that is the wrong order" is a wish and no answer.
  private func bareAnswer() -> SlotReading? {
    let fillers = talk.fillers
    guard let answer = SlotReader.read(text, as: .yesNo, context: context).first,
      answer.confidence.permille >= 700 || answer.value == .bool(false),
      fillers.covers(Word.split(answer.remainder).texts)
    else { return nil }
    return answer
  }

  /// A guess that the caller leaves, or wants a person, is dropped where the words deny it or only ask about it: "I don't want to hang
  /// up", "who was I talking to".
  func heldBack(_ guesses: [ProposedCommand]) -> [ProposedCommand] {
    if guesses.contains(where: isDenied) { return [nothing()] }
    guard guesses.contains(where: leaves), deniesLeaving else { return guesses }
    let kept = guesses.filter { !leaves($0) }
    return kept.isEmpty ? [nothing()] : kept
  }

  /// Whether it begins a change that the words say is not wished for: "do not transfer money".
  private func isDenied(_ proposal: ProposedCommand) -> Bool {
    let flows: [FlowID]
    switch proposal.command {
    case .startFlow(let flow): flows = [flow]
    case .clarify(let offered): flows = offered
    default: return false
    }
    return flows.contains { reaches[$0]?.changes.isEmpty == false && verb.denies($0, in: text) }
  }

  /// Whether it takes the caller away from the assistant, as a no to more does.
  private func leaves(_ proposal: ProposedCommand) -> Bool {
    switch proposal.command {
    case .goodbye, .humanHandoff: true
    case .answer(false), .setSlot(_, .bool(false)): request.isIdle
    default: false
    }
  }

  private var deniesLeaving: Bool {
    let words = Word.split(text).texts
    return talk.denials.matches(in: words).contains { denial in
      var index = denial.range.upperBound
      while let filler = talk.deniedFillers.match(words, at: index, before: words.count) {
        if talk.leavings.match(words, at: index, before: words.count) != nil { return true }
        index += filler.count
      }
      return talk.leavings.match(words, at: index, before: words.count) != nil
    }
  }

  /// "That's all wrong": whether there is more to do is not what that answers.
  private var complains: Bool {
    !talk.complaints.matches(in: Word.split(text).texts).isEmpty
  }

  private func rule(_ asked: SlotGrammar?) -> ProposedCommand? {
    guard let kind = phrases.match(text, isFreelyAsked: asked.isFree) else { return nil }
    let isBusy = request.activeFlow != nil || request.awaiting != nil
    // "yes, cancel it", "okay, bye": whether that is a yes nobody can tell.
    if asked == .yesNo, !request.isIdle, kind.leaves, opensWithAgreement { return nothing() }
    let command: Command
    switch kind {
    case .cancel:
      // Where nothing is under way, "never mind" can only decline what was offered.
      command = isBusy ? .cancelFlow : .answer(false)
    case .cancelThat: command = .cancelFlow
    case .undo:
      guard !isExample, request.isIdle || !asked.isFree else { return nil }
      // While something else is under way, what is meant has to be said in other words.
      guard request.isIdle else { return nothing() }
      command = .cancelFlow
    case .doAgain:
      guard request.isIdle else { return nil }
      command = .repeatLast
    case .skip:
      guard request.awaiting != nil else { return nil }
      command = .skipQuestion
    case .closing:
      // "That's everything" behind a number or a complaint ends the answer, not the call.
      guard request.isIdle else {
        // "That's it" says that it is so, too.
        let isNod = asked == .yesNo && YesNoAnswer.isNod(text, locale: definition.locale)
        return request.awaiting == nil || isNod ? nil : nothing()
      }
      command = .goodbye
    case .restart: command = .restart
    case .repeatLast: command = .repeatLast
    case .human: command = .humanHandoff
    case .hold: command = .hold
    case .goodbye: command = .goodbye
    case .greeting: command = .aside(.greeting)
    case .about: command = .aside(.about)
    case .doubt: command = .aside(.doubt)
    case .outcome: command = .aside(.outcome)
    }
    return proposal(command, Confidence(permille: 980), Self.rulePrefix + kind.rawValue)
  }

  /// Whether the author wrote these very words as an example of a journey.
  private var isExample: Bool {
    let words = Word.split(text).texts
    return request.startable.contains { flow in
      definition.flows[flow]?.examples.contains { Word.split($0).texts == words } ?? false
    }
  }

  private var opensWithNo: Bool { YesNoAnswer.of(text, locale: definition.locale) == .no }

  private var opensWithAgreement: Bool {
    guard let first = Word.split(text).first?.text else { return false }
    return YesNoAnswer.of(first, locale: definition.locale) == .yes
  }

  private func question(_ words: String, _ state: ClassifierQuestion.State, _ filling: SlotFilling)
    -> ClassifierQuestion
  {
    let changing = Set(request.startable.filter { reaches[$0]?.changes.isEmpty == false })
    return ClassifierQuestion(
      text: words, said: text, state: state, request: request, isAsked: isAsked, changing: changing,
      verb: verb
    ) { flow in
      let opening = filling.opening(reaches[flow]?.slots ?? [])
      return ClassifierQuestion.Opening(
        flow: flow, named: opening.named, counted: opening.counted, values: opening.values.map(set))
    }
  }

  /// Whether it asks something, what is said before the question left out: "right, so how long does it take".
  private var isAsked: Bool {
    if YesNoAnswer.of(text, locale: definition.locale) == .question { return true }
    let words = Word.split(text)
    let start = talk.start(behindFillersOf: words.texts)
    return start > 0 && YesNoAnswer.of(words.written(start..<words.count), locale: definition.locale) == .question
  }

  func set(_ filled: SlotFilling.Filled) -> ProposedCommand {
    proposal(
      .setSlot(filled.slot, filled.reading.value), filled.reading.confidence, "grammar:" + filled.grammar.kindName)
  }

  func proposal(_ command: Command, _ confidence: Confidence, _ proposer: String) -> ProposedCommand {
    ProposedCommand(command, confidence: confidence, proposer: proposer)
  }
}

extension SlotGrammar? {
  /// Whether any words may answer: people, too, are named there.
  fileprivate var isFree: Bool {
    switch self {
    case .freeText, .name, .address: true
    default: false
    }
  }
}

extension SlotGrammar {
  /// The grammar's kind, for traces.
  var kindName: String {
    switch self {
    case .digits: "digits"
    case .number: "number"
    case .money: "money"
    case .date: "date"
    case .time: "time"
    case .yesNo: "yes_no"
    case .choice: "choice"
    case .name: "name"
    case .address: "address"
    case .email: "email"
    case .spelling: "spelling"
    case .freeText: "free_text"
    }
  }
}
