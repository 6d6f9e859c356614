import Core
import Testing

@testable import Dialogue

/// Section 1.6 of the format: cancellation and clarification.
@Suite struct CancellationTests {
  private static let slots = StackTests.slots
  private static let flows = StackTests.flows
  private static func talk() -> Talk { StackTests.talk() }

  // MARK: Cancellation

  @Test func `1.6 cancel ends the flow, resets its slots and completes`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.cancelFlow)
    #expect(talk.said == ["utter_flow_cancelled_rasa", "utter_can_do_something_else"])
    #expect(talk.noted(.flowCancelled) == ["a"])
    #expect(talk.journeys == [])
  }

  @Test func `1.6 cancel in a called flow cancels its parent`() {
    var talk = Talk(
      assistant([flow("a", ask("x"), call("b"), run("utter_after")), flow("b", ask("y"))], slots: Self.slots))
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    #expect(talk.awaiting == "y")
    talk.says(.cancelFlow)
    #expect(talk.noted(.flowCancelled) == ["b", "a"])
    #expect(talk.value("x") == nil)
    #expect(!talk.said.contains("utter_after"))
  }

  @Test func `1.6 cancel of an interruption returns to the flow below`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.startFlow("b"))
    talk.says(.cancelFlow)
    #expect(talk.said == ["utter_flow_cancelled_rasa", "utter_flow_continue_interrupted", "utter_ask_x"])
    #expect(talk.noted(.flowCancelled) == ["b"])
  }

  @Test func `1.6 cancel and a new start in one turn`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.cancelFlow, .startFlow("b"))
    #expect(talk.said == ["utter_flow_cancelled_rasa", "utter_ask_y"])
    #expect(talk.journeys == ["b"])
    talk.says(.setSlot("y", .text("2")))
    #expect(talk.said == ["utter_b", "utter_can_do_something_else"])
  }

  @Test func `1.6 cancel takes a pattern in progress with it`() {
    var talk = Talk(
      assistant(
        Self.flows + [
          flow(
            "pattern_correction", ask("ok", first: true, .when("slots.ok", "do"), .end),
            run("action_correct_flow_slot", id: "do")),
          flow("d", ask("x"), ask("y")),
        ], slots: Self.slots))
    talk.says(.startFlow("d"), .setSlot("x", .text("1")))
    talk.says(.setSlot("x", .text("2")))
    #expect(talk.awaiting == "ok")
    talk.says(.cancelFlow)
    #expect(talk.flows == [])
    #expect(talk.noted(.flowCancelled) == ["d"])
  }

  @Test func `1.6 cancel with nothing under way is not understood`() {
    var talk = Self.talk()
    talk.says(.cancelFlow)
    #expect(talk.said == ["utter_ask_rephrase"])
  }

  @Test func `1.6 the cancelled name is in context`() {
    var talk = Talk(
      assistant(
        Self.flows, slots: Self.slots,
        responses: [response("utter_flow_cancelled_rasa", "Stopped {{context.canceled_name}}.")]))
    talk.says(.startFlow("a"))
    talk.says(.cancelFlow)
    #expect(talk.words.hasPrefix("Stopped flow A."))
  }

  @Test func `1.6 a cancellation can be confirmed first`() {
    var talk = Talk(
      assistant(
        Self.flows + [
          flow(
            "pattern_cancel_flow", ask("ok", first: true, .when("slots.ok", "do"), .end),
            run("action_cancel_flow", id: "do"))
        ], slots: Self.slots))
    talk.says(.startFlow("a"))
    talk.says(.cancelFlow)
    #expect(talk.awaiting == "ok")
    talk.says(.answer(false))
    #expect(talk.awaiting == "x")
    talk.says(.cancelFlow)
    talk.says(.answer(true))
    #expect(talk.journeys == [])
  }

  // MARK: Clarification

  @Test func `1.6 clarify asks which is meant and waits`() {
    var talk = Talk(
      assistant(
        Self.flows, slots: Self.slots,
        responses: [response("utter_clarification_options_rasa", "Did you mean {{context.clarification_options}}?")]))
    talk.says(.clarify(["a", "b"]))
    #expect(talk.words == "Did you mean flow A or flow B?")
    #expect(talk.ending == .clarify)
    #expect(talk.engine.understandingContext.options == ["a", "b"])
    talk.says(.startFlow("b"))
    #expect(talk.said == ["utter_ask_y"])
    #expect(talk.flows == ["b", "pattern_collect_information"])
  }

  @Test func `a guess does not lead away from a question, and is asked about where there is none`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), confidence: Confidence(permille: 300))
    #expect(talk.ending == .clarify)
    #expect(talk.engine.understandingContext.options == ["a"])
    talk.says(.answer(true))
    #expect(talk.awaiting == "x")
    talk.says(.startFlow("b"), confidence: Confidence(permille: 300))
    #expect(talk.awaiting == "x")
    #expect(talk.engine.understandingContext.options == [])
    #expect(talk.journeys == ["a"])
  }

  @Test func `small talk and silence do not take back the offer of more`() {
    var talk = Self.talk()
    talk.says(.startFlow("quick"))
    talk.says(.chitchat)
    talk.isSilent(1)
    talk.says(.answer(false))
    #expect(talk.engine.waiting == .ended)
  }

  @Test func `1.6 at most max_clarification_options are offered`() {
    var talk = Self.talk()
    talk.says(.clarify(["a", "b", "c", "quick"]))
    #expect(talk.engine.understandingContext.options.count == 3)
    talk.engine.preset("max_clarification_options", .number(2))
    talk.says(.clarify(["a", "b", "c"]))
    #expect(talk.engine.understandingContext.options.count == 2)
  }

  @Test func `1.6 clarify drops unknown and guarded flows`() {
    var talk = Talk(assistant(Self.flows + [flow("hidden", if: "false", run("utter_x"))], slots: Self.slots))
    talk.says(.clarify(["a", "hidden", "nothing", "pattern_search"]))
    #expect(talk.engine.understandingContext.options == ["a"])
    talk.says(.clarify(["hidden"]))
    #expect(talk.said == ["utter_ask_rephrase"])
  }

  @Test func `1.6 yes to the only option starts it`() {
    var talk = Self.talk()
    talk.says(.clarify(["a"]))
    talk.says(.answer(true))
    #expect(talk.said == ["utter_ask_x"])
  }

  @Test func `1.6 no to the options asks to rephrase`() {
    var talk = Self.talk()
    talk.says(.clarify(["a", "b"]))
    talk.says(.answer(false))
    #expect(talk.said == ["utter_ask_rephrase"])
    #expect(talk.flows == [])
  }

  @Test func `1.6 clarify within a flow returns to its question when it leads nowhere`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.clarify(["b", "c"]))
    #expect(talk.said == ["utter_clarification_options_rasa"])
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.said.first == "utter_a")
  }

  @Test func `1.6 a start below the threshold of confidence is asked about`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), confidence: Confidence(permille: 400))
    #expect(talk.said == ["utter_clarification_options_rasa"])
    #expect(talk.engine.understandingContext.options == ["a"])
    #expect(talk.journeys == [])
  }

  @Test func `1.6 an unsure start beside a clear answer is dropped`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.proposes([
      ProposedCommand(.setSlot("x", .text("1")), confidence: .certain, proposer: "t"),
      ProposedCommand(.startFlow("b"), confidence: Confidence(permille: 300), proposer: "t"),
    ])
    #expect(talk.said.first == "utter_a")
  }
}
