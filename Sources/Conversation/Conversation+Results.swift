import Core
import Dialogue
import Turns

// What comes back from effects: playback and timers. Results of work: `Conversation+Work`.

extension Conversation {
  mutating func played(_ playback: Playback, _ step: inout Step) {
    floor(.playback(playback), &step)
    let id = playback.utterance
    guard let spoken = speech[id] else { return }
    switch playback.state {
    case .started: watch(id, &step)
    case .resumed: break
    case .paused:
      // How long it may last is the floor's: its timers end the caller's voice or let the utterance go on.
      step.effects.append(.cancelTimer(.playback(id)))
    case .finished, .stopped, .failed:
      step.effects.append(.cancelTimer(.playback(id)))
      if playback.state != .finished { noteCut(playback, sentences: spoken.sentences, &step) }
      ended(id, wasHeard: playback.state == .finished, &step)
    }
  }

  /// An utterance that sounds has to end: the line is watched.
  mutating func watch(_ id: UtteranceID, _ step: inout Step) {
    guard let spoken = speech[id] else { return }
    step.effects.append(.setTimer(.playback(id), at: step.now + spoken.longest))
  }

  /// Writes down how much of an utterance was heard: what follows its cut is not known to the caller.
  private func noteCut(_ playback: Playback, sentences: Int, _ step: inout Step) {
    let whole = playback.playedPermille.count { $0 >= 1000 }
    let percent = playback.playedPermille.reduce(0, +) / (10 * max(1, sentences))
    step.effects.append(
      .note(
        Decision(
          turn: work.turn, kind: .cutShort, subject: "utterance \(playback.utterance)",
          reason: "\(whole) of \(sentences) sentences were heard whole, \(percent) percent of all")))
  }

  private mutating func ended(_ id: UtteranceID, wasHeard: Bool, _ step: inout Step) {
    speech.ended(id)
    guard speech.isSilent else { return }
    if case .heard = dialogue.waiting, phase == .talking {
      if wasHeard {
        step.effects.append(
          .note(
            Decision(
              turn: work.turn, kind: .heardToEnd, subject: "utterance \(id)", reason: "its last sample was played")))
        decide(.heard, &step)
      } else {
        cannotSpeak(&step)
      }
    }
    afterSpeechIfSilent(&step)
  }

  /// What must be heard could not be spoken: a call that may not go on without it ends honestly.
  private mutating func cannotSpeak(_ step: inout Step) {
    step.effects.append(
      .note(
        Decision(
          turn: work.turn, kind: .failure, subject: "speech",
          reason: "a sentence that must be heard could not be spoken")))
    phase = .leaving
    work.afterSpeech = [.hangUp(.failure)]
  }

  /// Carries out what waits for the last words, once they are out.
  mutating func afterSpeechIfSilent(_ step: inout Step) {
    guard speech.isSilent, !work.afterSpeech.isEmpty else { return }
    let waiting = work.afterSpeech
    work.afterSpeech = []
    for effect in waiting {
      switch effect {
      case .transfer(let request): begin(.transfer(request), &step)
      case .hangUp(let reason):
        step.effects.append(.cancelTimer(.hangUp))
        step.effects.append(.hangUp(reason))
      }
    }
  }

  /// A tool found out who calls. The first person stands: what was said belongs to them.
  mutating func identified(_ person: PersonID, _ step: inout Step) {
    guard person != self.person else { return }
    let isFirst = self.person == nil
    if isFirst { self.person = person }
    step.effects.append(
      .note(
        Decision(
          turn: work.turn, kind: isFirst ? .identified : .failure, subject: "caller",
          reason: isFirst
            ? "a tool said who calls: what is said in this call is that person's"
            : "a tool named another person than before: the first one stands")))
  }

  mutating func fired(_ timer: TimerID, _ step: inout Step) {
    switch timer {
    case .work(let id): late(id, &step)
    case .meanwhile(let id, let number): meanwhile(id, number, &step)
    case .hangUp:
      guard phase == .leaving else { break }
      speech.forget()
      afterSpeechIfSilent(&step)
    case .playback(let id): playbackIsLate(id, &step)
    case .longestCall: endForLength(&step)
    default:
      floor(.timerFired(timer), &step)
    }
  }

  /// The line did not report in time: what sounds is what it reports, so this utterance does not.
  private mutating func playbackIsLate(_ id: UtteranceID, _ step: inout Step) {
    guard speech[id] != nil else { return }
    // Only the first one can be late; on a held line nothing is.
    guard speech.isFirst(id), !work.isHeld else {
      step.effects.append(.setTimer(.playback(id), at: step.now + Limits.firstSample + speech.backlog(of: id)))
      return
    }
    step.effects.append(
      .note(
        Decision(
          turn: work.turn, kind: .failure, subject: "utterance \(id)", reason: "the line did not report it in time")))
    step.effects.append(.stop(id))
    played(Playback(utterance: id, state: .failed), &step)
  }
}

// MARK: - Speech

extension Conversation {
  private mutating func endForLength(_ step: inout Step) {
    guard phase == .talking else { return }
    if let full = speech.add(plainSentences(of: "utter_call_too_long", attempt: 1), .free, .answer, turn: work.turn) {
      speak(full, &step)
    }
    leave(.tooLong, &step)
  }

  /// A response without variables, for the words the conversation itself says; empty when the assistant has none.
  func plainSentences(of name: ResponseName, attempt: Int) -> [Sentence] {
    let variants = assistant.responses[name]?.variants ?? []
    guard let variant = variants.last(where: { $0.attempt <= attempt }) ?? variants.first else { return [] }
    let words = variant.text.pieces.map { piece in
      if case .literal(let text) = piece { text } else { "" }
    }
    return [Sentence(pieces: [.words(words.joined())], response: name)]
  }

  mutating func flushSpeech(_ step: inout Step) {
    if let utterance = speech.take() { speak(utterance, &step) }
  }

  mutating func speak(_ utterance: Utterance, _ step: inout Step) {
    step.effects.append(.speak(utterance))
    step.effects.append(
      .setTimer(.playback(utterance.id), at: step.now + Limits.firstSample + speech.backlog(of: utterance.id)))
    floor(.utterance(utterance.id, utterance.interruption), &step)
  }
}
