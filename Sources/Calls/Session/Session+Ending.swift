internal import Conversation
internal import Core
internal import Logging
internal import NIOCore

/// A change of the outside world that is under way.
struct ChangeInHand {
  let invocation: ToolInvocation
  /// The work that waits for it.
  let task: UInt64
}

extension Session {
  /// How long a change is waited for once the conversation is over: request, probe and what lies between them take about three of its
  /// tool's deadlines. It is as long as a conversation that goes on would wait.
  private static func patience(_ deadline: CallSpan) -> TimeAmount {
    .microseconds(deadline.microseconds) * 3 + .seconds(6)
  }

  /// Nothing more is decided. Work is cancelled but for changes under way: what became of them belongs into the journal.
  func end() {
    resumeWaiting()
    for timer in timers.values { timer.cancel() }
    timers = [:]
    let kept = Set(changes.values.map(\.task))
    for (id, task) in tasks where !kept.contains(id) {
      task.cancel()
      tasks[id] = nil
    }
    for task in speaking.making.values { task.cancel() }
    speaking = SpeakingState()
    guess = nil
    closing?.cancel()
    dissolve()
    closeCaller()
    for change in changes.values { giveUpLater(change.invocation) }
    closeJournal()
  }

  /// Takes the outcome of a tool: an event while the conversation lasts, a remark afterwards.
  func finished(_ invocation: ToolInvocation, _ outcome: ToolOutcome) {
    let isAwaited = changes.removeValue(forKey: invocation.effect) != nil || !invocation.changesState
    if outcome == .unknown, invocation.changesState { report(invocation) }
    guard conversation.isOver else {
      let person = conversation.assistant.tools[invocation.tool]?.person(in: outcome) { value in
        services.vault.person(value, of: start.tenant)
      }
      if let person { take(.identified(person)) }
      return take(.toolFinished(invocation.effect, outcome))
    }
    guard invocation.changesState, isAwaited else { return }
    write([.remark(.settled(invocation.effect, outcome))], at: now)
    closeJournal()
  }

  private func giveUpLater(_ invocation: ToolInvocation) {
    loop.assumeIsolated().scheduleTask(in: Self.patience(invocation.deadline)) { [weak self] in
      self?.assumeIsolated { session in
        guard let change = session.changes[invocation.effect] else { return }
        session.tasks.removeValue(forKey: change.task)?.cancel()
        session.finished(invocation, .unknown)
      }
    }
  }

  /// The last thing a session does, once nothing of it is under way.
  private func closeJournal() {
    guard changes.isEmpty, !isClosed else { return }
    isClosed = true
    services.journal.close(start.call)
    onEnd(start.call)
  }

  private func report(_ invocation: ToolInvocation) {
    services.logger.error(
      "nobody knows whether a change happened; a person must look",
      metadata: ["call": "\(start.call)", "tool": "\(invocation.tool)", "effect": "\(invocation.effect)"])
  }
}
