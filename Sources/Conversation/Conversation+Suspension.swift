import Core
import Dialogue
import Turns

// A conversation is not a call: it may outlive its line, and goes on where it stopped when another line joins it.

extension Conversation {
  /// Whether the conversation has no line and waits for one.
  public var isSuspended: Bool { if case .suspended = phase { true } else { false } }

  /// Whether the process may forget the conversation: over, or suspended with nothing under way whose outcome is awaited.
  public var mayBeLeft: Bool {
    guard isSuspended else { return isOver }
    if case .tool = dialogue.waiting { return work.kept != nil }
    return true
  }

  /// Who began in writing may go away and come back, also from the telephone it went on by; what began as a telephone call is over
  /// when its line is. Nothing waits for whom nothing was begun, and nobody comes back to a person who was called.
  func outlivesItsLine(endedBy party: Party) -> Bool {
    guard start.channel == .chat else { return false }
    // An answer that may not have been read is something to come back to; last words only where the caller did not leave by themselves.
    // Who is identified on this line may be somebody else on the next one, and is told nothing again.
    let owesAnAnswer = work.turn > TurnNumber(0) && speech.owesAnAnswer && !dialogue.isIdentified
    if phase == .leaving { return party == .line && owesAnAnswer && lastReason != nil }
    guard phase == .talking, dialogue.hasJourney || owesAnAnswer else { return false }
    switch dialogue.waiting {
    case .caller, .hold, .tool: return true
    case .transfer, .heard, .ended: return false
    }
  }

  /// Why the line is let go behind the last words.
  private var lastReason: HangUpReason? {
    for case .hangUp(let reason) in work.afterSpeech { return reason }
    return nil
  }

  /// The line is gone, the conversation is not: what belongs to the line is dropped, what the back ends do goes on.
  mutating func suspend(endedBy party: Party, _ step: inout Step) {
    if phase == .leaving { step.effects.append(.cancelTimer(.hangUp)) }
    phase = .suspended
    settleUnderstanding(&step)
    for action in floor.leave() { take(action, &step) }
    for id in speech.lineIsGone(isSaidAgain: !dialogue.isIdentified) {
      step.effects.append(.cancelTimer(.playback(id)))
    }
    work.isHeld = false
    step.effects.append(.cancelTimer(.longestCall))
    if let meanwhile = work.meanwhile, isAwaited(meanwhile.work) { step.effects.append(.cancelTimer(meanwhile.timer)) }
    let limit = step.now + Limits.suspension
    step.effects.append(
      .note(
        Decision(
          turn: work.turn, kind: .turnEnded, subject: "call",
          reason: "the line was ended by the \(party.rawValue); the conversation can be gone on with")))
    step.effects.append(.setTimer(.suspension, at: limit))
    step.effects.append(.suspend(until: limit))
  }

  /// Takes an event while no line is there. The result of work is kept, to be told when the caller is back.
  mutating func whileSuspended(_ event: CallEvent, _ step: inout Step) {
    switch event {
    case .attached(let attachment): resume(on: attachment, &step)
    case .identified(let person): identified(person, &step)
    case .finished(let id, let result): finished(id, result, &step)
    case .timerFired(.work(let id)): late(id, &step)
    case .timerFired(.suspension): hungUp(by: .line, &step)
    default: break
    }
  }

  private mutating func resume(on attachment: Attachment, _ step: inout Step) {
    channel = attachment.channel
    let began = attachment.epochMilliseconds.map {
      $0.subtractingReportingOverflow(step.now.microseconds / 1000).partialValue
    }
    clock = WallClock(
      epochMilliseconds: began ?? start.clock.epochMilliseconds, utcOffsetSeconds: attachment.utcOffsetSeconds)
    attachments += 1
    phase = .talking
    step.effects.append(.cancelTimer(.suspension))
    step.effects.append(.setTimer(.longestCall, at: step.now + assistant.voice.longestCall))
    step.effects.append(
      .note(
        Decision(
          turn: work.turn, kind: .flowResumed, subject: "conversation",
          reason: "the caller is back by \(attachment.channel.rawValue)")))
    welcomeBack(&step)
    if let kept = work.kept {
      work.kept = nil
      decide(kept, &step)
    } else if let meanwhile = work.meanwhile, isAwaited(meanwhile.work) {
      step.effects.append(.setTimer(meanwhile.timer, at: step.now + Work.nextWord))
    }
  }

  /// Greets, says again what nobody told to have been heard on the line before, and asks the open question, which is asked once.
  private mutating func welcomeBack(_ step: inout Step) {
    if let reason = lastReason {
      let sentences = speech.takeUnheard()
      if let full = speech.add(sentences, .free, .answer, turn: work.turn) { speak(full, &step) }
      return leave(reason, &step)
    }
    var moves = dialogue.handle(.returned(channel), clock: clock(at: step.now), facts: &facts)
    let saying = moves.flatMap { move in if case .say(let sentences, _, _) = move { sentences } else { [Sentence]() } }
    let again = speech.takeUnheard().filter { sentence in
      !saying.contains { $0 == sentence || ($0.response != nil && $0.response == sentence.response) }
    }
    if !again.isEmpty {
      let first = moves.firstIndex { if case .say = $0 { true } else { false } }
      moves.insert(.say(again, .free, .answer), at: first.map { $0 + 1 } ?? 0)
    }
    perform(moves, &step)
  }
}
