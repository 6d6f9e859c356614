import Core
import Dialogue
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

/// A conversation that outlives its line: what is dropped, what goes on, and where the next line finds it.
@Suite struct `A conversation whose line is gone` {
  private static let twoDays = 2 * 86_400_000

  private func line(_ channel: Channel = .chat) -> CallEvent {
    .attached(
      Attachment(call: "second", leg: "second-leg", channel: channel, calledAddress: "100", utcOffsetSeconds: 0))
  }

  /// A chat that asked for an order's number.
  private func asked() throws -> ShopCall {
    var call = try Shop.greeted(channel: .chat)
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    return call
  }

  private func journal(of call: ShopCall) throws -> [JournalEntry] {
    try call.journal(.example(channel: .chat), Shop.assistant.get().definition.version)
  }

  private func suspends(_ effects: [CallEffect]) -> Bool {
    effects.contains { if case .suspend = $0 { true } else { false } }
  }

  @Test func `is gone on with two days later: the open question is asked, slots and stack are as they were`() throws {
    var call = try asked()
    let stack = call.machine.dialogue.stack
    let asks = try #require(call.utterances.last?.clearText)
    #expect(suspends(call.give(.hungUp(by: .caller))))
    #expect(call.machine.isSuspended && !call.machine.isOver)
    call.wait(Self.twoDays)
    let words = call.hears { $0.give(line()) }
    #expect(words.hasPrefix("Welcome back."), "\(words)")
    #expect(words.hasSuffix(asks), "\(words)")
    #expect(call.machine.dialogue.stack == stack)
    let answer = call.hears { $0.say("two oh five", .content, .open, meaning: [$0.order(ShopTable.processing)]) }
    #expect(answer.contains("prepared"), "\(answer)")
  }

  @Test func `takes the deadline of its tool back also where that has passed`() throws {
    var call = try asked()
    call.tools = { _ in nil }
    _ = call.hears { $0.say("it is", .content, .complete, meaning: [$0.order(ShopTable.processing)]) }
    guard case .tool(let effect) = call.machine.dialogue.waiting else {
      Issue.record("no tool is asked: \(call.machine.dialogue.waiting)")
      return
    }
    call.give(.hungUp(by: .caller))
    let deadline = TimerID.work(.tool(effect))
    // So that a replay of such a journal has the same effects.
    #expect(call.give(.timerFired(deadline)) == [.cancelTimer(deadline)])
  }

  @Test func `runs no timer of the line`() throws {
    var call = try asked()
    let effects = call.give(.hungUp(by: .caller))
    let set = effects.compactMap { if case .setTimer(let timer, _) = $0 { timer } else { nil } }
    #expect(set == [.suspension])
    #expect(call.timers.keys.sorted { "\($0)" < "\($1)" } == [.suspension])
  }

  @Test func `on the telephone is over`() throws {
    var call = try Shop.greeted()
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    #expect(!suspends(call.give(.hungUp(by: .caller))))
    #expect(call.machine.isOver)
  }

  @Test func `is over when nothing was begun`() throws {
    var call = try Shop.greeted(channel: .chat)
    #expect(!suspends(call.give(.hungUp(by: .caller))))
    #expect(call.machine.isOver)
  }

  @Test func `goes on by telephone`() throws {
    var call = try asked()
    call.give(.hungUp(by: .caller))
    call.wait(Self.twoDays)
    let words = call.hears { $0.give(line(.voice)) }
    #expect(words.contains("order number"), "\(words)")
    #expect(call.machine.channel == .voice)
  }

  @Test func `that was begun in writing outlives the telephone it went on by, until it is over`() throws {
    for party in [Party.caller, .line] {
      var call = try asked()
      call.give(.hungUp(by: .caller))
      for round in 1...3 {
        call.wait(Self.twoDays)
        #expect(call.hears { $0.give(line(.voice)) }.contains("order number"), "\(round)")
        #expect(suspends(call.give(.hungUp(by: party))))
        #expect(call.machine.isSuspended && call.machine.attachments == round)
      }
      call.wait(Self.twoDays)
      call.give(line(.voice))
      let answer = call.hears { $0.say("it is", .content, .complete, meaning: [$0.order(ShopTable.processing)]) }
      #expect(answer.contains("prepared"), "\(answer)")
      _ = call.hears { $0.say("bye", .content, .complete, meaning: [.goodbye]) }
      #expect(!suspends(call.give(.hungUp(by: party))))
      #expect(call.machine.isOver, "its flow ended it")
    }
  }

