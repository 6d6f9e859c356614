/// One journey, as a graph of steps. Patterns (`pattern_...`) are flows too.
public struct Flow: Hashable, Sendable, Codable {
  /// Its id, unique in the assistant.
  public let id: FlowID
  /// Its name for people.
  public let name: String
  /// The text by which it is chosen.
  public let summary: String
  /// When it may be started by what a caller says. `literal(false)`: by call and link only.
  public let guardCondition: Predicate?
  /// Steps in the order written; nested branches are flattened, every step named.
  public let steps: [FlowStep]
  /// Slots that keep their value at the flow's end.
  public let persistedSlots: [SlotName]
  /// Whether `pattern_completed` runs after it.
  public let runsPatternCompleted: Bool
  /// What callers say to start it.
  public let examples: [String]
  /// Keys of the `voice:` namespace.
  public let voice: FlowVoice
  /// Where it is written.
  public let source: SourceLocation

  /// A flow from its parts.
  public init(
    id: FlowID, name: String, summary: String, guardCondition: Predicate? = nil, steps: [FlowStep],
    persistedSlots: [SlotName] = [], runsPatternCompleted: Bool = true, examples: [String] = [],
    voice: FlowVoice = FlowVoice(), source: SourceLocation
  ) {
    self.id = id
    self.name = name
    self.summary = summary
    self.guardCondition = guardCondition
    self.steps = steps
    self.persistedSlots = persistedSlots
    self.runsPatternCompleted = runsPatternCompleted
    self.examples = examples
    self.voice = voice
    self.source = source
  }

  /// Whether this is a repair pattern rather than a journey of the assistant's author.
  public var isPattern: Bool { id.rawValue.hasPrefix("pattern_") }
}

/// Keys of the `voice:` namespace of a flow.
public struct FlowVoice: Hashable, Sendable, Codable {
  /// The key that starts it in the menu of keys; assigned in order when the author names none.
  public var menuKey: String?
  /// The job whose success the flow's end counts for.
  public var job: String?
  /// The level of identity it needs before its first step.
  public var identity: IdentityLevel
  /// Purposes the caller must have consented to before its first step.
  public var consents: [ConsentName]
  /// The flow whose actions run, without a word, when the caller hangs up in the middle of it.
  public var onHangUp: FlowID?
  /// The flow that takes its place when the caller could not be handed to a person.
  public var onTransferFailure: FlowID?
  /// The flow that takes back what this one did; nil when none does.
  public var undoneBy: FlowID?

  /// Nothing special.
  public init(
    menuKey: String? = nil, job: String? = nil, identity: IdentityLevel = .none, consents: [ConsentName] = [],
    onHangUp: FlowID? = nil, onTransferFailure: FlowID? = nil, undoneBy: FlowID? = nil
  ) {
    self.menuKey = menuKey
    self.job = job
    self.identity = identity
    self.consents = consents
    self.onHangUp = onHangUp
    self.onTransferFailure = onTransferFailure
    self.undoneBy = undoneBy
  }
}

/// One step of a flow.
public struct FlowStep: Hashable, Sendable, Codable {
  /// Its id, unique in the flow.
  public let id: StepID
  /// What it does.
  public let kind: Kind
  /// Where to go afterwards: the first branch that holds. None that holds: the step after it, or the end.
  public let next: [FlowBranch]
  /// Where it is written.
  public let source: SourceLocation

  /// A step.
  public init(id: StepID, kind: Kind, next: [FlowBranch] = [], source: SourceLocation) {
    self.id = id
    self.kind = kind
    self.next = next
    self.source = source
  }

  /// What a step does.
  public enum Kind: Hashable, Sendable, Codable {
    /// Says a response, runs a tool or a built-in action.
    case action(ActionName)
    /// Asks for a slot until it holds a valid value.
    case collect(CollectStep)
    /// Sets slots; nil clears.
    case setSlots([SlotAssignment])
    /// Ends this flow and starts another.
    case link(FlowID)
    /// Runs another flow inside this one.
    case call(FlowID)
    /// Only branches.
    case noop
  }
}

/// A slot and what a step sets it to.
public struct SlotAssignment: Hashable, Sendable, Codable {
  /// The slot.
  public let slot: SlotName
  /// The value; nil clears.
  public let value: SlotValue?
  /// An assignment.
  public init(slot: SlotName, value: SlotValue?) {
    self.slot = slot
    self.value = value
  }
}

/// One way out of a step.
public struct FlowBranch: Hashable, Sendable, Codable {
  /// When it is taken; nil: always (`else`, or a plain `next`).
  public let condition: Predicate?
  /// Where it leads.
  public let target: FlowTarget
  /// A way out.
  public init(condition: Predicate?, target: FlowTarget) {
    self.condition = condition
    self.target = target
  }
}

/// Where a branch leads.
public enum FlowTarget: Hashable, Sendable, Codable {
  /// To a step of the same flow.
  case step(StepID)
  /// To the flow's end.
  case end
}

