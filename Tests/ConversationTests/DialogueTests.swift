import Core
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

/// Whole calls to the shop, from the first sentence to the end.
@Suite struct `A call to the shop` {
  @Test func `begins with the legal sentence, and nothing is asked before it was heard`() throws {
    var call = try Shop.call()
    call.connect()
    #expect(call.utterances.map(\.interruption) == [.mustBeHeard])
    #expect(call.said.contains("may be recorded"))
    call.wait(1_900)
    #expect(call.utterances.count == 1, "two sentences last two seconds")
    call.wait(300)
    #expect(call.utterances.last?.clearText == "How can I help you?")
    #expect(call.notes.contains { $0.kind == .heardToEnd })
  }

  @Test func `voice over the legal sentence does not stop it, and its words are answered afterwards`() throws {
    var call = try Shop.call()
    call.connect()
    call.wait(200)
    call.say("where is my order", .content, .complete, for: 900, meaning: [.startFlow("order_status")])
    #expect(!call.effects.contains { if case .stop = $0 { true } else { false } })
    #expect(!call.effects.contains { if case .pause = $0 { true } else { false } })
    call.settle()
    #expect(call.said.contains("What is your order number?"))
  }

  @Test func `tells where an order is, asked by voice`() throws {
    var call = try Shop.greeted()
    let asked = call.hears { $0.say("where is my parcel", meaning: [.startFlow("order_status")]) }
    #expect(asked == "What is your order number? It has eight digits.")
    let number = call.order(ShopTable.shipped)
    let told = call.hears { $0.say("one oh four seven...", .content, .complete, meaning: [number]) }
    #expect(told.contains("on its way with DHL") && told.contains("anything else"))
    let left = call.hears { $0.say("no thanks", .content, .complete, meaning: [.answer(false)]) }
    #expect(left.contains("Goodbye") && call.hangUp == .completed && call.isOver)
  }

  @Test func `takes the journey and the number by keys`() throws {
    var call = try Shop.greeted()
    #expect(call.hears { $0.press("1") }.contains("order number"))
    #expect(call.hears { $0.press(ShopTable.shipped) }.contains("on its way"))
    #expect(!call.effects.contains { if case .work(.understand) = $0 { true } else { false } }, "keys need no guessing")
  }

  @Test func `keys that stop early are not taken for a number`() throws {
    var call = try Shop.greeted()
    call.press("1")
    call.settle()
    let told = call.hears {
      $0.press("1047")
      $0.wait(3_500)
    }
    #expect(call.invocations.isEmpty && told.contains("did not get that"))
  }

  @Test func `a number that was corrected is the number that counts`() throws {
    var call = try Shop.greeted()
    _ = call.hears { $0.say("change the address", meaning: [.startFlow("change_address")]) }
    let wrong = call.order(ShopTable.shipped)
    _ = call.hears { $0.say("one oh four...", .content, .open, meaning: [wrong]) }
    let right = call.order(ShopTable.processing)
    let told = call.hears { $0.say("no, I meant two oh five...", .content, .open, meaning: [right]) }
    #expect(told.contains("new address"))
    let last = call.invocations.last?.arguments["order_number"]
    #expect(last?.revealedText == ShopTable.processing)
  }

  @Test func `an address is changed once, after a yes`() throws {
    var call = try Shop.greeted()
    _ = call.hears { $0.say("change the address", meaning: [.startFlow("change_address")]) }
    let number = call.order(ShopTable.processing)
    _ = call.hears { $0.say("two oh five...", .content, .open, meaning: [number]) }
    let address = Command.setSlot("new_address", .sensitive(call.sensitive("5 New Street, Bristol", .address)))
    #expect(call.hears { $0.say("five new street", meaning: [address]) }.contains("Is that right?"))
    #expect(call.invocations.allSatisfy { !$0.changesState })
    let told = call.hears { $0.say("yes", .content, .complete, meaning: [.answer(true)]) }
    #expect(told.contains("Done. I have changed the address."))
    #expect(call.invocations.filter(\.changesState).map(\.tool) == ["change_address"])
  }

  @Test func `two parts of a wish that came too fast for understanding are one turn`() throws {
    var call = try Shop.greeted()
    call.understandingTakes = 1_500
    let number = call.order(ShopTable.shipped)
    call.say("where is my order", .content, .complete, meaning: [.startFlow("order_status")])
    call.wait(260)
    let told = call.hears { $0.say("one oh four...", .content, .complete, for: 300, meaning: [number]) }
    #expect(told.contains("on its way"), "the first words are not lost")
  }

  @Test func `thirty minutes are enough for every call`() throws {
    var call = try Shop.call()
    call.connect()
    while !call.isOver, call.now < .milliseconds(40 * 60_000) {
      call.wait(4_000)
      if !call.isOver { call.say("thanks", .content, .complete, meaning: [.chitchat]) }
    }
    #expect(call.hangUp == .tooLong && call.isOver)
    #expect(call.utterances.last?.clearText.isEmpty == false)
    #expect(call.utterances.last.map { $0.sentences.contains { $0.response == "utter_call_too_long" } } == true)
    #expect(call.now < .milliseconds(31 * 60_000))
  }
}

@Suite struct `Silence` {
  @Test func `is met with guidance, then a question, then a goodbye, and the line is let go after the last word`()
    throws
  {
    var call = try Shop.greeted()
    let first = call.utterances.count
    for _ in 0..<40 where !call.isOver { call.wait(1_000) }
    let said = call.utterances.dropFirst(first)
    #expect(said.count == 3)
    #expect(said.allSatisfy { $0.purpose == .guidance })
    #expect(said.last?.clearText.contains("I will end the call now") == true)
    #expect(call.hangUp == .silence && call.isOver)
    let goodbye = call.events.lastIndex { if case .playback(let it) = $0 { it.state == .finished } else { false } }
    #expect(goodbye == call.events.count - 2, "the goodbye is heard to its end before the line is gone")
  }

  @Test func `counts from the end of speech, and a noise without words does not begin it anew for ever`() throws {
    var call = try Shop.greeted()
    let before = call.utterances.count
    call.wait(5_000)
    call.say("", .empty)
    call.wait(6_100)
    #expect(call.utterances.count == before + 1)
  }

  @Test func `after a moment that the caller asked for has an end too`() throws {
    var call = try Shop.greeted()
    let told = call.hears { $0.say("hold on", meaning: [.hold]) }
    #expect(told.contains("I am here"))
    let before = call.utterances.count
    call.wait(15_000)
    #expect(call.utterances.count == before, "a moment is longer than a silence")
    for _ in 0..<300 where call.utterances.count == before { call.wait(1_000) }
    #expect(call.utterances.count > before, "but it does not last for ever")
  }

  @Test func `on a held line is nobody's`() throws {
    var call = try Shop.greeted()
    call.hold(true)
    let before = call.utterances.count
    call.wait(120_000)
    #expect(call.utterances.count == before && !call.isOver)
    call.hold(false)
    call.wait(6_500)
    #expect(call.utterances.count == before + 1)
  }

  @Test func `a line held during the legal sentence goes on with it afterwards`() throws {
    var call = try Shop.call()
    call.synthesisTakes = 400
    call.connect()
    call.wait(100)
    call.hold(true)
    call.wait(60_000)
    #expect(call.hangUp == nil)
    call.hold(false)
    call.wait(2_600)
    #expect(call.said.hasSuffix("How can I help you?"))
  }
}
