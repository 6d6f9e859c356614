/// An assistant, read and checked: everything a conversation needs to decide, as one immutable value.
public struct AssistantDefinition: Sendable, Equatable {
  /// Which assistant, exactly.
  public let version: AssistantVersion
  /// Its language.
  public let locale: LocaleTag
  /// Who it says it is.
  public let persona: Persona
  /// Flows by id, patterns included (the author's over the built-in ones).
  public let flows: [FlowID: Flow]
  /// Slots by name, built-in ones included.
  public let slots: [SlotName: SlotDefinition]
  /// Responses by name, built-in ones included.
  public let responses: [ResponseName: ResponseDefinition]
  /// Tools by name.
  public private(set) var tools: [ActionName: ToolDefinition]
  /// Places calls can be transferred to.
  public let destinations: [DestinationName: TransferDestination]
  /// Timings and limits of a spoken conversation.
  public let voice: VoiceDefaults
  /// Which set of built-in patterns it was read with: `c13` or `c16`.
  public let profile: String
  /// Its levels of identity and how they are reached.
  public let identity: IdentityLadder
  /// Purposes of consent by name.
  public let consents: [ConsentName: ConsentDefinition]

  /// An assistant from its parts.
  public init(
    version: AssistantVersion, locale: LocaleTag, persona: Persona, flows: [FlowID: Flow],
    slots: [SlotName: SlotDefinition], responses: [ResponseName: ResponseDefinition],
    tools: [ActionName: ToolDefinition], destinations: [DestinationName: TransferDestination],
    voice: VoiceDefaults, profile: String, identity: IdentityLadder = IdentityLadder(),
    consents: [ConsentName: ConsentDefinition] = [:]
  ) {
    self.version = version
    self.locale = locale
    self.persona = persona
    self.flows = flows
    self.slots = slots
    self.responses = responses
    self.tools = tools
    self.destinations = destinations
    self.voice = voice
    self.profile = profile
    self.identity = identity
    self.consents = consents
  }

  /// The same with further tools; those it has stay as they are.
  public func adding(tools further: [ActionName: ToolDefinition]) -> AssistantDefinition {
    var copy = self
    copy.tools.merge(further) { own, _ in own }
    return copy
  }

  /// The flows a caller can start, in order of id.
  public var journeys: [Flow] {
    flows.values.filter { !$0.isPattern && $0.guardCondition != .literal(false) }.sorted { $0.id < $1.id }
  }
}

/// Who the agent says it is and how it sounds.
public struct Persona: Hashable, Sendable, Codable {
  /// The agent's name.
  public let name: String
  /// The voice's id in the engines' manifest; nil for the server's own.
  public let voice: String?
  /// Speed of speech in percent of the voice's own.
  public let ratePercent: Int
  /// A persona.
  public init(name: String, voice: String? = nil, ratePercent: Int = 100) {
    self.name = name
    self.voice = voice
    self.ratePercent = ratePercent
  }
}

/// A place or person calls are transferred to.
public struct TransferDestination: Hashable, Sendable, Codable {
  /// Its name in flows.
  public let name: DestinationName
  /// A SIP URI, or a `${NAME}` reference resolved by the server.
  public let uri: String
  /// How long it may ring.
  public let ringTimeout: CallSpan
  /// A destination.
  public init(name: DestinationName, uri: String, ringTimeout: CallSpan = .seconds(20)) {
    self.name = name
    self.uri = uri
    self.ringTimeout = ringTimeout
  }
}

/// Timings and limits of a spoken conversation; all have defaults, all can be set in `assistant.yml`.
public struct VoiceDefaults: Hashable, Sendable, Codable {
  /// Silence that ends a turn when the words are surely complete.
  public var endOfTurnCertain: CallSpan = .milliseconds(400)
  /// Silence that ends a turn otherwise.
  public var endOfTurnNormal: CallSpan = .milliseconds(700)
  /// Silence that ends a turn whose words are surely incomplete.
  public var endOfTurnUncertain: CallSpan = .milliseconds(1500)
  /// Longest turn, from its first word.
  public var longestTurn: CallSpan = .seconds(30)
  /// Voice after which the agent pauses.
  public var bargeInAfter: CallSpan = .milliseconds(150)
  /// Silence without words after which a paused agent goes on.
  public var resumeAfter: CallSpan = .milliseconds(1200)
  /// Silence after which the caller gets guidance.
  public var firstSilence: CallSpan = .seconds(6)
  /// Further silence before the next rung of the ladder.
  public var nextSilence: CallSpan = .seconds(8)
  /// Waiting after which the caller hears that work goes on.
  public var fillerAfter: CallSpan = .milliseconds(900)
  /// Certainty below which a command is asked about, not done.
  public var clarifyBelow: Confidence = Confidence(permille: 450)
  /// Words a prompt may have before the checker objects.
  public var longestPromptWords: Int = 30
  /// The longest call.
  public var longestCall: CallSpan = .seconds(1800)

  /// The defaults.
  public init() {}
}
