import Core
import Foundation
import GRDB
import Storage
import Testing

@testable import Server

/// What commands tell of data that somebody changed behind the server's back.
@Suite struct `Data that was altered` {
  private static let began: Int64 = 1_900_000_000_000
  private static let intent = EffectIntent(key: "k", call: "one", effect: EffectID(1), tool: "move", arguments: [:])

  private func lines(_ call: CallID, startedAt: Int64 = began, said: Sensitive<String>? = nil) -> [JournalEntry] {
    let start = CallStart(
      tenant: "default", conversation: ConversationID(call.rawValue), call: call, leg: "leg", channel: .chat,
      calledAddress: "100", clock: WallClock(epochMilliseconds: startedAt, utcOffsetSeconds: 0), seed: 1)
    let invocation = ToolInvocation(
      effect: EffectID(1), tool: "move", activation: FlowActivation(1), arguments: [:], changesState: true,
      deadline: .seconds(1))
    var records: [JournalRecord] = [
      .started(start, AssistantVersion(name: "desk", contentHash: "00ff")), .event(.connected),
      .effect(.work(.invoke(invocation))), .event(.finished(.tool(EffectID(1)), .tool(.completed([:])))),
      .event(.hungUp(by: .caller)),
    ]
    if let said {
      let heard = Heard(text: said, confidence: .certain, wordCount: 1, kind: .content, ending: .open)
      records.insert(.event(.message(heard)), at: 2)
    }
    return records.enumerated().map { sequence, record in
      JournalEntry(
        conversation: ConversationID(call.rawValue), call: call, sequence: sequence,
        instant: .milliseconds(sequence * 1_000), record: record)
    }
  }

  /// Three calls, the second with a value, the first with a change in the ledger.
  private func desk() async throws -> Desk {
    let desk = try Desk()
    let storage = try StorageFloor.open(desk.configuration, for: .command)
    let said = storage.store.vault.protect("hello", label: .speech, owner: .call("default", "two"), ordinal: 1)
    storage.store.journal.append(lines("one"))
    storage.store.journal.append(lines("two", said: said))
    storage.store.journal.append(lines("three", startedAt: Self.began - 1))
    _ = try await storage.store.ledger.intend(Self.intent)
    try await storage.store.ledger.settle("k", .completed([:]))
    try await storage.store.close()
    return desk
  }

  private func alter(_ desk: Desk, _ sql: String) throws {
    let database = try DatabaseQueue(path: StorageFloor.path(desk.configuration))
    try database.write { try $0.execute(sql: sql) }
    try database.close()
  }

  private func sound(_ desk: Desk) async throws -> CallArchive.Verified {
    try await CallArchive(desk.configuration).verify()
  }

  @Test func `is none where nothing was touched`() async throws {
    let desk = try await desk()
    let archive = CallArchive(desk.configuration)
    let verified = try await archive.verify()
    #expect(verified.isSound && verified.calls == 3 && verified.text == "3 calls, 0 altered, 0 written before seals")
    #expect(try await archive.verify("one").isSound)
    #expect(try await archive.story(of: "one", reveal: false).soundness.result == .whole)
    #expect(try await archive.listing().calls.allSatisfy { !$0.isAltered })
    try FileManager.default.removeItem(atPath: StorageFloor.keyPath(desk.configuration))
    #expect(try await archive.story(of: "one", reveal: false).soundness.result == .unchecked)
    #expect(try await archive.lines(of: "one", reveal: false).soundness.findings.isEmpty)
    let error = await #expect(throws: StorageError.self) { try await archive.verify() }
    #expect(error?.code == "storage.key_missing", "who wants to know is not told that all is well")
  }

