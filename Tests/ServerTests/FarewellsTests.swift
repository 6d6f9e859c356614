import Assistant
import Audio
import Calls
import Conversation
import Core
import NIOCore
import NIOPosix
import ShopSupport
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Server

@Suite struct `Farewells to callers whom a crash left` {
  /// Keeps who is told what. Lines that are asked for wait, and then there is no room for them.
  private final class Door: LegSource {
    let gate = FakeGate()
    private let state = Mutex<(asked: [String], released: [String])>(([], []))
    var asked: [String] { state.withLock { $0.asked } }
    var released: [String] { state.withLock { $0.released } }

    func open(_ receive: @escaping @Sendable (Arrival) -> Void) async throws -> UInt16 { 0 }
    func release(identity: String) { state.withLock { $0.released.append(identity) } }
    func takeUp(
      identity: String, within patience: CallSpan, on loop: any EventLoop,
      deliver: @escaping @Sendable (LineEvent) -> Void
    ) async throws -> DialledLeg? {
      state.withLock { $0.asked.append(identity) }
      await gate.pass()
      throw FakeFailure()
    }
    func drain() {}
    func close() async {}
  }

  /// So many callers, and the number that they called.
  private static func left(_ count: Int, _ number: String? = "100") -> [LeftLine] {
    (0..<count).map { LeftLine(call: CallID("c\($0)"), identity: "line \($0)", calledAddress: number) }
  }

  private static func farewells(_ desk: Desk, _ door: Door, _ switchboard: Switchboard) throws -> Farewells {
    Farewells(
      door: door, switchboard: switchboard, storage: try StorageFloor.open(desk.configuration, for: .serve),
      loops: MultiThreadedEventLoopGroup.singleton, logger: desk.silent)
  }

  private static func switchboard() throws -> Switchboard {
    let assistant = PublishedAssistant(
      prepared: try Shop.assistant.get(), understander: FakeUnderstander(), tools: FakeToolInvoker(),
      voice: Voice(FakeSynthesizer(), fallback: nil))
    return Switchboard(routes: ["100": .init(tenant: "shop", assistant: assistant)], capacity: 1)
  }

  @Test func `take up sixteen at a time, and say BYE where there is no room`() async throws {
    let (desk, door) = (try Desk(), Door())
    let farewells = try Self.farewells(desk, door, try Self.switchboard())
    door.gate.close()
    let saying = Task { await farewells.say(to: Self.left(20)) }
    while door.asked.count < 16 { await Task.yield() }
    for _ in 0..<1_000 { await Task.yield() }
    #expect(door.asked.count == 16 && door.released.isEmpty)
    door.gate.open()
    await saying.value
    #expect(door.asked.count == 20 && Set(door.released).count == 20 && door.released.count == 20)
  }

  @Test func `are BYE alone while the server stops, and where nobody answers the number any more`() async throws {
    let (desk, door) = (try Desk(), Door())
    let switchboard = try Self.switchboard()
    let farewells = try Self.farewells(desk, door, switchboard)
    await farewells.say(to: Self.left(2, "200") + Self.left(1, nil))
    #expect(door.asked.isEmpty && door.released.count == 3)
    switchboard.drain()
    await farewells.say(to: Self.left(2))
    #expect(door.asked.isEmpty && door.released.count == 5)
  }

  @Test func `are BYE for whoever the server had joined with the caller, first of all`() async throws {
    let (desk, door) = (try Desk(), Door())
    let farewells = try Self.farewells(desk, door, try Self.switchboard())
    door.gate.close()
    let left = LeftLine(call: "c", identity: "line", dialled: ["person", "ear"], calledAddress: "100")
    // Behind as many as are told at a time.
    let last = LeftLine(call: "d", identity: nil, dialled: ["ringing"], calledAddress: "100")
    let saying = Task { await farewells.say(to: [left] + Self.left(15) + [last]) }
    while door.asked.isEmpty { await Task.yield() }
    #expect(door.released == ["person", "ear", "ringing"], "before any caller is told")
    door.gate.open()
    await saying.value
    #expect(door.released.prefix(3) == ["person", "ear", "ringing"] && door.released.count == 19)
  }

  @Test func `find the legs that were dialled for the line that was there last`() async throws {
    let desk = try Desk()
    let storage = try StorageFloor.open(desk.configuration, for: .serve)
    let start = CallStart.example()
    func kept(_ text: String) -> Sensitive<String> {
      storage.store.vault.protect(text, label: .identifier, owner: start.owner, ordinal: 0)
    }
    let records: [JournalRecord] = [
      .started(start, AssistantVersion(name: "desk", contentHash: "00")), .remark(.lineIdentity(kept("caller"))),
      .event(.connected), .remark(.legIdentity("a-person", kept("gone with its line"))),
      .event(
        .attached(
          Attachment(call: "k2", leg: "again", channel: .voice, calledAddress: "100", utcOffsetSeconds: 0))),
      .remark(.lineIdentity(kept("caller again"))), .remark(.legIdentity("b-person", kept("at first"))),
      .remark(.legIdentity("b-listener", kept("ear"))), .remark(.legIdentity("b-person", kept("moved"))),
    ]
    storage.store.journal.append(
      records.enumerated().map { number, record in
        JournalEntry(
          conversation: start.conversation, call: start.call, sequence: number, instant: .zero, record: record)
      })
    try await storage.store.close()
    let later = try StorageFloor.open(desk.configuration, for: .serve)
    let left = await later.leftLines(logger: desk.silent)
    #expect(left.map(\.identity) == ["caller again"] && left.map(\.dialled) == [["ear", "moved"]])
    try await later.store.close()
  }

  /// What an author writes, and what is said.
  @Test(arguments: [
    ("- text: \"Sorry. Call again.\"", ["Sorry.", "Call again."]), ("- text: \"Sorry, {denied_by}.\"", []),
    ("- text: \"A.\"\n      condition: slots.identity_level > 1\n    - text: \"Bad luck.\"", ["Bad luck."]),
    ("- text: \"On a screen.\"\n      channel: chat\n    - text: \"By telephone.\"", ["By telephone."]),
  ]) func `are the author's words, whatever the circumstances`(_ variants: String, _ said: [String]) throws {
    let desk = try Desk()
    try desk.rewrite("domain.yml", "responses:\n", as: "responses:\n  utter_restarted:\n    \(variants)\n")
    let definition = try AssistantLoader.load(folder: desk.folder).definition
    #expect(ConstantSentences.of("utter_restarted", in: definition) == said)
  }

  @Test func `have words that every assistant has`() throws {
    let sentences = ConstantSentences.of("utter_restarted", in: try Shop.definition.get())
    #expect(sentences.first == "I am sorry." && sentences.count == 3)
  }
}
