import Core
import Testing

@testable import Dialogue

/// Sections 1.2 and 1.3 of the format: flows and steps.
@Suite struct StepTests {
  @Test func `1.3 action says a response and goes on without waiting`() {
    var talk = Talk(assistant([flow("a", run("utter_one"), run("utter_two"))]))
    talk.says(.startFlow("a"))
    #expect(talk.said == ["utter_one", "utter_two", "utter_can_do_something_else"])
    #expect(talk.ending == .fulfil)
  }

  @Test func `1.3 collect asks and waits`() {
    var talk = Talk(assistant([flow("a", ask("x"), run("utter_done"))], slots: [slot("x")]))
    talk.says(.startFlow("a"))
    #expect(talk.said == ["utter_ask_x"])
    #expect(talk.awaiting == "x")
    #expect(talk.ending == .ask)
    talk.says(.setSlot("x", .text("hello")))
    #expect(talk.said.first == "utter_done")
  }

  @Test func `1.3 collect skips a slot that is filled`() {
    var talk = Talk(assistant([flow("a", ask("x"), ask("y"))], slots: [slot("x"), slot("y")]))
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    #expect(talk.said == ["utter_ask_y"])
  }

  @Test func `1.3 ask_before_filling clears and asks`() {
    var talk = Talk(assistant([flow("a", ask("x", first: true))], slots: [slot("x", initial: .text("old"))]))
    talk.says(.startFlow("a"))
    #expect(talk.said == ["utter_ask_x"])
    #expect(talk.value("x") == nil)
  }

  @Test func `1.3 a slot asked at its own step only is not filled early`() {
    var talk = Talk(assistant([flow("a", ask("y"), ask("x", first: true))], slots: [slot("x", .bool), slot("y")]))
    talk.says(.startFlow("a"), .setSlot("x", .bool(true)))
    #expect(talk.value("x") == nil)
    #expect(talk.noted(.commandRejected) == ["set x"])
    talk.says(.setSlot("y", .text("1")), .setSlot("x", .bool(true)))
    #expect(talk.awaiting == "x")
  }

  @Test func `1.3 utter replaces the question`() {
    var talk = Talk(assistant([flow("a", ask("x", utter: "utter_other"))], slots: [slot("x")]))
    talk.says(.startFlow("a"))
    #expect(talk.said == ["utter_other"])
  }

  @Test func `1.3 action_ask asks when it is a tool`() {
    var talk = Talk(assistant([flow("a", ask("x"))], slots: [slot("x")], tools: [tool("action_ask_x")]))
    talk.outcomes["action_ask_x"] = [.completed([:])]
    talk.says(.startFlow("a"))
    #expect(talk.invoked == ["action_ask_x"])
    #expect(talk.awaiting == "x")
  }

  @Test func `1.3 validate runs when it is a tool`() {
    var talk = Talk(
      assistant(
        [flow("a", ask("x"), run("utter_done"))], slots: [slot("x")], tools: [tool("validate_x", results: ["x"])]))
    talk.outcomes["validate_x"] = [.completed([:]), .completed(["x": .text("ok")])]
    talk.says(.startFlow("a"))
    #expect(talk.invoked == [])
    talk.says(.setSlot("x", .text("bad")))
    #expect(talk.invoked == ["validate_x"])
    #expect(talk.awaiting == "x")
    talk.says(.setSlot("x", .text("good")))
    #expect(talk.said.first == "utter_done")
  }

  @Test func `1.3 a rejection refuses a value and asks again`() {
    var talk = Talk(
      assistant(
        [flow("a", ask("x", rejections: [("slots.x < 10", "utter_too_small")]), run("utter_done"))],
        slots: [slot("x", .float(minimum: nil, maximum: nil))]))
    talk.says(.startFlow("a"))
    talk.says(.setSlot("x", .number(3)))
    #expect(talk.said == ["utter_too_small", "utter_ask_x"])
    #expect(talk.value("x") == nil)
    #expect(talk.noted(.valueRejected) == ["x"])
    talk.says(.setSlot("x", .number(30)))
    #expect(talk.said.first == "utter_done")
  }

  @Test func `1.3 force_slot_filling keeps only the answer`() {
    var talk = Talk(
      assistant([flow("a", ask("x", forced: true), run("utter_done")), flow("b", run("utter_b"))], slots: [slot("x")]))
    talk.says(.startFlow("a"))
    #expect(talk.engine.understandingContext.forcesSlotFilling)
    talk.says(.startFlow("b"), .setSlot("x", .text("I want to skip this")), .skipQuestion)
    #expect(talk.text("x") == nil || talk.said == ["utter_done", "utter_can_do_something_else"])
    #expect(talk.said.first == "utter_done")
    #expect(talk.noted(.commandRejected) == ["start b", "skip"])
  }

