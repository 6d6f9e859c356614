public import Core
import Dialogue
import Turns

/// A call as a value: one step takes one event completely and returns what is to be done.
///
/// No clock, no I/O, no randomness, no `async`. The same events at the same instants give the same effects, in every
/// process. A step never fails: what cannot be handled becomes a decision the caller can hear.
public struct Conversation: Sendable, Equatable {
  /// What entered once.
  public let start: CallStart
  /// Numbers that callers may say in open talk.
  private let numbers: [SlotGrammar]

  var floor: TurnTaking
  var dialogue: DialogueEngine
  var facts = FactBook()
  var speech = SpeechPlan()
  var work = WorkInHand()
  var phase = Phase.ringing
  /// Who the caller is, once known: under a pseudonym, and for good.
  public internal(set) var person: PersonID?
  /// What kind of line the conversation is on, or was on last.
  public internal(set) var channel: Channel
  /// The clock of civil time, as the line the conversation is on tells it. Each line brings its own, so that a clock which was
  /// wrong once is forgotten with the next line: the conversation's instants only count on.
  public internal(set) var clock: WallClock
  /// How often a line has joined since the first one.
  public internal(set) var attachments = 0

  /// Where the call is.
  enum Phase: Hashable, Sendable {
    case ringing
    case talking
    /// Everything is said; the line is let go when the last words are heard.
    case leaving
    /// The line is gone, and another one may join.
    case suspended
    /// The line is gone; what the flows do then is under way.
    case settling
    case over
  }

  /// A call that is about to be answered.
  ///
  /// - Parameter assistant: prepared once, shared by all calls of that version.
  public init(assistant: PreparedAssistant, start: CallStart) {
    self.start = start
    person = start.person
    channel = start.channel
    clock = start.clock
    numbers = assistant.numbers
    floor = TurnTaking(timing: assistant.definition.voice)
    dialogue = DialogueEngine(compiled: assistant.compiled, channel: start.channel, seed: start.seed)
  }

  /// Takes one event completely.
  public mutating func handle(_ event: CallEvent, at instant: CallInstant) -> [CallEffect] {
    var step = Step(now: instant)
    take(event, &step)
    for fact in facts.takeNoted() { step.effects.append(.fact(fact)) }
    return step.effects
  }

  /// Facts from a journal, to be known before the event they belong to is taken again.
  public mutating func recall(_ facts: [Fact]) { self.facts.recall(facts) }

  /// The assistant, as it was when the call began; a running call stays on its version.
  public var assistant: AssistantDefinition { dialogue.assistant.definition }

  /// Whether the line is gone and nothing more will be done.
  public var isOver: Bool { phase == .over }

  /// Whether a button that sends this was shown with what was said last.
  public func offers(_ payload: String) -> Bool { dialogue.offers(payload) }

  /// Under which label what is said or keyed now enters: that of a secret that is asked for, or may still be keyed, and of
  /// whatever is keyed the slot's own.
  public func label(keyed isKeyed: Bool) -> DataLabel {
    let context = dialogue.understandingContext
    if let slot = context.awaiting {
      guard let label = assistant.slots[slot]?.label else { return .speech }
      return isKeyed || label == .secret || !context.acceptsSpeech ? label : .speech
    }
    // Keys that come before or after their question are as secret as what the journey asks for.
    let isSecretNear = isKeyed && context.fillable.contains { assistant.slots[$0]?.label == .secret }
    return isSecretNear ? .secret : .speech
  }
}

/// What one step gathers.
struct Step {
  let now: CallInstant
  var effects: [CallEffect] = []
}

// MARK: - Events

