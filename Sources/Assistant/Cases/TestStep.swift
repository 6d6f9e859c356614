public import Core

/// One step of a test case: what the caller does, or what must have come of it.
public struct TestStep: Sendable, Equatable {
  /// What it is.
  public let kind: Kind
  /// What must have come of it; on turns only.
  public let assertions: [TestAssertion]
  /// Whether the assertions hold in this order only.
  public let isOrdered: Bool
  /// The longest wait for the first sound of the answer, in milliseconds.
  public let withinMilliseconds: Int?
  /// Where it is written.
  public let source: SourceLocation

  /// A step.
  public init(
    _ kind: Kind, assertions: [TestAssertion] = [], isOrdered: Bool = false, withinMilliseconds: Int? = nil,
    source: SourceLocation
  ) {
    self.kind = kind
    self.assertions = assertions
    self.isOrdered = isOrdered
    self.withinMilliseconds = withinMilliseconds
    self.source = source
  }

  /// What a step is.
  public enum Kind: Sendable, Equatable {
    /// The caller says or writes this. `confidence`: how sure the recogniser is. `bargeInAt`: so long after the first sample of
    /// what the agent is saying.
    case user(String, confidence: Confidence? = nil, bargeInAt: CallSpan? = nil)
    /// The caller presses keys.
    case keys(String, bargeInAt: CallSpan? = nil)
    /// The caller says nothing for so long, from the end of what the agent said.
    case silence(CallSpan)
    /// The caller hangs up.
    case hangUp
    /// A response, or words, that the caller has heard to the end in the turn before.
    case heard(String)
    /// The agent has said exactly this.
    case bot(String)
    /// The agent has said this response.
    case utter(ResponseName)
    /// Slots were set.
    case slotWasSet([SlotExpectation])
    /// Slots were not set.
    case slotWasNotSet([SlotExpectation])
  }

  /// Whether the caller does something.
  public var isTurn: Bool {
    switch kind {
    case .user, .keys, .silence, .hangUp: true
    case .heard, .bot, .utter, .slotWasSet, .slotWasNotSet: false
    }
  }

  /// Whether it needs a line with sound.
  public var needsVoice: Bool {
    if withinMilliseconds != nil { return true }
    switch kind {
    case .user(_, let confidence, let bargeIn): return confidence != nil || bargeIn != nil
    case .keys, .silence, .hangUp, .heard: return true
    case .bot, .utter, .slotWasSet, .slotWasNotSet: return false
    }
  }

  /// How long after the first sample of the agent's words it begins; nil: when they are out.
  public var bargeInAt: CallSpan? {
    switch kind {
    case .user(_, _, let span), .keys(_, let span): span
    default: nil
    }
  }
}

/// What a slot is expected to have been set to.
public struct SlotExpectation: Hashable, Sendable {
  /// The slot.
  public let slot: SlotName
  /// To what.
  public let wanted: Wanted

  /// An expectation.
  public init(_ slot: SlotName, _ wanted: Wanted = .anything) {
    self.slot = slot
    self.wanted = wanted
  }

  /// To what a slot is set.
  public enum Wanted: Hashable, Sendable {
    /// To anything.
    case anything
    /// To nothing, or back to its initial value.
    case nothing
    /// To this.
    case value(SlotValue)
  }
}

/// Something that must have come of a turn.
public struct TestAssertion: Sendable, Equatable {
  /// What.
  public let kind: Kind
  /// Where it is written.
  public let source: SourceLocation

  /// An assertion.
  public init(_ kind: Kind, source: SourceLocation) {
    self.kind = kind
    self.source = source
  }

  /// What is asserted.
  public enum Kind: Sendable, Equatable {
    case flowStarted(FlowExpectation)
    case flowCompleted(FlowExpectation)
    case flowCancelled(FlowExpectation)
    /// The caller was asked to choose among at least these.
    case clarifies([FlowID])
    case slotWasSet([SlotExpectation])
    case slotWasNotSet([SlotExpectation])
    case actionExecuted(ActionName)
    case botUttered(UtteranceExpectation)
    case botDidNotUtter(UtteranceExpectation)
    /// Judged by a language model elsewhere; not checked here.
    case judged(String)
  }

  /// The key it is written under.
  public var key: String {
    switch kind {
    case .flowStarted: "flow_started"
    case .flowCompleted: "flow_completed"
    case .flowCancelled: "flow_cancelled"
    case .clarifies: "pattern_clarification_contains"
    case .slotWasSet: "slot_was_set"
    case .slotWasNotSet: "slot_was_not_set"
    case .actionExecuted: "action_executed"
    case .botUttered: "bot_uttered"
    case .botDidNotUtter: "bot_did_not_utter"
    case .judged(let key): key
    }
  }
}

/// Which flows, and at which step.
public struct FlowExpectation: Hashable, Sendable {
  /// The flows.
  public let flows: [FlowID]
  /// Whether one of them is enough.
  public let anyOfThem: Bool
  /// The step the flow was at.
  public let step: StepID?
  /// An expectation.
  public init(_ flows: [FlowID], anyOfThem: Bool = false, step: StepID? = nil) {
    self.flows = flows
    self.anyOfThem = anyOfThem
    self.step = step
  }
}

/// What the agent is expected to say; every part that is there must hold of one message.
public struct UtteranceExpectation: Hashable, Sendable {
  /// The response's name.
  public let response: ResponseName?
  /// A regular expression found in the text.
  public let pattern: String?
  /// The buttons, in order.
  public let buttons: [ResponseButton]?
  /// An expectation.
  public init(response: ResponseName? = nil, pattern: String? = nil, buttons: [ResponseButton]? = nil) {
    self.response = response
    self.pattern = pattern
    self.buttons = buttons
  }
}
