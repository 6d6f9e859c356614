import Core
import Testing

@testable import Dialogue

/// Tools, their outcomes, confirmation, sentences that must be heard, what is said meanwhile.
@Suite struct EffectTests {
  static let slots = [
    slot("number", grammar: .digits(minimum: 8, maximum: 8), label: .identifier), slot("status"), slot("outcome"),
    slot("ok", .bool), slot("x"), slot("count", .float(minimum: nil, maximum: nil)),
  ]
  static let lookUp = flow(
    "look", ask("number"),
    run(
      "get_order", .when("slots.outcome = 'completed'", "tell"), .when("slots.outcome = 'not_found'", "none"),
      .to("failed")),
    run("utter_status", id: "tell", .end), run("utter_none", id: "none", .end), run("utter_failed", id: "failed"))
  static let reading = tool("get_order", from: ["number"], results: ["status"], outcome: "outcome", pattern: "[0-9]{8}")
  static let changing = tool(
    "change", changes: true, from: ["x"], results: ["status"], outcome: "outcome", confirmedBy: "ok")

  static func talk(
    _ extra: Flow..., tools: [ToolDefinition] = [], responses: [ResponseDefinition] = [], profile: String = "c13"
  ) -> Talk {
    Talk(
      assistant(
        [lookUp] + extra, slots: slots, responses: responses, tools: [reading, changing] + tools,
        destinations: ["desk"],
        profile: profile))
  }

  @Test(arguments: [
    (ToolOutcome.completed(["status": .text("sent")]), "completed", "utter_status"),
    (.refused("not_found"), "not_found", "utter_none"),
    (.failed(.timedOut), "failed", "utter_failed"), (.unknown, "unknown", "utter_failed"),
  ])
  func `a tool's outcome is a slot to branch on`(outcome: ToolOutcome, text: String, expected: String) {
    var talk = Self.talk()
    talk.outcomes["get_order"] = [outcome]
    talk.says(.startFlow("look"), .setSlot("number", secret("12345678", "t")))
    #expect(talk.invoked == ["get_order"])
    #expect(talk.text("outcome") == text)
    #expect(talk.said.first == expected)
    #expect(talk.endings.count == 1)
  }

  @Test func `a tool that is under way is waited for, without the end of the turn`() {
    var talk = Self.talk()
    talk.says(.startFlow("look"), .setSlot("number", secret("12345678", "t")))
    #expect(talk.waiting == .tool(EffectID(1)))
    #expect(talk.awaiting == nil)
    #expect(talk.endings == [])
    guard case .wait(.tool(EffectID(1)))? = talk.moves.last else {
      Issue.record("\(talk.moves)")
      return
    }
    #expect(talk.invocations.first?.arguments == ["number": secret("12345678", "t")])
    #expect(talk.invocations.first?.activation == FlowActivation(1))
    talk.give(.toolFinished(EffectID(1), .completed(["status": .text("sent")])))
    #expect(talk.said.first == "utter_status")
    #expect(talk.endings == [.fulfil])
  }

  @Test func `an outcome nobody waits for is ignored`() {
    var talk = Self.talk()
    talk.give(.toolFinished(EffectID(7), .unknown))
    #expect(talk.endings == [])
    #expect(talk.noted(.commandRejected) == ["tool"])
    talk.give(.transferFinished(EffectID(7), .accepted))
    #expect(talk.waiting == .caller(ListenPlan()))
    talk.give(.heard)
    #expect(talk.noted(.commandRejected) == ["heard"])
  }

  @Test func `an argument that does not fit fails without asking the tool`() {
    var talk = Self.talk()
    talk.says(.startFlow("look"), .setSlot("number", secret("1234", "t")))
    #expect(talk.invoked == [])
    #expect(talk.text("outcome") == "failed")
    #expect(talk.said.first == "utter_failed")
    #expect(talk.noted.map(\.question) == ["fits string [0-9]{8}"])
  }

  @Test func `a missing argument fails without asking the tool`() {
    var talk = Self.talk(flow("bare", run("get_order"), run("utter_after")))
    talk.says(.startFlow("bare"))
    #expect(talk.invoked == [])
    #expect(talk.text("outcome") == "failed")
    #expect(talk.noted(.failure) == ["get_order"])
  }