extension Conversation {
  private mutating func take(_ event: CallEvent, _ step: inout Step) {
    guard phase != .over else { return }
    if phase == .settling { return whileSettling(event, &step) }
    if phase == .suspended { return whileSuspended(event, &step) }
    switch event {
    case .connected: connected(&step)
    case .hungUp(let party):
      if outlivesItsLine(endedBy: party) { suspend(endedBy: party, &step) } else { hungUp(by: party, &step) }
    case .attached: break  // A conversation has one caller's line at a time.
    case .held(let isHeld):
      work.isHeld = isHeld
      floor(.held(isHeld), &step)
    case .speechStarted(let instant): floor(.speechStarted(at: instant), &step)
    case .speechEnded(let instant): floor(.speechEnded(at: instant), &step)
    case .partial(let heard): floor(.partial(heard), &step)
    case .transcript(let heard): floor(.transcript(heard), &step)
    case .message(let heard): floor(.message(heard), &step)
    case .digit(let key): floor(.digit(key), &step)
    case .playback(let playback): played(playback, &step)
    case .finished(let id, let result): finished(id, result, &step)
    case .identified(let person): identified(person, &step)
    case .timerFired(let timer): fired(timer, &step)
    case .engine(let role, let isWorking): engine(role, isWorking, &step)
    }
  }

  private mutating func connected(_ step: inout Step) {
    guard phase == .ringing else { return }
    phase = .talking
    step.effects.append(.setTimer(.longestCall, at: step.now + assistant.voice.longestCall))
    decide(.begin, &step)
  }

  mutating func hungUp(by party: Party, _ step: inout Step) {
    phase = .over
    forgetUnderstanding()
    let moves = dialogue.handle(.hungUp, clock: clock(at: step.now), facts: &facts)
    step.effects.append(
      .note(
        Decision(
          turn: work.turn, kind: .turnEnded, subject: "call", reason: "the line was ended by the \(party.rawValue)")))
    performSilently(moves, &step)
  }

  /// Only results of what flows do after a hang-up still count.
  private mutating func whileSettling(_ event: CallEvent, _ step: inout Step) {
    switch event {
    case .identified(let person): identified(person, &step)
    case .finished(let id, let result): finished(id, result, &step)
    case .timerFired(.work(let id)): late(id, &step)
    default: break
    }
  }

  /// Steps the dialogue behind a hang-up.
  mutating func settle(_ input: DialogueInput, _ step: inout Step) {
    performSilently(dialogue.handle(input, clock: clock(at: step.now), facts: &facts), &step)
  }

  /// Tools and notes; there is nobody to speak to.
  private mutating func performSilently(_ moves: [Move], _ step: inout Step) {
    phase = .over
    for move in moves {
      switch move {
      case .invoke(let invocation):
        phase = .settling
        begin(.invoke(invocation), &step)
      case .note(let decision): step.effects.append(.note(decision))
      case .say, .transfer, .hangUp, .turnEnded, .wait: break
      }
    }
  }

  private mutating func engine(_ role: EngineRole, _ isWorking: Bool, _ step: inout Step) {
    step.effects.append(
      .note(
        Decision(
          turn: work.turn, kind: .failure, subject: role.rawValue,
          reason: isWorking ? "the engine works again" : "the engine does not work")))
  }
}

// MARK: - The floor

extension Conversation {
  mutating func floor(_ input: TurnInput, _ step: inout Step) {
    for action in floor.handle(input, at: step.now, facts: &facts) { take(action, &step) }
  }

  mutating func take(_ action: consuming TurnAction, _ step: inout Step) {
    switch action {
    case .pause(let id): step.effects.append(.pause(id))
    case .resume(let id):
      step.effects.append(.resume(id))
      watch(id, &step)
    case .stop(let id):
      step.effects.append(.stop(id))
      step.effects.append(.setTimer(.playback(id), at: step.now + Limits.stopReport))
    case .setTimer(let timer, let instant): step.effects.append(.setTimer(timer, at: instant))
    case .cancelTimer(let timer): step.effects.append(.cancelTimer(timer))
    case .commit(let turn, let heard): commit(turn, heard, &step)
    case .entered(let turn, let entry): entered(turn, entry, &step)
    case .silence(let count): decide(.silence(count: count), &step)
    }
  }

