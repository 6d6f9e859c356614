import Core
import Dialogue
import Foundation
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

  /// The same, answered and told.
  private func answered() throws -> ShopCall {
    var call = try Shop.greeted(channel: .chat)
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    let answer = call.hears { $0.say("it is", .content, .complete, meaning: [$0.order(ShopTable.processing)]) }
    #expect(answer.contains("prepared"), "\(answer)")
    return call
  }

  /// What is said to whoever comes back to a journal; nil where it is over.
  private func saidAgain(_ entries: [JournalEntry]) throws -> String? {
    guard let resumption = try? Resumption(entries, assistant: Shop.assistant.get(), at: 0) else { return nil }
    var conversation = resumption.conversation
    let now = resumption.lastInstant + .seconds(60)
    for event in resumption.learned { _ = conversation.handle(event, at: now) }
    return conversation.handle(attached(), at: now).compactMap {
      if case .speak(let it) = $0 { it.clearText } else { nil }
    }.joined(separator: " ")
  }

  @Test func `says again the words that nobody told to have been shown, and those that were shown not`() throws {
    let entries = try entries(of: answered())
    var spoken: [UtteranceID: Utterance] = [:]
    var owed: [UtteranceID] = []
    var checked = 0
    for (index, entry) in entries.enumerated() {
      switch entry.record {
      case .effect(.speak(let utterance)):
        spoken[utterance.id] = utterance
        owed.append(utterance.id)
      case .event(.playback(let playback)) where playback.state == .finished:
        owed.removeAll { $0 == playback.utterance }
      default: break
      }
      // Behind the last line of a step.
      guard index + 1 < entries.count, case .event = entries[index + 1].record,
        let said = try saidAgain(Array(entries[...index]))
      else { continue }
      for id in owed {
        guard let utterance = spoken[id], utterance.purpose == .answer else { continue }
        for sentence in utterance.sentences where sentence.response?.rawValue.hasPrefix("utter_ask") != true {
          let words = Utterance(
            id: id, turn: utterance.turn, sentences: [sentence], interruption: .free, purpose: .answer
          ).clearText
          #expect(said.components(separatedBy: words).count == 2, "\(index): \(words) in \(said)")
          checked += 1
        }
      }
      if owed.isEmpty { #expect(!said.contains("prepared"), "\(index): \(said)") }
    }
    #expect(checked > 3)
  }

  @Test func `tells an answer also where its flow was over and nobody told that it was shown`() throws {
    let journal = try entries(of: answered())
    // The last answer of all: killed before the screen told that it was there.
    let last = try #require(
      journal.lastIndex { entry in
        if case .effect(.speak(let utterance)) = entry.record {
          utterance.clearText.contains("prepared")
        } else {
          false
        }
      })
    let end = journal[last...].firstIndex { if case .event = $0.record { true } else { false } } ?? journal.count
    let said = try #require(try saidAgain(Array(journal[..<end])))
    #expect(said.hasPrefix("Welcome back.") && said.contains("prepared"), "\(said)")
  }

  @Test func `says its last words again where the line was lost, and lets go then`() throws {
    var call = try answered()
    let effects = call.give(.timerFired(.longestCall))
    let last = effects.compactMap { if case .speak(let it) = $0 { it } else { nil } }
    #expect(last.count == 1)
    var lost = call.machine
    var left = call.machine
    _ = left.handle(.hungUp(by: .caller), at: call.now)
    #expect(left.isOver, "who leaves by themselves has left")
    _ = lost.handle(.hungUp(by: .line), at: call.now)
    #expect(lost.isSuspended)
    let again = lost.handle(attached(), at: call.now).compactMap { if case .speak(let it) = $0 { it } else { nil } }
    #expect(again.map(\.clearText) == last.map(\.clearText))
    let id = try #require(again.first?.id)
    let after = lost.handle(
      .playback(Playback(utterance: id, state: .finished, playedPermille: [1000])), at: call.now)
    #expect(after.contains(.hangUp(.tooLong)))
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
