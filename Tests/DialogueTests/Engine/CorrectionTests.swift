import Core
import Testing

@testable import Dialogue

/// Section 1.6 of the format: corrections.
@Suite struct CorrectionTests {
  static let slots = [slot("x"), slot("y"), slot("z"), slot("kind"), slot("ok", .bool)]
  static let plain = flow("a", ask("x"), ask("y"), run("utter_between"), ask("z"), run("utter_done"))
  static func talk(_ flows: Flow..., tools: [ToolDefinition] = [], responses: [ResponseDefinition] = []) -> Talk {
    Talk(assistant(flows.isEmpty ? [plain] : flows, slots: slots, responses: responses, tools: tools))
  }

  @Test func `1.6 a filled slot that is set again is corrected and the flow goes on where it was`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    talk.says(.setSlot("x", .text("2")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_ask_y"])
    #expect(talk.text("x") == "2")
  }

  @Test func `1.6 a correction rewinds to the earliest question concerned and runs again what follows`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), .setSlot("x", .text("1")), .setSlot("y", .text("2")))
    #expect(talk.said == ["utter_between", "utter_ask_z"])
    talk.says(.setSlot("y", .text("3")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_between", "utter_ask_z"])
  }

  @Test func `1.6 branches are evaluated again after a correction`() {
    var talk = Self.talk(
      flow(
        "a", ask("kind", .when("slots.kind = 'p'", "ask_x"), .to("ask_y")), ask("x", .to("ask_z")), ask("y"), ask("z")))
    talk.says(.startFlow("a"), .setSlot("kind", .text("p")))
    #expect(talk.awaiting == "x")
    talk.says(.setSlot("kind", .text("q")))
    #expect(talk.awaiting == "y")
  }

  @Test func `1.6 a question of another branch is not where a correction leads`() {
    var talk = Self.talk(
      flow(
        "a", ask("kind", .when("slots.kind = 'p'", "first"), .to("second")), ask("x", id: "first", .to("ask_z")),
        run("utter_second", id: "second"), ask("x", id: "third"), ask("z")))
    talk.says(.startFlow("a"), .setSlot("kind", .text("q")), .setSlot("x", .text("1")))
    talk.says(.setSlot("x", .text("2")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_ask_z"])
  }

  @Test func `1.6 a second correction leads back along the way taken last`() {
    var talk = Self.talk(
      flow(
        "a", ask("kind", .when("slots.kind = 'p'", "first"), .to("third")), ask("x", id: "first", .to("ask_z")),
        ask("x", id: "third"), run("utter_third"), ask("z")))
    talk.says(.startFlow("a"), .setSlot("kind", .text("p")), .setSlot("x", .text("1")))
    talk.says(.setSlot("kind", .text("q")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_third", "utter_ask_z"])
    talk.says(.setSlot("x", .text("2")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_third", "utter_ask_z"])
  }

  @Test func `1.6 the answer to a question asked first stands beside a correction, a yes does not`() {
    var talk = Self.talk(flow("a", ask("x"), ask("y", first: true), ask("z")))
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    talk.says(.setSlot("y", .text("2")), .setSlot("x", .text("9")))
    #expect(talk.awaiting == "z")
    #expect(talk.text("y") == "2")
    var other = Self.talk(flow("a", ask("x"), ask("ok", first: true), ask("z")))
    other.says(.startFlow("a"), .setSlot("x", .text("1")))
    other.says(.answer(true), .setSlot("x", .text("9")))
    #expect(other.awaiting == "ok")
  }

  @Test func `1.6 a correction and the answer in one turn`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    talk.says(.setSlot("y", .text("2")), .setSlot("x", .text("9")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_between", "utter_ask_z"])
    #expect(talk.text("x") == "9")
    #expect(talk.text("y") == "2")
  }

  @Test func `1.6 the fresh answer beside a correction is validated (3.16.2)`() {
    var talk = Self.talk(
      flow("a", ask("x"), ask("y", rejections: [("slots.y = 'bad'", "utter_bad")]), run("utter_done")))
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    talk.says(.setSlot("y", .text("bad")), .setSlot("x", .text("9")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_bad", "utter_ask_y"])
  }

  @Test func `1.6 a corrected value is validated by its own question`() {
    var talk = Self.talk(
      flow("a", ask("x", rejections: [("slots.x = 'bad'", "utter_bad")]), ask("y")))
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    talk.says(.setSlot("x", .text("bad")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_bad", "utter_ask_x"])
  }

  @Test func `1.6 several slots corrected at once rewind to the earliest`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), .setSlot("x", .text("1")), .setSlot("y", .text("2")))
    talk.says(.setSlot("y", .text("8")), .setSlot("x", .text("9")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_between", "utter_ask_z"])
    #expect(talk.noted(.slotSet) == ["y", "x"])
    #expect(talk.decisions.contains { $0.kind == .branchTaken && $0.subject == "ask_x" })
  }

  @Test func `1.6 a value taken back is asked again without announcement`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    talk.says(.setSlot("x", nil))
    #expect(talk.said == ["utter_ask_x"])
    #expect(talk.value("x") == nil)
  }

  @Test func `1.6 an empty slot cannot be taken back`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.setSlot("y", nil))
    #expect(talk.noted(.commandRejected) == ["clear y"])
    #expect(talk.said == ["utter_ask_rephrase", "utter_ask_x"])
  }

  @Test func `1.6 the same value again is no correction`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    talk.says(.setSlot("x", .text("1")), .setSlot("y", .text("2")))
    #expect(talk.noted(.commandRejected) == ["set x"])
    #expect(talk.said == ["utter_between", "utter_ask_z"])
  }

  @Test func `1.6 the same sensitive value under a new token is no correction`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), .setSlot("x", secret("1", "t1")))
    talk.says(.setSlot("x", secret("1", "t2")), .setSlot("y", .text("2")))
    #expect(talk.noted(.commandRejected) == ["set x"])
    talk.says(.setSlot("x", secret("3", "t3")))
    #expect(talk.said.first == "utter_corrected_previous_input")
  }

  @Test func `1.6 the last of two values in one turn counts`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.setSlot("x", .text("1")), .setSlot("x", .text("2")))
    #expect(talk.text("x") == "2")
  }

  @Test func `1.6 a slot of a called flow that has ended can be corrected while the parent lives`() {
    var talk = Self.talk(flow("a", call("b"), ask("y")), flow("b", ask("x"), run("utter_b")))
    talk.says(.startFlow("a"))
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.said == ["utter_b", "utter_ask_y"])
    talk.says(.setSlot("x", .text("2")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_b", "utter_ask_y"])
  }

  @Test func `1.6 a slot of the parent can be corrected within the called flow`() {
    var talk = Self.talk(flow("a", ask("x"), run("utter_a"), call("b")), flow("b", ask("y"), ask("z")))
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    talk.says(.setSlot("y", .text("2")))
    talk.says(.setSlot("x", .text("9")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_a", "utter_ask_z"])
    #expect(talk.journeys == ["a", "b"])
  }

  @Test func `1.6 a correction within a called flow rewinds inside it`() {
    var talk = Self.talk(flow("a", run("utter_a"), call("b")), flow("b", ask("x"), run("utter_b"), ask("y")))
    talk.says(.startFlow("a"))
    talk.says(.setSlot("x", .text("1")))
    talk.says(.setSlot("x", .text("2")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_b", "utter_ask_y"])
  }

  @Test func `1.6 context tells what was corrected and where it leads`() {
    var talk = Self.talk(
      Self.plain,
      flow("pattern_correction", run("action_correct_flow_slot"), run("utter_told")),
      responses: [
        response(
          "utter_told",
          "{{context.corrected_slots.keys()|join(', ')}}={{context.new_slot_values|join(', ')} } {{context.reset_flow_id}}/{{context.reset_step_id}}"
            .replacing("} }", with: "}}"))
      ])
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    talk.says(.setSlot("x", .text("2")))
    #expect(talk.words.hasPrefix("x=2 a/ask x"))
  }

  @Test func `1.6 a correction of a slot that was given before its question changes it in place`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"), .setSlot("z", .text("1")))
    talk.says(.setSlot("z", .text("2")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_ask_x"])
    #expect(talk.text("z") == "2")
  }

  @Test func `1.6 a slot of no live flow is not set`() {
    var talk = Self.talk(Self.plain, flow("b", ask("kind")))
    talk.says(.startFlow("a"))
    talk.says(.setSlot("kind", .text("1")))
    #expect(talk.noted(.commandRejected) == ["set kind"])
    #expect(talk.value("kind") == nil)
  }

  @Test func `1.6 what was asked first is asked again after the correction of something before it`() {
    var talk = Self.talk(flow("a", ask("x"), ask("ok", first: true), ask("y")))
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    talk.says(.answer(true))
    #expect(talk.awaiting == "y")
    talk.says(.setSlot("x", .text("2")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_ask_ok"])
  }

  @Test func `1.6 a slot asked first keeps its corrected value`() {
    var talk = Self.talk(flow("a", ask("x", first: true), ask("y")))
    talk.says(.startFlow("a"))
    talk.says(.setSlot("x", .text("1")))
    talk.says(.setSlot("x", .text("2")))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_ask_y"])
    #expect(talk.text("x") == "2")
  }

  @Test func `a yes for the old values does not stand for corrected ones`() {
    let tools = [tool("change", changes: true, from: ["x"], outcome: "kind", confirmedBy: "ok")]
    var talk = Self.talk(flow("a", ask("x"), ask("ok"), run("change"), run("utter_done")), tools: tools)
    talk.outcomes["change"] = [.completed([:])]
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    #expect(talk.awaiting == "ok")
    talk.says(.answer(true), .setSlot("x", .text("2")))
    #expect(talk.invoked == [])
    #expect(talk.said == ["utter_corrected_previous_input", "utter_ask_ok"])
    talk.says(.answer(true))
    #expect(talk.invoked == ["change"])
    #expect(talk.invocations.first?.arguments == ["x": .text("2")])
  }

  @Test func `1.6 a correction and a new journey in one turn`() {
    var talk = Self.talk(Self.plain, flow("b", ask("kind"), run("utter_b")))
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    talk.says(.setSlot("x", .text("2")), .startFlow("b"))
    #expect(talk.said == ["utter_corrected_previous_input", "utter_ask_kind"])
    talk.says(.setSlot("kind", .text("k")))
    #expect(talk.said == ["utter_b", "utter_flow_continue_interrupted", "utter_ask_y"])
    #expect(talk.text("x") == "2")
  }

  @Test func `1.6 a correction can be confirmed by an author's pattern before it is done`() {
    var talk = Self.talk(
      Self.plain,
      flow(
        "pattern_correction", ask("ok", first: true, .when("slots.ok", "do"), .end),
        run("action_correct_flow_slot", id: "do")))
    talk.says(.startFlow("a"), .setSlot("x", .text("1")))
    talk.says(.setSlot("x", .text("2")))
    #expect(talk.text("x") == "1")
    talk.says(.answer(false))
    #expect(talk.text("x") == "1")
    #expect(talk.awaiting == "y")
    talk.says(.setSlot("x", .text("2")))
    talk.says(.answer(true))
    #expect(talk.text("x") == "2")
    #expect(talk.awaiting == "y")
  }
}
