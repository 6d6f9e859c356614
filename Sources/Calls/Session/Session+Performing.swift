internal import Conversation
internal import Core
internal import Logging
internal import NIOCore

extension Session {
  /// Performs one effect. What comes of it is an event later.
  func perform(_ effect: CallEffect) {
    var host = host
    host.perform(effect)
  }

  /// A timer of the conversation is due.
  func isDue(_ timer: TimerID, at instant: CallInstant) {
    var host = host
    guard host.fired(timer) else { return }
    take(.timerFired(timer), at: max(now, instant))
  }

  /// Begins a piece of work.
  func undertake(_ piece: Work) -> LiveHost.Job {
    switch piece {
    case .understand(let request): understand(request)
    case .invoke(let invocation): invoke(invocation)
    case .transfer(let request): transfer(request)
    }
  }

  /// Gives a piece of work up.
  func giveUp(_ job: LiveHost.Job) {
    switch job {
    case .task(let id):
      tasks.removeValue(forKey: id)?.cancel()
      if guess?.task == id { guess = nil }
    case .transfer(let effect): giveUpTransfer(effect)
    case .done: break
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

  /// Runs a tool. For one that changes anything the ledger makes the lines given before durable with the intent.
  private func invoke(_ invocation: ToolInvocation) -> LiveHost.Job {
    let task = work { session in
      let context = ToolContext(
        call: session.start.call, conversation: session.start.conversation, owner: session.owner)
      let outcome = await session.assistant.tools.invoke(invocation, in: context)
      if !Task.isCancelled { session.services.engines.gave(outcome, of: invocation.tool) }
      session.finished(invocation, outcome)
    }
    return .task(task)
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
