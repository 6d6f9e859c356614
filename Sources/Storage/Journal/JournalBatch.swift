import Core
import FoundationEssentials
import GRDB

/// The lines of one transaction: continues each call's chain of digests from the row of the call.
struct JournalBatch {
  private struct Head {
    let id: Int64
    let assistant: AssistantVersion
    let assistantID: Int64
    var lines: Int
    var digest: Data
    var endedAt: Int64?
    var isChanged = false
    /// Whether it is this process's from here on.
    var isTakenOver = false
    /// Whether something happened in it.
    var isActive = false
    /// Whether it was as it was written when this batch found it.
    let isWhole: Bool
  }

  private let database: Database
  /// The row of the process that writes; stands in the head of each call it begins.
  private let run: Int64
  private let binding: OwnerBinding
  private let seals: RowSeals
  private var heads: [CallID: Head] = [:]

  init(_ database: Database, run: Int64, binding: OwnerBinding, seals: RowSeals) {
    self.database = database
    self.run = run
    self.binding = binding
    self.seals = seals
  }

  /// Writes a line. Returns false when it does not fit: not the next of its call, no start before it, not encodable, or what
  /// the table does not take.
  mutating func add(_ entry: JournalEntry) throws -> Bool {
    do {
      guard var head = try head(for: entry), entry.sequence == head.lines else { return false }
      guard case .event(.identified(let person)) = entry.record else {
        try append(entry, to: &head)
        return true
      }
      // The line and what it does to the call's owner, or neither.
      try database.inSavepoint {
        try binding.bind(entry.call, row: head.id, to: person, in: database)
        try append(entry, to: &head)
        return .commit
      }
      return true
    } catch  where StorageError.isOfOneOperation(error) {
      return false
    }
  }

  /// Writes a remark behind the last line of a call that nobody else writes, at that line's instant.
  mutating func add(_ remark: JournalRemark, to call: CallID) throws {
    guard var head = try storedHead(call),
      let last = try Row.fetchOne(
        database.cachedStatement(
          sql: "SELECT conversation, instant_us FROM journal WHERE call = ? ORDER BY sequence DESC LIMIT 1"),
        arguments: [head.id])
    else { throw StorageError.unknownCall(call) }
    try append(
      JournalEntry(
        conversation: ConversationID(last[0]), call: call, sequence: head.lines,
        instant: CallInstant(microseconds: last[1]), record: .remark(remark)), to: &head)
  }

  private mutating func append(_ entry: JournalEntry, to head: inout Head) throws {
    let row = try JournalRow(entry, assistant: head.assistant)
    let digest = row.digest(after: head.digest)
    try database.cachedStatement(
      sql: """
        INSERT INTO journal (call, sequence, conversation, instant_us, kind, schema, assistant, payload, digest)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      head.id, row.sequence, row.conversation.rawValue, row.instant.microseconds, row.kind, row.schema,
      head.assistantID,
      row.payload, digest,
    ])
    head.lines += 1
    head.digest = digest
    head.isChanged = true
    if case .event = entry.record { head.isActive = true }
    if entry.record.isEnd { head.endedAt = entry.instant.microseconds }
    // Whoever goes on with it has it now.
    if entry.record.isBeginningAgain {
      head.endedAt = nil
      head.isTakenOver = true
    }
    heads[entry.call] = head
  }

  /// Writes the ends of the chains to the rows of their calls, and seals these.
  func finish() throws {
    for head in heads.values.sorted(by: { $0.id < $1.id }) where head.isChanged {
      try database.cachedStatement(
        sql: "UPDATE calls SET lines = ?, head = ?, ended_at_us = ?, run = coalesce(?, run) WHERE id = ?"
      )
      .execute(arguments: [head.lines, head.digest, head.endedAt, head.isTakenOver ? run : nil, head.id])
      if head.isActive {
        try database.cachedStatement(
          sql: "UPDATE calls SET activity = 1 + (SELECT max(activity) FROM calls) WHERE id = ?"
        ).execute(arguments: [head.id])
      }
      if head.isWhole { try seals.seal(head.id, in: .calls, database) }
    }
  }

  private mutating func head(for entry: JournalEntry) throws -> Head? {
    if let known = heads[entry.call] { return known }
    let found = try storedHead(entry.call) ?? startedHead(entry)
    heads[entry.call] = found
    return found
  }

  private func storedHead(_ call: CallID) throws -> Head? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT calls.id, name, content_hash, assistant, lines, head, ended_at_us
        FROM calls JOIN assistants ON assistants.id = calls.assistant WHERE call = ?
        """)
    guard let row = try Row.fetchOne(statement, arguments: [call.rawValue]) else { return nil }
    return Head(
      id: row[0], assistant: AssistantVersion(name: row[1], contentHash: row[2]), assistantID: row[3], lines: row[4],
      digest: row[5], endedAt: row[6],
      isWhole: try seals.verdict(of: row[0] as Int64, in: .calls, database) == .whole)
  }

  private func startedHead(_ entry: JournalEntry) throws -> Head? {
    guard case .started(let start, let version) = entry.record, entry.sequence == 0 else { return nil }
    try database.cachedStatement(sql: "INSERT OR IGNORE INTO assistants (name, content_hash) VALUES (?, ?)")
      .execute(arguments: [version.name, version.contentHash])
    let found = try Int64.fetchOne(
      database.cachedStatement(sql: "SELECT id FROM assistants WHERE name = ? AND content_hash = ?"),
      arguments: [version.name, version.contentHash])
    guard let assistantID = found else { return nil }
    var id: Int64 = 0
    try database.inSavepoint {
      try database.cachedStatement(
        sql: """
          INSERT INTO calls (call, conversation, tenant, assistant, started_at_ms, lines, head, run)
          VALUES (?, ?, ?, ?, ?, 0, ?, ?)
          """
      ).execute(arguments: [
        entry.call.rawValue, entry.conversation.rawValue, start.tenant.rawValue, assistantID,
        start.clock.epochMilliseconds, JournalRow.genesis, run,
      ])
      id = database.lastInsertedRowID
      try RowCount(table: .calls, seals: seals).add(1, database)
      if let person = start.person { try binding.bind(entry.call, row: id, to: person, in: database) }
      return .commit
    }
    return Head(
      id: id, assistant: version, assistantID: assistantID, lines: 0, digest: JournalRow.genesis, isChanged: true,
      isWhole: true)
  }
}