  @Test func `has the clock of the line that joined, whatever an earlier one said`() throws {
    var call = try asked()
    let began = call.machine.start.clock.epochMilliseconds
    let day = call.machine.clock.date(at: call.now).daysSinceEpoch
    call.give(.hungUp(by: .caller))
    func joins(on day: Int, offset: Int = 0) -> CallEvent {
      .attached(
        Attachment(
          call: "second", leg: "second-leg", channel: .chat, calledAddress: "100", utcOffsetSeconds: offset,
          epochMilliseconds: began + Int64(day) * 86_400_000))
    }
    // Ten years ahead, then set right, then an hour of summer time.
    for (wall, offset) in [(3_650, 0), (1, 0), (2, 3_600)] {
      call.wait(1_000)
      call.give(joins(on: wall, offset: offset))
      #expect(call.machine.clock.date(at: call.now).daysSinceEpoch == day + wall)
      #expect(call.machine.clock.minuteOfDay(at: call.now) == 600 + offset / 60)
      call.wait(1_000)
      call.give(.hungUp(by: .caller))
    }
  }

  @Test func `can be left and gone on with again and again`() throws {
    var call = try asked()
    for _ in 0..<5 {
      #expect(suspends(call.give(.hungUp(by: .line))))
      call.wait(60_000)
      #expect(call.hears { $0.give(line()) }.contains("order number"))
    }
  }

  @Test func `ends when nobody comes back`() throws {
    var call = try asked()
    call.give(.hungUp(by: .caller))
    call.wait(13 * 86_400_000)
    #expect(call.machine.isSuspended)
    call.wait(2 * 86_400_000)
    #expect(call.machine.isOver)
    #expect(call.give(line()).isEmpty)
  }

  @Test func `knows the day on which it goes on`() throws {
    var call = try asked()
    let before = call.machine.clock.date(at: call.now)
    call.give(.hungUp(by: .caller))
    call.wait(Self.twoDays)
    call.give(line())
    #expect(call.machine.clock.date(at: call.now).daysSinceEpoch == before.daysSinceEpoch + 2)
  }

  @Test func `tells the outcome of what was under way`() throws {
    var call = try Shop.call(channel: .chat)
    call.tools = { (ShopTable.answer($0), 6_000) }
    call.connect()
    call.settle()
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    call.say("it is", meaning: [call.order(ShopTable.processing)])
    call.wait(1_500)
    #expect(suspends(call.give(.hungUp(by: .caller))))
    let before = call.utterances.count
    call.wait(Self.twoDays)
    #expect(call.utterances.count == before, "nothing is said while nobody listens")
    let words = call.hears { $0.give(line()) }
    #expect(words.hasPrefix("Welcome back.") && words.contains("prepared"), "\(words)")
  }

  @Test func `waits on for what is still under way when the caller is back`() throws {
    var call = try Shop.call(channel: .chat)
    call.tools = { (ShopTable.answer($0), 6_000) }
    call.connect()
    call.settle()
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    call.say("it is", meaning: [call.order(ShopTable.processing)])
    call.wait(1_500)
    call.give(.hungUp(by: .caller))
    call.wait(500)
    call.give(line())
    call.wait(200)
    #expect(call.utterances.last?.clearText.hasPrefix("Welcome back.") == true)
    call.wait(7_000)
    #expect(call.utterances.contains { $0.clearText.contains("prepared") })
  }

  @Test func `takes no second line while it has one`() throws {
    var call = try asked()
    #expect(call.give(line()).isEmpty)
  }

  // MARK: The journal

  @Test func `is the same when it is folded from its journal`() throws {
    var call = try asked()
    call.give(.hungUp(by: .caller))
    let fold = try #require(JournalFold(try journal(of: call), assistant: Shop.assistant.get()))
    #expect(fold.difference == nil && fold.unwritten.isEmpty)
    #expect(fold.conversation == call.machine)
    call.wait(Self.twoDays)
    call.give(line())
    let again = try #require(JournalFold(try journal(of: call), assistant: Shop.assistant.get()))
    #expect(again.difference == nil)
    #expect(again.conversation == call.machine)
  }

  @Test func `whose last step was written in part does the rest when it is folded`() throws {
    var call = try asked()
    let effects = call.give(.hungUp(by: .caller))
    let entries = try journal(of: call)
    for lost in 1...effects.count {
      let fold = try #require(
        JournalFold(Array(entries.dropLast(lost)), assistant: Shop.assistant.get()))
      #expect(fold.unwritten == Array(effects.suffix(lost)))
      #expect(fold.difference == nil && fold.conversation == call.machine)
    }
  }
}