  @Test func `is told at the line, and the rest is shown`() async throws {
    let desk = try await desk()
    try alter(desk, "UPDATE journal SET payload = x'00' WHERE call = 1 AND sequence = 2")
    let archive = CallArchive(desk.configuration)
    let story = try await archive.story(of: "one", reveal: false)
    #expect(story.soundness.isAltered && story.soundness.line == 2)
    #expect(story.lines.first == "line 2 cannot be read: what stands in it is no line of a journal", "\(story.lines)")
    #expect(story.lines.last?.contains("ended") == true, "\(story.lines)")
    #expect(story.soundness.text.contains("line 2 cannot be read"))
    let lines = try await archive.lines(of: "one", reveal: false)
    #expect(lines.lines.count == 4 && lines.soundness == story.soundness)
    let replayed = try await archive.replay("one", assistant: nil)
    #expect(replayed.result == "altered" && replayed.line == 2 && replayed.detail?.contains("line 2") == true)
    #expect(try await archive.story(of: "two", reveal: false).soundness.result == .whole)
  }

  @Test(arguments: [
    ("UPDATE calls SET started_at_ms = started_at_ms + 1 WHERE id = 1", ["started_at_ms", "seal"]),
    ("UPDATE calls SET person = 'ada' WHERE id = 1", ["person", "seal"]),
    (
      """
      DELETE FROM journal WHERE call = 1 AND sequence = 4;
      UPDATE calls SET lines = 4, ended_at_us = NULL,
        head = (SELECT digest FROM journal WHERE call = 1 AND sequence = 3) WHERE id = 1;
      """, ["seal"]
    ),
    ("UPDATE effects SET outcome = CAST(replace(CAST(outcome AS TEXT), '}', ' }') AS BLOB)", ["effect 1"]),
    ("UPDATE effects SET intent = x'00'", ["in the ledger cannot be read"]),
  ])
  func `is told though everything fits`(sql: String, words: [String]) async throws {
    let desk = try await desk()
    try alter(desk, sql)
    let verified = try await sound(desk)
    #expect(verified.altered.map(\.call) == ["one"] && !verified.isSound)
    for word in words { #expect(verified.text.contains(word), "\(verified.text)") }
    #expect(verified.altered.first?.findings.count == words.count)
    #expect(try await !CallArchive(desk.configuration).verify("one").isSound)
    let listed = try await CallArchive(desk.configuration).listing().calls.filter(\.isAltered)
    #expect(listed.map(\.call) == (sql.contains("effects") ? [] : ["one"]))
    #expect(listed.allSatisfy { $0.text.contains("ALTERED") })
    if !sql.contains("effects") {
      let replayed = try await CallArchive(desk.configuration).replay("one", assistant: nil)
      #expect(replayed.result == "altered" && replayed.line == nil && replayed.detail?.contains("seal") == true)
    }
    let findings = try await EffectArchive(desk.configuration).findings()
    #expect(findings.filter { $0.kind == .altered }.map(\.call) == (sql.contains("effects") ? ["one"] : []))
    #expect(findings.allSatisfy { $0.needsSomebody })
  }

  @Test(arguments: [
    ("UPDATE vault_values SET box = zeroblob(40)", "does not open"),
    ("DELETE FROM vault_values", "not the value"),
    ("UPDATE vault_keys SET wrapped = zeroblob(60)", "does not open"),
    ("DELETE FROM vault_keys", "nobody erased"),
  ])
  func `is told of values without telling them`(sql: String, words: String) async throws {
    let desk = try await desk()
    try alter(desk, sql)
    let verified = try await sound(desk)
    #expect(verified.altered.map(\.call) == ["two"] && verified.text.contains(words), "\(verified.text)")
    #expect(!verified.text.contains("hello"))
  }

  @Test func `is not what was erased`() async throws {
    let desk = try await desk()
    #expect(try await CallArchive(desk.configuration).erase("two").text == "two: erased")
    #expect(try await sound(desk).isSound)
    #expect(try await CallArchive(desk.configuration).erase("two").text == "two: nothing left to erase")
    #expect(try await sound(desk).isSound)
  }

  @Test(arguments: [
    (
      """
      INSERT INTO vault_erasures (owner, erased_at_ms) VALUES ('call/default/two', 9);
      DELETE FROM vault_values; DELETE FROM vault_keys;
      """, "nobody with the key did"
    ),
    ("UPDATE vault_values SET label = 'name'", "vault_values: 1 row altered"),
    ("UPDATE vault_keys SET created_at_ms = 1", "vault_keys: 1 row altered"),
    (
      "INSERT INTO runs (run, use, node, process, started_at_ms) VALUES ('x', 'chat', 'n', 1, 1)",
      "runs: rows were taken away or put in"
    ),
    ("CREATE TRIGGER spy AFTER INSERT ON effects BEGIN DELETE FROM runs; END", "trigger spy"),
  ])
  func `is told where it stands beside calls and ledger`(sql: String, words: String) async throws {
    let desk = try await desk()
    try alter(desk, sql)
    let verified = try await sound(desk)
    #expect(!verified.isSound && verified.text.contains(words), "\(verified.text)")
  }

  @Test func `leaves an erasure in doubt, which says so`() async throws {
    let desk = try await desk()
    #expect(try await CallArchive(desk.configuration).erase("one").text == "one: erased")
    try alter(desk, "UPDATE calls SET person = 'ada' WHERE id = 2")
    let erased = try await CallArchive(desk.configuration).erase("two")
    #expect(erased.isAltered && erased.text.contains("not sure that this reached all"))
  }

  @Test func `is told where calls were taken away whole`() async throws {
    let desk = try await desk()
    try alter(desk, "DELETE FROM journal WHERE call = 1; DELETE FROM calls WHERE id = 1")
    let verified = try await sound(desk)
    #expect(verified.missing == ["calls"] && verified.altered.map(\.call) == ["one"], "the ledger still names it")
    try alter(desk, "DELETE FROM effects")
    #expect(try await sound(desk).missing == ["calls", "effects"])
  }

  @Test func `does not keep a listing from the other calls`() async throws {
    let desk = try await desk()
    try alter(desk, "UPDATE journal SET payload = x'00' WHERE call = 2 AND sequence = 0")
    let listing = try await CallArchive(desk.configuration).listing()
    #expect(listing.calls.map(\.call) == ["two", "one", "three"])
    #expect(listing.calls.map(\.standing) == ["altered", "over", "over"])
    #expect(listing.calls.map(\.isAltered) == [true, false, false])
  }
}

/// How much of many calls a listing shows.
@Suite struct `A listing of many calls` {
  private func desk() async throws -> Desk {
    let desk = try Desk()
    let storage = try StorageFloor.open(desk.configuration, for: .command)
    for number in 0..<205 {
      let call = CallID("call-\(number)")
      let start = CallStart(
        tenant: "default", conversation: "c", call: call, leg: "leg", channel: .voice, calledAddress: "100",
        clock: WallClock(epochMilliseconds: 1_900_000_000_000 + Int64(number / 2), utcOffsetSeconds: 0), seed: 1)
      storage.store.journal.append([
        JournalEntry(
          conversation: "c", call: call, sequence: 0, instant: .zero,
          record: .started(start, AssistantVersion(name: "desk", contentHash: "00ff")))
      ])
    }
    try await storage.store.close()
    return desk
  }

