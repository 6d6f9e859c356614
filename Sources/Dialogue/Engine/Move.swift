public import Core

/// What the engine wants done, in order. The last move of a step is always `wait`.
public enum Move: Hashable, Sendable {
  /// Say these sentences, all of one response.
  case say([Sentence], InterruptionPolicy, Utterance.Purpose)
  /// Run a tool; `toolFinished` brings its outcome.
  case invoke(ToolInvocation)
  /// Hand the caller over; `transferFinished` brings the outcome.
  case transfer(TransferRequest)
  /// End the call, after what is to be said was said.
  case hangUp(HangUpReason)
  /// Remember why something was decided.
  case note(Decision)
  /// The turn is over, and how it ended. Exactly once before a `wait` for the caller, on hold, or ended.
  case turnEnded(TurnEnding)
  /// What the engine waits for.
  case wait(Waiting)
}

/// What the engine waits for.
public enum Waiting: Hashable, Sendable {
  /// The caller's next turn, heard by this plan.
  case caller(ListenPlan)
  /// A tool.
  case tool(EffectID)
  /// A transfer.
  case transfer(EffectID)
  /// A sentence that must be heard to its end.
  case heard
  /// The caller, who asked for a moment.
  case hold
  /// Nothing: the conversation is over.
  case ended

  /// Whether the turn is over with it.
  public var isRest: Bool {
    switch self {
    case .caller, .hold, .ended: true
    case .tool, .transfer, .heard: false
    }
  }
}