  @Test func `1.3 set_slots writes and null clears`() {
    var talk = Talk(
      assistant(
        [flow("a", persisted: ["x", "y"], put("x", .text("1")), put("y", nil), run("utter_done"))],
        slots: [slot("x"), slot("y", initial: .text("old"))]))
    talk.says(.startFlow("a"))
    #expect(talk.text("x") == "1")
    #expect(talk.value("y") == nil)
  }

  @Test func `1.3 noop only branches, the first branch that holds is taken`() {
    let definition = assistant(
      [
        flow(
          "a", branch("b", .when("slots.n > 10", "big"), .when("slots.n > 1", "middle"), .to("small")),
          run("utter_big", id: "big", .end), run("utter_middle", id: "middle", .end), run("utter_small", id: "small"))
      ], slots: [slot("n", .float(minimum: nil, maximum: nil), initial: .number(5))])
    var talk = Talk(definition)
    talk.says(.startFlow("a"))
    #expect(talk.said.first == "utter_middle")
    #expect(talk.noted(.branchTaken).first == "middle")
  }

  @Test func `1.3 a step whose branches all fail goes on with the step after it`() {
    var talk = Talk(
      assistant(
        [flow("a", branch("b", .when("slots.x", "far")), run("utter_next", .end), run("utter_far", id: "far"))],
        slots: [slot("x")]))
    talk.says(.startFlow("a"))
    #expect(talk.said.first == "utter_next")
  }

  @Test func `1.3 next END ends the flow early`() {
    var talk = Talk(assistant([flow("a", run("utter_one", .end), run("utter_two"))]))
    talk.says(.startFlow("a"))
    #expect(talk.said == ["utter_one", "utter_can_do_something_else"])
  }

  @Test func `1.3 next leads backwards`() {
    var talk = Talk(
      assistant(
        [flow("a", ask("x", first: true, .when("slots.x = 'again'", "ask_x"), .end))], slots: [slot("x")]))
    talk.says(.startFlow("a"))
    talk.says(.setSlot("x", .text("again")))
    #expect(talk.awaiting == "x")
    talk.says(.setSlot("x", .text("done")))
    #expect(talk.awaiting == nil)
  }

  @Test func `1.3 link ends this flow and starts the other`() {
    var talk = Talk(assistant([flow("a", run("utter_a"), link("b")), flow("b", if: "false", run("utter_b"))]))
    talk.says(.startFlow("a"))
    #expect(talk.said == ["utter_a", "utter_b", "utter_can_do_something_else"])
    #expect(talk.noted(.flowCompleted).prefix(2) == ["a", "b"])
    #expect(talk.noted(.flowStarted).contains("b"))
  }

  @Test func `1.3 link resets the slots of the flow that ends, unless both ask for them`() {
    var talk = Talk(
      assistant(
        [flow("a", ask("x"), ask("y"), link("b")), flow("b", ask("y"), ask("z"))],
        slots: [slot("x"), slot("y"), slot("z")]))
    talk.says(.startFlow("a"), .setSlot("x", .text("1")), .setSlot("y", .text("2")))
    #expect(talk.awaiting == "z")
    #expect(talk.value("x") == nil)
    #expect(talk.text("y") == "2")
  }

  @Test func `1.3 a journey links to the way to a person`() {
    var talk = Talk(assistant([flow("a", run("utter_a"), link("pattern_human_handoff"))], destinations: ["desk"]))
    talk.says(.startFlow("a"))
    #expect(talk.transfers == ["desk"])
    #expect(talk.waiting == .ended)
    #expect(talk.ending == .escalate)
  }

  @Test func `1.3 a linked pattern sees the slots of the journey, which are reset when it ends`() {
    var talk = Talk(
      assistant(
        [flow("a", ask("x"), link("pattern_human_handoff"))], slots: [slot("x")],
        responses: [response("utter_human_handoff", "About {x}.")], destinations: ["desk"]))
    talk.transfer = .busy
    talk.says(.startFlow("a"), .setSlot("x", .text("this")))
    #expect(talk.words.hasPrefix("About this."))
    #expect(talk.value("x") == nil)
    #expect(talk.noted(.slotCleared) == ["x"])
  }

  @Test func `1.3 a pattern links to a journey`() {
    var talk = Talk(
      assistant([flow("pattern_chitchat", run("utter_hi"), link("b")), flow("b", ask("x"))], slots: [slot("x")]))
    talk.says(.chitchat)
    #expect(talk.said == ["utter_hi", "utter_ask_x"])
    #expect(talk.journeys == ["b"])
  }

