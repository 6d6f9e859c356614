public import Core

/// Who has the floor: end of turn, barge-in, silence. A value stepped by inputs; timers are actions.
///
/// Voice alone pauses the agent, words or keys take the floor, and nothing of what was prepared is thrown away for a noise.
/// "Speaking" is what the line says was played. Defaults come from `VoiceDefaults`; their reasons stand in the room's README.
public struct TurnTaking: Hashable, Sendable {
  let timing: VoiceDefaults
  private(set) var turn = TurnNumber(1)
  /// Words of the open turn, in the order in which they were spoken.
  private(set) var segments: [Heard] = []
  private(set) var caller = CallerFloor()
  private var pauses = CallerPauses()
  private(set) var agent = AgentFloor()
  private(set) var keys = KeyBuffer()
  private(set) var plan = ListenPlan()
  /// The question of yes or no that is open, also while a moment is asked for.
  private var question = QuestionFloor()
  /// Whatever the caller was last asked or told before being listened to.
  private var lastWords = QuestionFloor()
  /// How the open turn ends, judged by what came last of all its words.
  private var ending: Heard.Ending = .open
  /// When the first voice of the open turn began, or its message or key came.
  private var turnBegan: CallInstant?
  private var silences = SilenceLadder()
  /// Timers that run, and when they are due.
  private(set) var armed: [TimerID: CallInstant] = [:]

  /// A floor on which nobody has spoken.
  public init(timing: VoiceDefaults) { self.timing = timing }

  /// Whether the turn that was given out last began when all of the question had been heard that reads a change back.
  public private(set) var answersWhatWasHeard = false

  /// Whether it began when the open question, or most of it, had been heard. What was said before is no answer to it.
  public private(set) var hasHeardTheQuestion = false

  /// Whether voice or keys of an unfinished turn are there.
  public var isTurnOpen: Bool { caller.isSpeaking || caller.awaitsWords || !segments.isEmpty || !keys.isEmpty }

  /// The utterance the caller hears or would hear next; nil when the agent is silent.
  public var agentUtterance: UtteranceID? { agent.current }

  /// Takes one input completely.
  public mutating func handle(_ input: TurnInput, at now: CallInstant, facts: inout FactBook) -> [TurnAction] {
    var actions: [TurnAction] = []
    switch input {
    case .speechStarted(let instant): speechStarted(at: instant, now, &actions)
    case .speechEnded(let instant): speechEnded(at: instant, now, &actions)
    case .partial(let heard): partial(heard, &actions)
    case .transcript(let heard): transcript(heard, now, &actions)
    case .message(let heard):
      takeFloor(&actions)
      caller.wrote(heard.segment)
      segments.append(heard)
      turnBegan = turnBegan ?? now
      commit(now, &actions)
    case .digit(let key): digit(key, now, &actions, facts: &facts)
    case .playback(let playback): played(playback, now, &actions)
    case .utterance(let id, let policy):
      agent.enqueue(id, policy)
      disarmSilence(&actions)
    case .expectCaller(let plan, let silence):
      if plan.isYesOrNo { question.opened(after: agent.pending, isNew: plan != self.plan, at: now) }
      lastWords.opened(after: agent.pending, isNew: plan != self.plan, at: now)
      self.plan = plan
      silences.isExpecting = true
      silences.wait = silence
      armSilence(now, &actions)
    case .expectNothing:
      plan = ListenPlan()
      silences.isExpecting = false
      disarmSilence(&actions)
    case .held(let isHeld):
      silences.isHeld = isHeld
      if isHeld { disarmSilence(&actions) } else { armSilence(now, &actions) }
    case .timerFired(let timer):
      guard armed.removeValue(forKey: timer) != nil else { break }
      fired(timer, now, &actions)
    }
    return actions
  }

