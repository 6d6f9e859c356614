public import Core
import FoundationEssentials
import GRDB

/// The book of intended changes, on SQLite. Every write is synced before it returns; writes share the journal's batches, so
/// what a call journaled before its intent is durable with it.
public struct SQLiteEffectLedger: EffectLedger {
  private let writer: StoreWriter
  private let database: any DatabaseReader
  private let locks: RunLocks
  private let run: StoreRun

  init(writer: StoreWriter, database: any DatabaseReader, locks: RunLocks, run: StoreRun) {
    self.writer = writer
    self.database = database
    self.locks = locks
    self.run = run
  }

  /// Writes an intent durably, in one transaction with what waits of its call's lines, and returns what was known of its key:
  /// nil for a new one. An intent whose outcome was given as `unknown` is still `intended`. Throws `storage.lines_refused` or
  /// `storage.values_refused`, and writes nothing, when something of the call was refused.
  public func intend(_ intent: EffectIntent) async throws -> EffectState? {
    let now = SystemClock.milliseconds()
    let encoded = try CanonicalJSON.encode(intent)
    return try await writer.perform(after: intent.call) { database in
      let known = try Row.fetchOne(
        database, sql: "SELECT is_open, outcome, schema, is_accepted FROM effects WHERE key = ?",
        arguments: [intent.key])
      if let known {
        let isOpen: Bool = known[0]
        let isAccepted: Bool = known[3]
        guard !isOpen, let outcome: Data = known[1] else { return isAccepted ? .accepted : .intended }
        return .settled(try JournalSchema.read(outcome, schema: known[2]))
      }
      try database.execute(
        sql: """
          INSERT INTO effects
            (key, call, intent, schema, is_open, intended_at_ms, assistant, content_hash, node, back_end)
            VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
          """,
        arguments: [
          intent.key, intent.call.rawValue, encoded, CanonicalJSON.schema, now, intent.origin?.assistant.name,
          intent.origin?.assistant.contentHash, intent.origin?.node, intent.origin?.backEnd,
        ])
      try writer.seals.add(intent.key, to: .effects, database)
      return nil
    }
  }

  /// Notes durably that the back end took a change on. A settled one stays settled; an unknown key throws
  /// `storage.unknown_effect`.
  public func accept(_ key: String) async throws {
    try await writer.perform { database in
      try writer.seals.keeping(key, in: .effects, database) {
        try database.execute(sql: "UPDATE effects SET is_accepted = 1 WHERE key = ?", arguments: [key])
        if database.changesCount == 0 { throw StorageError.unknownEffect }
      }
    }
  }

  /// Writes an outcome durably. `unknown` is noted and leaves the intent open; any other closes it for good. The same outcome
  /// again changes nothing; another throws `storage.already_settled`, an unknown key `storage.unknown_effect`.
  ///
  /// When nobody in this process writes the call's journal any more, the outcome becomes a line of it in the same transaction:
  /// what a later run learned, or what came after the call had been closed.
  public func settle(_ key: String, _ outcome: ToolOutcome) async throws {
    let now = SystemClock.milliseconds()
    let encoded = try CanonicalJSON.encode(outcome)
    try await writer.perform { database in
      guard
        let known = try Row.fetchOne(
          database, sql: "SELECT is_open, outcome, intent, schema FROM effects WHERE key = ?", arguments: [key])
      else { throw StorageError.unknownEffect }
      let isOpen: Bool = known[0]
      guard isOpen else {
        // Compared as values: an older release wrote other bytes for the same.
        let written: ToolOutcome? = try (known[1] as Data?).map { try JournalSchema.read($0, schema: known[3]) }
        if written == outcome { return }
        throw StorageError.alreadySettled
      }
      try writer.seals.keeping(key, in: .effects, database) {
        try database.execute(
          sql: "UPDATE effects SET is_open = ?, outcome = ?, settled_at_ms = ? WHERE key = ?",
          arguments: [outcome == .unknown, encoded, now, key])
      }
      guard outcome != .unknown else { return }
      let intent: EffectIntent = try JournalSchema.read(known[2], schema: known[3])
      guard !writer.isOpen(intent.call), try Self.hasJournal(intent.call, database) else { return }
      try writer.conclude(intent.call, with: .settled(intent.effect, outcome), in: database)
    }
  }

  private static func hasJournal(_ call: CallID, _ database: Database) throws -> Bool {
    try Bool.fetchOne(
      database, sql: "SELECT EXISTS (SELECT 1 FROM calls WHERE call = ?)", arguments: [call.rawValue]) ?? false
  }

  /// Intents without outcome, or with `unknown`, oldest first; not those of calls that another living process has.
  public func open() async throws -> [OpenEffect] {
    do {
      return try await database.read { database in
        let others = try StoreRun.others(than: run.row, database, locks).map(String.init).joined(separator: ", ")
        return try Row.fetchAll(
          database,
          sql: """
            SELECT intent, schema, is_accepted FROM effects
            WHERE is_open AND call NOT IN (SELECT call FROM calls WHERE run IN (\(others)))
            ORDER BY intended_at_ms, rowid
            """
        ).map { OpenEffect(try JournalSchema.read($0[0], schema: $0[1]), isAccepted: $0[2]) }
      }
    } catch {
      throw StorageError.of(error)
    }
  }
}
