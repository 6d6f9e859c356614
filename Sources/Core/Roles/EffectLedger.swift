/// An intended change of the outside world, durable before its request leaves.
public struct EffectIntent: Hashable, Sendable, Codable {
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
  /// An intent.
  public init(key: String, call: CallID, effect: EffectID, tool: ActionName, arguments: [String: SlotValue]) {
    self.key = key
    self.call = call
    self.effect = effect
    self.tool = tool
    self.arguments = arguments
  }
}

/// What the ledger knows of an intent.
public enum EffectState: Hashable, Sendable, Codable {
  /// Written, nothing known of its outcome.
  case intended
  /// Settled.
  case settled(ToolOutcome)
}

/// The book of intended changes: a change is asked for once, its outcome is learned, never guessed.
public protocol EffectLedger: Sendable {
  /// Writes an intent with a full sync and returns what was known of its key before: nil for a new one.
  func intend(_ intent: EffectIntent) async throws -> EffectState?
  /// Writes an outcome with a full sync. `unknown` leaves the intent open for a person.
  func settle(_ key: String, _ outcome: ToolOutcome) async throws
  /// Intents without outcome, oldest first: what a crash left behind.
  func open() async throws -> [EffectIntent]
}