  /// The caller's words are whole: ask what they mean. Words of a turn that is still being understood belong to them: the
  /// caller went on.
  private mutating func commit(_ turn: TurnNumber, _ words: [Heard], _ step: inout Step) {
    guard phase == .talking else { return }
    let isFresh = work.unsettled.isEmpty
    let heard = (isFresh ? words : work.unsettled + words).inOrderOfSpeech
    let answers = floor.answersWhatWasHeard && (isFresh || work.answersWhatWasHeard)
    let hasHeard = floor.hasHeardTheQuestion && (isFresh || work.hasHeardTheQuestion)
    settleUnderstanding(&step)
    work.answersWhatWasHeard = answers
    work.hasHeardTheQuestion = hasHeard
    work.turn = turn
    guard !heard.isEmpty else {
      decide(.commands(turn, [.failedToHear]), &step)
      return
    }
    let context = dialogue.understandingContext
    work.understanding = turn
    work.unsettled = heard
    let request = UnderstandingRequest(
      turn: turn, heard: heard, awaiting: context.awaiting, activeFlow: context.activeFlow, fillable: context.fillable,
      filled: context.filled, part: context.part, startable: context.startable, options: context.options,
      forcesSlotFilling: context.forcesSlotFilling,
      today: clock.date(at: step.now), minuteOfDay: clock.minuteOfDay(at: step.now))
    begin(.understand(request), &step)
  }

  /// Keys need no guessing: they are commands at once.
  private mutating func entered(_ turn: TurnNumber, _ entry: KeyEntry, _ step: inout Step) {
    guard phase == .talking else { return }
    settleUnderstanding(&step)
    work.turn = turn
    let commands = commands(for: entry, at: step.now)
    decide(.commands(turn, heeded(commands, answersWhatWasHeard: floor.answersWhatWasHeard)), &step)
  }

  /// A question that takes keys only is not answered by voice, and what is said there, perhaps the secret itself, fills no
  /// other slot either; wishes about the conversation are heard all the same. Who writes has no keys and answers in writing.
  func permitted(_ commands: [ProposedCommand]) -> [ProposedCommand] {
    guard channel == .voice else { return commands }
    let context = dialogue.understandingContext
    guard !context.acceptsSpeech, context.awaiting != nil else { return commands }
    let kept = commands.filter { proposed in
      switch proposed.command {
      case .setSlot, .answer: false
      default: true
      }
    }
    return kept.isEmpty ? [.notByVoice] : kept
  }

  /// A yes that began before all of a read-back was heard is no answer to it, and no bare yes or no answers a question of which
  /// little or nothing was heard: the question is put again. What is written stands there whole; who presses a key knows why.
  func heeded(
    _ commands: [ProposedCommand], answersWhatWasHeard: Bool, hasHeardTheQuestion: Bool = true
  ) -> [ProposedCommand] {
    guard channel == .voice, !answersWhatWasHeard || !hasHeardTheQuestion else { return commands }
    let context = dialogue.understandingContext
    guard context.confirms ? !answersWhatWasHeard : !hasHeardTheQuestion else { return commands }
    // To a change that is read back no is no, however early.
    func isKept(_ answer: Bool) -> Bool { context.confirms && !answer }
    let kept = commands.filter { proposed in
      switch proposed.command {
      case .setSlot(context.awaiting, let value):
        if case .bool(let answer)? = value { isKept(answer) } else { !context.confirms }
      case .answer(let answer): isKept(answer)
      default: true
      }
    }
    return kept.isEmpty && !commands.isEmpty ? [.beforeTheQuestion] : kept
  }

  /// Nothing is being understood any more.
  mutating func settleUnderstanding(_ step: inout Step) {
    guard let turn = work.understanding else { return }
    forgetUnderstanding()
    step.effects.append(.cancelTimer(.work(.understanding(turn))))
  }

  mutating func forgetUnderstanding() {
    work.understanding = nil
    work.unsettled = []
  }
}

