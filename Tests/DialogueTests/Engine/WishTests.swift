import Core
import Testing

@testable import Dialogue

/// Wishes and values that come before their turn.
@Suite struct `What is said ahead of its turn` {
  static let slots = [
    slot("x"), slot("y"), slot("ok", .bool), slot("why", .categorical(["later", "never"])), slot("number"),
    slot("wanted", .bool),
  ]
  static let flows = [
    flow("a", named: "flow A", ask("x"), run("utter_a")), flow("b", named: "flow B", ask("y"), run("utter_b")),
    flow("both", named: "flow both", ask("x"), ask("y"), run("utter_both")),
    flow(
      "offer", ask("x"), ask("ok", first: true, .when("slots.ok", "done"), .to("ask_why")),
      ask("why", first: true, .end), run("utter_done", id: "done")),
    flow(
      "elsewhere", ask("x"), ask("ok", first: true, .when("slots.ok", "done"), .to("again")),
      run("utter_again", id: "again", .end), run("utter_done", id: "done", .end), ask("why", first: true)),
  ]
  static let handover = flow(
    "pattern_human_handoff", ask("wanted", first: true, .when("slots.wanted", "ask_number"), .to("no")),
    ask("number", .to("done")), run("utter_no", id: "no", .end), run("utter_done", id: "done"))

  static func talk() -> Talk {
    Talk(
      assistant(
        flows + [handover], slots: slots, responses: [response("utter_next_wish", "Now to {{context.next_flow_name}}.")]
      ))
  }

  // MARK: The second wish

  @Test func `the second of two wishes is taken up with a word when the first is over`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), .startFlow("b"))
    #expect(talk.said == ["utter_ask_x"])
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.words == "utter_a Now to flow B. utter_ask_y")
    talk.says(.setSlot("y", .text("2")))
    #expect(talk.said == ["utter_b", "utter_can_do_something_else"])
  }

  @Test func `what was also wanted is taken up when the first is given up`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), .startFlow("b"))
    talk.says(.cancelFlow)
    #expect(talk.words.contains("Now to flow B. utter_ask_y"))
  }

  // MARK: Values before a journey is chosen

  @Test func `a value given while it is asked which journey is meant is kept, and the question put again`() {
    var talk = Self.talk()
    talk.says(.clarify(["a", "b"]))
    talk.says(.setSlot("y", .text("7")))
    #expect(talk.said == ["utter_clarification_options_rasa"])
    #expect(talk.journeys == [])
    talk.says(.startFlow("b"))
    #expect(talk.said == ["utter_b", "utter_can_do_something_else"])
  }

  @Test func `a value that comes with the question is kept for the journey that takes it`() {
    var talk = Self.talk()
    talk.says(.clarify(["a", "b"]), .setSlot("x", .text("1")))
    #expect(talk.said == ["utter_clarification_options_rasa"])
    talk.says(.startFlow("a"))
    #expect(talk.said == ["utter_a", "utter_can_do_something_else"])
  }

  @Test func `a value that the chosen journey does not take is dropped`() {
    var talk = Self.talk()
    talk.says(.clarify(["a", "b"]), .setSlot("x", .text("1")))
    talk.says(.startFlow("b"))
    #expect(talk.said == ["utter_ask_y"])
    talk.says(.setSlot("y", .text("2")))
    talk.says(.startFlow("a"))
    #expect(talk.said == ["utter_ask_x"])
  }

  // MARK: Questions of an author's pattern

  @Test func `a pattern takes the value of its next question with the answer to its first`() {
    var talk = Self.talk()
    talk.says(.humanHandoff)
    #expect(talk.awaiting == "wanted")
    talk.says(.setSlot("wanted", .bool(true)), .setSlot("number", .text("5551234")))
    #expect(talk.said == ["utter_done"])
  }

  @Test func `a value ahead of its question is kept while the first is asked again`() {
    var talk = Self.talk()
    talk.says(.humanHandoff)
    talk.says(.setSlot("number", .text("5551234")))
    #expect(talk.awaiting == "wanted")
    talk.says(.setSlot("wanted", .bool(true)))
    #expect(talk.said == ["utter_done"])
  }

  // MARK: What a no leads to

  @Test func `the answer to what a no leads to says no, and is asked for there`() {
    var talk = Self.talk()
    talk.says(.startFlow("offer"), .setSlot("x", .text("1")))
    #expect(talk.awaiting == "ok")
    talk.says(.setSlot("why", .text("later")))
    #expect(talk.said == ["utter_ask_why"])
    #expect(talk.noted(.commandRejected) == [])
    talk.says(.setSlot("why", .text("later")))
    #expect(talk.said == ["utter_can_do_something_else"])
  }

  @Test func `a later question is not answered ahead where a no leads elsewhere`() {
    var talk = Self.talk()
    talk.says(.startFlow("elsewhere"), .setSlot("x", .text("1")))
    talk.says(.setSlot("why", .text("later")))
    #expect(talk.awaiting == "ok")
    #expect(talk.noted(.commandRejected) == ["set why"])
  }
}