  /// The line is gone: nobody speaks, nothing sounds, no timer runs. The next line finds the floor empty, turns counted on.
  public mutating func leave() -> [TurnAction] {
    let owned: [TimerID] =
      [.endOfTurn(turn), .longestTurn(turn), .digits(keys.entry), .silence(silences.rung)]
      + (agent.current.map { [.bargeIn($0), .resume($0)] } ?? [])
    let timers = owned.filter { armed[$0] != nil }
    var next = TurnTaking(timing: timing)
    next.turn = turn.next
    next.caller = caller.next
    next.keys = keys.next
    next.silences = silences.next
    self = next
    return timers.map(TurnAction.cancelTimer)
  }
}

// MARK: - Voice and words

extension TurnTaking {
  private mutating func speechStarted(at instant: CallInstant, _ now: CallInstant, _ actions: inout [TurnAction]) {
    pauses.voiceBegan(at: instant, pausedSince: segments.isEmpty || ending != .open ? nil : caller.voiceEnded)
    caller.began(at: instant)
    disarm(.endOfTurn(turn), &actions)
    disarmSilence(&actions)
    if armed[.longestTurn(turn)] == nil {
      arm(.longestTurn(turn), at: instant + timing.longestTurn, &actions)
    }
    considerBargeIn(now, &actions)
  }

  private mutating func considerBargeIn(_ now: CallInstant, _ actions: inout [TurnAction]) {
    guard case .playing(let id, .free) = agent.state, let began = caller.voiceBegan else { return }
    disarm(.resume(id), &actions)
    arm(.bargeIn(id), at: max(now, began + timing.bargeInAfter), &actions)
  }

  private mutating func speechEnded(at instant: CallInstant, _ now: CallInstant, _ actions: inout [TurnAction]) {
    guard caller.isSpeaking else { return }
    caller.ended(at: instant)
    if let id = agent.current { disarm(.bargeIn(id), &actions) }
    if case .paused(let id, _) = agent.state { arm(.resume(id), at: max(now, instant + timing.resumeAfter), &actions) }
    // Words that never come must not hold the floor: the longest wait is bounded even then.
    arm(.endOfTurn(turn), at: max(now, instant + timing.wordsDeadline), &actions)
  }

  private mutating func partial(_ heard: Heard, _ actions: inout [TurnAction]) {
    // As with whole words, what must be heard is not thrown away with what may be interrupted.
    guard takesFloor(heard), agent.mayBeInterruptedByWords else { return }
    switch agent.state {
    case .paused(let id, .free), .paused(let id, .words), .playing(let id, .words): stop(id, &actions)
    case .playing(let id, .free) where heard.kind == .interruption: stop(id, &actions)
    default: break
    }
  }

  private mutating func transcript(_ heard: Heard, _ now: CallInstant, _ actions: inout [TurnAction]) {
    guard !caller.isCovered(heard.segment) else { return }
    // Where nothing was read of several voices together, what was read of each stands.
    let since = heard.kind == .empty ? nil : heard.since
    let (segment, began) = caller.wordsArrived(of: heard.segment, since: since)
    let continuesTurn = !segments.isEmpty && heard.kind != .empty
    let breaksSilence = heard.kind == .backchannel && !agent.isSounding && !agreesEarly(heard)
    if takesFloor(heard) || continuesTurn || breaksSilence {
      if agent.mayBeInterruptedByWords { takeFloor(&actions) }
      if let since { segments.removeAll { (since..<max(since, segment)).contains($0.segment ?? segment) } }
      segments.insert(heard, at: place(of: heard.segment ?? segment))
      ending = heard.ending
      let voice = began ?? now
      turnBegan = min(turnBegan ?? voice, voice)
    } else {
      if agreesEarly(heard) { question.agreedEarly() }
      if case .paused(let id, _) = agent.state, !caller.isSpeaking, !caller.awaitsWords {
        disarm(.resume(id), &actions)
        agent.resumed()
        actions.append(.resume(id))
      }
    }
    settleEndOfTurn(now, &actions)
  }

