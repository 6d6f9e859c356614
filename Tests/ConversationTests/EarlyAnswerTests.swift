import Core
import Dialogue
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

/// What is said before a question began is no answer to it, whatever it would mean behind it.
@Suite struct `An answer that comes before its question` {
  /// A call in which the status of an order is being told; "anything else?" follows in the same breath.
  private func telling() throws -> ShopCall {
    var call = try Shop.greeted()
    _ = call.hears { $0.say("where is my parcel", meaning: [.startFlow("order_status")]) }
    let number = call.order(ShopTable.shipped)
    call.say("one oh four...", .content, .complete, meaning: [number])
    call.wait(1_500)
    #expect(call.line.sounding != nil)
    return call
  }

  private func hasEnded(_ call: ShopCall) -> Bool {
    call.effects.contains { if case .hangUp = $0 { true } else { false } } || call.machine.isOver
  }

  @Test(arguments: ["no", "stop", "nope"]) func `does not end the call, and one behind it does`(_ text: String) throws {
    var call = try telling()
    let cut = try #require(call.line.sounding)
    call.say(text, .interruption, .complete, meaning: [.answer(false)])
    #expect(call.effects.contains(.stop(cut)))
    call.wait(1500)
    call.settle()
    #expect(!hasEnded(call) && call.notes.contains { $0.reason.contains("before_the_question") })
    call.say(text, .interruption, .complete, meaning: [.answer(false)])
    call.wait(1500)
    call.settle()
    #expect(hasEnded(call))
  }

  @Test func `is an answer when most of the question was heard`() throws {
    var call = try telling()
    let told = try #require(call.line.sounding)
    while let change = call.line.nextChange(call.now), call.line.sounding == told,
      change - call.now > .milliseconds(500)
    {
      call.wait(20)
    }
    #expect(call.line.sounding == told)
    call.say("no thanks", .content, .complete, meaning: [.answer(false)])
    call.wait(1500)
    call.settle()
    #expect(hasEnded(call))
  }

  @Test func `is none however late its meaning comes`() throws {
    var call = try Shop.greeted()
    let number = call.order(ShopTable.shipped)
    call.tools = { (ShopTable.answer($0), 2500) }
    call.say("where is my parcel", .content, .complete, meaning: [.startFlow("order_status"), number])
    call.wait(1000)
    call.understandingTakes = 2400
    call.say("no", .interruption, .complete, meaning: [.answer(false)])
    call.wait(8000)
    call.settle()
    #expect(!hasEnded(call))
  }

  @Test func `is kept where it brings a value of its own`() throws {
    var call = try Shop.greeted()
    let number = call.order(ShopTable.shipped)
    call.say("where is my parcel", .content, .complete, meaning: [.startFlow("order_status")])
    while call.machine.understandingContext.awaiting != "order_number" { call.wait(50) }
    call.say("one oh four...", .content, .complete, meaning: [number])
    call.wait(2000)
    #expect(call.machine.slots["order_number"] != nil || call.machine.slots["order_status"] != nil)
  }
}
