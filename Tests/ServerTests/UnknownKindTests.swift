import Core
import Storage
import Testing

@testable import Server

@Suite struct `A call that a newer release wrote in part` {
  @Test func `is listed and told, and its replay says which line is not known`() async throws {
    let desk = try Desk()
    let version = try desk.publish().version
    let storage = try StorageFloor.open(desk.configuration, for: .command)
    let start = CallStart(
      tenant: "desk", conversation: "talk", call: "call-1", leg: "leg", channel: .chat, calledAddress: "100",
      clock: WallClock(epochMilliseconds: 1_900_000_000_000, utcOffsetSeconds: 0), seed: 1)
    let records: [JournalRecord] = [
      .started(start, version), .unknown("remark.weather"), .unknown("event.dreamt"), .event(.hungUp(by: .caller)),
    ]
    storage.store.journal.append(
      records.enumerated().map {
        JournalEntry(conversation: "talk", call: "call-1", sequence: $0, instant: .zero, record: $1)
      })
    try await storage.store.close()
    let archive = CallArchive(desk.configuration)
    #expect(try await archive.listing().calls.map(\.hasEnded) == [true])
    #expect(try await archive.story(of: "call-1", reveal: false).lines.last?.contains("ended") == true)
    let replayed = try await archive.replay("call-1", assistant: nil)
    #expect(replayed.result == "unknown_kind" && replayed.line == 2 && !replayed.isIdentical)
    #expect(replayed.text.contains("event.dreamt, which this release does not know"))
  }
}
