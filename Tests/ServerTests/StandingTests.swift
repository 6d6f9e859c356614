import Core
import Foundation
import Storage
import Testing

@testable import Server

/// How calls stand in a listing, and what is told of one.
@Suite struct `A call in the archive` {
  private static let began: Int64 = 1_900_000_000_000
  private static let day: Int64 = 86_400_000
  private let attached = Attachment(
    call: "second", leg: "leg-2", channel: .voice, calledAddress: "100", utcOffsetSeconds: 0,
    epochMilliseconds: began + 2 * day)

  private func start(_ call: CallID, _ channel: Core.Channel) -> JournalRecord {
    .started(
      CallStart(
        tenant: "desk", conversation: ConversationID(call.rawValue), call: call, leg: "leg", channel: channel,
        calledAddress: "100", clock: WallClock(epochMilliseconds: Self.began, utcOffsetSeconds: 0), seed: 1),
      AssistantVersion(name: "desk", contentHash: "00ff"))
  }

  private func entries(_ call: CallID, _ channel: Core.Channel, _ records: [JournalRecord]) -> [JournalEntry] {
    ([start(call, channel)] + records).enumerated().map { sequence, record in
      JournalEntry(
        conversation: ConversationID(call.rawValue), call: call, sequence: sequence,
        instant: .milliseconds(sequence * 1_000), record: record)
    }
  }

  private func standing(
    _ channel: Core.Channel, _ records: [JournalRecord], isUnderWay: Bool = false, after days: Int64 = 1
  ) -> String {
    let standing = CallStanding(
      entries("c", channel, records), isUnderWay: isUnderWay, at: Self.began + days * Self.day)
    let until = standing.until.map { " \(($0 - Self.began) / 1_000)" } ?? ""
    return standing.kind.rawValue + until + (standing.attachments == 0 ? "" : " joined \(standing.attachments)")
  }

  private let leaves: [JournalRecord] = [
    .event(.hungUp(by: .caller)), .effect(.suspend(until: .milliseconds(1_000 + 14 * 86_400_000))),
  ]

