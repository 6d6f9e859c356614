import Core
import Testing

@testable import Dialogue

/// Section 1.6 of the format: internal errors, and the end.
@Suite struct ErrorTests {
  private static func talk(
    _ extra: Flow..., slots more: [SlotDefinition] = [], to destinations: [DestinationName] = [], without: [FlowID] = []
  ) -> Talk {
    RepairTests.talk(extra, slots: more, to: destinations, without: without)
  }

  @Test func `1.6 a loop that never asks is stopped and told`() {
    var talk = Self.talk(flow("loop", branch("one", .to("two")), branch("two", .to("one"))))
    talk.says(.startFlow("loop"))
    #expect(talk.said == ["utter_internal_error_rasa"])
    #expect(talk.flows == [])
    #expect(talk.noted(.failure) == ["too_many_steps"])
  }

  @Test func `a loop in an interruption is stopped and the flow below goes on`() {
    var talk = Self.talk(flow("loop", put("x", .text("1")), branch("one", .to("two")), branch("two", .to("one"))))
    talk.says(.startFlow("truth"))
    talk.says(.startFlow("loop"))
    #expect(talk.said == ["utter_internal_error_rasa", "utter_flow_continue_interrupted", "utter_ask_ok"])
    #expect(talk.value("x") == nil)
  }

  @Test func `a pattern of errors that loops itself comes to rest`() {
    var talk = Self.talk(
      flow("loop", branch("one", .to("two")), branch("two", .to("one"))),
      flow("pattern_internal_error", branch("one", .to("two")), branch("two", .to("one"))))
    talk.says(.startFlow("loop"))
    #expect(talk.waiting == .caller(ListenPlan()))
    #expect(talk.endings.count == 1)
  }

  @Test func `an unknown action gives the flow up and says so`() {
    var talk = Self.talk(flow("bad", run("action_nobody_knows"), run("utter_after")))
    talk.says(.startFlow("bad"))
    #expect(talk.said == ["utter_internal_error_rasa"])
    #expect(talk.flows == [])
  }

  @Test func `a question nobody wrote gives the flow up and says so`() {
    let definition = assistant(
      [flow("bad", ask("x", utter: "utter_missing"))], slots: RepairTests.slots,
      responses: [response("utter_internal_error_rasa", "error")], writesMissing: false)
    var talk = Talk(definition)
    talk.says(.startFlow("bad"))
    #expect(talk.said == ["utter_internal_error_rasa"])
    #expect(talk.flows == [])
  }

  @Test func `a branch into nowhere gives the flow up`() {
    var talk = Self.talk(flow("bad", run("utter_x", .to("nowhere"))))
    talk.says(.startFlow("bad"))
    #expect(talk.said == ["utter_x", "utter_internal_error_rasa"])
  }

  @Test func `an error in an interruption returns to the flow below`() {
    var talk = Self.talk(flow("bad", run("action_nobody_knows")))
    talk.says(.startFlow("a"))
    talk.says(.startFlow("bad"))
    #expect(talk.said == ["utter_internal_error_rasa", "utter_flow_continue_interrupted", "utter_ask_x"])
  }

  @Test func `1.6 a flow that calls itself is stopped by the depth of the stack`() {
    var talk = Self.talk(flow("deep", call("deep")))
    talk.says(.startFlow("deep"))
    #expect(talk.said == ["utter_internal_error_rasa"])
    #expect(talk.flows == [])
  }

  @Test func `after the caller hung up nothing happens any more`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.give(.hungUp)
    #expect(talk.moves == [.wait(.ended)])
    talk.says(.startFlow("a"))
    #expect(talk.moves == [.wait(.ended)])
  }

  @Test func `1.6 the stack can be cleaned with a notice`() {
    var talk = Self.talk(
      flow("clean", ask("x"), link("pattern_human_handoff")),
      flow("pattern_chitchat", run("action_clean_stack"), run("utter_inform_code_change")))
    talk.says(.startFlow("clean"))
    talk.says(.chitchat)
    #expect(talk.said == ["utter_inform_code_change"])
    #expect(talk.flows == [])
  }
}
