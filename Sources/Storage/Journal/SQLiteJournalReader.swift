public import Core
import FoundationEssentials
import GRDB

/// Reads journals, in the server's process or in another while the server writes.
public struct SQLiteJournalReader: JournalReader {
  private let database: any DatabaseReader
  /// Nil without the master key.
  private let seals: RowSeals?

  init(database: any DatabaseReader, seals: RowSeals?) {
    self.database = database
    self.seals = seals
  }

  /// The calls there are, newest first. Throws `storage.unknown_call` when `before` is none.
  public func calls(limit: Int, before: CallID?) async throws -> [JournaledCall] {
    do {
      return try await database.read { database in
        let isSealing = try RowSeals.areIn(.calls, database)
        var place: Row?
        if let before {
          place = try Row.fetchOne(
            database, sql: "SELECT started_at_ms, id FROM calls WHERE call = ?", arguments: [before.rawValue])
          guard place != nil else { throw StorageError.unknownCall(before) }
        }
        return try Row.fetchAll(
          database,
          sql: """
            \(Self.heads(isSealing)) \(place == nil ? "" : "WHERE (calls.started_at_ms, calls.id) < (?, ?)")
            ORDER BY calls.started_at_ms DESC, calls.id DESC LIMIT ?
            """,
          arguments: StatementArguments((place.map { Array($0.databaseValues) } ?? []) + [max(0, limit).databaseValue])
        ).map { row in
          JournaledCall(
            call: CallID(row["call"]),
            version: AssistantVersion(name: row["name"] ?? "", contentHash: row["content_hash"] ?? ""),
            startedAt: row["started_at_ms"], lines: row["lines"],
            hasEnded: row["ended_at_us"] as Int64? != nil, seal: verdict(row, isSealing))
        }
      }
    } catch {
      throw StorageError.of(error)
    }
  }

  /// How many calls there are.
  public func callCount() async throws -> Int {
    do {
      return try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM calls") ?? 0 }
    } catch {
      throw StorageError.of(error)
    }
  }

  /// Heads with what their seals are over, in files that have seals.
  private static func heads(_ isSealing: Bool) -> String {
    isSealing
      ? RowSeals.Table.calls.selection
      : """
      SELECT calls.id, call, conversation, tenant, name, content_hash, started_at_ms, person, ended_at_us, lines, head
      FROM calls LEFT JOIN assistants ON assistants.id = calls.assistant
      """
  }

  private func verdict(_ head: Row, _ isSealing: Bool) -> Seal {
    isSealing ? seals?.verdict(head, of: .calls) ?? .unchecked : .earlier
  }

  /// A call's journal, its sensitive values as tokens without a value. Throws `storage.unknown_call`, or
  /// `storage.newer_schema` when an untouched line is of a schema this version does not know.
  ///
  /// `firstBroken` is the position of the first line that was altered, removed or moved; lines that cannot be read are left out and
  /// told. A journal whose last lines were removed is broken at its end, and so that it does not show in lines and head, its seal
  /// is. `erased` counts values, each once.
  public func read(_ call: CallID) async throws -> JournalReading {
    do {
      return try await database.read { try read(call, $0) }
    } catch {
      throw StorageError.of(error)
    }
  }

  /// A call's lines from a position on, as they are on the disk. Throws `storage.unknown_call`, `storage.newer_schema` or
  /// `storage.line_unreadable`.
  public func lines(of call: CallID, from sequence: Int) async throws -> [JournalEntry] {
    do {
      return try await database.read { database in
        guard
          let id = try Int64.fetchOne(database, sql: "SELECT id FROM calls WHERE call = ?", arguments: [call.rawValue])
        else { throw StorageError.unknownCall(call) }
        let rows = try Row.fetchCursor(
          database, sql: Self.rows(where: "AND sequence >= ?"), arguments: [id, sequence])
        var entries: [JournalEntry] = []
        while let stored = try rows.next() { entries.append(try Self.entry(JournalRow(call, stored))) }
        return entries
      }
    } catch {
      throw StorageError.of(error)
    }
  }

  /// A call's first line, its landmarks and its last line. Reads these rows alone. Throws `storage.unknown_call`,
  /// `storage.newer_schema` or `storage.line_unreadable`.
  public func landmarks(of call: CallID) async throws -> [JournalEntry] {
    do {
      return try await database.read { database in
        guard
          let head = try Row.fetchOne(
            database, sql: "SELECT id, lines FROM calls WHERE call = ?", arguments: [call.rawValue])
        else { throw StorageError.unknownCall(call) }
        let (id, lines): (Int64, Int) = (head[0], head[1])
        let landmarks = JournalRecord.landmarks.map { "'\($0)'" }.joined(separator: ", ")
        var rows = try Row.fetchAll(
          database, sql: Self.rows(where: "AND kind IN (\(landmarks))"), arguments: [id])
        for (sequence, place) in [(0, 0), (lines - 1, Int.max)]
        where !rows.contains(where: { $0[0] as Int == sequence }) {
          let row = try Row.fetchOne(database, sql: Self.rows(where: "AND sequence = ?"), arguments: [id, sequence])
          if let row { rows.insert(row, at: min(place, rows.count)) }
        }
        return try rows.map { try Self.entry(JournalRow(call, $0)) }
      }
    } catch {
      throw StorageError.of(error)
    }
  }

