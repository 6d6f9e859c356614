public import Core

/// What a call came to, folded from its journal line by line.
public struct CallOutcomeFold: Sendable {
  private var transfer: TransferOutcome?
  private var caseOpened = false
  private var completedJourneys = 0
  private var changing: Set<EffectID> = []
  /// Whether nobody took the call, and what was done since belongs to that.
  private var wantsCallback = false
  /// The flow that ended last, as long as what follows follows from it.
  private var ended: String?
  private var hangUp: HangUpReason?
  /// Whether the call is over.
  public private(set) var hasEnded = false

  /// Nothing happened yet.
  public init() {}

  /// Takes the next line.
  public mutating func take(_ entry: JournalEntry) {
    switch entry.record {
    case .event(.finished(_, .transfer(let outcome))):
      transfer = outcome
      wantsCallback = outcome != .accepted
    case .event(.finished(.tool(let effect), .tool(.completed))), .remark(.settled(let effect, .completed)):
      if changing.contains(effect), wantsCallback { caseOpened = true }
    case .event(.hungUp): hasEnded = true
    case .effect(.work(.invoke(let invocation))): if invocation.changesState { changing.insert(invocation.effect) }
    case .effect(.hangUp(let reason)): hangUp = reason
    case .effect(.note(let decision)): take(decision)
    default: break
    }
  }

  private mutating func take(_ decision: Decision) {
    let isJourney = !decision.subject.hasPrefix("pattern_")
    switch decision.kind {
    case .commandAccepted: ended = nil
    case .flowCompleted:
      if isJourney { completedJourneys += 1 }
      ended = decision.subject
    case .flowStarted:
      // A change in a journey begun afterwards is that journey's.
      if isJourney, ended == nil { wantsCallback = false }
      // A journey that ends by calling a person has not done what it is for.
      if decision.subject == "pattern_human_handoff", let ended, !ended.hasPrefix("pattern_") { completedJourneys -= 1 }
      ended = nil
    default: break
    }
  }

  /// The outcome so far.
  public var outcome: CallOutcome {
    if transfer == .accepted { return .transferred }
    if caseOpened { return .callback }
    if hangUp == .failure { return .failed }
    return completedJourneys > 0 ? .fulfilled : .abandoned
  }
}

/// What a call came to.
public enum CallOutcome: String, Sendable, Codable {
  /// At least one journey was completed.
  case fulfilled
  /// A person took over.
  case transferred
  /// No person could be reached; a case for calling back was opened.
  case callback
  /// Nothing was completed.
  case abandoned
  /// The server could not go on.
  case failed
}
