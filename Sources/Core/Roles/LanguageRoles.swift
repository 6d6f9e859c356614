/// Makes commands of words. Guesses only; dialogue decides.
public protocol Understander: Sendable {
  /// The commands in a turn, best first; empty when there is nothing usable. Values come back clear (`text`); the caller of
  /// this role protects them under the label of their slot before they enter a conversation.
  /// Throws when the deadline passes or an engine fails.
  func understand(_ request: UnderstandingRequest, deadline: ContinuousClock.Instant) async throws -> [ProposedCommand]
}

/// Runs the tools of an assistant. Never throws: every way it can go is an outcome.
public protocol ToolInvoker: Sendable {
  /// Runs a tool within its deadline. For one that changes state the intent, and the lines of its call given before, are
  /// durable before the request leaves, or it does not leave and the outcome is `failed(forbidden)`; when no answer comes the probe is asked; what cannot be learned is `unknown`. Values for labelled slots come back behind tokens
  /// of the context's owner.
  func invoke(_ invocation: ToolInvocation, in context: ToolContext) async -> ToolOutcome
}

/// For whom a tool runs.
public struct ToolContext: Hashable, Sendable {
  /// The call.
  public let call: CallID
  /// The conversation, in which one request is one.
  public let conversation: ConversationID
  /// Whose values its answer holds.
  public let owner: DataOwner
  /// A context.
  public init(call: CallID, conversation: ConversationID, owner: DataOwner) {
    self.call = call
    self.conversation = conversation
    self.owner = owner
  }
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
