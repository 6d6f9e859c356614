import Core
import Dialogue
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

@Suite struct `The label under which a caller's words and keys enter` {
  static func asked() -> ShopCall {
    var call = ShopCall(Conversation(assistant: Small.asksForPIN, start: .example()))
    call.connect()
    call.settle()
    call.say("enter", meaning: [.startFlow("enter")])
    call.wait(1000)
    return call
  }

  @Test func `is a secret's as long as a secret is asked for, for keys and for words`() {
    let call = Self.asked()
    #expect(call.machine.understandingContext.awaiting == "pin")
    #expect(call.machine.label(keyed: true) == .secret)
    #expect(call.machine.label(keyed: false) == .secret)
  }

  @Test func `is the next slot's own for keys, and plain talk for words, once the secret is given`() {
    var call = Self.asked()
    call.press("1234")
    call.wait(500)
    #expect(call.machine.understandingContext.awaiting == "nickname")
    #expect(call.machine.label(keyed: true) == .name && call.machine.label(keyed: false) == .speech)
  }

  @Test func `is plain talk where nothing is asked`() {
    let call = ShopCall(Conversation(assistant: Small.asksForPIN, start: .example()))
    #expect(call.machine.label(keyed: true) == .speech && call.machine.label(keyed: false) == .speech)
  }
}
