public import Core
import FoundationEssentials
import GRDB

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a process opens a store for.
public enum StoreUse: String, Sendable {
  /// It answers calls; one process at a time.
  case serve
  /// It talks by keyboard, beside others.
  case chat
  /// It does one thing and ends, beside others.
  case command
}

/// One process from opening a store to its end. Its row is in the head of every call it began.
public struct StoreRun: Hashable, Sendable {
  /// The row in the table of runs.
  let row: Int64
  /// Random; no other run has it.
  public let id: String
  /// The server's name: given, or the machine's.
  public let node: String
  /// When the store was opened, milliseconds since the epoch.
  public let startedAt: Int64

  /// Writes the row of this process and locks its place, in this order for others: who sees the row sees the lock.
  static func begin(
    _ use: StoreUse, on name: String?, _ database: DatabasePool, _ locks: RunLocks, _ seals: RowSeals
  ) throws -> StoreRun {
    var generator = SystemRandomNumberGenerator()
    let id = String(generator.next(), radix: 36) + String(generator.next(), radix: 36)
    let node = name ?? machine()
    let now = SystemClock.milliseconds()
    return try database.write { database in
      try database.execute(
        sql: "INSERT INTO runs (run, use, node, process, started_at_ms) VALUES (?, ?, ?, ?, ?)",
        arguments: [id, use.rawValue, node, Int64(getpid()), now])
      let row = database.lastInsertedRowID
      try seals.add(row, to: .runs, database)
      guard locks.take(row) else {
        throw StorageError("busy", "The place of this run is taken", hint: "Try again", isRetryable: true)
      }
      return StoreRun(row: row, id: id, node: node, startedAt: now)
    }
  }

  /// The rows of runs that are alive beside this one.
  static func others(than run: Int64?, _ database: Database, _ locks: RunLocks) throws -> [Int64] {
    try Int64.fetchAll(database, sql: "SELECT id FROM runs WHERE id IS NOT ? ORDER BY id", arguments: [run])
      .filter(locks.isTaken)
  }

  /// Why this process may not serve: another one does.
  static func inUse(path: String, _ locks: RunLocks) -> StorageError {
    var configuration = Configuration()
    configuration.readonly = true
    let holder = try? DatabaseQueue(path: path, configuration: configuration).read { database in
      try Row.fetchAll(
        database, sql: "SELECT id, process, node, started_at_ms FROM runs WHERE use = 'serve' ORDER BY id DESC"
      ).first { locks.isTaken($0[0]) }
    }
    let who = holder.flatMap { row -> String? in
      guard let process: Int64 = row["process"], let node: String = row["node"],
        let startedAt: Int64 = row["started_at_ms"]
      else { return nil }
      let since = Date(timeIntervalSince1970: Double(startedAt) / 1000).formatted(.iso8601)
      return "process \(process) on \(node) serves it since \(since)"
    }
    return StorageError(
      "in_use", "The data at \(path) is in use: \(who ?? "another process serves it")",
      hint: "Stop it first, or name another data folder (REPARTEE_DATA)")
  }

  private static func machine() -> String {
    var name = [CChar](repeating: 0, count: 256)
    let result = gethostname(&name, name.count - 1)
    guard result == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
