import Core
import Foundation
import Testing

@testable import Assistant

@Suite struct FlowReadingTests {
  /// The steps of one flow, read without a domain.
  private func steps(_ yaml: String, flow: FlowID = "f") throws -> [FlowStep] {
    let log = ProblemLog()
    let context = ReadingContext(log: log, isImported: false)
    var draft = Draft()
    FlowReader(context: context).read(
      "flows/f.yml", "flows:\n  \(flow):\n    description: d\n    steps:\n" + yaml, into: &draft)
    try #require(log.problems.isEmpty, "\(log.problems)")
    return try #require(draft.flows[flow]).steps
  }

  private func lines(_ steps: [FlowStep]) -> [String] {
    steps.map { step in
      step.id.rawValue
        + step.next.map { branch in
          let target = if case .step(let id) = branch.target { id.rawValue } else { "END" }
          return (branch.condition == nil ? " else " : " if ") + target
        }.joined()
    }
  }

  @Test func `steps without next go on with the step after them`() throws {
    let steps = try steps(
      """
            - action: utter_a
            - action: utter_b
            - id: c
              action: utter_c
              next: END
      """)
    #expect(lines(steps) == ["0_utter_a", "1_utter_b", "c else END"])
  }

  @Test func `a nested branch falls out to the step behind the one it hangs from`() throws {
    let steps = try steps(
      """
            - id: start
              noop: true
              next:
                - if: slots.a
                  then:
                    - action: utter_one
                    - action: utter_two
                - else:
                    - action: utter_three
                      next: END
            - id: after
              action: utter_after
      """)
    #expect(
      lines(steps) == [
        "start if 1_utter_one else 3_utter_three", "1_utter_one", "2_utter_two else after", "3_utter_three else END",
        "after",
      ])
  }

  @Test func `a missing else falls through to the step behind, not into the branch`() throws {
    let steps = try steps(
      """
            - id: start
              collect: a
              next:
                - if: slots.a
                  then:
                    - action: utter_one
            - id: after
              action: utter_after
      """)
    #expect(lines(steps) == ["start if 1_utter_one else after", "1_utter_one else after", "after"])
  }

  @Test func `a missing else at the end of the flow ends it`() throws {
    let steps = try steps(
      """
            - id: start
              collect: a
              next:
                - if: slots.a
                  then:
                    - action: utter_one
      """)
    #expect(lines(steps) == ["start if 1_utter_one else END", "1_utter_one else END"])
  }

  @Test func `a bare nested list is a branch that is always taken`() throws {
    let steps = try steps(
      """
            - id: start
              action: utter_start
              next:
                - action: utter_one
                - id: two
                  action: utter_two
            - id: after
              action: utter_after
      """)
    #expect(lines(steps) == ["start else 1_utter_one", "1_utter_one", "two else after", "after"])
  }

  @Test func `branches nest to any depth and fall out step by step`() throws {
    let steps = try steps(
      """
            - id: a
              noop: true
              next:
                - if: slots.x
                  then:
                    - id: b
                      noop: true
                      next:
                        - if: slots.y
                          then:
                            - id: c
                              action: utter_c
                        - else:
                            - link: g
                    - id: d
                      action: utter_d
                - else: END
            - id: e
              action: utter_e
      """)
    #expect(lines(steps) == ["a if b else END", "b if c else 3_link_g", "c else d", "3_link_g", "d else e", "e"])
  }

  @Test func `names made here never meet the author's`() throws {
    let steps = try steps(
      """
            - action: utter_a
            - id: 0_utter_a
              action: utter_b
            - collect: s
            - set_slots: {s: null}
              next: 0_utter_a
      """)
    #expect(lines(steps) == ["0_utter_a_2", "0_utter_a", "2_collect_s", "3_set_slots else 0_utter_a"])
  }

  @Test func `set_slots takes a list and a map`() throws {
    for form in ["[{a: 1}, {b: x}, {c: null}, {d: true}]", "{a: 1, b: x, c: null, d: true}"] {
      let steps = try steps("      - set_slots: \(form)\n")
      #expect(
        steps[0].kind
          == .setSlots([
            SlotAssignment(slot: "a", value: .number(1)), SlotAssignment(slot: "b", value: .text("x")),
            SlotAssignment(slot: "c", value: nil), SlotAssignment(slot: "d", value: .bool(true)),
          ]))
    }
  }

  @Test func `a collect step has all its keys`() throws {
    let steps = try steps(
      """
            - collect: s
              description: what it is
              utter: utter_question
              ask_before_filling: true
              reset_after_flow_ends: false
              force_slot_filling: true
              silence_timeout: 7
              rejections:
                - if: slots.s = 'no'
                  utter: utter_refused
              dtmf: {length: 4, allow_audio_input: false}
              voice: {confirmation: {below: 70%}, maximum_no_match: 2, maximum_no_input: 1}
      """)
    guard case .collect(let collect) = steps[0].kind else { throw Unexpected() }
    #expect(collect.slot == "s" && collect.summary == "what it is" && collect.ask == "utter_question")
    #expect(collect.asksBeforeFilling && !collect.resetsAfterFlowEnds && collect.forcesSlotFilling)
    #expect(collect.silenceTimeout == .seconds(7))
    #expect(collect.rejections.map(\.response) == ["utter_refused"])
    #expect(collect.digits == DigitGrammar(minimum: 4, maximum: 4, endKey: nil))
    #expect(
      collect.voice
        == CollectVoice(
          confirmation: .below(Confidence(permille: 700)), acceptsSpeech: false, maximumNoMatch: 2, maximumNoInput: 1))
  }

  @Test func `the keys of a step follow from its slot's grammar when it names none`() throws {
    var files = Folder.small
    let domain = try #require(files["domain.yml"])
    files["domain.yml"] = domain.replacingOccurrences(of: "length: 8", with: "minimum: 7, maximum: 15")
    let loaded = try Folder(files).load()
    let steps = try #require(loaded.definition.flows["book"]).steps
    let digits = steps.map { step in
      if case .collect(let collect) = step.kind { collect.digits } else { DigitGrammar?.none }
    }
    #expect(digits[0] == DigitGrammar(minimum: 1, maximum: 12, endKey: "#"))
    #expect(digits[1] == DigitGrammar(minimum: 7, maximum: 15, endKey: "#"))
    #expect(digits[2]?.menu == ["1": .bool(true), "2": .bool(false)])
  }

  @Test func `a menu of keys has values in the slot's own spelling`() throws {
    let folder = try Folder.small(
      "flows/book.yml", "- collect: phone\n        voice: {confirmation: none, maximum_no_match: 2}",
      "- collect: phone\n      - collect: seating\n        utter: utter_ask_guests\n        voice: {dtmf: {menu: {\"1\": Inside, \"2\": TERRACE}}}"
    )
    guard case .collect(let collect) = try #require(folder.load().definition.flows["book"]).steps[2].kind else {
      throw Unexpected()
    }
    #expect(collect.digits?.menu == ["1": .text("inside"), "2": .text("terrace")])
  }

  @Test func `a bare number for a text slot is text`() throws {
    let folder = try Folder.small("flows/book.yml", "[{guests: null}]", "[{phone: 12345678}]")
    let steps = try #require(folder.load().definition.flows["book"]).steps
    #expect(steps.contains { $0.kind == .setSlots([SlotAssignment(slot: "phone", value: .text("12345678"))]) })
  }

  @Test func `a flow that callers cannot start has a guard that never holds`() throws {
    let folder = try Folder.small(
      "flows/book.yml", "description: Books a table", "description: Books a table\n    if: False")
    #expect(try #require(folder.load().definition.flows["book"]).guardCondition == .literal(false))
  }
}

struct Unexpected: Error {}
