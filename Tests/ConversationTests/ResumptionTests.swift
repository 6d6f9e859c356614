import Core
import Dialogue
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

/// What another process makes of a journal whose process is gone.
@Suite struct `A conversation left in its journal` {
  private func attached(_ channel: Channel = .chat) -> CallEvent {
    .attached(
      Attachment(call: "second", leg: "second-leg", channel: channel, calledAddress: "100", utcOffsetSeconds: 0))
  }

  private func entries(of call: ShopCall) throws -> [JournalEntry] {
    try call.journal(.example(channel: .chat), Shop.assistant.get().definition.version)
  }

  /// A chat in which an order's number was asked for and given, and told.
  private func told() throws -> ShopCall {
    var call = try Shop.greeted(channel: .chat)
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    _ = call.hears { $0.say("it is", meaning: [$0.order(ShopTable.processing)]) }
    return call
  }

  @Test func `at whatever line its process was killed is over, or goes on with its question`() throws {
    let entries = try entries(of: told())
    let assistant = try Shop.assistant.get()
    var goneOn = 0
    for count in 1...entries.count {
      let resumption: Resumption
      do throws(Resumption.Obstacle) {
        resumption = try Resumption(Array(entries.prefix(count)), assistant: assistant, at: 0)
      } catch {
        #expect(error == .over, "\(count): \(error)")
        continue
      }
      goneOn += 1
      #expect(resumption.lines == count && resumption.lastInstant == entries[count - 1].instant)
      var conversation = resumption.conversation
      let now = resumption.lastInstant + .seconds(2 * 86_400)
      for event in resumption.learned { _ = conversation.handle(event, at: now) }
      #expect(conversation.isSuspended)
      let effects = conversation.handle(attached(), at: now)
      let words = effects.compactMap { if case .speak(let it) = $0 { it.clearText } else { nil } }.joined(
        separator: " ")
      #expect(words.hasPrefix("Welcome back."), "\(count): \(words)")
    }
    #expect(goneOn > 10, "\(goneOn) of \(entries.count)")
  }

  @Test func `that was suspended in order has nothing to learn but its timer`() throws {
    var call = try Shop.greeted(channel: .chat)
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    call.give(.hungUp(by: .caller))
    let resumption = try Resumption(entries(of: call), assistant: Shop.assistant.get(), at: 0)
    #expect(resumption.learned.isEmpty && resumption.unwritten.isEmpty)
    #expect(resumption.conversation == call.machine)
    #expect(Array(resumption.timers.keys) == [.suspension])
    #expect(resumption.timers == call.timers)
  }

  @Test func `counts on behind its segments and keys`() throws {
    var call = try Shop.greeted(channel: .chat)
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    let heard = call.machine.start.channel
    #expect(heard == .chat)
    let journal = try entries(of: call)
    let last = try #require(journal.last)
    let text = Sensitive<String>(token: SensitiveToken(label: .speech, id: "abc"), value: nil)
    let extra = [
      CallEvent.message(
        Heard(text: text, confidence: .certain, wordCount: 1, kind: .content, ending: .open, segment: 41)),
      .digit(text),
    ]
    var conversation = call.machine
    var sequence = last.sequence
    var lines = journal
    for event in extra {
      for record in [.event(event)] + conversation.handle(event, at: last.instant).map(JournalRecord.effect) {
        sequence += 1
        lines.append(
          JournalEntry(
            conversation: last.conversation, call: last.call, sequence: sequence, instant: last.instant, record: record)
        )
      }
    }
    let resumption = try Resumption(lines, assistant: Shop.assistant.get(), at: 0)
    #expect(resumption.segments == 41 && resumption.keys == 1)
  }