  @Test func `is under way, left and until when, without an end, or over`() {
    #expect(standing(.voice, [.event(.connected)], isUnderWay: true) == "under_way")
    #expect(standing(.voice, [.event(.connected)]) == "not_ended")
    #expect(standing(.voice, [.event(.hungUp(by: .caller))]) == "over")
    #expect(standing(.voice, [.remark(.abandoned)]) == "over")
    #expect(standing(.chat, [.event(.connected)]) == "not_ended \(1 + 14 * 86_400)")
    #expect(standing(.chat, [.event(.connected)], after: 15) == "not_ended")
    #expect(standing(.chat, [.event(.connected), .remark(.expired)]) == "over")
    #expect(standing(.chat, leaves, isUnderWay: true) == "left \(1 + 14 * 86_400)")
    #expect(standing(.chat, leaves + [.remark(.settled(EffectID(1), .unknown))]) == "left \(1 + 14 * 86_400)")
    #expect(standing(.chat, leaves, after: 15) == "over")
    #expect(standing(.chat, leaves + [.event(.attached(attached))], isUnderWay: true) == "under_way joined 1")
    let lost: [JournalRecord] = leaves + [.event(.attached(attached)), .remark(.abandoned)]
    #expect(
      standing(.chat, lost) == "not_ended \(1 + 16 * 86_400) joined 1",
      "the telephone of its second line was lost in a crash")
    #expect(standing(.chat, lost + [.remark(.expired)]) == "over joined 1")
    let gone = leaves + [.event(.attached(attached)), .event(.hungUp(by: .caller))]
    #expect(standing(.chat, gone) == "over joined 1")
  }

  /// A data folder with two chats that were left, the older one last.
  private func desk() async throws -> Desk {
    let desk = try Desk()
    let storage = try StorageFloor.open(desk.configuration, for: .chat)
    let owner = DataOwner.call("desk", "old")
    let said = storage.store.vault.protect("my own words", label: .speech, owner: owner, ordinal: 1)
    let message = CallEvent.message(
      Heard(text: said, confidence: .certain, wordCount: 3, kind: .content, ending: .open))
    let lines = entries("old", .chat, [.event(.connected), .event(message)] + leaves)
    storage.store.journal.append(Array(lines.prefix(2)))
    try await storage.store.journal.flush("old")
    storage.store.journal.append(entries("new", .chat, leaves))
    try await storage.store.journal.flush("new")
    storage.store.journal.append(Array(lines.dropFirst(2)))
    try await storage.store.close()
    return desk
  }

  @Test func `is the last one when something happened in it last, whenever it began`() async throws {
    let desk = try await desk()
    let archive = CallArchive(desk.configuration)
    #expect(try await archive.lines(of: "last", reveal: false).lines == archive.lines(of: "old", reveal: false).lines)
  }

  @Test func `is told as JSON, a line for each of its journal, values as tokens unless they are revealed`() async throws
  {
    let desk = try await desk()
    let archive = CallArchive(desk.configuration)
    let lines = try await archive.lines(of: "old", reveal: false).lines
    #expect(lines.count == 5 && !lines.joined().contains("my own words"))
    for (sequence, line) in lines.enumerated() {
      let entry = try CanonicalJSON.decode(JournalEntry.self, from: Data(line.utf8))
      #expect(entry.sequence == sequence && entry.call == "old")
    }
    let clear = try await archive.lines(of: "old", reveal: true).lines
    #expect(clear.count == 5 && clear[2].contains(#""my own words""#))
    #expect(clear.enumerated().allSatisfy { $0 == 2 || $1 == lines[$0] })
    var followed: [String] = []
    try await archive.following("old", asJSON: true).run { followed.append($0) }
    #expect(followed == lines, "to its end")
  }

  @Test func `that was left has a new ticket, and one that is over has none`() async throws {
    let desk = try await desk()
    let storage = try StorageFloor.open(desk.configuration, for: .chat)
    let over = entries("over", .voice, [.event(.hungUp(by: .caller))])
    storage.store.journal.append(over)
    try await storage.store.close()
    let archive = CallArchive(desk.configuration)
    let ticket = try await archive.ticket(of: "old")
    let opened = ResumptionTickets(storage.masterKey).opened(by: ticket)
    #expect(opened?.conversation == "old" && opened?.attachments == 0)
    await #expect(throws: ServerError.self) { try await archive.ticket(of: "over") }
  }

  @Test func `that nobody came back to gets its end once, at the start of a server, by a clock that can be believed`()
    async throws
  {
    let desk = try Desk()
    let gone = try StorageFloor.open(desk.configuration, for: .chat)
    gone.store.journal.append(entries("killed", .chat, [.event(.connected)]))
    gone.store.journal.append(entries("called", .voice, [.event(.connected)]))
    try await gone.store.journal.flush("killed")
    try await gone.store.journal.flush("called")
    try await gone.store.close()
    let storage = try StorageFloor.open(desk.configuration, for: .chat)
    func start(after days: Int64) async throws -> (left: [String], lines: Int) {
      let left = await storage.leftLines(logger: desk.silent, now: Self.began + days * Self.day)
      return (left.map(\.call.rawValue), try await storage.store.reader.read("killed").entries.count)
    }
    for days: Int64 in [13, 4_000, -400] {
      #expect(try await start(after: days) == (["called"], 2), "\(days)")
    }
    #expect(try await start(after: 15) == (["called"], 3))
    #expect(try await storage.store.reader.read("killed").entries.last?.record == .remark(.expired))
    #expect(try await start(after: 16) == (["called"], 3))
    #expect(try await storage.store.callsLeft() == ["called"])
    try await storage.store.close()
  }
}
