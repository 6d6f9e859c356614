public import Core
import GRDB

/// Calls without an end whose process is gone: what a crash left. Calls of processes that live are not among them.
public struct LeftCalls: Sendable {
  let database: any DatabaseReader
  let locks: RunLocks
  let run: StoreRun

  /// How many are read at once.
  private static let page = 200

  /// All of them, oldest first. Calls of runs before runs were written down count as left.
  public func all() async throws -> [CallID] {
    do {
      var calls: [CallID] = []
      var last: Int64 = 0
      while true {
        let page = try await database.read { [last] database in
          let alive = try StoreRun.others(than: run.row, database, locks) + [run.row]
          let isAlive = "run IN (\(alive.map(String.init).joined(separator: ", ")))"
          return try Row.fetchAll(
            database,
            sql: """
              SELECT id, call FROM calls WHERE ended_at_us IS NULL AND id > ? AND NOT coalesce(\(isAlive), FALSE)
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
}
