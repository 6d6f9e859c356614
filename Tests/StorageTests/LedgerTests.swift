import Core
import GRDB
import Synchronization
import Testing

@testable import Storage

/// Counts what is committed, and so synced.
private final class Transactions: TransactionObserver, Sendable {
  private let committed = Mutex(0)
  var count: Int { committed.withLock { $0 } }
  func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
  func databaseDidChange(with event: DatabaseEvent) {}
  func databaseDidCommit(_ db: Database) { committed.withLock { $0 += 1 } }
  func databaseDidRollback(_ db: Database) {}
}

@Suite struct LedgerTests {
  private func intent(_ key: String) -> EffectIntent {
    EffectIntent(key: key, call: "call-1", effect: EffectID(3), tool: "move", arguments: ["date": .text("2030-05-20")])
  }

  @Test func `an intent is new once, then intended, then settled`() async throws {
    let ledger = try TemporaryStore().open().ledger
    #expect(try await ledger.intend(intent("a")) == nil)
    #expect(try await ledger.intend(intent("a")) == .intended)
    try await ledger.settle("a", .completed(["date": .text("2030-05-20")]))
    #expect(try await ledger.intend(intent("a")) == .settled(.completed(["date": .text("2030-05-20")])))
  }

  @Test(arguments: [ToolOutcome.completed([:]), .refused("order_delivered"), .failed(.unreachable)])
  func `a settled effect is not open and keeps its first outcome`(outcome: ToolOutcome) async throws {
    let ledger = try TemporaryStore().open().ledger
    _ = try await ledger.intend(intent("a"))
    try await ledger.settle("a", outcome)
    try await ledger.settle("a", outcome)
    let error = await #expect(throws: StorageError.self) { try await ledger.settle("a", .refused("other")) }
    #expect(error?.code == "storage.already_settled")
    #expect(try await ledger.open().isEmpty)
    #expect(try await ledger.intend(intent("a")) == .settled(outcome))
  }

  @Test func `an outcome that an older release wrote in other bytes is the same outcome`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    _ = try await store.ledger.intend(intent("a"))
    try await store.ledger.settle("a", .refused("no"))
    try await store.close()
    try files.tamper(#"UPDATE effects SET schema = 1, outcome = CAST('{"refused":{"_0":"no"}}' AS BLOB)"#)
    try files.tamper(
      #"UPDATE effects SET intent = CAST('{"arguments":{},"call":"call-1","effect":3,"key":"a","tool":"move"}' AS BLOB)"#
    )
    let ledger = try files.open().ledger
    #expect(try await ledger.intend(intent("a")) == .settled(.refused("no")))
    try await ledger.settle("a", .refused("no"))
    let error = await #expect(throws: StorageError.self) { try await ledger.settle("a", .refused("other")) }
    #expect(error?.code == "storage.already_settled")
  }

  @Test func `an unknown outcome leaves the intent open until it is learned`() async throws {
    let ledger = try TemporaryStore().open().ledger
    _ = try await ledger.intend(intent("a"))
    try await ledger.settle("a", .unknown)
    #expect(try await ledger.open() == [OpenEffect(intent("a"))])
    #expect(try await ledger.intend(intent("a")) == .intended)
    try await ledger.settle("a", .failed(.timedOut))
    #expect(try await ledger.open().isEmpty)
  }

