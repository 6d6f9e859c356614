import Core
import Testing

@testable import Dialogue

/// What the pages of `Tests/Behaviour` cannot show of identity, approval and undoing: values behind tokens, keys, what waits.
@Suite struct SafeguardTests {
  private static let place = SourceLocation(file: "t", line: 1, column: 1)

  private static func changing(
    _ name: ActionName, from arguments: [SlotName], identity: Int = 0, approval: ApprovalRule? = nil,
    key: String? = nil, compensation: ActionName? = nil
  ) -> ToolDefinition {
    ToolDefinition(
      name: name, summary: "", request: ToolRequest(method: "POST", url: "http://localhost/"),
      arguments: arguments.map { ToolArgument(name: $0.rawValue, slot: $0, type: .string) }, results: [],
      outcomeSlot: "how", changesState: true, identity: IdentityLevel(identity), approval: approval,
      idempotencyKey: key.map(text), compensation: compensation, source: place)
  }

  private static let patterns: [Flow] = [
    flow("pattern_approval", run("utter_wait"), run("action_request_approval")),
    flow("pattern_denied", run("utter_denied")),
    flow(
      "pattern_compensation", ask("undo_is_wanted", first: true, .when("slots.undo_is_wanted", "undo"), .end),
      run("action_compensate", id: "undo")),
  ]

  private static func talk(_ tools: [ToolDefinition], _ flows: [Flow] = [], identity: FlowID = "pattern_identify")
    -> Talk
  {
    let pay = flow("pay", ask("to"), run("send"), run("utter_after"))
    let plain = assistant(
      [pay] + patterns + flows,
      slots: [
        slot("to", label: .identifier), slot("amount"), slot("wait"), slot("how", by: .controlled),
        slot("undo_is_wanted", .bool),
      ], tools: tools
    )
    let definition = AssistantDefinition(
      version: plain.version, locale: plain.locale, persona: plain.persona, flows: plain.flows, slots: plain.slots,
      responses: plain.responses, tools: plain.tools, destinations: plain.destinations, voice: plain.voice,
      profile: plain.profile, identity: IdentityLadder(flow: identity))
    var talk = Talk(definition)
    talk.outcomes = ["send": [.completed([:])], "ask_boss": [.completed([:])], "undo": [.completed([:])]]
    talk.begin()
    return talk
  }

  private static let approved = ApprovalRule(role: "supervisor", tool: "ask_boss", deadline: .seconds(90))

  @Test func `an approval waits as long as its rule says, and the tool runs with the arguments approved`() {
    var talk = Self.talk([
      Self.changing("send", from: ["to"], approval: Self.approved), Self.changing("ask_boss", from: ["to"]),
    ])
    talk.says(.startFlow("pay"), .setSlot("to", secret("DE1", "t1")))
    #expect(talk.invoked == ["ask_boss", "send"])
    #expect(talk.invocations[0].deadline == .seconds(90))
    #expect(talk.invocations[0].arguments == talk.invocations[1].arguments)
    #expect(talk.said == ["utter_wait", "utter_after", "utter_can_do_something_else"])
  }

  @Test func `an approval is asked for when a corrected amount is over a limit that lies behind a token`() {
    let rule = ApprovalRule(role: "boss", condition: condition("slots.amount > slots.limit"), tool: "ask_boss")
    let tools = [Self.changing("send", from: ["amount"], approval: rule), Self.changing("ask_boss", from: [])]
    var talk = Talk(
      assistant(
        [flow("pay", ask("amount"), run("send"), run("utter_after"))] + Self.patterns,
        slots: [
          slot("amount", .float(minimum: nil, maximum: nil)), slot("limit", label: .personal),
          slot("how", by: .controlled), slot("undo_is_wanted", .bool),
        ], tools: tools))
    talk.outcomes = ["send": [.completed([:])], "ask_boss": [.completed([:])]]
    talk.begin()
    talk.engine.preset("limit", secret("100", "t1"))
    talk.says(.startFlow("pay"), .setSlot("amount", .number(50)))
    #expect(talk.invoked == ["send"])
    talk.engine.preset("limit", secret("100", "t1"))
    talk.says(.startFlow("pay"), .setSlot("amount", .number(5000)))
    #expect(talk.invoked == ["ask_boss", "send"])
  }

