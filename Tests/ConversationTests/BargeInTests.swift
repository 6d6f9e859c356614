import Core
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

@Suite struct `A caller who speaks while the agent does` {
  /// A call in which the status of an order is being told.
  private func telling() throws -> ShopCall {
    var call = try Shop.greeted()
    _ = call.hears { $0.say("where is my parcel", meaning: [.startFlow("order_status")]) }
    let number = call.order(ShopTable.shipped)
    call.say("one oh four...", .content, .complete, meaning: [number])
    call.wait(1_500)
    #expect(call.line.sounding != nil)
    return call
  }

  @Test func `stops it with words, and it is known how much was heard`() throws {
    var call = try telling()
    let cut = try #require(call.line.sounding)
    call.say("yes I know", .content, .complete, meaning: [.chitchat])
    #expect(call.effects.contains(.pause(cut)) && call.effects.contains(.stop(cut)))
    call.wait(100)
    let note = try #require(call.notes.last(where: { $0.kind == .cutShort }))
    #expect(note.subject == "utterance \(cut)")
    #expect(note.reason.contains("percent"), "\(note.reason)")
    let sentences = call.utterances.first { $0.id == cut }?.sentences.count ?? 0
    #expect(note.reason.contains("of \(sentences) sentences"))
  }

  @Test func `only pauses it with a noise, and it goes on`() throws {
    var call = try telling()
    let id = try #require(call.line.sounding)
    call.say("", .empty, for: 500)
    #expect(call.effects.contains(.pause(id)) && call.effects.contains(.resume(id)))
    #expect(!call.effects.contains(.stop(id)))
    #expect(call.line.sounding == id)
  }

  @Test func `lets it go on with a mhm`() throws {
    var call = try telling()
    let id = try #require(call.line.sounding)
    let understood = call.effects.count { if case .work(.understand) = $0 { true } else { false } }
    call.say("mhm", .backchannel, .open, for: 400)
    #expect(call.effects.contains(.resume(id)) && call.line.sounding == id)
    call.settle()
    #expect(call.effects.count { if case .work(.understand) = $0 { true } else { false } } == understood)
  }

  @Test(arguments: ["mhm", "yeah", "okay", "uh huh"])
  func `lets an answer go on to its last word with a short word, heard as on the telephone`(_ text: String) throws {
    var call = try telling()
    let id = try #require(call.line.sounding)
    let heard = call.machine.heard(
      Sensitive(token: SensitiveToken(label: .speech, id: "short"), value: text), confidence: Confidence(0.9))
    #expect(heard.ending == .complete, "as recognisers' words are judged")
    call.say(text, heard.kind, heard.ending, for: 400)
    #expect(call.effects.contains(.pause(id)) && call.effects.contains(.resume(id)))
    #expect(!call.effects.contains(.stop(id)) && call.line.sounding == id)
    let said = call.utterances.count
    call.pass(to: call.now + .seconds(1))
    #expect(call.utterances.count == said, "nothing is said twice")
    #expect(!call.notes.contains { $0.kind == .cutShort })
  }

  @Test func `cannot take a goodbye back, but ends it`() throws {
    var call = try Shop.greeted()
    call.say("bye", .content, .complete, meaning: [.goodbye])
    call.wait(700)
    #expect(call.utterances.last?.clearText.contains("Goodbye") == true)
    call.say("one more thing", .content, .complete, meaning: [.startFlow("order_status")])
    call.settle()
    #expect(call.isOver && call.hangUp == .completed && !call.said.contains("order number"))
  }

  @Test func `never throws away a legal sentence that is queued behind what was interrupted`() throws {
    var call = ShopCall(Conversation(assistant: Small.chattyThenLegal, start: .example()))
    call.connect()
    call.wait(200)
    #expect(call.line.sounding == UtteranceID(1))
    let began = call.now
    call.wait(100)
    call.give(.speechStarted(at: began))
    call.wait(400)
    call.give(.partial(call.heard("hello hello", .content)))
    call.wait(300)
    call.give(.speechEnded(at: call.now))
    call.wait(80)
    call.give(.transcript(call.heard("hello hello", .content, .complete)))
    call.wait(6_000)
    #expect(call.hangUp == nil, "the call goes on")
    #expect(call.notes.contains { $0.kind == .heardToEnd })
    #expect(call.said.contains("What now?"))
  }
}
