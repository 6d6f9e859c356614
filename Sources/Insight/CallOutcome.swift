public import Core

/// What a call came to, folded from its journal line by line.
public struct CallOutcomeFold: Sendable {
  private var transfer: TransferOutcome?
  private var caseOpened = false
  private var completedJourneys = 0
  private var changing: Set<EffectID> = []
  private var hangUp: HangUpReason?
  /// Whether the call is over.
  public private(set) var hasEnded = false

  /// Nothing happened yet.
  public init() {}

  /// Takes the next line.
  public mutating func take(_ entry: JournalEntry) {
    switch entry.record {
    case .event(.transferFinished(_, let outcome)): transfer = outcome
    case .event(.toolFinished(let effect, .completed)):
      if changing.contains(effect), transfer != nil, transfer != .accepted { caseOpened = true }
    case .event(.hungUp): hasEnded = true
    case .effect(.invoke(let invocation)): if invocation.changesState { changing.insert(invocation.effect) }
    case .effect(.hangUp(let reason)): hangUp = reason
    case .effect(.note(let decision)):
      if decision.kind == .flowCompleted, !decision.subject.hasPrefix("pattern_") { completedJourneys += 1 }
    default: break
    }
  }

  /// The outcome so far.
  public var outcome: CallOutcome {
    if transfer == .accepted { return .transferred }
    if caseOpened { return .callback }
    if hangUp == .failure { return .failed }
    return completedJourneys > 0 && hangUp != .silence ? .fulfilled : .abandoned
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
