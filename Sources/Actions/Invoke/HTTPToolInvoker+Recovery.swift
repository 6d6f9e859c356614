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

  /// An intent that a person has to look at.
  public struct Open: Hashable, Sendable {
    /// The intent.
    public let intent: EffectIntent
    /// Why nothing was learned.
    public let reason: Reason

    /// An open intent.
    public init(_ intent: EffectIntent, _ reason: Reason) {
      self.intent = intent
      self.reason = reason
    }
  }

  /// Why an intent stays open.
  public enum Reason: String, Hashable, Sendable {
    /// It was written by a release that did not say which assistant asked whom.
    case noOrigin = "it does not say which assistant asked for it"
    /// Another version asked than those that are here.
    case noSuchVersion = "the version of the assistant that asked for it is not here any more"
    /// Its assistant has no such tool, or the tool has no probe.
    case noProbe = "its tool has no probe"
    /// The tool's address leads elsewhere than it did.
    case otherBackEnd = "its tool's address leads to another back end now"
    /// The back end gave no usable answer.
    case noAnswer = "its back end could not say"
    /// The back end took it on, and has not said how it went.
    case underWay = "its back end took it on and has not said how it went"
  }

  /// Settled now, oldest first.
  public var settled: [Settled] = []
  /// Still open, oldest first.
  public var open: [Open] = []

  /// Nothing yet.
  public init() {}
}

extension HTTPToolInvoker {
  /// Probes open intents of this version of this assistant and settles what can be learned; repeats no change. An intent of
  /// another version, or one whose back end the tool's address does not lead to any more, stays open untouched.
  ///
  /// For the start of the server, before it answers calls; takes twice the longest deadline among them, or longer when a back
  /// end does not answer.
  public func settle(_ effects: [OpenEffect]) async -> SettlementReport {
    let learned = await withTaskGroup(of: (Int, Learned).self) { group in
      var learned = [Learned](repeating: .nothing(.noAnswer), count: effects.count)
      var next = 0
      while next < effects.count {
        let (position, effect) = (next, effects[next])
        group.addTask { (position, await self.learn(effect)) }
        next += 1
        if next >= options.recoveryWidth, let done = await group.next() { learned[done.0] = done.1 }
      }
      for await done in group { learned[done.0] = done.1 }
      return learned
    }
    var report = SettlementReport()
    for (effect, learned) in zip(effects, learned) {
      switch learned {
      case .outcome(let outcome):
        report.settled.append(SettlementReport.Settled(intent: effect.intent, outcome: outcome))
      case .nothing(let reason): report.open.append(SettlementReport.Open(effect.intent, reason))
      }
    }
    return report
  }

  private enum Learned: Sendable {
    case outcome(ToolOutcome)
    case nothing(SettlementReport.Reason)
  }

  private func learn(_ effect: OpenEffect) async -> Learned {
    let intent = effect.intent
    guard let origin = intent.origin else { return .nothing(.noOrigin) }
    guard origin.assistant == assistant else { return .nothing(.noSuchVersion) }
    guard let tool = tools[intent.tool], tool.probe != nil else { return .nothing(.noProbe) }
    guard (try? backEnd(of: tool)) == origin.backEnd else { return .nothing(.otherBackEnd) }
    let revealed = await reveal(intent.arguments, of: origin.owner)
    // An argument that was erased, or is not allowed out any more, may not be needed for the probe.
    let arguments = (try? ToolArguments(revealed, for: tool, policy: services.policy))?.values ?? [:]
    let change = ToolChange(
      tool: tool, arguments: arguments, intent: intent, owner: origin.owner, deadline: tool.deadline)
    let absence =
      effect.isAccepted
      ? underWay(change) : .proves(.unreachable, from: .now + tool.deadline.duration * 2)
    let outcome = await settle(change, await probe(change, absence))
    guard outcome == .unknown else { return .outcome(outcome) }
    return .nothing(effect.isAccepted ? .underWay : .noAnswer)
  }
}
