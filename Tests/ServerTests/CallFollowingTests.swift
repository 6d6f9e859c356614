import Core
import Storage
import TestSupport
import Testing

@testable import Server

@Suite struct `Who follows calls` {
  private let store = MemoryStore(on: MemoryDisk())

  private func line(_ call: CallID, _ sequence: Int, _ record: JournalRecord, at milliseconds: Int? = nil)
    -> JournalEntry
  {
    JournalEntry(
      conversation: "talk", call: call, sequence: sequence, instant: .milliseconds(milliseconds ?? sequence * 10),
      record: record)
  }

  private func start(_ call: CallID, at milliseconds: Int64 = 0) -> JournalEntry {
    let start = CallStart(
      tenant: "desk", conversation: "talk", call: call, leg: "leg", channel: .chat, calledAddress: "100",
      clock: WallClock(epochMilliseconds: 1_900_000_000_000 + milliseconds, utcOffsetSeconds: 0), seed: 1,
      holder: CallHolder(node: "node-1", lease: "3f9"))
    return line(call, 0, .started(start, AssistantVersion(name: "desk", contentHash: "00ff")))
  }

  @Test func `sees each line of calls that go on once, in the order of time, and nothing of those that were over`()
    async throws
  {
    store.append([start("over"), line("over", 1, .event(.hungUp(by: .caller)))])
    store.append([start("a"), line("a", 1, .event(.connected))])
    var following = CallFollowing(store)
    #expect(
      try await following.look() == [
        "a  0.000  started  desk@00ff on node-1, lease 3f9", "a  0.010  event.connected",
      ])
    #expect(try await following.look().isEmpty)
    store.append([start("b", at: 15)])
    store.append([line("a", 2, .event(.hungUp(by: .caller)))])
    store.append([line("b", 1, .effect(.hangUp(.completed)))])
    #expect(
      try await following.look() == [
        "b  0.000  started  desk@00ff on node-1, lease 3f9", "a  0.020  event.hungUp  caller",
        "b  0.010  effect.hangUp  completed",
      ])
    // What comes of a change after the hang-up.
    store.append([line("a", 3, .remark(.settled(EffectID(2), .refused("no"))))])
    #expect(try await following.look() == ["a  0.030  remark.settled  effect 2 refused"])
  }

  @Test func `loses no call that goes on when many newer ones come, and forgets what ended`() async throws {
    var following = CallFollowing(store, limit: 2)
    store.append([start("old")])
    #expect(try await following.look().count == 1)
    for name in ["b", "c", "d"] {
      store.append([start(CallID(name), at: 5), line(CallID(name), 1, .event(.hungUp(by: .caller)))])
    }
    #expect(try await following.look().count == 4, "two of three new calls are among the newest two")
    store.append([line("old", 1, .event(.connected)), line("old", 2, .event(.hungUp(by: .caller)))])
    #expect(try await following.look().map { $0.prefix(3) } == ["old", "old"])
    store.append([line("old", 3, .remark(.abandoned))])
    #expect(try await following.look().isEmpty, "it ended and is not among the newest")
  }

  @Test func `sees no caller's value, and a line of a newer release by its kind`() async throws {
    let value = store.protect("my words", label: .speech, owner: .call("desk", "a"), ordinal: 0)
    let heard = Heard(text: value, confidence: .certain, wordCount: 2, kind: .content, ending: .complete)
    let said = Utterance(
      id: UtteranceID(1), turn: TurnNumber(1),
      sentences: [Sentence(pieces: [.words("You said "), .value(value, nil)], response: nil)], interruption: .free)
    store.append([
      start("a"), line("a", 1, .event(.message(heard))), line("a", 2, .effect(.speak(said))),
      line("a", 3, .event(.digit(value))), line("a", 4, .unknown("event.dreamt")),
      line("a", 5, .effect(.note(Decision(turn: TurnNumber(1), kind: .slotSet, subject: "order", reason: "keys")))),
      line("a", 6, .event(.finished(.tool(EffectID(1)), .tool(.completed(["name": .sensitive(value)]))))),
    ])
    var following = CallFollowing(store)
    let lines = try await following.look()
    #expect(!lines.joined().contains("words") && !lines.joined().contains(value.token.id))
    #expect(
      lines.dropFirst() == [
        "a  0.010  event.message", "a  0.020  effect.speak  1", "a  0.030  event.digit", "a  0.040  event.dreamt",
        "a  0.050  effect.note  slot_set order: keys", "a  0.060  event.toolFinished  effect 1 completed",
      ])
  }

  @Test func `looks into the database of a server that runs`() async throws {
    let desk = try Desk()
    let storage = try StorageFloor.open(desk.configuration, for: .serve)
    var following = try await CallArchive(desk.configuration).following()
    storage.store.journal.append([start("a")])
    try await storage.store.journal.flush("a")
    #expect(try await following.look().count == 1)
    storage.store.journal.append([line("a", 1, .event(.connected))])
    try await storage.store.journal.flush("a")
    #expect(try await following.look() == ["a  0.010  event.connected"])
    try await storage.store.close()
  }
}