  @Test(arguments: [
    (JSONType.integer, SlotValue.text("12"), SlotValue.number(12)), (.integer, .number(12), .number(12)),
    (.number, .text("1.5"), .number(1.5)), (.string, .number(12), .text("12")), (.boolean, .bool(true), .bool(true)),
    (.boolean, .text("true"), .bool(true)), (.array, .list([.text("a")]), .list([.text("a")])),
  ])
  func `arguments are made to fit the tool's types`(type: JSONType, value: SlotValue, expected: SlotValue) {
    var talk = Talk(
      assistant(
        [flow("t", run("typed"))], slots: [slot("any", .any)], tools: [tool("typed", from: ["any"], type: type)]))
    talk.engine.preset("any", value)
    talk.says(.startFlow("t"))
    #expect(talk.invocations.first?.arguments == ["any": expected])
  }

  @Test(arguments: [
    (JSONType.integer, SlotValue.text("1.5")), (.number, .text("many")), (.boolean, .text("maybe")),
    (.array, .text("a")), (.string, .list([])),
  ])
  func `arguments that cannot fit are refused`(type: JSONType, value: SlotValue) {
    var talk = Talk(
      assistant(
        [flow("t", run("typed"))], slots: [slot("any", .any)], tools: [tool("typed", from: ["any"], type: type)]))
    talk.engine.preset("any", value)
    talk.says(.startFlow("t"))
    #expect(talk.invoked == [])
  }

  @Test func `a change that was not confirmed is forbidden`() {
    var talk = Self.talk(flow("c", ask("x"), run("change"), run("utter_after")))
    talk.says(.startFlow("c"), .setSlot("x", .text("1")))
    #expect(talk.invoked == [])
    #expect(talk.noted(.failure) == ["change"])
    #expect(talk.text("outcome") == "failed")
  }

  @Test func `a confirmed change is asked for, once per activation of the flow`() {
    var talk = Self.talk(flow("c", ask("x"), ask("ok", first: true), run("change"), run("utter_after")))
    talk.outcomes["change"] = [.completed([:])]
    talk.says(.startFlow("c"), .setSlot("x", .text("1")))
    talk.says(.answer(true))
    #expect(talk.invocations.map(\.changesState) == [true])
    let first = talk.invocations.first?.activation
    talk.says(.startFlow("c"), .setSlot("x", .text("1")))
    talk.says(.answer(true))
    #expect(talk.invocations.first?.activation != first)
  }

  @Test func `a flag that confirms a change is never filled early`() {
    var talk = Self.talk(flow("c", ask("x"), ask("ok"), run("change")))
    talk.says(.startFlow("c"), .setSlot("ok", .bool(true)))
    #expect(talk.value("ok") == nil)
    talk.says(.setSlot("x", .text("1")), .setSlot("ok", .bool(true)))
    #expect(talk.awaiting == "ok")
    #expect(talk.invoked == [])
  }