  @Test(arguments: [
    (SlotValue.text("5,000"), "slots.amount > 1000"), (.text("a lot"), "slots.amount > 1000"),
    (.text("a lot"), "not slots.amount <= 1000"), (.text("1000"), "slots.amount > '500'"),
    (.bool(true), "slots.amount > 1"),
    (.number(1001), "slots.amount > 1000"), (.text("2030-05-20"), "slots.amount > 1000"),
  ])
  func `an amount that has no order, or is over the limit as a number, needs approval`(
    _ amount: SlotValue, _ when: String
  ) {
    let rule = ApprovalRule(role: "boss", condition: condition(when), tool: "ask_boss")
    for value in [amount, secret(amount.description, "t2")] {
      if case .bool = amount, case .sensitive = value { continue }
      var talk = Self.talk([Self.changing("send", from: [], approval: rule), Self.changing("ask_boss", from: [])])
      talk.engine.preset("amount", value)
      talk.says(.startFlow("pay"), .setSlot("to", .text("x")))
      #expect(talk.invoked == ["ask_boss", "send"], "\(value)")
    }
  }

  @Test(arguments: ["slots.amount > 1000", "slots.amount >= '1000'", "not slots.amount <= 1000"])
  func `an amount under the limit needs none`(_ when: String) {
    let rule = ApprovalRule(role: "boss", condition: condition(when), tool: "ask_boss")
    for value in [SlotValue.number(999), .text("999"), secret("999", "t3")] {
      var talk = Self.talk([Self.changing("send", from: [], approval: rule), Self.changing("ask_boss", from: [])])
      talk.engine.preset("amount", value)
      talk.says(.startFlow("pay"), .setSlot("to", .text("x")))
      #expect(talk.invoked == ["send"], "\(value)")
    }
  }

  @Test func `a condition on an erased value counts as needed`() {
    let rule = ApprovalRule(role: "boss", condition: condition("slots.to = 'abroad'"), tool: "ask_boss")
    var talk = Self.talk([Self.changing("send", from: ["to"], approval: rule), Self.changing("ask_boss", from: [])])
    let erased = SlotValue.sensitive(Sensitive(token: SensitiveToken(label: .identifier, id: "gone"), value: nil))
    talk.facts.recall([
      Fact(token: SensitiveToken(label: .identifier, id: "gone"), question: "fits string ", answer: .truth(true))
    ])
    talk.says(.startFlow("pay"), .setSlot("to", erased))
    #expect(talk.invoked == ["ask_boss", "send"])
  }

  @Test func `who asks for approval and fails to, has no approval`() {
    var talk = Self.talk([
      Self.changing("send", from: ["to"], approval: Self.approved), Self.changing("ask_boss", from: ["missing"]),
    ])
    talk.says(.startFlow("pay"), .setSlot("to", .text("x")))
    #expect(talk.invoked == [])
    #expect(talk.text("how") == "failed")
    #expect(talk.text("denied_by") == "approval")
    #expect(talk.said == ["utter_wait", "utter_denied", "utter_after", "utter_can_do_something_else"])
  }

  @Test func `what the caller says while a person decides waits, and changes nothing of what is decided`() {
    var talk = Self.talk([
      Self.changing("send", from: ["to"], approval: Self.approved), Self.changing("ask_boss", from: ["to"]),
    ])
    talk.outcomes["ask_boss"] = nil
    talk.says(.startFlow("pay"), .setSlot("to", .text("x")))
    guard case .tool(let effect) = talk.waiting else {
      Issue.record("nobody is asked")
      return
    }
    talk.says(.setSlot("to", .text("y")))
    talk.give(.toolFinished(effect, .completed([:])))
    #expect(talk.invocations.map(\.arguments) == [["to": .text("x")]])
  }

  @Test func `the author's key stands in place of the journey, with values behind their tokens`() {
    var talk = Self.talk([Self.changing("send", from: ["to"], key: "pay {to} {{context.today}}")])
    let to = secret("DE1", "t1")
    talk.says(.startFlow("pay"), .setSlot("to", to))
    #expect(talk.invocations.last?.idempotency == [.text("pay "), to, .text(" "), .text(talk.clock.today.description)])
    talk.says(.startFlow("pay"), .setSlot("to", to))
    #expect(talk.invocations.last?.idempotency?.count == 4, "the same request has the same key")
  }