  @Test func `what was accepted is known to be, over a restart, until it is settled`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    _ = try await store.ledger.intend(intent("a"))
    try await store.ledger.accept("a")
    try await store.ledger.settle("a", .unknown)
    try await store.close()
    let ledger = try files.open().ledger
    #expect(try await ledger.intend(intent("a")) == .accepted)
    #expect(try await ledger.open() == [OpenEffect(intent("a"), isAccepted: true)])
    try await ledger.settle("a", .completed([:]))
    #expect(try await ledger.open().isEmpty)
    let error = await #expect(throws: StorageError.self) { try await ledger.accept("nobody") }
    #expect(error?.code == "storage.unknown_effect")
  }

  @Test func `who asked whom comes back with the intent`() async throws {
    let ledger = try TemporaryStore().open().ledger
    let origin = EffectOrigin(
      assistant: AssistantVersion(name: "shop", contentHash: "a1"), node: "n", backEnd: "http://h:80",
      owner: .person("shop", "p"))
    let whole = EffectIntent(
      key: "a", call: "call-1", effect: EffectID(3), tool: "move", arguments: [:], origin: origin)
    _ = try await ledger.intend(whole)
    #expect(try await ledger.open().map(\.intent) == [whole])
  }

  @Test func `open intents come oldest first and survive a restart`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    for key in ["z", "m", "a"] { _ = try await store.ledger.intend(intent(key)) }
    try await store.ledger.settle("m", .completed([:]))
    try await store.close()
    #expect(try await files.open().ledger.open().map(\.intent.key) == ["z", "a"])
  }

  @Test func `an outcome without an intent is refused`() async throws {
    let ledger = try TemporaryStore().open().ledger
    let error = await #expect(throws: StorageError.self) { try await ledger.settle("nobody", .unknown) }
    #expect(error?.code == "storage.unknown_effect")
  }

  @Test func `of many who intend at once one is first`() async throws {
    let ledger = try TemporaryStore().open().ledger
    let states = try await withThrowingTaskGroup(of: EffectState?.self) { group in
      for _ in 0..<50 { group.addTask { try await ledger.intend(intent("a")) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(states.count { $0 == nil } == 1)
    #expect(states.count { $0 == .intended } == 49)
  }

  @Test func `a line appended before an intent is durable with it`() async throws {
    let files = try TemporaryStore()
    let store = try files.open(StoreOptions(gathering: .seconds(60)))
    store.journal.append(SampleCall().lines())
    _ = try await store.ledger.intend(intent("a"))
    let reader = try SQLiteStoreReader(path: files.path, masterKey: nil)
    #expect(try await reader.journal.read("call-1").entries.count == 7)
  }

  @Test func `an intent, its call's lines and their values are one transaction`() async throws {
    let store = try testableStore(TemporaryStore(), StoreOptions(gathering: .seconds(600)))
    let transactions = Transactions()
    store.database.add(transactionObserver: transactions, extent: .databaseLifetime)
    let call = SampleCall()
    _ = store.vault.protect("my words", label: .speech, owner: call.owner, ordinal: 0)
    store.journal.append(call.lines())
    _ = try await store.ledger.intend(intent("a"))
    #expect(transactions.count == 1)
    try await store.journal.flush("call-1")
    #expect(transactions.count == 1, "nothing was left to flush")
  }

  @Test func `a line refused in an earlier batch, or for want of room, stops the intent as well`() async throws {
    let store = try TemporaryStore().open(StoreOptions(callCapacity: 2, gathering: .milliseconds(1)))
    let lines = SampleCall().lines()
    store.journal.append([lines[0], lines[2]])
    await #expect(throws: StorageError.self) { try await store.journal.flush("call-1") }
    let misfit = await #expect(throws: StorageError.self) { try await store.ledger.intend(intent("a")) }
    #expect(misfit?.code == "storage.lines_refused")
    store.journal.append(SampleCall("call-2").lines())
    let other = EffectIntent(key: "b", call: "call-2", effect: EffectID(1), tool: "move", arguments: [:])
    let full = await #expect(throws: StorageError.self) { try await store.ledger.intend(other) }
    #expect(full?.code == "storage.lines_refused")
    #expect(try await store.ledger.open().isEmpty)
    store.journal.close("call-1")
    #expect(try await store.ledger.intend(intent("a")) == nil)
  }

  private func settled(_ outcome: ToolOutcome) -> JournalRecord { .remark(.settled(EffectID(3), outcome)) }

  @Test func `what a later run learns is a line of the call's journal, in the same transaction`() async throws {
    let files = try TemporaryStore()
    let lines = SampleCall().lines()
    let crashed = try files.open()
    crashed.journal.append(Array(lines.dropLast()))
    _ = try await crashed.ledger.intend(intent("a"))
    try await crashed.close()
    let store = try files.open(StoreOptions(gathering: .seconds(600)))
    try await store.ledger.settle("a", .unknown)
    let reader = try SQLiteStoreReader(path: files.path, masterKey: nil)
    #expect(try await reader.journal.read("call-1").entries.count == 6, "nothing was learned")
    try await store.ledger.settle("a", .completed(["date": .text("2030-05-20")]))
    let reading = try await reader.journal.read("call-1")
    #expect(reading.entries.dropLast().map(\.record) == lines.dropLast().map(\.record))
    #expect(reading.entries.last?.record == settled(.completed(["date": .text("2030-05-20")])))
    #expect(reading.entries.last?.instant == lines[5].instant && reading.firstBroken == nil)
    try await store.ledger.settle("a", .completed(["date": .text("2030-05-20")]))
    #expect(try await reader.journal.read("call-1").entries.count == 7, "once")
  }

  @Test func `a running call writes its outcomes itself; what comes after it was closed is written for it`()
    async throws
  {
    let store = try TemporaryStore().open()
    store.journal.append(SampleCall().lines())
    for key in ["a", "b"] { _ = try await store.ledger.intend(intent(key)) }
    try await store.ledger.settle("a", .completed([:]))
    #expect(try await store.journal.read("call-1").entries.count == 7)
    let early = await #expect(throws: StorageError.self) {
      try await store.journal.conclude("call-1", with: .abandoned)
    }
    #expect(early?.code == "storage.still_open")
    store.journal.close("call-1")
    try await store.ledger.settle("b", .failed(.unreachable))
    #expect(try await store.journal.read("call-1").entries.last?.record == settled(.failed(.unreachable)))
    let nobody = await #expect(throws: StorageError.self) {
      try await store.journal.conclude("nobody", with: .abandoned)
    }
    #expect(nobody?.code == "storage.unknown_call")
  }

  @Test func `a call that is closed is nobody's at once, though lines of it wait`() async throws {
    let store = try TemporaryStore().open(StoreOptions(gathering: .seconds(600)))
    store.journal.append(Array(SampleCall().lines().dropLast()))
    store.journal.close("call-1")
    try await store.journal.conclude("call-1", with: .abandoned)
    #expect(try await store.journal.read("call-1").entries.map(\.record).last == .remark(.abandoned))
    #expect(try await store.journal.read("call-1").entries.count == 7)
  }

  @Test func `open intents of a process that lives are not for others`() async throws {
    let files = try TemporaryStore()
    let chat = try files.open()
    chat.journal.append(Array(SampleCall().lines().dropLast()))
    _ = try await chat.ledger.intend(intent("a"))
    let server = try files.open()
    #expect(try await server.ledger.open().isEmpty)
    #expect(try await chat.ledger.open().map(\.intent.key) == ["a"])
    let reader = try SQLiteStoreReader(path: files.path, masterKey: nil)
    #expect(try await reader.ledger.effects(of: "call-1").map(\.isUnderWay) == [true])
    try await chat.close()
    #expect(try await server.ledger.open().map(\.intent.key) == ["a"])
    #expect(try await reader.ledger.effects(of: "call-1").map(\.isUnderWay) == [false])
  }

  @Test func `a reader lists every call that ran a tool, with what is known of its changes`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let asks = SampleCall("asks")
    let invocation = ToolInvocation(
      effect: EffectID(1), tool: "look", activation: FlowActivation(1), arguments: [:], changesState: false,
      deadline: .seconds(1))
    store.journal.append([asks.line(0, asks.started), asks.line(1, .effect(.work(.invoke(invocation))))])
    store.journal.append(SampleCall("silent").lines())
    for key in ["z", "m", "a"] { _ = try await store.ledger.intend(intent(key)) }
    try await store.ledger.settle("m", .refused("no"))
    try await store.ledger.settle("a", .unknown)
    try await store.journal.flush("asks")
    let reader = try SQLiteStoreReader(path: files.path, masterKey: nil).ledger
    #expect(try await reader.calls().sorted() == ["asks", "call-1"])
    let effects = try await reader.effects(of: "call-1")
    #expect(effects.map(\.intent.key) == ["z", "m", "a"])
    #expect(effects.map(\.outcome) == [nil, .refused("no"), .unknown])
    #expect(try await reader.effects(of: "asks").isEmpty)
  }
}
