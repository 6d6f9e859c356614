internal import Core
internal import Governance
internal import Storage

/// Fills in what the vault gives for tokens; without a key every value stays hidden.
struct Revealing {
  let reader: SQLiteStoreReader
  let policy: DataPolicy
  let exit: DataExit

  init(_ reader: SQLiteStoreReader, _ policy: DataPolicy, for exit: DataExit = .screen) {
    self.reader = reader
    self.policy = policy
    self.exit = exit
  }

  func entries(_ entries: [JournalEntry]) async throws -> [JournalEntry] {
    try CanonicalJSON.revealing(entries, try await values(of: entries))
  }

  /// The values of the tokens in the lines of one conversation.
  func values(of entries: [JournalEntry]) async throws -> [SensitiveToken: String] {
    var values: [SensitiveToken: String] = [:]
    guard case .started(let start, _)? = entries.first?.record else { return values }
    // What the policy keeps from where it goes is not fetched, whoever has the key; a secret never is.
    for token in try CanonicalJSON.tokens(in: entries) where policy.allows(token.label, at: exit) {
      values[token] = try await reader.reveal(token, owner: start.owner)
    }
    return values
  }
}