  @Test
  func
    `learns what became of its work: a settled change as settled, a lost one as unknown, a lost look-up is asked for again once`()
    throws
  {
    var call = try Shop.greeted(channel: .chat)
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    call.tools = { (ShopTable.answer($0), 60_000) }
    call.say("it is", meaning: [call.order(ShopTable.processing)])
    call.wait(1_500)
    let journal = try entries(of: call)
    let place = try #require(journal.lastIndex { if case .effect(.work(.invoke)) = $0.record { true } else { false } })
    guard case .effect(.work(.invoke(let invocation))) = journal[place].record else { return }
    #expect(!invocation.changesState)
    let now = call.machine.start.clock.epochMilliseconds + 86_400_000
    let lost = try Resumption(journal, assistant: Shop.assistant.get(), at: now)
    #expect(lost.learned == [.hungUp(by: .line)] && lost.repeated == [invocation])
    let again = lost.instant(at: now) + Work.invoke(invocation).deadline
    #expect(lost.timers[.work(.tool(invocation.effect))] == again, "it has its time again")
    let last = try #require(journal.last)
    func remarked(_ remark: JournalRemark) -> [JournalEntry] {
      journal + [
        JournalEntry(
          conversation: last.conversation, call: last.call, sequence: last.sequence + 1, instant: last.instant,
          record: .remark(remark))
      ]
    }
    let settled = try Resumption(
      remarked(.settled(invocation.effect, .refused("no_order"))), assistant: Shop.assistant.get(), at: 0)
    #expect(settled.learned == [.hungUp(by: .line), .finished(.tool(invocation.effect), .tool(.refused("no_order")))])
    #expect(settled.repeated.isEmpty)
    // Whoever asked again was killed too: it is not asked a third time.
    let twice = try Resumption(remarked(.repeated(invocation.effect)), assistant: Shop.assistant.get(), at: 0)
    #expect(twice.learned == [.hungUp(by: .line), .finished(.tool(invocation.effect), .tool(.failed(.unreachable)))])
    #expect(twice.repeated.isEmpty)
    // A change is never asked for again.
    let change = ToolInvocation(
      effect: invocation.effect, tool: invocation.tool, activation: invocation.activation,
      arguments: invocation.arguments, changesState: true, deadline: invocation.deadline)
    let trail = Trail(
      journal.map { entry in
        guard entry.record == .effect(.work(.invoke(invocation))) else { return entry }
        return JournalEntry(
          conversation: entry.conversation, call: entry.call, sequence: entry.sequence, instant: entry.instant,
          record: .effect(.work(.invoke(change))))
      })
    #expect(trail.outcomes == [.finished(.tool(change.effect), .tool(.unknown))] && trail.repeated.isEmpty)
  }

  @Test func `that was ended because nobody came back stays so, whatever the clock says now`() throws {
    var call = try Shop.greeted(channel: .chat)
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    let journal = try entries(of: call)
    let last = try #require(journal.last)
    let end = JournalEntry(
      conversation: last.conversation, call: last.call, sequence: last.sequence + 1, instant: last.instant,
      record: .remark(.expired))
    let began = call.machine.start.clock.epochMilliseconds
    let assistant = try Shop.assistant.get()
    #expect(throws: Resumption.Obstacle.expired) {
      try Resumption(journal + [end], assistant: assistant, at: began + 1000)
    }
  }

  @Test func `that came out otherwise says where, and one without a start says so`() throws {
    let journal = try entries(of: told())
    let place = try #require(journal.firstIndex { if case .effect(.speak) = $0.record { true } else { false } })
    var altered = journal
    let entry = journal[place]
    altered[place] = JournalEntry(
      conversation: entry.conversation, call: entry.call, sequence: entry.sequence, instant: entry.instant,
      record: .effect(.hangUp(.failure)))
    let assistant = try Shop.assistant.get()
    let event = try #require(journal[..<place].last { if case .event = $0.record { true } else { false } })
    #expect(throws: Resumption.Obstacle.decidesOtherwise(line: event.sequence)) {
      try Resumption(altered, assistant: assistant, at: 0)
    }
    #expect(throws: Resumption.Obstacle.notBegun) {
      try Resumption(Array(journal.dropFirst()), assistant: assistant, at: 0)
    }
    #expect(throws: Resumption.Obstacle.notBegun) { try Resumption([], assistant: assistant, at: 0) }
  }

  @Test func `is left for two weeks, in order or killed, and no longer`() throws {
    let assistant = try Shop.assistant.get()
    var call = try Shop.greeted(channel: .chat)
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    let killed = try entries(of: call)
    call.give(.hungUp(by: .caller))
    for journal in [killed, try entries(of: call)] {
      let began = call.machine.start.clock.epochMilliseconds
      _ = try Resumption(journal, assistant: assistant, at: began + 13 * 86_400_000)
      #expect(throws: Resumption.Obstacle.expired) {
        try Resumption(journal, assistant: assistant, at: began + 15 * 86_400_000)
      }
    }
  }

  @Test func `has the time of the wall, and never goes back`() throws {
    var call = try Shop.greeted(channel: .chat)
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    let resumption = try Resumption(entries(of: call), assistant: Shop.assistant.get(), at: 0)
    let began = resumption.conversation.start.clock.epochMilliseconds
    #expect(resumption.instant(at: began + 172_800_000) == .milliseconds(172_800_000))
    for now in [began, 0, .min] { #expect(resumption.instant(at: now) == resumption.lastInstant) }
    #expect(resumption.instant(at: .max) == resumption.lastInstant)
  }
}
