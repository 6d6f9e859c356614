import Core
import ShopSupport
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
    #expect(try ButtonPayload.read(text, from: .caller).allSatisfy { $0.proposer != "payload" })
  }

  @Test(arguments: [
    "/", "//", "/ ", "/SetSlots", "/SetSlots()", "/SetSlots(a)", "/SetSlots(a=)", "/SetSlots(=b)", "/SetSlots(a=b",
    "/SetSlots(a=b, )", "/SetSlots(a=(b))", "/SetSlots(a b=c)", "/SetSlots{\"a\": 1}", "/start(a=b)", "/a b",
    "/start{\"a\"}", "/start{\"a\": [1]}", "/start{", "/SetSlots(a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1,k=1)",
  ])
  func `that is none is refused`(text: String) throws {
    #expect(throws: ButtonPayload.Malformed.self) { try ButtonPayload.read(text, from: .button) }
    let definition = try Shop.assistant.get().definition
    #expect(
      ButtonPayload.commands(of: text, in: definition).map(\.command) == [.cannotHandle(.notUnderstood)])
  }

  @Test func `typed by anybody fills no slot that callers' words may not`() throws {
    let definition = try Shop.assistant.get().definition
    let typed = ButtonPayload.commands(of: "/SetSlots(lookup_outcome=completed)", in: definition)
    #expect(typed.map(\.proposer) == ["typed_payload"])
  }
}