  @Test func `1.3 call runs a flow inside this one and returns`() {
    var talk = Talk(
      assistant([flow("a", call("b"), run("utter_after")), flow("b", if: "false", ask("x"))], slots: [slot("x")]))
    talk.says(.startFlow("a"))
    #expect(talk.journeys == ["a", "b"])
    #expect(talk.engine.understandingContext.activeFlow == "b")
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.said == ["utter_after", "utter_can_do_something_else"])
    #expect(talk.noted(.flowCompleted).prefix(3) == ["pattern_collect_information", "b", "a"])
  }

  @Test func `1.3 slots of a called flow stay until its parent ends`() {
    var talk = Talk(
      assistant(
        [flow("a", call("b"), ask("y")), flow("b", ask("x"))], slots: [slot("x"), slot("y")]))
    talk.says(.startFlow("a"))
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.text("x") == "1")
    talk.says(.setSlot("y", .text("2")))
    #expect(talk.value("x") == nil)
  }

  @Test func `1.2 a guard that does not hold keeps a flow from being started`() {
    var talk = Talk(
      assistant([flow("a", if: "slots.vip", run("utter_a"))], slots: [slot("vip", .bool, by: .controlled)]))
    #expect(talk.engine.understandingContext.startable.isEmpty == false)
    talk.begin()
    #expect(talk.engine.understandingContext.startable == [])
    talk.says(.startFlow("a"))
    #expect(talk.noted(.commandRejected) == ["start a"])
    #expect(talk.said == ["utter_ask_rephrase"])
    talk.engine.preset("vip", .bool(true))
    talk.says(.startFlow("a"))
    #expect(talk.said.first == "utter_a")
  }

  @Test func `1.2 a guard is ignored for call and link`() {
    var talk = Talk(
      assistant([
        flow("a", call("b"), link("c")), flow("b", if: "false", run("utter_b")), flow("c", if: "false", run("utter_c")),
      ]))
    talk.says(.startFlow("a"))
    #expect(talk.said.prefix(2) == ["utter_b", "utter_c"])
  }

  @Test func `1.2 persisted slots survive the flow's end`() {
    var talk = Talk(
      assistant([flow("a", persisted: ["x"], ask("x"), ask("y"))], slots: [slot("x"), slot("y")]))
    talk.says(.startFlow("a"), .setSlot("x", .text("1")), .setSlot("y", .text("2")))
    #expect(talk.text("x") == "1")
    #expect(talk.value("y") == nil)
  }

  @Test func `1.3 reset_after_flow_ends false keeps a slot`() {
    var talk = Talk(assistant([flow("a", ask("x", resets: false))], slots: [slot("x")]))
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    #expect(talk.text("x") == "1")
  }

  @Test func `1.2 a flow can do without the completed pattern`() {
    var talk = Talk(assistant([flow("a", completes: false, run("utter_a"))]))
    talk.says(.startFlow("a"))
    #expect(talk.said == ["utter_a"])
  }

  @Test func `1.2 the name of a flow is seen by patterns`() {
    var talk = Talk(
      assistant(
        [flow("a", named: "order status", run("utter_a"))],
        responses: [response("utter_can_do_something_else", "Done with {{context.previous_flow_name}}.")]))
    talk.says(.startFlow("a"))
    #expect(talk.words == "utter_a Done with order status.")
  }

  @Test func `1.3 dtmf of a question is listened for`() {
    let digits = DigitGrammar(minimum: 4, maximum: 4, menu: [:])
    var talk = Talk(
      assistant(
        [flow("a", ask("pin", digits: digits), ask("number"))],
        slots: [slot("pin"), slot("number", grammar: .digits(minimum: 8, maximum: 8))]))
    talk.says(.startFlow("a"))
    #expect(talk.waiting == .caller(ListenPlan(grammar: .freeText, digits: digits)))
    talk.says(.setSlot("pin", .text("1234")))
    #expect(
      talk.waiting
        == .caller(ListenPlan(grammar: .digits(minimum: 8, maximum: 8), digits: DigitGrammar(minimum: 8, maximum: 8))))
  }

  @Test func `1.3 choices are hints for the recogniser`() {
    var talk = Talk(
      assistant(
        [flow("a", ask("size"))],
        slots: [
          slot(
            "size", .categorical(["small", "large"]),
            grammar: .choice([SlotChoice(value: "small", synonyms: ["little"])]))
        ]))
    talk.says(.startFlow("a"))
    guard case .caller(let plan) = talk.waiting else {
      Issue.record("\(talk.waiting)")
      return
    }
    #expect(plan.hints == ["small", "little"])
  }

  @Test func `1.3 silence_timeout and speech as an input are told to understanding`() {
    var voice = CollectVoice()
    voice.acceptsSpeech = false
    var talk = Talk(assistant([flow("a", ask("x", voice: voice, silence: .seconds(12)))], slots: [slot("x")]))
    talk.says(.startFlow("a"))
    #expect(talk.engine.understandingContext.silenceTimeout == .seconds(12))
    #expect(!talk.engine.understandingContext.acceptsSpeech)
  }
}