  /// The call an event was written of last, by the order of writing; of files from before that was counted the newest.
  public func lastActive() async throws -> CallID? {
    do {
      return try await database.read { database in
        let isCounted = try database.columns(in: "calls").contains { $0.name == "activity" }
        return try String.fetchOne(
          database,
          sql:
            "SELECT call FROM calls ORDER BY \(isCounted ? "activity DESC, " : "")started_at_ms DESC, id DESC LIMIT 1"
        ).map { CallID($0) }
      }
    } catch {
      throw StorageError.of(error)
    }
  }

  private static func entry(_ row: JournalRow) throws -> JournalEntry {
    do {
      return try row.entry()
    } catch let error as StorageError {
      throw error
    } catch {
      throw StorageError.lineUnreadable(row.sequence, of: row.call)
    }
  }

  private static func rows(where more: String = "") -> String {
    """
    SELECT sequence, conversation, instant_us, kind, schema, name, content_hash, payload, digest
    FROM journal LEFT JOIN assistants ON assistants.id = journal.assistant WHERE call = ? \(more) ORDER BY sequence
    """
  }

  private func read(_ call: CallID, _ database: Database) throws -> JournalReading {
    let isSealing = try RowSeals.areIn(.calls, database)
    guard
      let head = try Row.fetchOne(
        database, sql: "\(Self.heads(isSealing)) WHERE calls.call = ?", arguments: [call.rawValue])
    else { throw StorageError.unknownCall(call) }
    let id: Int64 = head["id"]
    var entries: [JournalEntry] = []
    var unreadable: [JournalReading.Unreadable] = []
    var firstBroken: Int?
    var previous = JournalRow.genesis
    var tokens: Set<String> = []
    var position = 0
    var fold = HeadFold()
    let rows = try Row.fetchCursor(database, sql: Self.rows(), arguments: [id])
    while let stored = try rows.next() {
      let row = JournalRow(call, stored)
      let digest: Data = stored[8]
      let isWhole = row.sequence == position && row.digest(after: previous) == digest
      if !isWhole, firstBroken == nil { firstBroken = position }
      previous = digest
      position += 1
      do {
        let entry = try row.entry()
        entries.append(entry)
        fold.take(entry)
      } catch {
        if firstBroken == nil, let error = error as? StorageError { throw error }
        unreadable.append(.init(line: row.sequence, reason: Self.reason(error)))
      }
      TokenScan.collect(from: row.payload, into: &tokens)
    }
    if firstBroken == nil, position != head["lines"] || previous != head["head"] { firstBroken = position }
    let erased = try Self.erasedCount(
      tokens, call: call, tenant: TenantID(head["tenant"]), person: head["person"], database)
    let isTelling = firstBroken == nil && unreadable.isEmpty
    return JournalReading(
      entries: entries, firstBroken: firstBroken, erased: erased, seal: verdict(head, isSealing),
      disagreements: isTelling ? fold.disagreements(with: head) : [], unreadable: unreadable)
  }

  private static func reason(_ error: any Error) -> String {
    (error as? StorageError)?.message ?? "what stands in it is no line of a journal"
  }

  private static func erasedCount(
    _ tokens: Set<String>, call: CallID, tenant: TenantID, person: String?, _ database: Database
  ) throws -> Int {
    var owners = [DataOwner.call(tenant, call).key]
    if let person { owners.append(DataOwner.person(tenant, PersonID(person)).key) }
    let statement = try database.makeStatement(
      sql: """
        SELECT EXISTS (
          SELECT 1 FROM vault_values JOIN vault_keys ON vault_keys.id = vault_values.key
          WHERE vault_values.owner = ? AND token = ?)
        """)
    return try tokens.count { token in
      try !owners.contains { try Bool.fetchOne(statement, arguments: [$0, token]) ?? false }
    }
  }
}

extension JournalRow {
  /// The columns of a selected row, in the order of the table's.
  fileprivate init(_ call: CallID, _ stored: Row) {
    self.init(
      call: call, sequence: stored[0], conversation: ConversationID(stored[1]),
      instant: CallInstant(microseconds: stored[2]), kind: stored[3], schema: stored[4],
      assistant: AssistantVersion(name: stored[5] ?? "", contentHash: stored[6] ?? ""), payload: stored[7])
  }
}

/// Finds the tokens of sensitive values in canonical JSON: strings `label:id` whose ids are the vault's.
enum TokenScan {
  /// Adds the ids in `payload`, those of joined tokens one by one, literal parts (`TokenPart`) left out.
  static func collect(from payload: Data, into ids: inout Set<String>) {
    for text in payload.split(separator: UInt8(ascii: "\"")) {
      guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > text.startIndex else { continue }
      let parts = text[text.index(after: colon)...].split(
        separator: UInt8(ascii: "+"), omittingEmptySubsequences: false
      ).filter { $0.first != UInt8(ascii: "=") }
      guard parts.allSatisfy(isTokenID) else { continue }
      for part in parts { ids.insert(String(decoding: part, as: UTF8.self)) }
    }
  }

  private static func isTokenID(_ bytes: Data.SubSequence) -> Bool {
    bytes.count == VaultKey.tokenLength
      && bytes.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 }
  }
}
