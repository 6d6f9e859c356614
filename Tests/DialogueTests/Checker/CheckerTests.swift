import Core
import Testing

@testable import Dialogue

/// Static findings.
@Suite struct CheckerTests {
  static func codes(
    _ flows: Flow..., slots: [SlotDefinition] = [slot("x"), slot("ok", .bool)], responses: [ResponseDefinition] = [],
    tools: [ToolDefinition] = [], writesMissing: Bool = true
  ) -> [String] {
    let definition = assistant(flows, slots: slots, responses: responses, tools: tools, writesMissing: writesMissing)
    let ids = Set(flows.map(\.id))
    return FlowChecker.check(definition).filter { $0.flow.map(ids.contains) ?? true }.map(\.code)
  }

  @Test(arguments: ["c13", "c16"])
  func `the default patterns and a sound flow have no findings`(profile: String) {
    let definition = assistant(
      [
        flow(
          "a", ask("x", .when("slots.x = '1'", "one"), .to("two")), run("utter_one", id: "one", .end),
          run("utter_two", id: "two"))
      ],
      slots: [slot("x")], profile: profile)
    #expect(FlowChecker.check(definition) == [])
  }

  @Test func `a step that does not exist is found, with the nearest one named`() {
    let flows = [flow("a", run("utter_x", .to("secnd")), run("utter_y", id: "second"))]
    let findings = FlowChecker.check(assistant(flows)).filter { $0.flow == "a" }
    #expect(findings.map(\.code).contains("flow.unknown_step"))
    #expect(findings.first { $0.code == "flow.unknown_step" }?.message.contains("did you mean 'second'") == true)
    #expect(findings.first?.description.hasPrefix("test.yml:1:1: ") == true)
  }

