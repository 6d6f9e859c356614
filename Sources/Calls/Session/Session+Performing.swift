internal import Conversation
internal import Core
internal import Logging
internal import NIOCore

extension Session {
  /// Performs one effect. What comes of it is an event later.
  func perform(_ effect: CallEffect) {
    switch effect {
    case .listen: resumeWaiting()
    case .understand(let request): understand(request)
    case .speak(let utterance): speak(utterance)
    case .pause(let id): caller?.sound?.pause(id, at: now)
    case .resume(let id): caller?.sound?.resume(id, at: now)
    case .stop(let id): stopSpeaking(from: id)
    case .invoke(let invocation): invoke(invocation)
    case .setTimer(let timer, let instant): setTimer(timer, at: instant)
    case .cancelTimer(let timer): timers.removeValue(forKey: timer)?.cancel()
    case .transfer(let request): transfer(request)
    // Whom the server joined with a person is no longer ours to end.
    case .hangUp: if bridge?.isJoined != true { hangUpCaller() }
    case .note, .fact, .suspend: break  // written down, nothing to do
    }
  }

  /// The longest wait for a line that was told to end: longer than a BYE that nobody answers (RFC 3261, 64 times T1).
  private static let lineCloses = TimeAmount.seconds(40)

  /// Ends the caller's line. One that does not say so in time is taken as gone.
  func hangUpCaller() {
    caller?.line.hangUp()
    guard closing == nil else { return }
    closing = loop.assumeIsolated().scheduleTask(in: Self.lineCloses) { [weak self] in
      self?.assumeIsolated { $0.callerLeft(.line) }
    }
  }

  private func setTimer(_ timer: TimerID, at instant: CallInstant) {
    timers.removeValue(forKey: timer)?.cancel()
    timers[timer] = loop.assumeIsolated().scheduleTask(deadline: clock.deadline(of: instant)) {
      [weak self] in
      guard let self else { return }
      self.assumeIsolated { session in
        guard session.timers.removeValue(forKey: timer) != nil else { return }
        session.take(.timerFired(timer), at: max(session.now, instant))
      }
    }
  }

  /// Runs a tool. For one that changes anything the ledger makes the lines given before durable with the intent.
  private func invoke(_ invocation: ToolInvocation) {
    let task = work { session in
      let context = ToolContext(
        call: session.start.call, conversation: session.start.conversation, owner: session.owner)
      session.finished(invocation, await session.assistant.tools.invoke(invocation, in: context))
    }
    if invocation.changesState { changes[invocation.effect] = ChangeInHand(invocation: invocation, task: task) }
  }
}

// MARK: - Privacy at the door

extension Session {
  /// The command as it may enter the conversation: its value behind a token when the slot has a label. Nil for a value that no
  /// journal could hold: a number beyond all numbers.
  func protecting(_ proposal: ProposedCommand) -> ProposedCommand? {
    if case .setSlot(_, .number(let number)?) = proposal.command, !number.isFinite { return nil }
    return SlotProtection(conversation.assistant).protect(proposal) { value, label in
      services.vault.protect(value, label: label, owner: owner, ordinal: 0)
    }
  }
}
