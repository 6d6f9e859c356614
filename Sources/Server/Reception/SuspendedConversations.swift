internal import Conversation
internal import Core
internal import Foundation

/// Conversations without a line, kept in their journals by whatever process had them.
struct SuspendedConversations: Sendable {
  let storage: StorageFloor

  /// A conversation as it stood, its values in clear, for the assistant that had it. What the ledger knows of its changes is in
  /// its journal then.
  ///
  /// Throws `ServerError.conversation` with what is in the way: unknown, altered, of another assistant, over, or in another
  /// process's hands.
  ///
  /// - Parameter attachments: how often lines have joined it, as a ticket says; nil where none is asked for.
  func resumption(
    of conversation: ConversationID, attachments: Int? = nil, tenant: TenantID, assistant: PreparedAssistant
  ) async throws -> Resumption {
    let call = CallID(conversation.rawValue)
    let reading: JournalReading
    do {
      try await SettledChanges(store: storage.store).tell(call)
      reading = try await storage.store.reader.read(call)
    } catch let error as any CodedError where error.code == "storage.unknown_call" {
      throw Self.obstacle(conversation, "there is no such conversation")
    }
    guard case .started(let start, _)? = reading.entries.first?.record, start.tenant == tenant else {
      throw Self.obstacle(conversation, "there is no such conversation")
    }
    do {
      let resumption = try await Continuation.judge(
        reading, assistant: assistant, isFree: try await storage.store.isFree(call), at: Date().millisecondsSinceEpoch,
        revealing: revealed)
      guard attachments == nil || attachments == resumption.conversation.attachments else {
        throw Self.obstacle(conversation, "somebody has joined it since its ticket was shown")
      }
      return resumption
    } catch let obstacle as Continuation.Obstacle {
      throw Self.obstacle(conversation, obstacle.words)
    }
  }

  private func revealed(_ entries: [JournalEntry], of owner: DataOwner) async throws -> [JournalEntry] {
    var values: [SensitiveToken: String] = [:]
    for token in try CanonicalJSON.tokens(in: entries) {
      values[token] = try await storage.store.vault.reveal(token, owner: owner)
    }
    return try CanonicalJSON.revealing(entries, values)
  }

  private static func obstacle(_ conversation: ConversationID, _ reason: String) -> ServerError {
    ServerError(
      .conversation, "conversation \(conversation) cannot be gone on with: \(reason)",
      hint: "repartee calls lists what there is; without --resume, or with --or-new, a new one begins")
  }
}
