import Calls
import Conversation
import Core
import GRDB
import ShopSupport
import Storage
import TestSupport
import Testing

@testable import Server

/// The process was killed behind the settlement of a change and before its line.
@Suite struct `A change that the ledger has settled and the journal has not` {
  /// Tools whose changes are settled, and of which the call is not told as long as the process lives.
  private struct SettlingTools: ToolInvoker {
    let ledger: any EffectLedger
    let gate = FakeGate()
    let settled = AsyncStream.makeStream(of: (EffectID, ToolOutcome).self)

    func invoke(_ invocation: ToolInvocation, in context: ToolContext) async -> ToolOutcome {
      let outcome = ShopTable.answer(invocation)
      guard invocation.changesState else { return outcome }
      do {
        _ = try await ledger.intend(
          EffectIntent(
            key: "key", call: context.call, effect: invocation.effect, tool: invocation.tool, arguments: [:]))
        try await ledger.settle("key", outcome)
      } catch {
        settled.continuation.finish()
      }
      settled.continuation.yield((invocation.effect, outcome))
      await gate.pass()
      return outcome
    }
  }

  private let invocation = ToolInvocation(
    effect: EffectID(1), tool: "move", activation: FlowActivation(1), arguments: [:], changesState: true,
    deadline: .seconds(1))

  /// A telephone call that is in its change, settled as given.
  private func left(
    _ desk: Desk, _ outcome: ToolOutcome = .completed([:]), behind: [JournalRecord] = []
  ) async throws -> StorageFloor {
    let storage = try StorageFloor.open(desk.configuration, for: .chat)
    let start = CallStart(
      tenant: "default", conversation: "k", call: "k", leg: "leg", channel: .voice, calledAddress: "100",
      clock: WallClock(epochMilliseconds: 0, utcOffsetSeconds: 0), seed: 7)
    let records: [JournalRecord] =
      [
        .started(start, AssistantVersion(name: "desk", contentHash: "00")), .event(.connected),
        .effect(.work(.invoke(invocation))),
      ] + behind
    storage.store.journal.append(
      records.enumerated().map { number, record in
        JournalEntry(
          conversation: start.conversation, call: start.call, sequence: number, instant: .zero, record: record)
      })
    _ = try await storage.store.ledger.intend(
      EffectIntent(key: "key", call: start.call, effect: invocation.effect, tool: "move", arguments: [:]))
    try await storage.store.ledger.settle("key", outcome)
    return storage
  }

  @Test(.timeLimit(.minutes(1))) func `is told as settled to whoever goes on with the conversation`() async throws {
    let desk = try Desk()
    let storage = try StorageFloor.open(desk.configuration, for: .chat)
    let tools = SettlingTools(ledger: storage.store.ledger)
    tools.gate.close()
    let prepared = try Shop.assistant.get()
    let route = Switchboard.Route(
      tenant: "default",
      assistant: PublishedAssistant(prepared: prepared, understander: FakeUnderstander(), tools: tools, voice: nil))
    let call = WrittenCall("left", route, storage: storage, logger: desk.silent)
    await call.begin()
    for text in ["/open_case", "/SetSlots(order_number=20581637)", "/SetSlots(case_summary=broken)"] {
      _ = await call.say(text)
    }
    let saying = Task { await call.say("/SetSlots(case_confirmed=true)") }
    var outcomes = tools.settled.stream.makeAsyncIterator()
    let (effect, outcome) = try #require(await outcomes.next())
    #expect(outcome.name == "completed")
    try await storage.store.close()
    let later = try StorageFloor.open(desk.configuration, for: .chat)
    let before = try await EffectArchive(desk.configuration).findings()
    #expect(before.map(\.journal) == ["nothing"])
    let resumption = try await SuspendedConversations(storage: later).resumption(
      of: "left", tenant: "default", assistant: prepared)
    #expect(resumption.learned == [.hungUp(by: .line), .finished(.tool(effect), .tool(outcome))])
    #expect(try await EffectArchive(desk.configuration).findings().isEmpty)
    try await later.store.close()
    tools.gate.open()
    _ = await saying.value
  }

  @Test func `is told once in a telephone call that a crash left`() async throws {
    let desk = try Desk()
    try await left(desk).store.close()
    let later = try StorageFloor.open(desk.configuration, for: .serve)
    for _ in 0..<2 { #expect(await later.leftLines(logger: desk.silent).count == 1) }
    let lines = try await later.store.reader.read("k").entries.map(\.record)
    #expect(lines.count == 4 && lines.last == .remark(.settled(invocation.effect, .completed([:]))))
    #expect(try await EffectArchive(desk.configuration).findings().isEmpty)
    try await later.store.close()
  }

  @Test func `is told once in a call that ended while its change was in hand, and whose process is gone`() async throws
  {
    let desk = try Desk()
    let living = try await left(desk, behind: [.event(.hungUp(by: .caller))])
    let beside = try StorageFloor.open(desk.configuration, for: .chat)
    #expect(await beside.leftLines(logger: desk.silent).isEmpty)
    #expect(try await beside.store.reader.read("k").entries.count == 4, "whoever lives tells it itself")
    try await beside.store.close()
    try await living.store.close()
    #expect(try await EffectArchive(desk.configuration).findings().map(\.kind) == [.differs])
    let later = try StorageFloor.open(desk.configuration, for: .serve)
    for _ in 0..<2 { #expect(await later.leftLines(logger: desk.silent).isEmpty) }
    let lines = try await later.store.reader.read("k").entries.map(\.record)
    #expect(lines.count == 5 && lines.last == .remark(.settled(invocation.effect, .completed([:]))))
    #expect(try await EffectArchive(desk.configuration).findings().isEmpty)
    #expect(try await later.store.callsEndedInChange().isEmpty)
    try await later.store.close()
  }

  @Test func `is not told while the process lives, nor where nobody knows, nor when the ledger was altered`()
    async throws
  {
    let desk = try Desk()
    let living = try await left(desk)
    let beside = try StorageFloor.open(desk.configuration, for: .chat)
    try await SettledChanges(store: beside.store).tell("k")
    #expect(try await beside.store.reader.read("k").entries.count == 3)
    try await living.store.close()
    try await DatabaseQueue(path: StorageFloor.path(desk.configuration)).write { database in
      try database.execute(sql: "UPDATE effects SET settled_at_ms = 1")
    }
    try await SettledChanges(store: beside.store).tell("k")
    #expect(try await beside.store.reader.read("k").entries.count == 3)
    try await beside.store.close()
    let other = try Desk()
    try await left(other, .unknown).store.close()
    let unknown = try StorageFloor.open(other.configuration, for: .chat)
    try await SettledChanges(store: unknown.store).tell("k")
    #expect(try await unknown.store.reader.read("k").entries.count == 3)
    try await unknown.store.close()
  }
}