/// How a step asks for a slot.
public struct CollectStep: Hashable, Sendable, Codable {
  /// The slot asked for.
  public let slot: SlotName
  /// What it means, for understanding.
  public let summary: String?
  /// The response that asks; `utter_ask_<slot>` when nil.
  public let ask: ResponseName?
  /// Whether a value already there is cleared and asked for again.
  public let asksBeforeFilling: Bool
  /// Whether the slot is reset when the outermost flow ends.
  public let resetsAfterFlowEnds: Bool
  /// Values that are refused, with what is said then.
  public let rejections: [Rejection]
  /// Whether the whole utterance becomes the value, understanding bypassed.
  public let forcesSlotFilling: Bool
  /// Silence after which the caller is addressed again; the assistant's when nil.
  public let silenceTimeout: CallSpan?
  /// Digits by key; nil when the slot's type gives none.
  public let digits: DigitGrammar?
  /// Keys of the `voice:` namespace.
  public let voice: CollectVoice

  /// A collect step; all but the slot have defaults.
  public init(
    slot: SlotName, summary: String? = nil, ask: ResponseName? = nil, asksBeforeFilling: Bool = false,
    resetsAfterFlowEnds: Bool = true, rejections: [Rejection] = [], forcesSlotFilling: Bool = false,
    silenceTimeout: CallSpan? = nil, digits: DigitGrammar? = nil, voice: CollectVoice = CollectVoice()
  ) {
    self.slot = slot
    self.summary = summary
    self.ask = ask
    self.asksBeforeFilling = asksBeforeFilling
    self.resetsAfterFlowEnds = resetsAfterFlowEnds
    self.rejections = rejections
    self.forcesSlotFilling = forcesSlotFilling
    self.silenceTimeout = silenceTimeout
    self.digits = digits
    self.voice = voice
  }
}

/// A value that is refused, and what is said then.
public struct Rejection: Hashable, Sendable, Codable {
  /// When the value is refused.
  public let condition: Predicate
  /// What is said.
  public let response: ResponseName
  /// A rejection.
  public init(condition: Predicate, response: ResponseName) {
    self.condition = condition
    self.response = response
  }
}

/// Keys of the `voice:` namespace of a collect step.
public struct CollectVoice: Hashable, Sendable, Codable {
  /// Whether a filled value is read back and confirmed before going on.
  public var confirmation: Confirmation
  /// Whether speech is an input.
  public var acceptsSpeech: Bool
  /// How often nothing usable is heard before the flow escalates to `pattern_human_handoff`.
  public var maximumNoMatch: Int
  /// How often silence is met before the flow escalates.
  public var maximumNoInput: Int
  /// Whether keys are an input.
  public var acceptsKeys: Bool
  /// Whether what is keyed here is masked: no response may say the slot and no confirmation reads it back, whatever its label.
  public var masksKeys: Bool
  /// What follows the first, second, ... utterance nothing could be made of; the last rung stays. Empty: the question in the
  /// words of the next attempt, a person at `maximumNoMatch`.
  public var noMatchLadder: [EscalationRung]
  /// What follows the first, second, ... silence; the last rung stays. Empty: as `pattern_user_silence` does.
  public var noInputLadder: [EscalationRung]

  /// Defaults a phone line can live with.
  public init(
    confirmation: Confirmation = .none, acceptsSpeech: Bool = true, maximumNoMatch: Int = 3, maximumNoInput: Int = 3,
    acceptsKeys: Bool = true, masksKeys: Bool = false, noMatchLadder: [EscalationRung] = [],
    noInputLadder: [EscalationRung] = []
  ) {
    self.confirmation = confirmation
    self.acceptsSpeech = acceptsSpeech
    self.maximumNoMatch = maximumNoMatch
    self.maximumNoInput = maximumNoInput
    self.acceptsKeys = acceptsKeys
    self.masksKeys = masksKeys
    self.noMatchLadder = noMatchLadder
    self.noInputLadder = noInputLadder
  }

  /// How a value is confirmed.
  public enum Confirmation: Hashable, Sendable, Codable {
    /// Not at all.
    case none
    /// Read back in the next prompt; a correction undoes it.
    case implicit
    /// Asked: is that right?
    case explicit
    /// Asked only when confidence is below this.
    case below(Confidence)
  }
}

/// What may be entered by key.
public struct DigitGrammar: Hashable, Sendable {
  /// Fewest digits.
  public let minimum: Int
  /// Most digits; an entry of this length is complete at once.
  public let maximum: Int
  /// The key that ends an entry, such as `#`; nil for none.
  public let endKey: String?
  /// What single keys stand for (`1` -> `yes`); empty for digits as they are.
  public let menu: [String: SlotValue]
  /// Silence after a key that ends the entry.
  public let interDigitTimeout: CallSpan

  /// A grammar.
  public init(
    minimum: Int, maximum: Int, endKey: String? = "#", menu: [String: SlotValue] = [:],
    interDigitTimeout: CallSpan = .seconds(3)
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.endKey = endKey
    self.menu = menu
    self.interDigitTimeout = interDigitTimeout
  }
}