  @Test func `results of an earlier run do not survive a later one`() {
    var talk = Self.talk(
      flow("twice", ask("number"), run("get_order", id: "one"), ask("x"), run("get_order", id: "two"), ask("ok")))
    talk.outcomes["get_order"] = [.completed(["status": .text("sent")]), .refused("not_found")]
    talk.says(.startFlow("twice"), .setSlot("number", .text("12345678")))
    #expect(talk.text("status") == "sent")
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.text("outcome") == "not_found")
    #expect(talk.value("status") == nil)
  }

  @Test func `1.6 slots set by actions stay when the flow ends`() {
    var talk = Self.talk()
    talk.outcomes["get_order"] = [.completed(["status": .text("sent")])]
    talk.says(.startFlow("look"), .setSlot("number", .text("12345678")))
    #expect(talk.text("status") == "sent")
    #expect(talk.value("number") == nil)
  }

  @Test func `a result that does not fit its slot is refused`() {
    var talk = Self.talk(flow("t", run("counts"), run("utter_after")), tools: [tool("counts", results: ["count"])])
    talk.outcomes["counts"] = [.completed(["count": .text("many")])]
    talk.says(.startFlow("t"))
    #expect(talk.value("count") == nil)
    #expect(talk.noted(.valueRejected) == ["count"])
  }

  // MARK: While something is under way

  @Test func `what is said while a tool runs is decided when it is done`() {
    var talk = Self.talk(flow("b", ask("x")))
    talk.says(.startFlow("look"), .setSlot("number", .text("12345678")))
    talk.says(.startFlow("b"))
    #expect(talk.waiting == .tool(EffectID(1)))
    #expect(talk.endings == [])
    talk.give(.toolFinished(EffectID(1), .completed([:])))
    #expect(talk.said == ["utter_status", "utter_can_do_something_else", "utter_ask_x"])
    #expect(talk.endings == [.ask])
  }

  @Test func `an answer to nothing is not kept while a tool runs`() {
    var talk = Self.talk()
    talk.says(.startFlow("look"), .setSlot("number", .text("12345678")))
    talk.says(.answer(true), .setSlot("ok", .bool(true)), .repeatLast)
    #expect(talk.noted(.commandRejected) == ["yes", "set ok", "repeat"])
    talk.isSilent(1)
    #expect(talk.endings == [])
    talk.give(.toolFinished(EffectID(1), .completed([:])))
    #expect(talk.said == ["utter_status", "utter_can_do_something_else"])
  }

  @Test func `a sentence that must be heard is waited for`() {
    let legal = response(
      "utter_legal", variants: [ResponseVariant(text: text("This call is recorded."), interruption: .mustBeHeard)])
    var talk = Self.talk(flow("pattern_session_start", run("utter_legal"), run("utter_welcome")), responses: [legal])
    talk.hears = false
    talk.begin()
    #expect(talk.said == ["utter_legal"])
    #expect(talk.waiting == .heard)
    #expect(talk.endings == [])
    talk.says(.startFlow("look"))
    #expect(talk.said == [])
    talk.give(.heard)
    #expect(talk.said == ["utter_welcome", "utter_ask_number"])
    #expect(talk.endings == [.ask])
    #expect(talk.noted(.heardToEnd) == ["sentence"])
  }

  @Test func `a question that must be heard listens afterwards`() {
    let legal = response(
      "utter_ask_x", variants: [ResponseVariant(text: text("Mind this. And x?"), interruption: .mustBeHeard)])
    var talk = Self.talk(flow("b", ask("x")), responses: [legal])
    talk.says(.startFlow("b"))
    #expect(talk.awaiting == "x")
    #expect(talk.sentences.count == 2)
  }

  @Test func `in writing nothing has to be heard`() {
    let legal = response("utter_legal", variants: [ResponseVariant(text: text("Legal."), interruption: .mustBeHeard)])
    var talk = Talk(
      assistant([flow("pattern_session_start", run("utter_legal"), run("utter_welcome"))], responses: [legal]),
      channel: .chat)
    talk.hears = false
    talk.begin()
    #expect(talk.said == ["utter_legal", "utter_welcome"])
  }

  @Test func `hanging up in writing only empties the stack`() {
    var talk = Talk(assistant([flow("b", ask("x"))], slots: Self.slots), channel: .chat)
    talk.says(.startFlow("b"))
    talk.says(.goodbye)
    #expect(talk.hangUps == [])
    #expect(talk.waiting == .caller(ListenPlan()))
    talk.says(.startFlow("b"))
    #expect(talk.awaiting == "x")
  }

  // MARK: Confirmation of values

  private static func confirming(_ confirmation: CollectVoice.Confirmation, _ more: Flow...) -> Talk {
    let flows = [flow("v", ask("number", voice: CollectVoice(confirmation: confirmation)), ask("x"))] + more
    return Talk(
      assistant(
        flows, slots: slots,
        responses: [
          response("utter_ask_value_is_right", "{{context.value}}, right?"),
          response("utter_read_back", "{{context.value}}."),
        ], destinations: ["desk"]))
  }

  @Test func `5 explicit confirmation asks, yes goes on`() {
    var talk = Self.confirming(.explicit)
    talk.says(.startFlow("v"), .setSlot("number", secret("12345678", "t")))
    #expect(talk.words == "<identifier>, right?")
    #expect(talk.awaiting == "value_is_right")
    talk.says(.answer(true))
    #expect(talk.awaiting == "x")
    #expect(talk.engine.slots["number"]?.isConfirmed == true)
  }

  @Test func `5 explicit confirmation: no clears and asks again`() {
    var talk = Self.confirming(.explicit)
    talk.says(.startFlow("v"), .setSlot("number", secret("12345678", "t")))
    talk.says(.answer(false))
    #expect(talk.awaiting == "number")
    #expect(talk.value("number") == nil)
    #expect(talk.said == ["utter_ask_number"])
  }

  @Test func `5 explicit confirmation: no with the right value confirms that one`() {
    var talk = Self.confirming(.explicit)
    talk.says(.startFlow("v"), .setSlot("number", secret("12345678", "t")))
    talk.says(.answer(false), .setSlot("number", secret("87654321", "u")))
    #expect(talk.awaiting == "value_is_right")
    #expect(talk.value("number") == secret("87654321", "u"))
    talk.says(.answer(true))
    #expect(talk.awaiting == "x")
  }

  @Test func `5 three refusals of what was understood hand over`() {
    var talk = Self.confirming(.explicit)
    talk.says(.startFlow("v"))
    for index in 0..<3 {
      talk.says(.setSlot("number", secret("1234567\(index)", "t\(index)")))
      talk.says(.answer(false))
    }
    #expect(talk.transfers == ["desk"])
  }

  @Test(arguments: [(700, "value_is_right"), (900, "x")])
  func `5 confirmation by confidence`(permille: Int, awaiting: String) {
    var talk = Self.confirming(.below(Confidence(permille: 800)))
    talk.says(.startFlow("v"))
    talk.says(.setSlot("number", secret("12345678", "t")), confidence: Confidence(permille: permille))
    #expect(talk.awaiting == awaiting)
  }

  @Test func `5 implicit confirmation reads back once and goes on`() {
    var talk = Self.confirming(.implicit)
    talk.says(.startFlow("v"), .setSlot("number", secret("12345678", "t")))
    #expect(talk.words == "<identifier>. utter_ask_x")
    talk.says(.setSlot("number", secret("87654321", "u")))
    #expect(talk.words == "utter_corrected_previous_input <identifier>. utter_ask_x")
    talk.says(.chitchat)
    #expect(talk.words == "utter_free_chitchat_response utter_ask_x")
  }

  @Test func `5 a value that was read back is not read back again when its step is passed again`() {
    let flows = [flow("v", ask("x"), ask("number", voice: CollectVoice(confirmation: .implicit)), ask("ok"))]
    var talk = Talk(assistant(flows, slots: Self.slots))
    talk.says(.startFlow("v"), .setSlot("x", .text("1")), .setSlot("number", .text("12345678")))
    #expect(talk.said == ["utter_read_back", "utter_ask_ok"])
    talk.says(.setSlot("x", .text("2")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_ask_ok"])
  }

  @Test func `5 a response of the slot's own asks for the confirmation`() {
    let flows = [flow("v", ask("number", voice: CollectVoice(confirmation: .explicit)))]
    var talk = Talk(
      assistant(
        flows, slots: Self.slots, responses: [response("utter_confirm_number", "Is it {number}?")],
        without: ["pattern_confirm_slot"]))
    talk.says(.startFlow("v"), .setSlot("number", .text("12345678")))
    #expect(talk.said == ["utter_confirm_number"])
    #expect(talk.words == "Is it 1 2 3 4, 5 6 7 8?")
  }

  @Test func `5 a start during a confirmation interrupts, and the confirmation comes again`() {
    var talk = Self.confirming(.explicit, flow("quick", run("utter_quick")))
    talk.says(.startFlow("v"), .setSlot("number", secret("12345678", "t")))
    talk.says(.startFlow("quick"))
    #expect(talk.said == ["utter_quick", "utter_flow_continue_interrupted", "utter_ask_value_is_right"])
    talk.says(.answer(true))
    #expect(talk.awaiting == "x")
  }
}
