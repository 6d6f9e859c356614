internal import Conversation
internal import Core

/// What a call is hearing: which segment, and which recognition runs for it.
struct HearingState {
  /// Counts segments of voice, to name tokens.
  var segment = 0
  /// The first segment whose sound is read with that of this one.
  var first = 0
  /// When the last guess at words was due.
  var lastPartial: CallInstant?
  /// Whether a partial is under way; one at a time.
  var partialRuns = false
  /// Whether the recogniser failed the last time.
  var isDegraded = false
}

extension Session {
  /// The longest wait for the words of a segment.
  private static let finalDeadline = Duration.milliseconds(2500)
  private static let partialDeadline = Duration.milliseconds(900)

  func voiceBegan(at instant: CallInstant) {
    hearing.segment += 1
    take(.speechStarted(at: instant))
    let isJoined = conversation.readsVoicesAsOne && caller?.sound?.joinSegments() == true
    if !isJoined { hearing.first = hearing.segment }
  }

  func voiceEnded(at instant: CallInstant) {
    stopwatch.voiceEnded(at: instant)
    let audio = caller?.sound?.takeSegment()
    take(.speechEnded(at: instant))
    let segment = hearing.segment
    let since = hearing.first < segment ? hearing.first : nil
    guard let audio else {
      take(.transcript(heard("", confidence: .none, segment: segment)))
      return
    }
    // Without a recogniser nobody is heard; the caller learns so as when it fails.
    guard let recognizer = services.recognizer else { return report(recognizerWorks: false) }
    let context = conversation.expected
    work { session in
      let deadline = ContinuousClock.now + Self.finalDeadline
      var recognition: Recognition?
      do {
        recognition = try await recognizer.recognize(audio, mode: .final, expecting: context, deadline: deadline)
        session.services.engines.gave(.recognizer, deadline: deadline)
      } catch {
        session.services.engines.failed(.recognizer, error, deadline: deadline)
        if error is CancellationError { return }
      }
      session.report(recognizerWorks: recognition != nil)
      // A recogniser that failed gives no words: the floor's own deadline then ends the turn as not heard.
      guard let recognition else { return }
      session.stopwatch.recognized(at: session.now)
      let heard = session.heard(
        recognition.text, confidence: recognition.confidence, segment: segment, since: since,
        others: recognition.likelyAlternatives)
      if session.conversation.takesBack(heard, lasting: audio.duration) { session.caller?.sound?.takeBackSegment() }
      session.take(.transcript(heard))
      session.speculate()
    }
  }

  /// Lets the caller's sound tell when a guess at words is due; it tells nothing while nobody wants one.
  func expectPartial() { caller?.sound?.partialDue = conversation.partialDue(after: hearing.lastPartial) }

  func recognizePartial() {
    hearing.lastPartial = now
    expectPartial()
    guard !hearing.partialRuns, let recognizer = services.recognizer,
      let audio = caller?.sound?.openSegment()
    else { return }
    hearing.partialRuns = true
    let segment = hearing.segment
    work { session in
      defer { session.hearing.partialRuns = false }
      let deadline = ContinuousClock.now + Self.partialDeadline
      let recognition: Recognition
      do {
        recognition = try await recognizer.recognize(audio, mode: .partial, expecting: .open, deadline: deadline)
        session.services.engines.gave(.guesses, deadline: deadline)
      } catch {
        return session.services.engines.failed(.guesses, error, deadline: deadline)
      }
      guard session.hearing.segment == segment, session.caller?.sound?.isVoiceOn == true else { return }
      session.take(.partial(session.heard(recognition.text, confidence: recognition.confidence, segment: segment)))
    }
  }

  private func report(recognizerWorks works: Bool) {
    guard works == hearing.isDegraded else { return }
    hearing.isDegraded = !works
    take(.engine(.recognizer, isWorking: works))
  }

  /// Words behind their token, with what the pure rooms need to know of them.
  func heard(
    _ text: String, confidence: Confidence, segment: Int, since: Int? = nil, others: [String] = []
  ) -> Heard {
    let label = conversation.label(keyed: false)
    func protected(_ text: String) -> Sensitive<String> {
      services.vault.protect(text, label: label, owner: owner, ordinal: segment)
    }
    // Of a secret only what is used is kept.
    return conversation.heard(
      protected(text), confidence: confidence, segment: segment, since: since,
      others: label == .secret ? [] : others.map(protected))
  }
}

extension Recognition {
  /// Less likely readings are no use to anybody.
  private static let leastLikely = Confidence(permille: 20)

  /// What else it may well have been.
  fileprivate var likelyAlternatives: [String] {
    alternatives.filter { $0.confidence >= Self.leastLikely }.map(\.text)
  }
}
