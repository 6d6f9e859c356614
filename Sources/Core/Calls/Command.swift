/// What the caller wants, as understanding guesses it. Dialogue decides what becomes of it.
public enum Command: Hashable, Sendable {
  /// Begin a journey.
  case startFlow(FlowID)
  /// Fill a slot; filling a filled one is a correction.
  case setSlot(SlotName, SlotValue?)
  /// What has been said so far of the digits that are asked for: not as many as are wanted, or more. Takes the place of what was held
  /// before; no digits: they are said anew.
  case holdPart(SlotName, SlotValue, count: Int)
  /// Give up the journey under way.
  case cancelFlow
  /// One of these journeys is meant; ask which.
  case clarify([FlowID])
  /// Leave this question out.
  case skipQuestion
  /// Say it again.
  case repeatLast
  /// A person, please.
  case humanHandoff
  /// One moment, please.
  case hold
  /// Thanks.
  case chitchat
  /// Something said to the assistant itself, beside whatever is under way.
  case aside(Aside)
  /// A question for the knowledge base.
  case search
  /// Begin anew.
  case restart
  /// The conversation is over for the caller.
  case goodbye
  /// A bare yes or no where no slot asks for one.
  case answer(Bool)
  /// Understood as words, but nothing this assistant does.
  case cannotHandle(CannotHandleReason)
}

/// What is said to the assistant itself.
public enum Aside: String, Hashable, Sendable, Codable, CaseIterable {
  /// "Hello?", "Are you there?"
  case greeting = "greeting"
  /// "Who is this?", "Are you a robot?", "What can you do?", and small talk.
  case about = "about"
  /// "Are you sure?"
  case doubt = "doubt"
  /// "This is ridiculous."
  case complaint = "complaint"
  /// More than can be done is asked for beside what can: "every month", "only before noon", "about fifty".
  case limits = "limits"
  /// "Was that done?", "Did you block it?"
  case outcome = "outcome"
}

/// Why nothing usable was found in an utterance.
public enum CannotHandleReason: String, Hashable, Sendable, Codable {
  /// Nothing matched.
  case notUnderstood = "not_understood"
  /// Outside what the assistant does.
  case outOfScope = "out_of_scope"
  /// Nothing in the approved knowledge answers it.
  case noRelevantAnswer = "no_relevant_answer"
  /// Understanding itself failed or was late.
  case engineFailed = "engine_failed"
}

/// A command with who proposed it and how surely.
public struct ProposedCommand: Hashable, Sendable {
  /// The command.
  public let command: Command
  /// How sure the proposer is.
  public let confidence: Confidence
  /// The rule or model: `rule:yes`, `grammar:digits`, `minilm`, `keys`.
  public let proposer: String
  /// What it came from.
  public let source: SlotSource
  /// The next best guess when it was close, for the trace.
  public let runnerUp: String?
  /// What the value of a slot may have been besides, likeliest first.
  public let others: [SlotValue]

  /// A proposal.
  public init(
    _ command: Command, confidence: Confidence, proposer: String, source: SlotSource = .speech, runnerUp: String? = nil,
    others: [SlotValue] = []
  ) {
    self.command = command
    self.confidence = confidence
    self.proposer = proposer
    self.source = source
    self.runnerUp = runnerUp
    self.others = others
  }
}

/// Where a slot's value came from.
public enum SlotSource: String, Hashable, Sendable, Codable {
  /// Words of the caller.
  case speech = "speech"
  /// Keys.
  case keys = "dtmf"
  /// Written words or a button.
  case text = "text"
  /// A tool.
  case action = "action"
  /// A step of a flow.
  case flow = "flow"
}
