import Core
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

@Suite struct `A caller whom a tool identifies` {
  private func notes(_ effects: [CallEffect]) -> [Decision.Kind] {
    effects.compactMap { if case .note(let decision) = $0 { decision.kind } else { nil } }
  }

  @Test func `is known from then on; the same again is nothing, and another one is refused`() throws {
    var call = try Shop.greeted()
    #expect(call.machine.person == nil)
    #expect(notes(call.give(.identified("ada"))) == [.identified])
    #expect(call.machine.person == "ada")
    #expect(call.give(.identified("ada")).isEmpty)
    #expect(notes(call.give(.identified("bob"))) == [.failure])
    #expect(call.machine.person == "ada")
    #expect(call.notes.allSatisfy { !$0.reason.contains("ada") && !$0.reason.contains("bob") })
    // The conversation goes on as if nothing had been.
    let words = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    #expect(words.contains("order number"))
  }

  @Test func `who was known at the start stays`() throws {
    let start = CallStart(
      tenant: "t", conversation: "c", call: "k", leg: "l", person: "ada", channel: .voice, calledAddress: "100",
      clock: WallClock(epochMilliseconds: 1_900_000_000_000, utcOffsetSeconds: 0), seed: 1)
    var conversation = Conversation(assistant: try Shop.assistant.get(), start: start)
    #expect(conversation.person == "ada")
    #expect(conversation.handle(.identified("ada"), at: .zero).isEmpty)
    #expect(notes(conversation.handle(.identified("bob"), at: .zero)) == [.failure])
    #expect(conversation.person == "ada")
  }

  @Test func `is known without a line, and as long as flows do something after a hang-up`() throws {
    var written = try Shop.greeted(channel: .chat)
    _ = written.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    written.give(.hungUp(by: .caller))
    #expect(written.machine.isSuspended)
    #expect(notes(written.give(.identified("ada"))) == [.identified])
    var settling = try Shop.greeted().machine
    settling.phase = .settling
    #expect(notes(settling.handle(.identified("ada"), at: .zero)) == [.identified])
    settling.phase = .over
    #expect(settling.handle(.identified("bob"), at: .zero).isEmpty)
  }

  @Test func `is known when the journal is folded again`() throws {
    var call = try Shop.greeted(channel: .chat)
    call.give(.identified("ada"))
    call.give(.identified("bob"))
    let journal = try call.journal(.example(channel: .chat), Shop.assistant.get().definition.version)
    let fold = try #require(JournalFold(journal, assistant: try Shop.assistant.get()))
    #expect(fold.difference == nil)
    #expect(fold.conversation.person == "ada" && fold.conversation == call.machine)
  }
}
