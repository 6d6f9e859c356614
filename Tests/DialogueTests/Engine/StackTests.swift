import Core
import Testing

@testable import Dialogue

/// Section 1.6 of the format: several starts, interruption, resumption, completion.
@Suite struct StackTests {
  static let slots = [slot("x"), slot("y"), slot("z"), slot("ok", .bool)]
  static let flows = [
    flow("a", named: "flow A", ask("x"), run("utter_a")), flow("b", named: "flow B", ask("y"), run("utter_b")),
    flow("c", named: "flow C", ask("z"), run("utter_c")), flow("quick", run("utter_quick")),
  ]
  static func talk(_ profile: String = "c13", voice: VoiceDefaults = VoiceDefaults()) -> Talk {
    Talk(assistant(flows, slots: slots, profile: profile, voice: voice))
  }

  // MARK: Several starts

  @Test func `1.6 several starts run in the order mentioned, the first to completion`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), .startFlow("b"))
    #expect(talk.awaiting == "x")
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.said == ["utter_a", "utter_ask_y"])
    talk.says(.setSlot("y", .text("2")))
    #expect(talk.said == ["utter_b", "utter_can_do_something_else"])
  }

  @Test func `1.6 three starts and values for two of them in one turn`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), .startFlow("b"), .startFlow("c"), .setSlot("x", .text("1")), .setSlot("z", .text("3")))
    #expect(talk.said == ["utter_a", "utter_ask_y"])
    talk.says(.setSlot("y", .text("2")))
    #expect(talk.said == ["utter_b", "utter_c", "utter_can_do_something_else"])
  }

  @Test func `1.6 a flow named twice is started once`() {
    var talk = Self.talk()
    talk.says(.startFlow("quick"), .startFlow("quick"))
    #expect(talk.said == ["utter_quick", "utter_can_do_something_else"])
  }

  @Test func `1.6 unknown flows and patterns cannot be started`() {
    var talk = Self.talk()
    talk.says(.startFlow("nothing"), .startFlow("pattern_goodbye"))
    #expect(talk.noted(.commandRejected) == ["start nothing", "start pattern_goodbye"])
    #expect(talk.said == ["utter_ask_rephrase"])
  }

  // MARK: Interruption

  @Test func `1.6 an interruption is announced and the flow below resumed (C13)`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.startFlow("b"))
    #expect(talk.noted(.flowInterrupted) == ["a"])
    #expect(talk.said == ["utter_ask_y"])
    talk.says(.setSlot("y", .text("2")))
    #expect(talk.said == ["utter_b", "utter_flow_continue_interrupted", "utter_ask_x"])
    #expect(talk.noted(.flowResumed) == ["a"])
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.said == ["utter_a", "utter_can_do_something_else"])
  }

  @Test func `1.6 two interruptions resume the last interrupted first (C13)`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.startFlow("b"))
    talk.says(.startFlow("c"))
    talk.says(.setSlot("z", .text("3")))
    #expect(talk.said == ["utter_c", "utter_flow_continue_interrupted", "utter_ask_y"])
    talk.says(.setSlot("y", .text("2")))
    #expect(talk.said == ["utter_b", "utter_flow_continue_interrupted", "utter_ask_x"])
  }

  @Test func `1.6 the name of the interrupted flow is in context`() {
    var talk = Talk(
      assistant(
        Self.flows, slots: Self.slots,
        responses: [response("utter_flow_continue_interrupted", "Back to {{context.previous_flow_name}}.")]))
    talk.says(.startFlow("a"))
    talk.says(.startFlow("quick"))
    #expect(talk.words == "utter_quick Back to flow A. utter_ask_x")
  }

  @Test func `1.6 an interruption that asks nothing returns at once`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.startFlow("quick"))
    #expect(talk.said == ["utter_quick", "utter_flow_continue_interrupted", "utter_ask_x"])
    #expect(talk.ending == .ask)
  }

  @Test func `1.6 a start of the flow under way only asks again`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.startFlow("a"))
    #expect(talk.said == ["utter_ask_x"])
    #expect(talk.journeys == ["a"])
  }

  @Test func `1.6 a start of an interrupted flow goes back to it`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.startFlow("b"))
    talk.says(.startFlow("a"))
    #expect(talk.said == ["utter_ask_x"])
    #expect(talk.journeys == ["b", "a"])
    #expect(talk.noted(.flowResumed) == ["a"])
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.said == ["utter_a", "utter_flow_continue_interrupted", "utter_ask_y"])
  }

  @Test func `1.6 a shared slot is kept while the interrupted flow needs it`() {
    var talk = Talk(
      assistant(
        [flow("a", ask("x"), ask("y"), run("utter_a")), flow("b", ask("x"), run("utter_b"))], slots: Self.slots))
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    talk.says(.startFlow("b"))
    #expect(talk.said == ["utter_b", "utter_flow_continue_interrupted", "utter_ask_y"])
    #expect(talk.text("x") == "1")
  }

  // MARK: Resumption, C16

  @Test func `1.6 C16 asks whether to continue, yes goes on`() {
    var talk = Self.talk("c16")
    talk.says(.startFlow("a"))
    talk.says(.startFlow("quick"))
    #expect(talk.said == ["utter_quick", "utter_ask_continue_interrupted_flow_confirmation"])
    talk.says(.answer(true))
    #expect(talk.said == ["utter_ask_x"])
    #expect(talk.noted(.flowResumed) == ["a"])
  }

  @Test func `1.6 C16 no gives the interrupted flow up`() {
    var talk = Self.talk("c16")
    talk.says(.startFlow("a"))
    talk.says(.startFlow("quick"))
    talk.says(.answer(false))
    #expect(talk.noted(.flowCancelled) == ["a"])
    #expect(talk.said == ["utter_ask_continue_conversation"])
    #expect(talk.journeys == [])
  }

  @Test func `1.6 C16 answering the interrupted question resumes implicitly`() {
    var talk = Self.talk("c16")
    talk.says(.startFlow("a"))
    talk.says(.startFlow("quick"))
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.said.first == "utter_a")
  }

  @Test func `1.6 C16 naming the interrupted flow resumes it`() {
    var talk = Self.talk("c16")
    talk.says(.startFlow("a"))
    talk.says(.startFlow("quick"))
    talk.says(.startFlow("a"))
    #expect(talk.said == ["utter_ask_x"])
    #expect(talk.flows == ["a", "pattern_collect_information"])
  }

  @Test func `1.6 C16 with several interrupted flows asks which`() {
    var talk = Self.talk("c16")
    talk.says(.startFlow("a"))
    talk.says(.startFlow("b"))
    talk.says(.startFlow("quick"))
    #expect(talk.awaiting == "interrupted_flow_to_continue")
    talk.says(.setSlot("interrupted_flow_to_continue", .text("Flow A")))
    #expect(talk.said == ["utter_ask_x"])
    #expect(talk.journeys == ["b", "a"])
  }

  @Test func `1.6 C16 none of several interrupted flows gives all up`() {
    var talk = Self.talk("c16")
    talk.says(.startFlow("a"))
    talk.says(.startFlow("b"))
    talk.says(.startFlow("quick"))
    talk.says(.setSlot("interrupted_flow_to_continue", .text("none")))
    #expect(Set(talk.noted(.flowCancelled)) == ["a", "b"])
    #expect(talk.said == ["utter_ask_continue_conversation"])
  }

  @Test func `1.6 C16 a new start drops the question whether to continue`() {
    var talk = Self.talk("c16")
    talk.says(.startFlow("a"))
    talk.says(.startFlow("quick"))
    talk.says(.startFlow("b"))
    #expect(talk.said == ["utter_ask_y"])
    #expect(talk.journeys == ["a", "b"])
  }

  // MARK: Completion

  @Test func `1.6 C13 completion is one utterance, a bare no after it says goodbye`() {
    var talk = Self.talk()
    talk.says(.startFlow("quick"))
    #expect(talk.said == ["utter_quick", "utter_can_do_something_else"])
    talk.says(.answer(false))
    #expect(talk.said == ["utter_goodbye"])
    #expect(talk.hangUps == [.completed])
    #expect(talk.waiting == .ended)
    #expect(talk.ending == .escalate)
  }

  @Test func `1.6 C13 a bare yes after completion asks what`() {
    var talk = Self.talk()
    talk.says(.startFlow("quick"))
    talk.says(.answer(true))
    #expect(talk.said == ["utter_how_can_i_help"])
  }

  @Test func `1.6 a bare yes out of nowhere is not understood`() {
    var talk = Self.talk()
    talk.begin()
    talk.says(.answer(true))
    #expect(talk.said == ["utter_ask_rephrase"])
    #expect(talk.ending == .clarify)
  }

  @Test func `1.6 C16 completion asks whether to go on`() {
    var talk = Self.talk("c16")
    talk.says(.startFlow("quick"))
    #expect(talk.awaiting == "continue_conversation")
    talk.says(.answer(true))
    #expect(talk.said == ["utter_how_can_i_help"])
    talk.says(.startFlow("quick"))
    talk.says(.answer(false))
    #expect(talk.said == ["utter_closing", "utter_ask_csat_score"])
    talk.says(.setSlot("csat_score", .text("5")))
    #expect(talk.said == ["utter_thank_for_rating"])
    #expect(talk.hangUps == [.completed])
  }

  @Test func `1.6 C16 a start instead of yes begins that flow`() {
    var talk = Self.talk("c16")
    talk.says(.startFlow("quick"))
    talk.says(.startFlow("a"))
    #expect(talk.said == ["utter_ask_x"])
    #expect(talk.flows == ["a", "pattern_collect_information"])
  }
}
