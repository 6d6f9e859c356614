public import Core
import FoundationEssentials
import GRDB

/// Reads the book of intended changes, in the server's process or in another.
public struct SQLiteEffectLedgerReader: EffectLedgerReader {
  let database: any DatabaseReader
  /// Nil where nobody can be seen to be alive.
  let locks: RunLocks?
  /// Nil without the master key.
  let seals: RowSeals?
  /// The run of this process, which its own locks do not show.
  var own: Int64?

  /// The calls that intended or ran a tool, oldest first.
  public func calls() async throws -> [CallID] {
    do {
      return try await database.read { database in
        // A call whose journal is gone stands in the ledger all the same.
        try String.fetchAll(
          database,
          sql: """
            SELECT call FROM calls WHERE id IN (SELECT call FROM journal WHERE kind = 'effect.invoke')
            UNION SELECT call FROM effects
            """
        ).map { CallID($0) }
      }
    } catch {
      throw StorageError.of(error)
    }
  }

  /// A call's effects, in the order they were intended.
  public func effects(of call: CallID) async throws -> [LedgeredEffect] {
    do {
      return try await database.read { database in
        let isUnderWay = try isUnderWay(call, database)
        let isSealing = try RowSeals.areIn(.effects, database)
        return try Row.fetchAll(
          database,
          sql: """
            \(isSealing ? RowSeals.Table.effects.selection : "SELECT intent, schema, outcome, intended_at_ms FROM effects")
            WHERE call = ? ORDER BY intended_at_ms, rowid
            """, arguments: [call.rawValue]
        ).map { row in
          let schema: Int = row["schema"]
          let seal = isSealing ? seals?.verdict(row, of: .effects) ?? .unchecked : .earlier
          let intent: EffectIntent
          do {
            intent = try JournalSchema.read(row["intent"], schema: schema)
          } catch {
            throw seal == .broken ? StorageError.effectUnreadable(call) : error
          }
          let outcome: ToolOutcome?
          do {
            outcome = try (row["outcome"] as Data?).map { try JournalSchema.read($0, schema: schema) }
          } catch {
            guard seal == .broken else { throw error }
            outcome = .unknown
          }
          return LedgeredEffect(
            intent: intent, outcome: outcome, intendedAt: row["intended_at_ms"], isUnderWay: isUnderWay, seal: seal)
        }
      }
    } catch {
      throw StorageError.of(error)
    }
  }

  /// Whether a process that lives has a call in its hands, as far as can be seen; of calls that ended it says nothing.
  public func isUnderWay(_ call: CallID) async throws -> Bool {
    do {
      return try await database.read { try isUnderWay(call, $0) }
    } catch {
      throw StorageError.of(error)
    }
  }

  /// A file of an older version, which nobody serves, has no runs.
  private func isUnderWay(_ call: CallID, _ database: Database) throws -> Bool {
    guard let locks, try database.tableExists("runs"),
      let run = try Int64.fetchOne(
        database, sql: "SELECT run FROM calls WHERE call = ? AND run IS NOT NULL", arguments: [call.rawValue])
    else { return false }
    return run == own || locks.isTaken(run)
  }
}
