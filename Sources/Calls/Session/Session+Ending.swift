internal import Conversation
internal import Core
internal import Logging
internal import NIOCore

extension Session {
  /// Nothing more is decided. Work is cancelled but for changes under way: what became of them belongs into the journal.
  func end() {
    resumeWaiting()
    var host = host
    host.dropAll()
    let changes = host.underWay.changes
    let kept = Set(changes.compactMap(\.job?.task))
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
    for change in changes { giveUpLater(change.work) }
    closeJournal()
  }

  /// Takes the outcome of a tool: an event while the conversation lasts, a remark afterwards. Of one that was given up nobody
  /// is told.
  func finished(_ invocation: ToolInvocation, _ outcome: ToolOutcome) {
    let id = WorkID.tool(invocation.effect)
    guard host.underWay.ended(id) != nil else { return }
    if outcome == .unknown, invocation.changesState { report(invocation) }
    guard conversation.isOver else {
      let person = conversation.assistant.tools[invocation.tool]?.person(in: outcome) { value in
        services.vault.person(value, of: start.tenant)
      }
      if let person { take(.identified(person)) }
      return take(.finished(id, .tool(outcome)))
    }
    guard invocation.changesState else { return }
    write([.remark(.settled(invocation.effect, outcome))], at: now)
    closeJournal()
  }

  /// A change is waited for once the conversation is over as long as one that goes on would wait.
  private func giveUpLater(_ change: Work) {
    guard case .invoke(let invocation) = change else { return }
    loop.assumeIsolated().scheduleTask(in: .microseconds(change.deadline.microseconds)) { [weak self] in
      self?.assumeIsolated { session in
        guard let job = session.host.underWay.work[change.id]?.job else { return }
        session.giveUp(job)
        session.finished(invocation, .unknown)
      }
    }
  }

  /// The last thing a session does, once nothing of it is under way.
  private func closeJournal() {
    guard host.underWay.changes.isEmpty, !isClosed else { return }
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
