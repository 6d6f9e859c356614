import Core
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

@Suite struct `A button's payload` {
  @Test(arguments: [
    ("/SetSlots(size=large)", [Command.setSlot("size", .text("large"))]),
    ("/SetSlots( size = very large , other=null)", [.setSlot("size", .text("very large")), .setSlot("other", nil)]),
    ("/SetSlots(note=a=b)", [.setSlot("note", .text("a=b"))]),
    ("/order_status", [.startFlow("order_status")]),
    (
      #"/order_status{"order_number": "10473829", "ok": true, "n": 2, "x": null}"#,
      [
        .startFlow("order_status"), .setSlot("n", .number(2)), .setSlot("ok", .bool(true)),
        .setSlot("order_number", .text("10473829")), .setSlot("x", nil),
      ]
    ),
    (#"/order_status{{"order_number": "1"}}"#, [.startFlow("order_status"), .setSlot("order_number", .text("1"))]),
    ("/session_start", []),
  ])
  func `is read as it stands`(text: String, wanted: [Command]) throws {
    let read = try ButtonPayload.read(text, from: .button)
    #expect(read.map(\.command) == wanted)
    #expect(read.allSatisfy { $0.proposer == "payload" && $0.source == .text && $0.confidence == .certain })
    #expect(try ButtonPayload.read(text, from: .author).allSatisfy { $0.proposer != "payload" })
  }

  @Test(arguments: [
    "/", "//", "/ ", "/SetSlots", "/SetSlots()", "/SetSlots(a)", "/SetSlots(a=)", "/SetSlots(=b)", "/SetSlots(a=b",
    "/SetSlots(a=b, )", "/SetSlots(a=(b))", "/SetSlots(a b=c)", "/SetSlots{\"a\": 1}", "/start(a=b)", "/a b",
    "/start{\"a\"}", "/start{\"a\": [1]}", "/start{", "/SetSlots(a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1,k=1)",
  ])
  func `that is none is refused`(text: String) throws {
    #expect(throws: ButtonPayload.Malformed.self) { try ButtonPayload.read(text, from: .button) }
    let call = try Shop.greeted(channel: .chat).machine
    #expect(
      ButtonPayload.commands(of: text, in: call, takesTyped: true).map(\.command) == [.cannotHandle(.notUnderstood)])
  }

  @Test(arguments: [
    "/SetSlots(address_confirmed=True)", "/SetSlots(address_confirmed=1)", "/order_status", "/session_start",
    #"/order_status{"order_number": "10473829"}"#,
  ])
  func `that no button sent is refused`(text: String) throws {
    let call = try Shop.greeted(channel: .chat).machine
    #expect(ButtonPayload.commands(of: text, in: call, takesTyped: false) == [ButtonPayload.refusal])
  }

  @Test func `typed by an author fills no slot that callers' words may not`() throws {
    let call = try Shop.greeted(channel: .chat).machine
    let typed = ButtonPayload.commands(of: "/SetSlots(lookup_outcome=completed)", in: call, takesTyped: true)
    #expect(typed.map(\.proposer) == ["typed_payload"])
  }

  @Test func `counts as long as its button was shown with the last words`() throws {
    var call = ShopCall(Conversation(assistant: Small.offersButtons, start: .example(channel: .chat)))
    func isTaken(_ text: String) -> Bool {
      ButtonPayload.commands(of: text, in: call.machine, takesTyped: false).map(\.proposer) == ["payload"]
    }
    call.connect()
    call.settle()
    #expect(isTaken("/SetSlots(size=large)") && !isTaken("/SetSlots(size=small)") && !isTaken("/SetSlots(kind=red)"))
    call.give(.message(call.heard("large", meaning: [.setSlot("size", .text("large"))])))
    call.settle()
    #expect(!isTaken("/SetSlots(size=large)") && isTaken("/SetSlots(kind=red)"))
  }
}
