/// Everything that leaves a conversation, for the shell to perform. Results come back as events.
public enum CallEffect: Hashable, Sendable {
  /// Listen for this from now on.
  case listen(ListenPlan)
  /// Begin a piece of work.
  case work(Work)
  /// Speak, after what is being spoken.
  case speak(Utterance)
  /// Hold an utterance where it is.
  case pause(UtteranceID)
  /// Let it go on.
  case resume(UtteranceID)
  /// Drop it, and everything queued behind it.
  case stop(UtteranceID)
  /// Ask for `timerFired` at an instant.
  case setTimer(TimerID, at: CallInstant)
  /// Forget a timer.
  case cancelTimer(TimerID)
  /// End the call.
  case hangUp(HangUpReason)
  /// Keep the conversation although its line is gone: until this instant another line may join it (`CallEvent.attached`).
  case suspend(until: CallInstant)
  /// Remember why something was decided.
  case note(Decision)
  /// Remember what was asked of a sensitive value.
  case fact(Fact)
}

/// What the conversation listens for: endpointing, key entry and features of heard words follow from it.
public struct ListenPlan: Hashable, Sendable {
  /// The grammar of the slot asked for; nil for open talk.
  public let grammar: SlotGrammar?
  /// What may be entered by key; nil: single keys only.
  public let digits: DigitGrammar?
  /// Words the recogniser may favour.
  public let hints: [String]
  /// Numbers that may come inside open talk: half of one is not the end of a turn.
  public let numbers: [SlotGrammar]
  /// Whether a yes makes a change or settles a value: the question reads back what is to be, and a yes counts only when all
  /// of it was heard before.
  public let confirms: Bool

  /// A plan.
  public init(
    grammar: SlotGrammar? = nil, digits: DigitGrammar? = nil, hints: [String] = [], numbers: [SlotGrammar] = [],
    confirms: Bool = false
  ) {
    self.grammar = grammar
    self.digits = digits
    self.hints = hints
    self.numbers = numbers
    self.confirms = confirms
  }
}

/// A turn to be understood, with the state that gives its words their meaning.
public struct UnderstandingRequest: Hashable, Sendable {
  /// The turn.
  public let turn: TurnNumber
  /// What was said, segment by segment.
  public let heard: [Heard]
  /// The slot asked for.
  public let awaiting: SlotName?
  /// The journey under way.
  public let activeFlow: FlowID?
  /// Slots of the journey under way that can be set or corrected, in the order its steps ask for them.
  public let fillable: [SlotName]
  /// Which of those hold a value, and which.
  public let filled: [SlotName: SlotValue]
  /// What has been said so far of the digits that are asked for; nil: none are held.
  public let part: SlotValue?
  /// Journeys that can be started now.
  public let startable: [FlowID]
  /// Journeys the caller was just asked to choose from, in the order named; empty when no such question is open.
  public let options: [FlowID]
  /// Whether the whole utterance becomes the value of the slot asked for.
  public let forcesSlotFilling: Bool
  /// Today, civil time.
  public let today: CivilDate
  /// Minutes since midnight, civil time.
  public let minuteOfDay: Int

  /// A request.
  public init(
    turn: TurnNumber, heard: [Heard], awaiting: SlotName?, activeFlow: FlowID?, fillable: [SlotName],
    filled: [SlotName: SlotValue], part: SlotValue? = nil, startable: [FlowID], options: [FlowID] = [],
    forcesSlotFilling: Bool = false,
    today: CivilDate, minuteOfDay: Int
  ) {
    self.turn = turn
    self.heard = heard
    self.awaiting = awaiting
    self.activeFlow = activeFlow
    self.fillable = fillable
    self.filled = filled
    self.part = part
    self.startable = startable
    self.options = options
    self.forcesSlotFilling = forcesSlotFilling
    self.today = today
    self.minuteOfDay = minuteOfDay
  }
}

