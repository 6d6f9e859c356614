import Core
import FoundationEssentials
import GRDB

/// How many rows a table has, sealed: what was not taken away by an erasure is there, and nothing else is.
struct RowCount: Sendable {
  let table: RowSeals.Table
  let seals: RowSeals

  private var name: String { Self.name(of: table) }

  /// Under what the count of a table is kept.
  static func name(of table: RowSeals.Table) -> String { "count of " + table.rawValue }

  /// Counts the rows there are, when seals begin.
  func begin(_ database: Database) throws { try write(try rows(database), database) }

  /// Counts some more, in the transaction that writes them, or fewer, in the one that erases. A count that was altered stays so.
  func add(_ rows: Int, _ database: Database) throws {
    guard rows != 0, let count = try stored(database) else { return }
    try write(count + Int64(rows), database)
  }

  /// Whether as many rows are there as were written and not erased; false as well when the count was altered.
  func agrees(_ database: Database) throws -> Bool {
    try database.tableExists("store_marks") && stored(database) == rows(database)
  }

  /// Whether there is a count that was written under this key.
  func isSealed(_ database: Database) throws -> Bool {
    try database.tableExists("store_marks") && stored(database) != nil
  }

  private func rows(_ database: Database) throws -> Int64 {
    try Int64.fetchOne(database, sql: "SELECT count(*) FROM \(table.rawValue)") ?? 0
  }

  /// Nil when it is not there or not as it was written.
  private func stored(_ database: Database) throws -> Int64? {
    let statement = try database.cachedStatement(sql: "SELECT value FROM store_marks WHERE name = ?")
    guard let mark = try Data.fetchOne(statement, arguments: [name]), mark.count > 8 else { return nil }
    let count = mark.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    return mark == self.mark(count) ? count : nil
  }

  private func write(_ count: Int64, _ database: Database) throws {
    try database.cachedStatement(sql: "INSERT OR REPLACE INTO store_marks (name, value) VALUES (?, ?)")
      .execute(arguments: [name, mark(count)])
  }

  private func mark(_ count: Int64) -> Data {
    withUnsafeBytes(of: count.bigEndian) { Data($0) } + seals.code(name, [count.databaseValue])
  }
}
