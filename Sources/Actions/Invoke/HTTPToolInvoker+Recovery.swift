public import Core

/// What became of the intents that a crash or an unknown outcome left open.
public struct SettlementReport: Hashable, Sendable {
  /// An intent whose outcome is now known.
  public struct Settled: Hashable, Sendable {
    /// The intent.
    public let intent: EffectIntent
    /// Its outcome.
    public let outcome: ToolOutcome
  }

  /// Settled now, oldest first.
  public var settled: [Settled] = []
  /// Still open, oldest first: a person has to look.
  public var open: [EffectIntent] = []
}

extension HTTPToolInvoker {
  /// Probes every open intent and settles what can be learned; repeats no change. For the start of the server, before it
  /// answers calls; takes twice the longest deadline among them, or longer when a back end does not answer.
  ///
  /// Throws when the ledger cannot be read.
  public func settleOpenIntents() async throws -> SettlementReport {
    let intents = try await ledger.open()
    let outcomes = await withTaskGroup(of: (Int, ToolOutcome).self) { group in
      var outcomes = [ToolOutcome](repeating: .unknown, count: intents.count)
      var next = 0
      while next < intents.count {
        let (position, intent) = (next, intents[next])
        group.addTask { (position, await self.learn(intent)) }
        next += 1
        if next >= options.recoveryWidth, let done = await group.next() { outcomes[done.0] = done.1 }
      }
      for await done in group { outcomes[done.0] = done.1 }
      return outcomes
    }
    var report = SettlementReport()
    for (intent, outcome) in zip(intents, outcomes) {
      if outcome == .unknown {
        report.open.append(intent)
      } else {
        report.settled.append(SettlementReport.Settled(intent: intent, outcome: outcome))
      }
    }
    return report
  }

  private func learn(_ intent: EffectIntent) async -> ToolOutcome {
    guard let tool = tools[intent.tool] else { return .unknown }
    let revealed = await protection.reveal(intent.arguments, of: intent.call)
    // An argument that was erased, or is not allowed out any more, may not be needed for the probe.
    let arguments = (try? ToolArguments(revealed, for: tool, policy: policy))?.values ?? [:]
    let change = ToolChange(tool: tool, arguments: arguments, intent: intent, deadline: tool.deadline)
    let outcome = await probe(change, failure: .unreachable, sureFrom: .now + tool.deadline.duration * 2)
    return await settle(change, outcome)
  }
}
