/// An intended change of the outside world, durable before its request leaves.
public struct EffectIntent: Hashable, Sendable {
  /// HMAC over conversation, flow activation, tool and canonical arguments; sent as the idempotency key.
  public let key: String
  /// The call it belongs to.
  public let call: CallID
  /// The effect's number in the conversation.
  public let effect: EffectID
  /// The tool.
  public let tool: ActionName
  /// Canonical arguments, sensitive ones as tokens.
  public let arguments: [String: SlotValue]
  /// Who asked, from where, and whom; nil in intents of releases before 0.2, which did not write it down.
  public let origin: EffectOrigin?
  /// An intent.
  public init(
    key: String, call: CallID, effect: EffectID, tool: ActionName, arguments: [String: SlotValue],
    origin: EffectOrigin? = nil
  ) {
    self.key = key
    self.call = call
    self.effect = effect
    self.tool = tool
    self.arguments = arguments
    self.origin = origin
  }
}

/// Who intended a change, and who can say whether it happened. A tool's name alone tells neither: two assistants may both have
/// a tool of that name, and a new version of one may ask another back end.
public struct EffectOrigin: Hashable, Sendable {
  /// The version of the assistant whose tool it is.
  public let assistant: AssistantVersion
  /// The server that asked.
  public let node: String
  /// Scheme, host and port of the back end that can say whether it happened: the probe's, or the request's where there is no
  /// probe.
  public let backEnd: String
  /// Whose key the tokens of the arguments lie under.
  public let owner: DataOwner
  /// An origin.
  public init(assistant: AssistantVersion, node: String, backEnd: String, owner: DataOwner) {
    self.assistant = assistant
    self.node = node
    self.backEnd = backEnd
    self.owner = owner
  }
}

/// What the ledger knows of an intent.
public enum EffectState: Hashable, Sendable {
  /// Written, nothing known of its outcome.
  case intended
  /// The back end said that it took the change on; that no trace of it is found proves nothing.
  case accepted
  /// Settled.
  case settled(ToolOutcome)
}

/// An intent without outcome.
public struct OpenEffect: Hashable, Sendable {
  /// The intent.
  public let intent: EffectIntent
  /// Whether the back end said that it took the change on.
  public let isAccepted: Bool
  /// An open effect.
  public init(_ intent: EffectIntent, isAccepted: Bool = false) {
    self.intent = intent
    self.isAccepted = isAccepted
  }
}

/// The book of intended changes: a change is asked for once, its outcome is learned, never guessed.
public protocol EffectLedger: Sendable {
  /// Writes an intent and returns what was known of its key before: nil for a new one.
  ///
  /// With it, in one full sync, every line and value of its call that was given before becomes durable: who asks for a change
  /// needs no flush of the journal. Throws when that cannot be, and when a line or value of the call was refused; the change
  /// must not be asked for then, and the ledger has no new intent.
  func intend(_ intent: EffectIntent) async throws -> EffectState?
  /// Writes with a full sync that the back end took the change on and has not said how it went. The intent stays open.
  func accept(_ key: String) async throws
  /// Writes an outcome with a full sync. `unknown` leaves the intent open for a person.
  func settle(_ key: String, _ outcome: ToolOutcome) async throws
  /// Intents without outcome, oldest first: what a crash left behind.
  func open() async throws -> [OpenEffect]
}
