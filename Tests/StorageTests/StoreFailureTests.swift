import Core
import Foundation
import GRDB
import Testing

@testable import Storage

@Suite struct StoreFailureTests {
  private let quick = StoreOptions(
    capacity: 50, gathering: .milliseconds(1), retryPause: .milliseconds(5), busyTimeout: .milliseconds(20))

  private func code(_ body: () async throws -> Void) async -> String {
    do {
      try await body()
      return "none"
    } catch {
      return (error as? StorageError)?.code ?? "uncoded"
    }
  }

  @Test func `a full disk fails the flush with a code, and writing goes on when there is room`() async throws {
    let files = try TemporaryStore()
    let store = try testableStore(files, quick)
    try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1") }
    let lines = SampleCall().lines(40)
    // Fills the pages there are.
    let large = String(repeating: "x", count: 200_000)
    let heavy = Decision(turn: TurnNumber(1), kind: .failure, subject: large, reason: "")
    store.journal.append([lines[0], SampleCall().line(1, .effect(.note(heavy)))])
    #expect(await code { try await store.journal.flush() } == "storage.disk_full")
    #expect(store.health.failure?.code == "storage.disk_full")
    #expect(!store.health.isWell)
    try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 100000") }
    try await store.journal.flush()
    #expect(store.health.isWell)
    #expect(try await store.journal.read("call-1").entries.count == 2)
  }

  @Test func `a read-only database fails the flush, the ledger and nothing else`() async throws {
    let store = try testableStore(TemporaryStore(), quick)
    try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = ON") }
    store.journal.append(SampleCall().lines())
    let token = store.vault.protect("value", label: .name, owner: .call("t", "c"), ordinal: 0)
    #expect(token.revealed == "value")
    #expect(await code { try await store.journal.flush() } == "storage.read_only")
    let intent = EffectIntent(key: "k", call: "c", effect: EffectID(1), tool: "t", arguments: [:])
    #expect(await code { _ = try await store.ledger.intend(intent) } == "storage.read_only")
  }

  @Test func `a full queue refuses new lines, keeps what it has, and recovers when the calls have ended`() async throws
  {
    let files = try TemporaryStore()
    let store = try testableStore(files, StoreOptions(capacity: 50, gathering: .seconds(600)))
    let first = SampleCall("first").lines(100)
    store.journal.append(first)
    #expect(store.health.pending == 50)
    let second = SampleCall("second")
    store.journal.append(Array(second.lines(3).prefix(2)))
    #expect(await code { try await store.journal.flush() } == "storage.lines_refused")
    #expect(store.health.refusedCalls == ["second"], "the first call has hung up")
    #expect(try await store.journal.read("first").entries.isEmpty == false)
    store.journal.append([second.lines(3)[4]])
    try await store.journal.flush()
    #expect(store.health.isWell)
    let reading = try await store.journal.read("first")
    #expect(reading.entries == Array(first.prefix(50)))
    #expect(reading.firstBroken == nil)
    store.journal.append(SampleCall("third").lines(3))
    try await store.journal.flush()
    #expect(try await store.journal.read("third").entries.count == 5)
  }

  @Test func `another process that holds the file makes a coded wait, not a loss`() async throws {
    let files = try TemporaryStore()
    let store = try testableStore(files, quick)
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: files.path, configuration: configuration)
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    store.journal.append(SampleCall().lines())
    #expect(await code { try await store.journal.flush() } == "storage.busy")
    try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    try await store.journal.flush()
    #expect(try await store.journal.read("call-1").entries.count == 7)
  }

  @Test(arguments: [("garbage", "storage.corrupt"), ("SQLite format 3", "storage.corrupt")])
  func `a file that is no database is refused with a code`(content: String, expected: String) async throws {
    let files = try TemporaryStore()
    try (content + String(repeating: "?", count: 5_000)).write(toFile: files.path, atomically: false, encoding: .utf8)
    #expect(await code { _ = try files.open() } == expected)
  }

  @Test func `a path that cannot be is refused with a code`() async throws {
    #expect(
      await code { _ = try SQLiteStore(path: "/proc/nowhere/x.sqlite", masterKey: .ephemeral()) }
        == "storage.cannot_create")
    #expect(
      await code { _ = try SQLiteStoreReader(path: "/nowhere/x.sqlite", masterKey: nil) } == "storage.cannot_open")
  }

  @Test func `a file of a newer version is refused`() async throws {
    let files = try TemporaryStore()
    try await files.open().close()
    try files.tamper("INSERT INTO grdb_migrations (identifier) VALUES ('99 the future')")
    #expect(await code { _ = try files.open() } == "storage.newer_schema")
    #expect(await code { _ = try SQLiteStoreReader(path: files.path, masterKey: nil) } == "storage.newer_schema")
  }

  @Test func `another master key is refused`() async throws {
    let files = try TemporaryStore()
    try await files.open().close()
    #expect(await code { _ = try SQLiteStore(path: files.path, masterKey: .ephemeral()) } == "storage.wrong_master_key")
    #expect(
      await code { _ = try SQLiteStoreReader(path: files.path, masterKey: .ephemeral()) } == "storage.wrong_master_key")
  }

  @Test func `a closed store says so`() async throws {
    let store = try TemporaryStore().open()
    store.journal.append(SampleCall().lines())
    try await store.close()
    #expect(await code { try await store.journal.flush() } == "storage.closed")
    store.journal.append(SampleCall("late").lines())
    #expect(store.health.refusedLines == 7)
  }

  @Test func `the database file is for its user alone`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    store.journal.append(SampleCall().lines())
    try await store.journal.flush()
    for name in try FileManager.default.contentsOfDirectory(atPath: files.folder) {
      let attributes = try FileManager.default.attributesOfItem(atPath: files.folder + "/" + name)
      #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o777 } == 0o600, "\(name)")
    }
  }
}