  /// Whether these words are meant to be answered, also while the agent speaks: not a listener's `mhm` over it, unless yes or
  /// no was asked before and all of that was heard.
  private func takesFloor(_ heard: Heard) -> Bool {
    switch heard.kind {
    case .content, .interruption: true
    case .backchannel:
      heard.ending == .complete && !agreesEarly(heard)
        && (!agent.isSounding || plan.isYesOrNo && question.wasPut)
    case .empty: false
    }
  }

  /// A yes to a change of which not all was read back yet: it neither answers nor interrupts.
  private func agreesEarly(_ heard: Heard) -> Bool {
    heard.kind == .backchannel && plan.confirms && agent.current != nil
  }

  /// Where words of a segment stand among those of the open turn; words without a number stand where they came.
  func place(of segment: Int?) -> Int {
    guard let segment else { return segments.endIndex }
    return segments.firstIndex { ($0.segment ?? 0) > segment } ?? segments.endIndex
  }

  /// Decides when the open turn ends, once all its voice has become words.
  private mutating func settleEndOfTurn(_ now: CallInstant, _ actions: inout [TurnAction]) {
    guard !caller.isSpeaking, !caller.awaitsWords else { return }
    guard !segments.isEmpty else {
      disarm(.endOfTurn(turn), &actions)
      disarm(.longestTurn(turn), &actions)
      armSilence(now, &actions)
      return
    }
    guard !agent.holdsFloor else {
      disarm(.endOfTurn(turn), &actions)
      return
    }
    let end = (caller.voiceEnded ?? now) + timing.endOfTurn(after: ending, of: pauses)
    if end <= now { commit(now, &actions) } else { arm(.endOfTurn(turn), at: end, &actions) }
  }

  private mutating func commit(_ now: CallInstant, _ actions: inout [TurnAction]) {
    if ending == .open, let voiceEnded = caller.voiceEnded { pauses.turnEnded(at: now, voiceEnded: voiceEnded) }
    disarmSilence(&actions)
    answersWhatWasHeard = question.isAnswered(by: turnBegan)
    hasHeardTheQuestion = lastWords.isHeard(by: turnBegan)
    actions.append(.commit(turn, segments))
    nextTurn(now, &actions)
  }

  private mutating func nextTurn(_ now: CallInstant, _ actions: inout [TurnAction]) {
    disarm(.endOfTurn(turn), &actions)
    disarm(.longestTurn(turn), &actions)
    silences.reset()
    question.answered()
    segments = []
    ending = .open
    turnBegan = nil
    caller.turnEnded()
    turn = turn.next
    // Voice that goes on, be it music or a noise, is the next turn's and has its end too.
    if caller.isSpeaking { arm(.longestTurn(turn), at: now + timing.longestTurn, &actions) }
  }

  private mutating func takeFloor(_ actions: inout [TurnAction]) {
    if let id = agent.current { stop(id, &actions) }
  }

  private mutating func stop(_ id: UtteranceID, _ actions: inout [TurnAction]) {
    disarm(.bargeIn(id), &actions)
    disarm(.resume(id), &actions)
    agent.dropAll()
    actions.append(.stop(id))
  }
}

// MARK: - Keys

extension TurnTaking {
  private mutating func digit(
    _ key: Sensitive<String>, _ now: CallInstant, _ actions: inout [TurnAction], facts: inout FactBook
  ) {
    guard !keys.isIdle(key, grammar: plan.digits, facts: &facts) else { return }
    if plan.confirms, agent.current != nil, keys.agrees(key, grammar: plan.digits, facts: &facts) {
      return question.agreedEarly()
    }
    disarmSilence(&actions)
    turnBegan = turnBegan ?? now
    if agent.mayBeInterruptedByKeys { takeFloor(&actions) }
    switch keys.press(key, grammar: plan.digits, facts: &facts) {
    case .more(let wait):
      arm(.digits(keys.entry), at: now + wait, &actions)
    case .entered(let entry):
      enter(entry, now, &actions)
    }
  }

