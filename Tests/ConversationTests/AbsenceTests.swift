import Core
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

/// Conversations that are left while clocks jump.
@Suite struct `An absence` {
  private static let day: Int64 = 86_400_000
  private static let right: Int64 = 1_900_000_000_000
  /// Left a minute behind its start.
  private func left(by clock: Int64) -> Absence {
    Absence(since: .milliseconds(60_000), by: WallClock(epochMilliseconds: clock, utcOffsetSeconds: 0))
  }

  @Test func `lasts as long as the wall clock says, and a clock set back takes nothing away`() {
    let absence = left(by: Self.right)
    let began = Self.right + 60_000
    for (now, passed) in [
      (began + 2 * Self.day, 2 * Self.day), (began, 0), (began - 3_000, 0), (began - 4_000 * Self.day, 0), (0, 0),
      (.min, 0), (.max, 0), (began + 3_000, 3_000),
    ] {
      #expect(absence.lasting(at: now) == .milliseconds(Int(passed)), "\(now)")
      #expect(absence.instant(at: now) == .milliseconds(60_000) + .milliseconds(Int(passed)))
    }
  }

  @Test func `of whom was left by a clock that knew no time is not known to last`() {
    for clock in [0, 1_600_000_000_000, Int64.min] {
      let absence = left(by: clock)
      #expect(absence.lasting(at: Self.right) == .zero && absence.limit == nil && !absence.isOver(at: Self.right))
    }
  }

  @Test func `ends after two weeks, and is said to have ended only by a clock that can be believed`() {
    let absence = left(by: Self.right)
    let limit = Self.right + 60_000 + 14 * Self.day
    #expect(absence.limit == limit)
    for (now, isOver) in [
      (limit - 1, false), (limit, true), (limit + 300 * Self.day, true), (limit + 366 * Self.day, false), (0, false),
      (.max, false),
    ] {
      #expect(absence.isOver(at: now) == isOver, "\(now)")
    }
    // Left by a clock far ahead: set right, nothing is over.
    #expect(!left(by: Self.right + 20_000 * Self.day).isOver(at: Self.right))
  }

  @Test func `is told by the landmarks of a journal, by the clock of the line that was there last`() throws {
    let start = CallStart.example(channel: .chat)
    func entry(_ sequence: Int, _ milliseconds: Int, _ record: JournalRecord) -> JournalEntry {
      JournalEntry(
        conversation: "a", call: "a", sequence: sequence, instant: .milliseconds(milliseconds), record: record)
    }
    let version = AssistantVersion(name: "shop", contentHash: "00")
    let attached = Attachment(
      call: "second", leg: "leg", channel: .chat, calledAddress: "*", utcOffsetSeconds: 0,
      epochMilliseconds: Self.right)
    let landmarks = [
      entry(0, 0, .started(start, version)), entry(7, 10_000, .event(.attached(attached))),
      entry(9, 25_000, .event(.connected)),
    ]
    #expect(Absence(landmarks)?.clock == Self.right + 15_000)
    #expect(Absence(Array(landmarks.prefix(1)))?.clock == start.clock.epochMilliseconds)
    #expect(Absence(Array(landmarks.dropFirst())) == nil && Absence([]) == nil)
  }

  /// A wrong clock while nobody was there, while somebody was, or at the start: set right, the caller is back all the same.
  @Test func `over which a clock was wrong once is no obstacle when it is right again`() throws {
    let assistant = try Shop.assistant.get()
    var call = try Shop.greeted(channel: .chat)
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    let began = call.machine.start.clock.epochMilliseconds
    let entries = try call.journal(.example(channel: .chat), assistant.definition.version)
    // Nobody wrote anything while it was ahead.
    #expect(throws: Resumption.Obstacle.expired) {
      try Resumption(entries, assistant: assistant, at: began + 4_000 * Self.day)
    }
    _ = try Resumption(entries, assistant: assistant, at: began + Self.day)
    // Somebody joined by a clock ten years ahead, within what it took for two weeks, and was killed.
    call.give(.hungUp(by: .caller))
    call.give(
      .attached(
        Attachment(
          call: "second", leg: "leg", channel: .chat, calledAddress: "*", utcOffsetSeconds: 0,
          epochMilliseconds: began + 3_650 * Self.day)))
    call.settle()
    let ahead = try call.journal(.example(channel: .chat), assistant.definition.version)
    let resumption = try Resumption(ahead, assistant: assistant, at: began + Self.day)
    #expect(resumption.instant(at: began + Self.day) == resumption.lastInstant, "no time has passed that is known")
    // A step back of seconds.
    let last = try #require(entries.last)
    let now = began + last.instant.microseconds / 1000 - 2_000
    #expect(try Resumption(entries, assistant: assistant, at: now).instant(at: now) == last.instant)
  }
}
