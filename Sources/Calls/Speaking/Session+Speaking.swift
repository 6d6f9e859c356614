internal import Audio
internal import Conversation
internal import Core
internal import Governance
internal import Language

/// What a session is saying: utterances that wait for their sound or their screen, and sound made ahead for this session alone.
struct SpeakingState {
  /// Utterances given to the playout whose sentences are still being made, and who makes them.
  var making: [UtteranceID: Task<Void, Never>] = [:]
  /// Sentences with a caller's value, made ahead: they die with the session.
  var prepared: [String: AudioClip] = [:]
  /// Utterances given to a screen that has not told that they are there, and how many sentences they have.
  var shown: [UtteranceID: Int] = [:]
  /// Whether no voice worked the last time.
  var isDegraded = false
}

extension Session {
  private static let firstSentence = Duration.seconds(4)
  private static let laterSentence = Duration.seconds(15)
  private static let mostPrepared = 16

  /// Gives an utterance to the line, sentence by sentence, as their sound is made.
  func speak(_ utterance: Utterance) {
    switch caller?.medium {
    case .text(let port): show(utterance, on: port)
    case .sound(let sound): speak(utterance, on: sound)
    // Of a line that is gone with its process nothing is told: the words are said again to who comes back.
    case nil: if !isJoining { take(.playback(Playback(utterance: utterance.id, state: .failed))) }
    }
  }

  private func speak(_ utterance: Utterance, on sound: MediaSession) {
    guard let voice = assistant.voice else {
      take(.playback(Playback(utterance: utterance.id, state: .failed)))
      return
    }
    stopwatch.speechAsked(utterance, at: now)
    sound.open(utterance.id, sentences: utterance.sentences.count)
    var made = 0
    // What is there already goes out without a change of task.
    while made < utterance.sentences.count, let clip = readyClip(for: utterance.sentences[made]) {
      sound.append(clip, to: utterance.id, sentence: made)
      made += 1
    }
    guard made < utterance.sentences.count else {
      stopwatch.speechReady(utterance.id, at: now)
      return
    }
    if made > 0 { stopwatch.speechReady(utterance.id, at: now) }
    speaking.making[utterance.id] = Task { [made] in await self.make(utterance, from: made, with: voice) }
  }

  /// Gives an utterance to a screen, whose line tells when it is there.
  private func show(_ utterance: Utterance, on port: any TextPort) {
    speaking.shown[utterance.id] = utterance.sentences.count
    take(.playback(Playback(utterance: utterance.id, state: .started)))
    port.show(utterance.sentences.map(text).joined(separator: " "), as: utterance.id)
  }

  /// An utterance is on the caller's screen.
  func shown(_ id: UtteranceID) {
    guard let sentences = speaking.shown.removeValue(forKey: id) else { return }
    let whole = [Int](repeating: 1000, count: sentences)
    take(.playback(Playback(utterance: id, state: .finished, playedPermille: whole)))
  }

  /// An utterance that is on its way to the screen counts as not read.
  private func withdrawn(_ id: UtteranceID) {
    guard let sentences = speaking.shown.removeValue(forKey: id) else { return }
    let nothing = [Int](repeating: 0, count: sentences)
    take(.playback(Playback(utterance: id, state: .stopped, playedPermille: nothing)))
  }

  private func make(_ utterance: Utterance, from first: Int, with voice: Voice) async {
    let id = utterance.id
    for (index, sentence) in utterance.sentences.enumerated().dropFirst(first) {
      let awaited = index == 0
      do {
        let clip = try await voice.clip(
          for: text(of: sentence), line: lineRate, isConstant: sentence.isConstant, isAwaited: awaited,
          deadline: ContinuousClock.now + (awaited ? Self.firstSentence : Self.laterSentence),
          watch: services.engines)
        guard speaking.making[id] != nil else { return }
        report(synthesizerWorks: true)
        caller?.sound?.append(clip, to: id, sentence: index)
        if awaited { stopwatch.speechReady(id, at: now) }
      } catch {
        speechFailed(id)
        return
      }
    }
    speaking.making[id] = nil
  }

  /// No voice engine could say the rest of an utterance.
  func speechFailed(_ id: UtteranceID) {
    guard let making = speaking.making.removeValue(forKey: id) else { return }
    making.cancel()
    let played = caller?.sound?.played(of: id) ?? []
    caller?.sound?.stop(id, at: now)
    report(synthesizerWorks: false)
    take(.playback(Playback(utterance: id, state: .failed, playedPermille: played)))
  }

  private func report(synthesizerWorks works: Bool) {
    guard works == speaking.isDegraded else { return }
    speaking.isDegraded = !works
    take(.engine(.synthesizer, isWorking: works))
  }

  func stopSpeaking(from id: UtteranceID) {
    for (making, task) in speaking.making where making >= id {
      task.cancel()
      speaking.making[making] = nil
    }
    caller?.sound?.stop(id, at: now)
    for (shown, _) in speaking.shown where shown >= id { withdrawn(shown) }
  }

  /// Makes the first sentences of a likely answer; nothing is heard.
  func prepare(_ utterance: Utterance) {
    guard let voice = assistant.voice else { return }
    for sentence in utterance.sentences.prefix(2) where readyClip(for: sentence) == nil {
      let words = text(of: sentence)
      if speaking.prepared.count >= Self.mostPrepared { speaking.prepared = [:] }
      work { session in
        let clip = try? await voice.clip(
          for: words, line: session.lineRate, isConstant: sentence.isConstant, isAwaited: true,
          deadline: ContinuousClock.now + Self.firstSentence, watch: session.services.engines)
        if let clip, !sentence.isConstant { session.speaking.prepared[words] = clip }
      }
    }
  }

  func played(_ playback: Playback) {
    if playback.state == .started, let latency = stopwatch.firstAudio(playback.utterance, at: now) {
      write([.remark(.latency(latency))], at: now)
    }
    take(.playback(playback))
  }

  /// The rate that sound is made for.
  private var lineRate: AudioRate { caller?.sound?.rate ?? .narrowband }

  private func readyClip(for sentence: Sentence) -> AudioClip? {
    let words = text(of: sentence)
    return speaking.prepared[words] ?? assistant.voice?.kept(words, for: lineRate)
  }

  /// A sentence as words for the caller. A value that was erased, or that the policy keeps from the line, is left out.
  private func text(of sentence: Sentence) -> String {
    let locale = conversation.assistant.locale
    let words = sentence.pieces.map { piece in
      switch piece {
      case .words(let words): words
      case .value(let value, let grammar):
        services.policy.grant(value, at: .line).map {
          SpokenForm.text(for: .text($0), grammar: grammar, locale: locale)
        } ?? ""
      }
    }
    return SpeechText.normalize(words.joined(), locale: locale)
  }
}
