public import Conversation
public import Core
internal import NIOCore

// What the lines of a session and their sound report.

extension Session {
  /// Opens the journal, remembers what the line needs to be told after a restart, and answers.
  /// - Parameter leg: the caller's; lives on the session's own loop.
  public func begin(with leg: Leg) {
    seat(leg)
    write([.started(start, conversation.assistant.version)], at: .zero)
    keepIdentity(of: leg, at: .zero)
    leg.line.answer()
  }

  /// Goes on with a suspended conversation: brings its journal to an end, asks again for look-ups that were lost, and answers the
  /// line that joins.
  public func resume(_ resumption: Resumption, on leg: Leg, as attachment: Attachment) {
    isJoining = true
    for (timer, instant) in resumption.timers { perform(.setTimer(timer, at: instant)) }
    write(resumption.unwritten.map(JournalRecord.effect), at: now)
    for effect in resumption.unwritten { perform(effect) }
    for event in resumption.learned { take(event) }
    for invocation in resumption.repeated {
      write([.remark(.repeated(invocation.effect))], at: now)
      perform(.work(.invoke(invocation)))
    }
    seat(leg)
    leg.joins = attachment
    keepIdentity(of: leg, at: now)
    leg.line.answer()
  }

  private func seat(_ leg: Leg) {
    if let sound = leg.sound { precondition(sound.eventLoop === loop, "a session and its sound live on one loop") }
    caller = leg
  }

  /// Writes down what a later run needs to tell the other side that the call is over.
  func keepIdentity(of leg: Leg, at instant: CallInstant) {
    guard let identity = leg.line.identity else { return }
    let protected = services.vault.protect(identity, label: .identifier, owner: owner, ordinal: 0)
    write([.remark(leg === caller ? .lineIdentity(protected) : .legIdentity(leg.id, protected))], at: instant)
  }

  /// Takes an event of a leg's line.
  public func line(_ event: LineEvent, of leg: LegID) {
    if leg == caller?.id { ofCaller(event) } else { bridged(event, leg) }
  }

  private func ofCaller(_ event: LineEvent) {
    switch event {
    case .connected:
      guard let caller else { return }
      caller.sound?.start(for: self, leg: caller.id)
      take(caller.joins.map(CallEvent.attached) ?? .connected)
      isJoining = false
    case .held(let isHeld):
      caller?.sound?.hold(isHeld, at: now)
      take(.held(isHeld))
    case .moved:
      if !conversation.isOver, let caller { keepIdentity(of: caller, at: now) }
    case .digit(let key): press(key)
    case .shown(let utterance): shown(utterance)
    case .status(let status): if let caller { statuses[caller.id] = status }
    case .transferFinished(let outcome): if bridge == nil, let caller { transferEnded(outcome, on: caller.id) }
    case .ended(let party): callerLeft(party)
    case .ringing, .failed: break  // the caller's leg was not dialled
    }
  }

  /// The caller's line is gone. Whoever was joined with it is let go.
  func callerLeft(_ party: Party) {
    let party = bridge?.endedBy ?? party
    isJoining = false
    dissolve()
    take(.hungUp(by: party))
    closeCaller()
  }

  /// Takes what one tick brought. Called by the media loop in its own turn of the loop.
  func media(_ event: MediaEvent, of leg: LegID) {
    guard leg == caller?.id else { return bridged(event, leg) }
    switch event {
    case .speechStarted(let instant): voiceBegan(at: instant)
    case .speechEnded(let instant): voiceEnded(at: instant)
    case .partialDue: recognizePartial()
    case .key(let key): press(String(key))
    case .playback(let playback): played(playback)
    // Who talks with us is asked whether anybody is there; who was joined with a person nobody asks.
    case .unheard: if bridge?.isJoined == true { callerIsUnheard() }
    case .heard: break  // who calls is there
    }
  }

  /// A key pressed; equal keys get unequal tokens, so that a journal shows no pattern of a card number. What is pressed for a
  /// person is not for us.
  private func press(_ key: String) {
    guard bridge?.isJoined != true else { return }
    keysPressed += 1
    let label = conversation.label(keyed: true)
    take(.digit(services.vault.protect(key, label: label, owner: owner, ordinal: keysPressed)))
  }

  /// Ends the call from outside: the server stops.
  public nonisolated func endNow() {
    loop.execute { self.assumeIsolated { $0.caller?.line.hangUp() } }
  }

  /// Nothing of the caller sounds any more. What flows do after a hang-up goes on without it.
  func closeCaller() {
    guard let caller else { return }
    if let sound = caller.sound {
      write([.remark(.media(sound.report))], at: now)
      sound.close()
    }
    self.caller = nil
  }
}
