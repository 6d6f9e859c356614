/// A decision as a person can read it: what was decided, where in the flows, why, and why not otherwise.
public struct Decision: Hashable, Sendable {
  /// The turn it belongs to.
  public let turn: TurnNumber
  /// What happened.
  public let kind: Kind
  /// What it happened to: a flow, slot, response, tool, command.
  public let subject: String
  /// Where in the flows.
  public let step: StepReference?
  /// Why, in words for people; holds no caller's data.
  public let reason: String

  /// A decision.
  public init(turn: TurnNumber, kind: Kind, subject: String, step: StepReference? = nil, reason: String) {
    self.turn = turn
    self.kind = kind
    self.subject = subject
    self.step = step
    self.reason = reason
  }

  /// What happened.
  public enum Kind: String, Hashable, Sendable, Codable {
    case commandAccepted = "command_accepted"
    case commandRejected = "command_rejected"
    case flowStarted = "flow_started"
    case flowCompleted = "flow_completed"
    case flowCancelled = "flow_cancelled"
    case flowInterrupted = "flow_interrupted"
    case flowResumed = "flow_resumed"
    case slotSet = "slot_set"
    case slotCleared = "slot_cleared"
    case valueRejected = "value_rejected"
    case branchTaken = "branch_taken"
    case actionRun = "action_run"
    case identified = "identified"
    case responseSaid = "response_said"
    case questionAsked = "question_asked"
    case escalated = "escalated"
    case turnEnded = "turn_ended"
    case heardToEnd = "heard_to_end"
    case cutShort = "cut_short"
    case failure = "failure"
  }
}

/// A step of a flow and where it is written.
public struct StepReference: Hashable, Sendable {
  /// The flow.
  public let flow: FlowID
  /// The step.
  public let step: StepID
  /// Where it is written.
  public let source: SourceLocation
  /// A reference.
  public init(flow: FlowID, step: StepID, source: SourceLocation) {
    self.flow = flow
    self.step = step
    self.source = source
  }
}

/// In what every turn ends.
public enum TurnEnding: String, Hashable, Sendable, Codable {
  /// Something was done or told.
  case fulfil
  /// A question was asked.
  case ask
  /// The caller was asked what is meant.
  case clarify
  /// A person, a call-back or a goodbye.
  case escalate
}
