internal import Conversation
internal import Core

/// What a turn will likely mean, found out while its silence is still being waited for.
struct Guess {
  let request: UnderstandingRequest
  /// Who finds it out.
  let task: UInt64
  var commands: [ProposedCommand]?
  /// Whether the turn has ended as guessed, and its meaning is waited for.
  var isAwaited = false
}

extension Session {
  /// What an engine leaves of the time the conversation waits for its work, for the way back.
  private static let wayBack = CallSpan.milliseconds(500)

  /// When an engine that begins now has to be done.
  private static func engineDeadline(of work: Work) -> ContinuousClock.Instant {
    .now + .microseconds((work.deadline - wayBack).microseconds)
  }

  func understand(_ request: UnderstandingRequest) -> LiveHost.Job {
    stopwatch.turnEnded(request.turn, at: now)
    if let guess, guess.request == request {
      if let commands = guess.commands {
        self.guess = nil
        understood(request, commands)
        return .done
      }
      self.guess?.isAwaited = true
      return .task(guess.task)
    }
    guess = nil
    let task = work { session in
      guard let commands = await session.commands(for: request) else { return }
      session.understood(request, commands)
    }
    return .task(task)
  }

  /// Takes the meaning of a turn. Of one that was given up nobody is told.
  private func understood(_ request: UnderstandingRequest, _ commands: [ProposedCommand]) {
    let id = WorkID.understanding(request.turn)
    guard host.underWay.ended(id) != nil else { return }
    stopwatch.understood(at: now)
    take(.finished(id, .understood(commands)))
  }

  /// Nil when understanding failed: the conversation's own deadline then makes an honest sentence of it.
  private func commands(for request: UnderstandingRequest) async -> [ProposedCommand]? {
    if let payload = payload(of: request) { return payload.compactMap(protecting) }
    let deadline = Self.engineDeadline(of: .understand(request))
    do {
      let commands = try await assistant.understander.understand(request, deadline: deadline)
      services.engines.gave(.understanding, deadline: deadline)
      return commands.compactMap(protecting)
    } catch {
      services.engines.failed(.understanding, error, deadline: deadline)
      return nil
    }
  }

  /// What a button of a written conversation sends is read as it stands.
  private func payload(of request: UnderstandingRequest) -> [ProposedCommand]? {
    guard start.channel == .chat, request.heard.count == 1, let text = request.heard.first?.text.revealed,
      ButtonPayload.isPayload(text)
    else { return nil }
    return ButtonPayload.commands(of: text, in: conversation, takesTyped: services.takesCommands)
  }

  /// Steps a copy of the conversation to the likely end of the turn, to know what will be said and have it synthesised.
  /// Nothing that others could see is performed; the copy is dropped.
  func speculate() {
    guard guess?.isAwaited != true, let end = conversation.foreseeable else { return }
    var ahead = conversation
    for case .work(.understand(let request)) in ahead.handle(end.event, at: end.at) {
      guard guess?.request != request else { return }
      let task = work { [ahead] session in
        let found = await session.commands(for: request)
        guard let guess = session.guess, guess.request == request else { return }
        guard let commands = found, !guess.isAwaited else {
          session.guess = nil
          if let found { session.understood(request, found) }
          return
        }
        session.guess?.commands = commands
        session.prepareSpeech(ahead, turn: request.turn, commands: commands, at: end.at)
      }
      guess = Guess(request: request, task: task, commands: nil)
    }
  }

  private func prepareSpeech(
    _ conversation: Conversation, turn: TurnNumber, commands: [ProposedCommand], at instant: CallInstant
  ) {
    var ahead = conversation
    for case .speak(let utterance) in ahead.handle(
      .finished(.understanding(turn), .understood(commands)), at: instant)
    {
      prepare(utterance)
    }
  }
}
