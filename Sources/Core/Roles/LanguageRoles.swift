/// Makes commands of words. Guesses only; dialogue decides.
public protocol Understander: Sendable {
  /// The commands in a turn, best first; empty when there is nothing usable. Values come back clear (`text`); the caller of
  /// this role protects them under the label of their slot before they enter a conversation.
  /// Throws when the deadline passes or an engine fails.
  func understand(_ request: UnderstandingRequest, deadline: ContinuousClock.Instant) async throws -> [ProposedCommand]
}

/// Runs the tools of an assistant. Never throws: every way it can go is an outcome.
public protocol ToolInvoker: Sendable {
  /// Runs a tool within its deadline. For one that changes state the intent is durable before the request leaves; when no
  /// answer comes the probe is asked; what cannot be learned is `unknown`.
  func invoke(_ invocation: ToolInvocation, of call: CallID, in conversation: ConversationID) async -> ToolOutcome
}

/// A text as a vector of meaning.
public protocol Embedder: Sendable {
  /// Names model and file hash, for caches.
  var identity: String { get }
  /// Unit vectors of the texts, all of one length.
  func embed(_ texts: [String]) async throws -> [[Float]]
  /// Whether a lowercase word belongs to the language, as far as the model's vocabulary tells; true when it cannot tell.
  func knows(_ word: String) -> Bool
}

extension Embedder {
  public func knows(_ word: String) -> Bool { true }
}