  @Test func `says how many there are, and how to see more`() async throws {
    let desk = try await desk()
    let archive = CallArchive(desk.configuration)
    let newest = try await archive.listing()
    #expect(newest.calls.count == 200 && newest.total == 205 && newest.next == "call-5")
    #expect(newest.more == "200 of 205 calls; older ones: --before call-5; all: --all")
    let older = try await archive.listing(before: newest.next)
    #expect(older.calls.map(\.call) == (0..<5).reversed().map { "call-\($0)" })
    #expect(older.next == nil && older.more == nil && older.total == 205)
    let all = try await archive.listing(limit: .max)
    #expect(all.calls.map(\.call) == (newest.calls + older.calls).map(\.call) && all.more == nil)
    let five = try await archive.listing(limit: 5, before: "call-5")
    #expect(five.calls.count == 5 && five.next == nil)
    let four = try await archive.listing(limit: 4, before: "call-5")
    #expect(four.calls.last?.call == "call-1" && four.next == "call-1")
    await #expect(throws: StorageError.self) { try await archive.listing(before: "nobody") }
  }

  @Test func `tells the same to programs`() async throws {
    let desk = try await desk()
    let archive = CallArchive(desk.configuration)
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    let json = String(decoding: try encoder.encode(try await archive.listing(limit: 1)), as: UTF8.self)
    #expect(json.contains(#""total":205"#) && json.contains(#""next":"call-204""#), "\(json)")
  }
}
