internal import Audio
internal import Conversation
internal import Core
internal import Logging
internal import NIOCore

// Handing over without letting go: the server rings a person, joins caller and person, and lets somebody listen.

extension Session {
  /// Hands the caller to a person: by asking the line to call them instead, or, where the server stays between, by a call of
  /// its own.
  func transfer(_ request: TransferRequest) -> LiveHost.Job {
    // One at a time: the conversation has gone on from the one before, though its line may never have told how it ended.
    dissolve()
    guard let caller, let destination = conversation.assistant.destinations[request.destination],
      let reach = services.reach(destination)
    else {
      tell(.unreachable, of: request)
      return .done
    }
    transferInHand = request
    statuses = [:]
    switch reach {
    case .address(let uri): caller.line.transfer(to: uri, ringTimeout: request.ringTimeout)
    case .place(let place):
      guard let sound = caller.sound, let bridging = services.bridging else {
        transferEnded(.unreachable, on: caller.id)
        return .done
      }
      let bridge = Bridge(call: start.call, place: place, rate: sound.rate)
      self.bridge = bridge
      dial(place, as: bridge.person, ringTimeout: request.ringTimeout, by: bridging)
    }
    return .transfer(request.effect)
  }

  private func dial(_ place: String, as id: LegID, ringTimeout: CallSpan, by bridging: Bridging) {
    let loop = loop
    work { session in
      do {
        let dialled = try await bridging.dialler.dial(place, ringTimeout: ringTimeout, on: loop) {
          [weak session] event in
          session?.assumeIsolated { $0.bridged(event, id) }
        }
        session.rings(dialled, id)
      } catch {
        session.services.logger.error(
          "nobody can be rung", metadata: ["call": "\(session.start.call)", "error": "\(error)"])
        session.isGone(id, .unreachable)
      }
    }
  }

  /// A leg that was dialled is there. Whoever waited for it may have gone meanwhile.
  private func rings(_ dialled: DialledLeg, _ id: LegID) {
    guard let bridge, case .dialling(let early)? = bridge.places[id], let caller = caller?.sound else {
      return dialled.line.hangUp()
    }
    let sound = MediaSession(port: dialled.sound(), detector: nil, loop: caller.loop)
    let leg = Leg(id, line: dialled.line, medium: .sound(sound))
    self.bridge?.places[id] = .leg(leg)
    keepIdentity(of: leg, at: now)
    // What the network plays while it rings is for the caller.
    if id == bridge.person { join(leg) }
    for event in early { bridged(event, id) }
  }

  /// Takes an event of a leg that was dialled.
  func bridged(_ event: LineEvent, _ id: LegID) {
    switch bridge?.places[id] {
    case .dialling(let early)?: bridge?.places[id] = .dialling(early + [event])
    case .leg(let leg)?:
      switch event {
      case .ringing: rings(leg)
      case .status(let status): statuses[id] = status
      case .connected: connected(leg)
      case .held(let isHeld): leg.sound?.hold(isHeld, at: now)
      case .digit(let key): if let key = key.first { steer(id, by: key) }
      case .failed(let outcome): isGone(id, outcome.transferOutcome)
      case .ended: isGone(id, .noAnswer)
      case .moved: keepIdentity(of: leg, at: now)
      case .shown, .transferFinished: break
      }
    case .empty?, nil: break
    }
  }

  /// While nothing is heard of the network, the caller hears that it rings.
  private func rings(_ leg: Leg) {
    guard let bridge, leg.id == bridge.person, !bridge.isHeard, !bridge.isJoined else { return }
    caller?.sound?.ring(true)
  }

  private func join(_ leg: Leg) {
    guard let bridge, let sound = leg.sound, !bridge.joined.contains(leg.id) else { return }
    self.bridge?.joined.insert(leg.id)
    sound.start(for: self, leg: leg.id)
    sound.join(bridge.mixer, as: bridge.seat(of: leg.id))
    if leg.id == bridge.person { caller?.sound?.join(bridge.mixer, as: .caller) }
  }

  private func connected(_ leg: Leg) {
    keepIdentity(of: leg, at: now)
    join(leg)
    leg.sound?.watchAnew()
    guard let bridge, leg.id == bridge.person, let request = transferInHand else { return }
    self.bridge?.isJoined = true
    self.bridge?.isHeard = false
    caller?.sound?.ring(false)
    caller?.sound?.deafen(at: now)
    awaitTaking()
    guard let bridging = services.bridging, let listener = bridging.listener(bridge.place) else { return }
    self.bridge?.places[bridge.listener] = .dialling([])
    dial(listener, as: bridge.listener, ringTimeout: request.ringTimeout, by: bridging)
  }

  /// A leg that was dialled did not come about, or is over.
  private func isGone(_ id: LegID, _ outcome: TransferOutcome) {
    guard let bridge else { return }
    bridge.leg(id)?.sound?.close()
    self.bridge?.places[id] = .empty
    guard id == bridge.person else { return nobodyListens(id, outcome) }
    if bridge.isJoined, transferInHand == nil {
      self.bridge?.endedBy = .person
      hangUpCaller()
    } else {
      dissolve()
      transferEnded(bridge.isJoined ? .declined : outcome, on: id)
    }
  }

  /// Who has the caller is told however late it is known.
  func tell(_ outcome: TransferOutcome, of request: TransferRequest) {
    let id = WorkID.transfer(request.effect)
    _ = host.underWay.ended(id)
    take(.finished(id, .transfer(outcome)))
  }

  /// Nobody waits for a transfer any more: a person who is being rung is let go. A line that was asked to call somebody cannot
  /// be asked not to.
  func giveUpTransfer(_ effect: EffectID) {
    guard transferInHand?.effect == effect, let bridge, !bridge.isJoined else { return }
    transferInHand = nil
    dissolve()
  }

  /// Lets go of all who were dialled.
  func dissolve() {
    guard let bridge else { return }
    self.bridge = nil
    bridge.taking?.cancel()
    caller?.sound?.unjoin()
    for case .leg(let leg) in bridge.places.values {
      leg.sound?.close()
      leg.line.hangUp()
    }
  }

  /// Takes what one tick brought of a leg that was dialled.
  func bridged(_ event: MediaEvent, _ id: LegID) {
    switch event {
    case .key(let key): steer(id, by: key)
    case .heard: isHeard(id)
    case .unheard:
      // Who still rings may well be silent.
      guard id != bridge?.person || bridge?.isJoined == true else { return }
      bridge?.leg(id)?.line.hangUp()
      isGone(id, .noAnswer)
    case .speechStarted, .speechEnded, .partialDue, .playback: break
    }
  }

  /// The caller's side died without a word: the person is not kept waiting.
  func callerIsUnheard() {
    bridge?.endedBy = .line
    hangUpCaller()
  }

  /// Who listens chooses by key who hears them: 4 nobody, 5 the person, 6 both.
  private func steer(_ id: LegID, by key: Character) {
    guard let bridge, id == bridge.listener else { return }
    switch key {
    case "4": bridge.mixer.set(.silently)
    case "5": bridge.mixer.set(.whispering)
    case "6": bridge.mixer.set(.speaking)
    default: break
    }
  }
}