/// What the agent says at one go.
public struct Utterance: Hashable, Sendable {
  /// Its number.
  public let id: UtteranceID
  /// The turn it answers; 0 when it answers none.
  public let turn: TurnNumber
  /// Its sentences in order.
  public let sentences: [Sentence]
  /// Whether, and by what, it may be interrupted: the strictest of its sentences'.
  public let interruption: InterruptionPolicy
  /// What it is for: an acknowledgement never counts as the answer.
  public let purpose: Purpose

  /// An utterance.
  public init(
    id: UtteranceID, turn: TurnNumber, sentences: [Sentence], interruption: InterruptionPolicy,
    purpose: Purpose = .answer
  ) {
    self.id = id
    self.turn = turn
    self.sentences = sentences
    self.interruption = interruption
    self.purpose = purpose
  }

  /// What an utterance is for.
  public enum Purpose: String, Hashable, Sendable, Codable {
    /// It answers, asks or tells.
    case answer = "answer"
    /// It says that work goes on.
    case acknowledgement = "acknowledgement"
    /// It addresses a silent caller.
    case guidance = "guidance"
  }
}

/// One sentence to speak: literal words and values behind tokens.
public struct Sentence: Hashable, Sendable {
  /// The pieces in order.
  public let pieces: [Piece]
  /// The response it comes from; nil for built-in words.
  public let response: ResponseName?
  /// A sentence.
  public init(pieces: [Piece], response: ResponseName?) {
    self.pieces = pieces
    self.response = response
  }

  /// A piece of a sentence.
  public enum Piece: Hashable, Sendable {
    /// Words as they stand.
    case words(String)
    /// A caller's value, spoken by a grammar.
    case value(Sensitive<String>, SlotGrammar?)
  }

  /// Whether it can be synthesised ahead: it holds no caller's value.
  public var isConstant: Bool {
    pieces.allSatisfy { if case .words = $0 { true } else { false } }
  }
}

/// A tool to run.
public struct ToolInvocation: Hashable, Sendable {
  /// The effect's number, by which its result comes back.
  public let effect: EffectID
  /// The tool.
  public let tool: ActionName
  /// The activation of the flow that asks: part of the idempotency key.
  public let activation: FlowActivation
  /// Arguments by name.
  public let arguments: [String: SlotValue]
  /// Whether it changes anything; such a one waits until this effect is durable.
  public let changesState: Bool
  /// How long one attempt may take.
  public let deadline: CallSpan
  /// What makes two requests of a conversation one, in place of activation and arguments; nil: these do.
  public let idempotency: [SlotValue]?

  /// An invocation.
  public init(
    effect: EffectID, tool: ActionName, activation: FlowActivation, arguments: [String: SlotValue],
    changesState: Bool, deadline: CallSpan, idempotency: [SlotValue]? = nil
  ) {
    self.effect = effect
    self.tool = tool
    self.activation = activation
    self.arguments = arguments
    self.changesState = changesState
    self.deadline = deadline
    self.idempotency = idempotency
  }
}

/// A transfer to make.
public struct TransferRequest: Hashable, Sendable {
  /// The effect's number, by which its result comes back.
  public let effect: EffectID
  /// Where to.
  public let destination: DestinationName
  /// How long it may ring.
  public let ringTimeout: CallSpan
  /// A request.
  public init(effect: EffectID, destination: DestinationName, ringTimeout: CallSpan) {
    self.effect = effect
    self.destination = destination
    self.ringTimeout = ringTimeout
  }
}

/// Why a call is ended by us.
public enum HangUpReason: String, Hashable, Sendable, Codable {
  /// All is said.
  case completed = "completed"
  /// Nobody speaks.
  case silence = "silence"
  /// The person has taken over.
  case transferred = "transferred"
  /// The longest call.
  case tooLong = "too_long"
  /// Something in the server failed.
  case failure = "failure"
  /// The server stops.
  case shutdown = "shutdown"
}
