public import Core

extension SQLiteStore: Store {
  /// Reads all that was given to the journal before, and what other processes wrote.
  public var reader: SQLiteJournal { journal }
  /// Reads the book beside its writer.
  public var ledgerReader: SQLiteEffectLedgerReader {
    SQLiteEffectLedgerReader(database: database, locks: locks, seals: writer.seals, own: run.row)
  }
  /// This process, as others can see whether it lives.
  public var holder: CallHolder { CallHolder(node: run.node, lease: run.id) }
  /// Whether the disk takes what it is given.
  public var isWell: Bool { health.isWell }

  /// Calls without an end whose process is gone.
  public func callsLeft() async throws -> [CallID] { try await leftCalls.all() }

  /// Calls that ended while a change of theirs was in hand, and whose journal may not tell what became of it.
  public func callsEndedInChange() async throws -> [CallID] { try await leftCalls.endedInChange() }

  /// Whether no process that lives has a call.
  public func isFree(_ call: CallID) async throws -> Bool { try await leftCalls.isFree(call) }

  /// Writes a remark, synced, behind the last line of a call that nobody writes any more.
  public func conclude(_ call: CallID, with remark: JournalRemark) async throws {
    try await journal.conclude(call, with: remark)
  }
}
