public import Core
import GRDB

/// Calls without an end whose process is gone: what a crash left. Calls of processes that live are not among them.
public struct LeftCalls: Sendable {
  let database: any DatabaseReader
  let locks: RunLocks
  let run: StoreRun

  /// How many are read at once.
  private static let page = 200

  /// Whether no process has a call in its hands: it has an end, or its process is gone. False for a call that is not there.
  public func isFree(_ call: CallID) async throws -> Bool {
    do {
      return try await database.read { database in
        try Bool.fetchOne(
          database,
          sql: "SELECT ended_at_us IS NOT NULL OR NOT \(try isAlive(database)) FROM calls WHERE call = ?",
          arguments: [call.rawValue]) ?? false
      }
    } catch {
      throw StorageError.of(error)
    }
  }

  /// An expression over `calls`: whether the process that has it lives.
  private func isAlive(_ database: Database) throws -> String {
    let alive = try StoreRun.others(than: run.row, database, locks) + [run.row]
    return "coalesce(run IN (\(alive.map(String.init).joined(separator: ", "))), FALSE)"
  }

  /// All of them, oldest first. Calls of runs before runs were written down count as left.
  public func all() async throws -> [CallID] {
    do {
      var calls: [CallID] = []
      var last: Int64 = 0
      while true {
        let page = try await database.read { [last] database in
          try Row.fetchAll(
            database,
            sql: """
              SELECT id, call FROM calls WHERE ended_at_us IS NULL AND id > ? AND NOT \(try isAlive(database))
              ORDER BY id LIMIT ?
              """, arguments: [last, Self.page]
          ).map { row -> (Int64, CallID) in (row[0], CallID(row[1])) }
        }
        calls += page.map(\.1)
        guard page.count == Self.page, let end = page.last else { return calls }
        last = end.0
      }
    } catch {
      throw StorageError.of(error)
    }
  }

  /// How much sooner than the end of its call a change may have been settled that the journal does not tell of, by clocks that may
  /// be set meanwhile. Calls whose changes were settled before are not looked at, or a start would read all there ever were.
  private static let slackMilliseconds = 10_000

  /// Calls with an end whose process is gone, a change of which was settled about their end or later, and which ask for more than they
  /// tell outcomes of.
  public func endedInChange() async throws -> [CallID] {
    do {
      return try await database.read { database in
        try String.fetchAll(
          database,
          sql: """
            SELECT call FROM calls WHERE ended_at_us IS NOT NULL AND NOT \(try isAlive(database)) AND EXISTS (
              SELECT 1 FROM effects WHERE effects.call = calls.call AND NOT is_open
              AND settled_at_ms >= started_at_ms + ended_at_us / 1000 - ?
            ) AND (
              SELECT sum(CASE kind WHEN 'effect.invoke' THEN 1 ELSE -1 END) FROM journal
              WHERE journal.call = calls.id AND kind IN ('effect.invoke', 'event.toolFinished', 'remark.settled')
            ) > 0 ORDER BY id
            """, arguments: [Self.slackMilliseconds]
        ).map { CallID($0) }
      }
    } catch {
      throw StorageError.of(error)
    }
  }
}
