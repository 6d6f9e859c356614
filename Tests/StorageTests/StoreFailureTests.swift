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
    #expect(await code { try await store.journal.flush("call-1") } == "storage.disk_full")
    #expect(store.health.failure?.code == "storage.disk_full")
    #expect(!store.health.isWell)
    try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 100000") }
    try await store.journal.flush("call-1")
    #expect(store.health.isWell)
    #expect(try await store.journal.read("call-1").entries.count == 2)
  }

  @Test func `a read-only database fails the flush, the ledger and nothing else`() async throws {
    let store = try testableStore(TemporaryStore(), quick)
    try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = ON") }
    store.journal.append(SampleCall().lines())
    let token = store.vault.protect("value", label: .name, owner: .call("t", "c"), ordinal: 0)
    #expect(token.revealed == "value")
    #expect(await code { try await store.journal.flush("call-1") } == "storage.read_only")
    let intent = EffectIntent(key: "k", call: "c", effect: EffectID(1), tool: "t", arguments: [:])
    #expect(await code { _ = try await store.ledger.intend(intent) } == "storage.read_only")
  }

  @Test func `a full queue refuses new lines, keeps what it has, and takes them again when there is room`() async throws
  {
    let files = try TemporaryStore()
    let store = try testableStore(files, StoreOptions(capacity: 50, gathering: .seconds(600)))
    let first = SampleCall("first").lines(100)
    store.journal.append(first)
    #expect(store.health.pending == 50)
    #expect(!store.health.isWell, "nobody should be sent here")
    let second = SampleCall("second")
    store.journal.append(Array(second.lines(3).prefix(2)))
    #expect(await code { try await store.journal.flush("first") } == "storage.lines_refused")
    #expect(await code { try await store.journal.flush("second") } == "storage.lines_refused")
    #expect(store.health.refusedCalls == ["first", "second"])
    #expect(store.health.isWell, "single calls are their own trouble")
    let reading = try await store.journal.read("first")
    #expect(reading.entries == Array(first.prefix(50)))
    #expect(reading.firstBroken == nil)
    let third = SampleCall("third").lines(3)
    store.journal.append(third)
    try await store.journal.flush("third")
    #expect(try await store.journal.read("third").entries == third)
    for call: CallID in ["first", "second", "third"] { store.journal.close(call) }
    #expect(store.health.refusedCalls.isEmpty)
  }

  /// What a call writes when it ends: the hang-up, then notes and remarks.
  private func ending(_ call: SampleCall, at sequence: Int) -> [JournalEntry] {
    [
      call.line(sequence, .event(.hungUp(by: .caller))),
      call.line(
        sequence + 1,
        .effect(.note(Decision(turn: TurnNumber(1), kind: .turnEnded, subject: "call", reason: "the line was ended")))),
      call.line(sequence + 2, .remark(.media(MediaReport()))),
    ]
  }

  @Test func `a refused call stops no other, not even by the lines after its hang-up`() async throws {
    let store = try TemporaryStore().open()
    let (bad, good) = (SampleCall("bad"), SampleCall("good"))
    store.journal.append([good.line(0, good.started), bad.line(0, bad.started), bad.line(2, .event(.connected))])
    #expect(await code { try await store.journal.flush("bad") } == "storage.lines_refused")
    try await store.journal.flush("good")
    store.journal.append(ending(bad, at: 3))
    try await store.journal.flush("good")
    #expect(store.health.isWell)
    #expect(await code { try await store.journal.flush("bad") } == "storage.lines_refused")
    store.journal.close("bad")
    store.journal.append([good.line(1, .event(.connected))])
    try await store.journal.flush("good")
    #expect(store.health.refusedCalls.isEmpty && store.health.refusedLines == 4)
    #expect(try await store.journal.read("good").entries.count == 2)
    #expect(try await store.journal.read("bad").entries.count == 1)
  }

  @Test func `a call that is closed while its lines wait is forgotten with them, refused or not`() async throws {
    let store = try testableStore(TemporaryStore(), StoreOptions(gathering: .seconds(600)))
    let call = SampleCall()
    store.journal.append([call.line(0, call.started), call.line(5, .event(.connected))])
    store.journal.close("call-1")
    #expect(await code { try await store.journal.flush("call-1") } == "none", "it promised nothing to anybody any more")
    #expect(store.health.refusedCalls.isEmpty && store.health.refusedLines == 1)
    try await store.journal.conclude("call-1", with: .abandoned)
    #expect(try await store.journal.read("call-1").entries.map(\.record) == [call.started, .remark(.abandoned)])
  }

  @Test func `one call cannot take the room of all`() async throws {
    let store = try testableStore(
      TemporaryStore(), StoreOptions(capacity: 50, callCapacity: 20, gathering: .seconds(600)))
    let loud = SampleCall("loud").lines(100)
    store.journal.append(loud)
    let quiet = SampleCall("quiet").lines(3)
    store.journal.append(quiet)
    #expect(store.health.pending == 25 && store.health.isWell)
    try await store.journal.flush("quiet")
    #expect(await code { try await store.journal.flush("loud") } == "storage.lines_refused")
    #expect(try await store.journal.read("quiet").entries == quiet)
    #expect(try await store.journal.read("loud").entries == Array(loud.prefix(20)))
  }

  @Test func `a refused value refuses its call, and no other`() async throws {
    let store = try testableStore(
      TemporaryStore(), StoreOptions(capacity: 50, callCapacity: 2, gathering: .seconds(600)))
    let (bad, good) = (SampleCall("bad"), SampleCall("good"))
    store.journal.append([bad.line(0, bad.started), good.line(0, good.started)])
    for ordinal in 0..<9 { _ = store.vault.protect("5", label: .secret, owner: bad.owner, ordinal: ordinal) }
    let kept = store.vault.protect("Ada", label: .name, owner: good.owner, ordinal: 0)
    #expect(store.health.refusedValues == 2, "a key and seven values have room")
    #expect(store.health.refusedCalls == ["bad"] && store.health.isWell)
    #expect(await code { try await store.journal.flush("bad") } == "storage.values_refused")
    try await store.journal.flush("good")
    #expect(try await store.vault.reveal(kept.token, owner: good.owner) == "Ada")
    store.journal.append(ending(bad, at: 1))
    #expect(await code { try await store.journal.flush("bad") } == "storage.values_refused")
    #expect(try await store.journal.read("bad").entries.count == 1, "its journal ends there")
    store.journal.close("bad")
    #expect(store.health.refusedCalls.isEmpty)
  }

  @Test func `a refused value of a known person refuses that person's calls until they are closed`() async throws {
    let store = try testableStore(TemporaryStore(), StoreOptions(capacity: 1, gathering: .seconds(600)))
    let person = DataOwner.person("shop", "ada")
    let start = CallStart(
      tenant: "shop", conversation: "talk-1", call: "known", leg: "leg-1", person: "ada", channel: .voice,
      calledAddress: "100", clock: WallClock(epochMilliseconds: 1_900_000_000_000, utcOffsetSeconds: 0), seed: 7)
    let known = SampleCall("known")
    store.journal.append([known.line(0, .started(start, AssistantVersion(name: "shop", contentHash: "ab")))])
    for ordinal in 0..<4 { _ = store.vault.protect("5", label: .secret, owner: person, ordinal: ordinal) }
    #expect(store.health.refusedValues == 2 && store.health.refusedCalls == ["known"])
    #expect(await code { try await store.journal.flush("known") } == "storage.values_refused")
    let other = SampleCall("other")
    store.journal.append([other.line(0, other.started)])
    try await store.journal.flush("other")
    store.journal.close("known")
    #expect(store.health.refusedCalls.isEmpty)
    let again = SampleCall("again")
    store.journal.append([again.line(0, .started(start, AssistantVersion(name: "shop", contentHash: "ab")))])
    try await store.journal.flush("again")
    #expect(store.health.refusedCalls.isEmpty, "a person is not refused for ever")
  }

  @Test func `a key that found no room is not used: what is said later can be read`() async throws {
    let store = try testableStore(TemporaryStore(), StoreOptions(capacity: 1, gathering: .seconds(600)))
    let owners = (0..<5).map { DataOwner.person("shop", PersonID("\($0)")) }
    for owner in owners { _ = store.vault.protect("x", label: .name, owner: owner, ordinal: 0) }
    #expect(store.health.refusedValues == 6, "of two owners each a key and a value had room")
    try await store.journal.flush("none")
    let late = store.vault.protect("Ada", label: .name, owner: owners[4], ordinal: 0)
    #expect(try await store.vault.reveal(late.token, owner: owners[4]) == "Ada")
  }

  @Test func `a line that the table does not take is its call's trouble, and the rest of the batch is written`()
    async throws
  {
    let store = try testableStore(TemporaryStore(), quick)
    try await store.database.write {
      try $0.execute(
        sql: """
          CREATE TRIGGER refuse BEFORE INSERT ON journal WHEN new.kind = 'event.held'
          BEGIN SELECT RAISE(ABORT, 'no'); END
          """)
    }
    let (bad, good) = (SampleCall("bad"), SampleCall("good"))
    store.journal.append([
      bad.line(0, bad.started), bad.line(1, .event(.held(true))), good.line(0, good.started),
      good.line(1, .event(.connected)),
    ])
    try await store.journal.flush("good")
    #expect(await code { try await store.journal.flush("bad") } == "storage.lines_refused")
    #expect(store.health.isWell)
    #expect(try await store.journal.read("good").entries.count == 2)
    let reading = try await store.journal.read("bad")
    #expect(reading.entries.count == 1 && reading.firstBroken == nil)
  }

  @Test func `work that fails by itself fails alone`() async throws {
    let files = try TemporaryStore()
    let store = try testableStore(files, StoreOptions(gathering: .seconds(600)))
    let intent = EffectIntent(key: "k", call: "c", effect: EffectID(1), tool: "t", arguments: [:])
    _ = try await store.ledger.intend(intent)
    try await store.ledger.settle("k", .completed([:]))
    try files.tamper("UPDATE effects SET outcome = x'00'")
    store.journal.append(SampleCall().lines())
    #expect(await code { _ = try await store.ledger.intend(intent) } != "none")
    #expect(store.health.isWell && store.health.pending == 0)
    try await store.journal.flush("call-1")
  }

  @Test(arguments: [Double.infinity, -.infinity, .nan, 1e308, -0.0, 0.1]) func `every number can be written`(
    number: Double
  ) async throws {
    let store = try TemporaryStore().open()
    let call = SampleCall()
    let values: [SlotName: SlotValue] = ["amount": .number(number), "all": .list([.number(number), .text("x")])]
    store.journal.append([
      call.line(0, call.started), call.line(1, .event(.finished(.tool(EffectID(1)), .tool(.completed(values))))),
    ])
    try await store.journal.flush("call-1")
    let reading = try await store.journal.read("call-1")
    guard case .event(.finished(_, .tool(.completed(let read))))? = reading.entries.last?.record,
      case .number(let back)? = read["amount"]
    else {
      Issue.record("the line is missing")
      return
    }
    #expect(back == number || back.isNaN && number.isNaN)
  }

  @Test func `another process that holds the file makes a coded wait, not a loss`() async throws {
    let files = try TemporaryStore()
    let store = try testableStore(files, quick)
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: files.path, configuration: configuration)
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    store.journal.append(SampleCall().lines())
    #expect(await code { try await store.journal.flush("call-1") } == "storage.busy")
    try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    try await store.journal.flush("call-1")
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
    #expect(await code { try await store.journal.flush("call-1") } == "storage.closed")
    store.journal.append(SampleCall("late").lines())
    #expect(store.health.refusedLines == 7)
  }

  @Test func `the database file is for its user alone`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    store.journal.append(SampleCall().lines())
    try await store.journal.flush("call-1")
    for name in try FileManager.default.contentsOfDirectory(atPath: files.folder) {
      let attributes = try FileManager.default.attributesOfItem(atPath: files.folder + "/" + name)
      #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o777 } == 0o600, "\(name)")
    }
  }
}
