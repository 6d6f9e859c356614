import Core
import GRDB
import Testing

@testable import Storage

@Suite struct JournalTests {
  @Test func `lines come back as they were given, with a whole chain`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let lines = SampleCall().lines()
    store.journal.append(Array(lines.prefix(3)))
    store.journal.append(Array(lines.dropFirst(3)))
    try await store.journal.flush("call-1")
    let reading = try await store.journal.read("call-1")
    #expect(reading.entries == lines)
    #expect(reading.firstBroken == nil)
    #expect(reading.erased == 0)
    try await store.close()
  }

  @Test func `calls are listed newest first, with their length and whether they ended`() async throws {
    let store = try TemporaryStore().open()
    store.journal.append(SampleCall("a").lines(2))
    store.journal.append(Array(SampleCall("b").lines(2).prefix(2)))
    let calls = try await store.journal.calls(limit: 10)
    #expect(calls.map(\.call) == ["b", "a"])
    #expect(calls.map(\.lines) == [2, 4])
    #expect(calls.map(\.hasEnded) == [false, true])
    #expect(calls.allSatisfy { $0.version.name == "shop" && $0.startedAt == 1_900_000_000_000 })
    #expect(try await store.journal.calls(limit: 1).map(\.call) == ["b"])
  }

  @Test func `a call without a journal is a coded error`() async throws {
    let store = try TemporaryStore().open()
    await #expect(throws: StorageError.self) { try await store.journal.read("nobody") }
  }

  @Test func `a reopened store continues a call's chain`() async throws {
    let files = try TemporaryStore()
    let lines = SampleCall().lines()
    for part in [lines.prefix(2), lines.dropFirst(2)] {
      let store = try files.open()
      store.journal.append(Array(part))
      try await store.close()
    }
    let reading = try await SQLiteStoreReader(path: files.path, masterKey: nil).journal.read("call-1")
    #expect(reading.entries == lines)
    #expect(reading.firstBroken == nil)
  }

  @Test func `another connection reads while the server writes, and sees only whole prefixes`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let lines = SampleCall().lines(400)
    store.journal.append([lines[0]])
    try await store.journal.flush("call-1")
    let reader = try SQLiteStoreReader(path: files.path, masterKey: nil)
    try await withThrowingTaskGroup { group in
      group.addTask {
        for line in lines.dropFirst() {
          store.journal.append([line])
          if line.sequence % 20 == 0 { try await store.journal.flush("call-1") }
        }
        try await store.journal.flush("call-1")
      }
      group.addTask {
        var seen = 0
        while seen < lines.count {
          let reading = try await reader.journal.read("call-1")
          #expect(reading.firstBroken == nil)
          #expect(reading.entries == Array(lines.prefix(reading.entries.count)))
          #expect(reading.entries.count >= seen)
          seen = reading.entries.count
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func `a flush is a full sync`() async throws {
    let store = try testableStore(TemporaryStore())
    #expect(try await store.database.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
    #expect(try await store.database.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA secure_delete") } == 1)
  }

  @Test(arguments: [
    ("a gap", [0, 1, 3]), ("a repetition", [0, 1, 1]), ("no start", [1, 2]),
  ])
  func `a line that does not fit ends its journal and fails its call's flush until the call is closed`(
    name: String, order: [Int]
  ) async throws {
    let store = try TemporaryStore().open()
    let call = SampleCall()
    let lines = call.lines(5)
    store.journal.append(order.map { lines[$0] })
    await #expect(throws: StorageError.self) { try await store.journal.flush("call-1") }
    #expect(store.health.refusedCalls == ["call-1"])
    store.journal.append([lines[6], call.line(7, .remark(.media(MediaReport())))])
    await #expect(throws: StorageError.self) { try await store.journal.flush("call-1") }
    store.journal.close("call-1")
    try await store.journal.flush("call-1")
    #expect(store.health.refusedCalls.isEmpty)
    #expect(store.health.refusedLines >= 3)
    let kept = order[0] == 0 ? 2 : 0
    #expect((try? await store.journal.read("call-1"))?.entries.count ?? 0 == kept)
  }
}

@Suite struct `What follows a line that does not fit` {
  @Test func `is no call, when that was a start in another place than the first`() async throws {
    let store = try TemporaryStore().open()
    store.journal.append([SampleCall().line(1, SampleCall().started)])
    await #expect(throws: StorageError.self) { try await store.journal.flush("call-1") }
    #expect(try await store.journal.calls(limit: 9).isEmpty)
  }

  @Test func `is refused though it fits, in the same batch and in the next`() async throws {
    for largestBatch in [2_000, 1] {
      let store = try TemporaryStore().open(StoreOptions(gathering: .seconds(600), largestBatch: largestBatch))
      let lines = SampleCall().lines(5)
      store.journal.append([lines[0], lines[1], lines[1], lines[2], lines[3]])
      await #expect(throws: StorageError.self) { try await store.journal.flush("call-1") }
      #expect(try await store.journal.read("call-1").entries == Array(lines.prefix(2)))
      #expect(store.health.refusedLines == 3)
      store.journal.close("call-1")
      store.journal.append([lines[2]])
      try await store.journal.flush("call-1")
      #expect(try await store.journal.read("call-1").entries == Array(lines.prefix(3)))
    }
  }
}

@Suite struct `A journal with lines of a newer release` {
  @Test func `is read whole: what is not known is there by its kind`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    var lines = SampleCall().lines(3)
    lines[2] = SampleCall().line(2, .unknown("event.dreamt"))
    lines[3] = SampleCall().line(3, .unknown("remark.weather"))
    store.journal.append(lines)
    try await store.close()
    let reading = try await SQLiteStoreReader(path: files.path, masterKey: nil).journal.read("call-1")
    #expect(reading.entries == lines)
    #expect(reading.firstBroken == nil)
  }
}
