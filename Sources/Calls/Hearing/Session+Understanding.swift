internal import Conversation
internal import Core

/// What a turn will likely mean, found out while its silence is still being waited for.
struct Guess {
  let request: UnderstandingRequest
  var commands: [ProposedCommand]?
  /// Whether the turn has ended as guessed, and its meaning is waited for.
  var isAwaited = false
}

extension Session {
  private static let understandingDeadline = Duration.milliseconds(2000)

  func understand(_ request: UnderstandingRequest) {
    stopwatch.turnEnded(request.turn, at: now)
    if let guess, guess.request == request {
      if let commands = guess.commands {
        self.guess = nil
        understood(request, commands)
      } else {
        self.guess?.isAwaited = true
      }
      return
    }
    guess = nil
    work { session in
      let deadline = ContinuousClock.now + Self.understandingDeadline
      guard let commands = await session.commands(for: request, deadline: deadline) else { return }
      session.understood(request, commands)
    }
  }

  private func understood(_ request: UnderstandingRequest, _ commands: [ProposedCommand]) {
    stopwatch.understood(at: now)
    take(.understood(request.turn, commands))
  }

  /// Nil when understanding failed: the conversation's own deadline then makes an honest sentence of it.
  private func commands(
    for request: UnderstandingRequest, deadline: ContinuousClock.Instant
  ) async -> [ProposedCommand]? {
    if let payload = payload(of: request) { return payload.compactMap(protecting) }
    do {
      return try await assistant.understander.understand(request, deadline: deadline).compactMap(protecting)
    } catch {
      return nil
    }
  }

  /// What a button of a written conversation sends is read as it stands.
  private func payload(of request: UnderstandingRequest) -> [ProposedCommand]? {
    guard start.channel == .chat, request.heard.count == 1, let text = request.heard.first?.text.revealed,
      ButtonPayload.isPayload(text)
    else { return nil }
    return ButtonPayload.commands(of: text, in: conversation.assistant)
  }

  /// Steps a copy of the conversation to the likely end of the turn, to know what will be said and have it synthesised.
  /// Nothing that others could see is performed; the copy is dropped.
  func speculate() {
    guard guess?.isAwaited != true, let end = conversation.foreseeable else { return }
    var ahead = conversation
    for case .understand(let request) in ahead.handle(end.event, at: end.at) {
      guard guess?.request != request else { return }
      guess = Guess(request: request, commands: nil)
      work { [ahead] session in
        let deadline = ContinuousClock.now + Self.understandingDeadline
        let found = await session.commands(for: request, deadline: deadline)
        guard let guess = session.guess, guess.request == request else { return }
        guard let commands = found, !guess.isAwaited else {
          session.guess = nil
          if let found { session.understood(request, found) }
          return
        }
        session.guess?.commands = commands
        session.prepareSpeech(ahead, turn: request.turn, commands: commands, at: end.at)
      }
    }
  }

  private func prepareSpeech(
    _ conversation: Conversation, turn: TurnNumber, commands: [ProposedCommand], at instant: CallInstant
  ) {
    var ahead = conversation
    for case .speak(let utterance) in ahead.handle(.understood(turn, commands), at: instant) {
      prepare(utterance)
    }
  }
}