  @Test func `a request that surely did not happen is another one the next time`() {
    var talk = Self.talk([Self.changing("send", from: ["to"], key: "{to}")])
    talk.outcomes["send"] = [.failed(.unreachable), .completed([:])]
    talk.says(.startFlow("pay"), .setSlot("to", .text("x")))
    #expect(talk.invocations.last?.idempotency == [.text("x")])
    talk.says(.startFlow("pay"), .setSlot("to", .text("x")))
    #expect(talk.invocations.last?.idempotency == [.text("x"), .text("again 1")])
    talk.says(.startFlow("pay"), .setSlot("to", .text("x")))
    #expect(talk.invocations.last?.idempotency == [.text("x"), .text("again 1")], "it has happened: it is the same")
  }

  @Test func `undoing takes what was there when it was done, once each, the latest first`() {
    var talk = Self.talk(
      [Self.changing("send", from: ["to"], compensation: "undo"), Self.changing("undo", from: ["to"])],
      [
        flow(
          "twice", ask("to"), run("send"), put("to", .text("second")), run("send", id: "again"),
          ask("wait", utter: "utter_wait"))
      ])
    talk.says(.startFlow("twice"), .setSlot("to", .text("first")))
    talk.says(.cancelFlow)
    #expect(talk.awaiting == "undo_is_wanted")
    talk.says(.answer(true))
    #expect(talk.invocations.map(\.arguments) == [["to": .text("second")]])
    #expect(talk.engine.stack.isEmpty)
  }

  @Test func `a restart forgets the identity and what could be undone`() {
    var talk = Self.talk([Self.changing("send", from: ["to"], compensation: "undo"), Self.changing("undo", from: [])])
    talk.engine.preset(IdentityLadder.slot, .number(2))
    talk.says(.startFlow("pay"), .setSlot("to", .text("x")))
    talk.says(.restart)
    #expect(talk.value(IdentityLadder.slot) == nil)
  }

  @Test func `a level that is no number from 0 to 3 is clamped, never more`() {
    for (value, runs) in [
      (SlotValue.number(7), true), (.number(-1), false), (.number(.nan), false), (.text("2"), true),
    ] {
      var talk = Self.talk([Self.changing("send", from: ["to"], identity: 2)])
      talk.engine.preset(IdentityLadder.slot, value)
      talk.says(.startFlow("pay"), .setSlot("to", .text("x")))
      #expect(talk.invoked == (runs ? ["send"] : []), "\(value)")
      #expect(talk.said.contains("utter_denied") == !runs)
    }
  }

  @Test func `after a hang-up only outcomes count, and the end is the end`() {
    let handler = flow("leave", run("send"), run("utter_nobody"), run("send", id: "again"))
    let held = Flow(
      id: "stay", name: "stay", summary: "x", steps: [ask("to"), ask("wait", utter: "utter_wait")],
      voice: FlowVoice(onHangUp: "leave"), source: Self.place)
    var talk = Self.talk([Self.changing("send", from: ["to"])], [handler, held])
    talk.outcomes["send"] = nil
    talk.says(.startFlow("stay"), .setSlot("to", .text("x")))
    talk.give(.hungUp)
    guard case .tool(let effect) = talk.waiting else {
      Issue.record("the handler's tool does not run")
      return
    }
    talk.says(.startFlow("pay"))
    #expect(talk.waiting == .tool(effect))
    talk.give(.silence(count: 1))
    #expect(talk.waiting == .tool(effect))
    talk.give(.toolFinished(effect, .completed([:])))
    guard case .tool(let second) = talk.waiting, second != effect else {
      Issue.record("the second tool does not run")
      return
    }
    talk.give(.toolFinished(second, .unknown))
    #expect(talk.waiting == .ended)
    #expect(talk.all.said.last?.response != "utter_nobody")
    talk.says(.startFlow("pay"))
    #expect(talk.moves == [.wait(.ended)])
  }
}
