import Core
import Storage
import Testing

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
}
