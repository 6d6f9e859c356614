import Core
import Foundation
import GRDB
import Storage
import Testing

/// Several processes on one file: who serves is alone, and a living process's calls are nobody else's.
@Suite struct RunTests {
  private func open(_ files: TemporaryStore, for use: StoreUse) throws -> SQLiteStore {
    try SQLiteStore(path: files.path, masterKey: files.masterKey, use: use)
  }

  /// A call without an end.
  private func begin(_ name: String, in store: SQLiteStore) async throws {
    store.journal.append(Array(SampleCall(CallID(name)).lines().dropLast()))
    try await store.journal.flush(CallID(name))
  }

  @Test func `a second server is refused and told who serves`() async throws {
    let files = try TemporaryStore()
    let first = try open(files, for: .serve)
    let error = #expect(throws: StorageError.self) { try open(files, for: .serve) }
    #expect(error?.code == "storage.in_use")
    #expect(error?.message.contains("process \(getpid()) on \(first.run.node) serves it since 20") == true)
    try await open(files, for: .chat).close()
    try await open(files, for: .command).close()
    try await first.close()
    try await open(files, for: .serve).close()
  }

  @Test func `calls of this run and of processes that live are not left`() async throws {
    let files = try TemporaryStore()
    let chat = try open(files, for: .chat)
    try await begin("chat", in: chat)
    let server = try open(files, for: .serve)
    try await begin("own", in: server)
    #expect(try await server.leftCalls.all().isEmpty)
    try await chat.close()
    #expect(try await server.leftCalls.all() == ["chat"])
    try await server.journal.conclude("chat", with: .abandoned)
    #expect(try await server.leftCalls.all().isEmpty)
    let reading = try await server.journal.read("chat")
    #expect(reading.entries.last?.record == .remark(.abandoned) && reading.firstBroken == nil)
    #expect(try await server.journal.calls(limit: 9).map(\.hasEnded) == [false, true])
  }

  @Test func `all that a crash left is listed, oldest first, however much`() async throws {
    let files = try TemporaryStore()
    let crashed = try open(files, for: .serve)
    let names = (0..<405).map { "call-\($0)" }
    for name in names { crashed.journal.append(Array(SampleCall(CallID(name)).lines(1).dropLast())) }
    crashed.journal.append(SampleCall("ended").lines(1))
    try await crashed.close()
    #expect(try await open(files, for: .serve).leftCalls.all() == names.map { CallID($0) })
  }

  @Test func `calls from before runs were written down count as left`() async throws {
    let files = try TemporaryStore()
    let old = try open(files, for: .serve)
    try await begin("old", in: old)
    try await old.close()
    try files.tamper("UPDATE calls SET run = NULL; DELETE FROM runs;")
    #expect(try await open(files, for: .serve).leftCalls.all() == ["old"])
  }

  @Test func `a run bears the name it is given, and says whose its calls are`() async throws {
    let files = try TemporaryStore()
    let store = try SQLiteStore(path: files.path, masterKey: files.masterKey, use: .serve, node: "node-1")
    #expect(store.holder == CallHolder(node: "node-1", lease: store.run.id))
    #expect(try !open(files, for: .chat).holder.node.isEmpty)
  }

  @Test func `every run has its own name, and stands in the heads of its calls`() async throws {
    let files = try TemporaryStore()
    let runs = try [open(files, for: .chat), open(files, for: .serve)]
    #expect(runs[0].run.id != runs[1].run.id && runs[0].run.startedAt > 1_700_000_000_000)
    for (name, store) in zip(["a", "b"], runs) { try await begin(name, in: store) }
    let database = try DatabaseQueue(path: files.path)
    let rows = try await database.read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT call, runs.run, use, node, process FROM calls JOIN runs ON runs.id = calls.run ORDER BY call"
      ).map { row -> [String] in [row[0], row[1], row[2], row[3], String(row[4] as Int64)] }
    }
    #expect(
      rows == [
        ["a", runs[0].run.id, "chat", runs[0].run.node, "\(getpid())"],
        ["b", runs[1].run.id, "serve", runs[0].run.node, "\(getpid())"],
      ])
  }
}