  private mutating func enter(_ entry: KeyEntry, _ now: CallInstant, _ actions: inout [TurnAction]) {
    disarm(.digits(keys.entry), &actions)
    keys.clear()
    answersWhatWasHeard = question.isAnswered(by: turnBegan)
    hasHeardTheQuestion = lastWords.isHeard(by: turnBegan)
    actions.append(.entered(turn, entry))
    nextTurn(now, &actions)
  }
}

// MARK: - The agent's voice

extension TurnTaking {
  private mutating func played(_ playback: Playback, _ now: CallInstant, _ actions: inout [TurnAction]) {
    let id = playback.utterance
    switch playback.state {
    case .started:
      agent.started(id)
      if caller.isSpeaking { considerBargeIn(now, &actions) }
    case .paused, .resumed: break
    case .finished, .stopped, .failed:
      disarm(.bargeIn(id), &actions)
      disarm(.resume(id), &actions)
      agent.ended(id)
      question.ended(playback, isFinished: playback.state == .finished, at: now)
      lastWords.ended(playback, isFinished: playback.state == .finished, at: now)
      guard agent.current == nil else { break }
      if segments.isEmpty { armSilence(now, &actions) } else { settleEndOfTurn(now, &actions) }
    }
  }
}

// MARK: - Timers

extension TurnTaking {
  private mutating func fired(_ timer: TimerID, _ now: CallInstant, _ actions: inout [TurnAction]) {
    switch timer {
    case .endOfTurn(turn):
      if !caller.isSpeaking { commit(now, &actions) }
    case .longestTurn(turn):
      caller.cutShort(at: now)
      if agent.mayBeInterruptedByWords { takeFloor(&actions) }
      commit(now, &actions)
    case .bargeIn(let id):
      guard case .playing(id, _) = agent.state, caller.isSpeaking else { break }
      agent.paused()
      actions.append(.pause(id))
    case .resume(let id):
      guard case .paused(id, _) = agent.state, !caller.isSpeaking else { break }
      agent.resumed()
      actions.append(.resume(id))
    case .digits(keys.entry):
      if let entry = keys.takeUnfinished(grammar: plan.digits) { enter(entry, now, &actions) }
    case .silence(silences.rung):
      guard silences.isExpecting, !isTurnOpen, agent.current == nil else { break }
      actions.append(.silence(silences.climb()))
    default: break
    }
  }

  private mutating func arm(_ timer: TimerID, at instant: CallInstant, _ actions: inout [TurnAction]) {
    armed[timer] = instant
    actions.append(.setTimer(timer, at: instant))
  }

  private mutating func disarm(_ timer: TimerID, _ actions: inout [TurnAction]) {
    if armed.removeValue(forKey: timer) != nil { actions.append(.cancelTimer(timer)) }
  }

  private mutating func armSilence(_ now: CallInstant, _ actions: inout [TurnAction]) {
    guard silences.isExpecting, !silences.isHeld, !isTurnOpen, agent.current == nil else { return }
    let usual = silences.wait ?? (silences.count == 0 ? timing.firstSilence : timing.nextSilence)
    // Who has said yes already waits for us: the question is put again before long.
    let wait = question.wasAgreedEarly ? min(usual, timing.endOfTurnUncertain) : usual
    arm(.silence(silences.rung), at: now + wait, &actions)
  }

  private mutating func disarmSilence(_ actions: inout [TurnAction]) {
    disarm(.silence(silences.rung), &actions)
  }
}

extension ListenPlan {
  /// Whether a short word may be the whole answer.
  fileprivate var isYesOrNo: Bool { confirms || grammar == .yesNo }
}

extension VoiceDefaults {
  /// The silence that ends a turn whose words end so.
  func endOfTurn(after ending: Heard.Ending, of pauses: CallerPauses) -> CallSpan {
    switch ending {
    case .complete: endOfTurnCertain
    case .incomplete: endOfTurnUncertain
    case .open: pauses.wait(usual: endOfTurnNormal, uncertain: endOfTurnUncertain)
    }
  }

  /// The longest wait for the words of a voice that ended.
  var wordsDeadline: CallSpan { endOfTurnUncertain + .milliseconds(1500) }
}