// MARK: - The dialogue

extension Conversation {
  /// Steps the dialogue and carries out its moves. Who is leaving decides nothing more.
  mutating func decide(_ input: DialogueInput, _ step: inout Step) {
    guard phase == .talking else { return }
    perform(dialogue.handle(input, clock: clock(at: step.now), facts: &facts), &step)
  }

  mutating func perform(_ moves: [Move], _ step: inout Step) {
    step.effects.reserveCapacity(step.effects.count + moves.count)
    for move in moves {
      switch consume move {
      case .say(let sentences, let policy, let purpose):
        if let full = speech.add(sentences, policy, purpose, turn: work.turn) { speak(full, &step) }
      case .invoke(let invocation):
        flushSpeech(&step)
        begin(.invoke(invocation), &step)
      case .transfer(let request):
        flushSpeech(&step)
        work.afterSpeech.append(.transfer(request))
        afterSpeechIfSilent(&step)
      case .hangUp(let reason): leave(reason, &step)
      case .note(let decision): step.effects.append(.note(decision))
      case .turnEnded: break  // The dialogue's own note tells it.
      case .wait(let waiting): wait(for: waiting, &step)
      }
    }
    flushSpeech(&step)
  }

  private mutating func wait(for waiting: Waiting, _ step: inout Step) {
    flushSpeech(&step)
    switch waiting {
    case .caller(let asked):
      // What was said before this question is no answer to it, however late its meaning comes.
      work.answersWhatWasHeard = false
      work.hasHeardTheQuestion = false
      let plan = ListenPlan(
        grammar: asked.grammar, digits: asked.digits, hints: asked.hints, numbers: asked.grammar == nil ? numbers : [],
        confirms: asked.confirms)
      listen(plan, silence: dialogue.understandingContext.silenceTimeout, &step)
    case .hold:
      listen(ListenPlan(), silence: Limits.moment, &step)
    case .tool, .transfer: floor(.expectNothing, &step)
    case .heard:
      // Nothing to be heard is heard already: a response that came out empty does not hold the flow.
      if speech.isSilent { decide(.heard, &step) }
    case .ended: floor(.expectNothing, &step)
    }
  }

  private mutating func listen(_ plan: ListenPlan, silence: CallSpan?, _ step: inout Step) {
    work.listening = plan
    step.effects.append(.listen(plan))
    floor(.expectCaller(plan, silence: silence), &step)
  }

  mutating func leave(_ reason: HangUpReason, _ step: inout Step) {
    flushSpeech(&step)
    guard phase == .talking else { return }
    phase = .leaving
    work.afterSpeech = [.hangUp(reason)]
    step.effects.append(.setTimer(.hangUp, at: step.now + Limits.lastWords))
    afterSpeechIfSilent(&step)
  }

  func clock(at now: CallInstant) -> DialogueClock {
    DialogueClock(today: clock.date(at: now), minuteOfDay: clock.minuteOfDay(at: now))
  }
}

extension ProposedCommand {
  /// Voice was there, but no recogniser made words of it.
  static let failedToHear = ProposedCommand(
    .cannotHandle(.engineFailed), confidence: .certain, proposer: "rule:no_words")

  /// An answer to a question that was not heard, or not to its end.
  static let beforeTheQuestion = ProposedCommand(
    .cannotHandle(.notUnderstood), confidence: .certain, proposer: "rule:before_the_question")

  /// The question takes keys only.
  static let notByVoice = ProposedCommand(
    .cannotHandle(.notUnderstood), confidence: .certain, proposer: "rule:keys_only")
}

extension Array where Element == Heard {
  /// Numbered words in the order in which they were spoken; words without a number stay where they are.
  fileprivate var inOrderOfSpeech: [Heard] {
    count > 1 && allSatisfy { $0.segment != nil } ? sorted { ($0.segment ?? 0) < ($1.segment ?? 0) } : self
  }
}
