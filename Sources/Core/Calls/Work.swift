/// A piece of work that a conversation asks of the outside: it begins with this, and its result comes back as
/// `CallEvent.finished`, or its deadline passes. One way for all kinds.
public enum Work: Hashable, Sendable {
  /// Make commands of what the caller said.
  case understand(UnderstandingRequest)
  /// Run a tool.
  case invoke(ToolInvocation)
  /// Hand the caller to a person.
  case transfer(TransferRequest)

  /// By what its result comes back, and its timers are named.
  public var id: WorkID {
    switch self {
    case .understand(let request): .understanding(request.turn)
    case .invoke(let invocation): .tool(invocation.effect)
    case .transfer(let request): .transfer(request.effect)
    }
  }

  /// How long the conversation waits for it: a tool for its attempts, its probes and their pauses; a transfer for the
  /// time it may ring, and for word of it.
  public var deadline: CallSpan {
    switch self {
    case .understand: .milliseconds(2500)
    case .invoke(let invocation): invocation.deadline + invocation.deadline + invocation.deadline + .seconds(6)
    case .transfer(let request): request.ringTimeout + .seconds(10)
    }
  }

  /// Between two words that work goes on.
  public static let nextWord = CallSpan.seconds(4)

  /// Whether it changes the outside world. Such work is never given up: what became of it is to be known.
  public var isChange: Bool { if case .invoke(let invocation) = self { invocation.changesState } else { false } }
}

/// Names a piece of work by what it is of.
public enum WorkID: Hashable, Sendable {
  /// The meaning of a turn.
  case understanding(TurnNumber)
  /// A tool.
  case tool(EffectID)
  /// A transfer.
  case transfer(EffectID)

  /// What is taken as the result when none came in time.
  public var resultWhenLate: WorkResult {
    switch self {
    case .understanding:
      .understood([
        ProposedCommand(.cannotHandle(.engineFailed), confidence: .certain, proposer: "rule:understanding_late")
      ])
    case .tool: .tool(.unknown)
    case .transfer: .transfer(.noAnswer)
    }
  }
}

/// How a piece of work went.
public enum WorkResult: Hashable, Sendable {
  /// What understanding made of a turn; empty when it found nothing.
  case understood([ProposedCommand])
  /// How a tool went.
  case tool(ToolOutcome)
  /// How a transfer went.
  case transfer(TransferOutcome)
}