  @Test func `names nobody declared are found`() {
    #expect(Self.codes(flow("a", ask("y"))) == ["flow.undeclared_slot"])
    #expect(Self.codes(flow("a", run("action_x"))) == ["flow.undeclared_action"])
    #expect(Self.codes(flow("a", put("y", .text("1")))) == ["flow.undeclared_slot"])
    #expect(Self.codes(flow("a", call("b"))) == ["flow.undeclared_flow"])
    #expect(Self.codes(flow("a", link("b"))) == ["flow.undeclared_flow"])
    #expect(Self.codes(flow("a", branch("n", .endWhen("slots.y")), run("utter_x"))) == ["flow.undeclared_slot"])
    #expect(Self.codes(flow("a", if: "slots.y", run("utter_x"))) == ["flow.undeclared_slot"])
    #expect(
      Self.codes(flow("a", run("utter_x")), responses: [response("utter_x", "{y}")]) == ["response.undeclared_slot"])
    #expect(Self.codes(flow("a", run("utter_x")), writesMissing: false).contains("flow.undeclared_response"))
  }

  @Test func `questions nobody asks are found`() {
    #expect(Self.codes(flow("a", ask("x")), writesMissing: false).contains("flow.collect_without_ask"))
    #expect(Self.codes(flow("a", ask("x")), tools: [tool("action_ask_x")]).contains("flow.two_asks"))
    #expect(Self.codes(flow("a", ask("x")), slots: [slot("x", .list)]) == ["flow.collects_list"])
  }

  @Test func `a change that uses what its read-back never says is found`() {
    func codes(_ readBack: ResponseDefinition, _ filler: SlotDefinition.Filler = .understanding) -> [String] {
      Self.codes(
        flow("a", ask("x"), ask("ok", first: true), run("send")),
        slots: [slot("x", by: filler), slot("ok", .bool), slot("how", by: .controlled)], responses: [readBack],
        tools: [tool("send", changes: true, from: ["x"], outcome: "how", confirmedBy: "ok")])
    }
    let silent = ["flow.argument_unsaid"]
    #expect(codes(response("utter_ask_ok", "Is that right?")) == silent)
    #expect(codes(response("utter_ask_ok", "{x}, is that right?")).isEmpty)
    #expect(codes(response("utter_ask_ok", "{{ slots.x }}, is that right?")).isEmpty)
    // Words that only one value chooses say it; words of a later attempt come too late.
    let chosen = ResponseVariant(text: text("To your savings?"), condition: condition("slots.x = '1'"))
    #expect(codes(response("utter_ask_ok", variants: [chosen])).isEmpty)
    let late = [ResponseVariant(text: text("Right?")), ResponseVariant(text: text("Is {x} right?"), attempt: 2)]
    #expect(codes(response("utter_ask_ok", variants: late)) == silent)
    // What no caller told, nobody has to say back.
    #expect(codes(response("utter_ask_ok", "Is that right?"), .controlled).filter { silent.contains($0) }.isEmpty)
  }

  @Test func `steps that are never reached and flows that never end are found`() {
    #expect(Self.codes(flow("a", run("utter_x", .end), run("utter_y"))) == ["flow.unreachable_step"])
    #expect(Self.codes(flow("a", ask("x", first: true, .to("ask_x")))) == ["flow.no_end"])
    #expect(Set(Self.codes(flow("a", run("utter_x", .to("utter_x"))))) == ["flow.no_end", "flow.silent_loop"])
    #expect(Self.codes(flow("a")) == ["flow.no_steps"])
  }

  @Test func `misplaced links and calls are found`() {
    let b = flow("b", run("utter_b"))
    #expect(
      Self.codes(
        flow(
          "a",
          FlowStep(
            id: "l", kind: .link("b"), next: [Next.end.branch], source: SourceLocation(file: "f", line: 1, column: 1))),
        b) == ["flow.link_not_last"])
    #expect(Self.codes(flow("a", link("pattern_search"))) == ["flow.link_to_pattern"])
    #expect(Self.codes(flow("pattern_search", call("b")), b) == ["flow.pattern_calls"])
    #expect(Self.codes(flow("pattern_internal_error", link("b")), b) == ["flow.link_from_error"])
    #expect(
      Self.codes(flow("a", call("b")), flow("b", link("c")), flow("c", run("utter_c"))) == ["flow.called_flow_links"])
    #expect(Self.codes(flow("a", call("a"))) == ["flow.endless_call"])
    #expect(Self.codes(flow("a", ask("x"), link("a"))) == ["flow.endless_link"])
    let (there, back) = (flow("a", run("utter_a"), link("b")), flow("b", run("utter_b"), link("a")))
    #expect(Self.codes(there, back) == ["flow.endless_link", "flow.endless_link"])
    #expect(Self.codes(there, flow("b", ask("x", first: true), link("a"))) == [], "the caller may stop there")
    #expect(Self.codes(there, flow("b", run("utter_b"), link("c")), flow("c", run("utter_c"))) == [])
    #expect(Self.codes(flow("a", branch("n"), run("utter_x"))) == ["flow.noop_without_next"])
  }

  @Test func `double steps, unfilled persisted slots and values of the wrong type are found`() {
    #expect(Self.codes(flow("a", run("utter_x", id: "s"), run("utter_y", id: "s"))) == ["flow.duplicate_step"])
    #expect(Self.codes(flow("a", persisted: ["x"], run("utter_x"))) == ["flow.persisted_slot_unfilled"])
    #expect(Self.codes(flow("a", put("ok", .text("perhaps")))) == ["flow.value_of_wrong_type"])
  }

  @Test func `changes that nobody confirms or whose outcome nobody sees are found`() {
    let loose = tool("change", changes: true)
    #expect(
      Set(Self.codes(flow("a", run("change")), tools: [loose])) == ["flow.outcome_unseen", "flow.unconfirmed_action"])
    let strict = tool("change", changes: true, outcome: "x", confirmedBy: "ok")
    #expect(Self.codes(flow("a", run("change")), tools: [strict]) == ["flow.confirmation_unasked"])
    #expect(Self.codes(flow("a", ask("ok"), run("change")), tools: [strict]) == [])
    #expect(Self.codes(flow("a", ask("ok"), call("b")), flow("b", run("change")), tools: [strict]) == [])
    #expect(
      Self.codes(
        flow("a", run("change")), tools: [tool("change", changes: true, from: ["y"], outcome: "x", confirmedBy: "ok")]
      ).contains("flow.undeclared_slot"))
  }
}
