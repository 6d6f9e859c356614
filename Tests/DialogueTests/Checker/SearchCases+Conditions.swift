import Core

@testable import Dialogue

extension SearchCase {
  private static let askKind = ["caller start a", "agent  utter_ask_kind  \"utter_ask_kind\""]
  private static let outcome = slot("outcome", by: .controlled)
  private static let look = tool("look", from: ["x"], outcome: "outcome")

  private static func kind(_ next: Next...) -> AssistantDefinition {
    let ask = FlowStep(
      id: "ask_kind", kind: .collect(CollectStep(slot: "kind")), next: next.map(\.branch),
      source: SourceLocation(file: "test.yml", line: 1, column: 1))
    return assistant([flow("a", ask, run("utter_one", id: "one", .end), run("utter_two", id: "two"))], slots: [kinds])
  }

  static let conditions: [SearchCase] = [
    SearchCase(
      name: "a journey that no answer ends", code: "flow.no_exit",
      wrong: assistant(
        [
          flow(
            "a", run("utter_hello"),
            ask("kind", .when("slots.kind = 'a'", "again"), .when("slots.kind = 'b'", "again"), .end),
            put("kind", nil, id: "again", .to("ask_kind")))
        ], slots: [kinds]),
      mended: assistant(
        [
          flow(
            "a", run("utter_hello"), ask("kind", .when("slots.kind = 'a'", "again"), .end),
            put("kind", nil, id: "again", .to("ask_kind")))
        ], slots: [kinds]),
      dialogue: ["caller start a", "here   step utter_hello"]),
    SearchCase(
      name: "a question whose every answer is refused", code: "flow.no_exit",
      wrong: assistant(
        [
          flow(
            "a", ask("kind", .when("slots.kind = 'a'", "on"), .end),
            ask("x", id: "on", rejections: [("slots.kind = 'a'", "utter_no")]))
        ],
        slots: [kinds, slot("x")]),
      mended: assistant(
        [
          flow(
            "a", ask("kind", .when("slots.kind = 'a'", "on"), .end),
            ask("x", id: "on", rejections: [("slots.x = 'a'", "utter_no")]))
        ],
        slots: [kinds, slot("x")]),
      dialogue: askKind + ["caller kind = a", "here   step on"]),
    SearchCase(
      name: "a choice that is no value of its slot", code: "flow.never_holds",
      wrong: kind(.when("slots.kind = 'c'", "one"), .to("two")),
      mended: kind(.when("slots.kind = 'b'", "one"), .to("two")),
      dialogue: askKind + ["caller kind = a", "here   step ask_kind"]),
    SearchCase(
      name: "a condition that an earlier one has answered", code: "flow.never_holds",
      wrong: kind(.when("slots.kind = 'a'", "one"), .when("slots.kind = 'a' or slots.kind is null", "two"), .end),
      mended: kind(.when("slots.kind = 'a'", "one"), .when("slots.kind = 'b'", "two"), .end),
      dialogue: askKind + ["caller kind = a", "here   step ask_kind"]),
    SearchCase(
      name: "a question whose answer is always there", code: "flow.always_holds",
      wrong: kind(.when("slots.kind is not null", "one"), .to("two")),
      mended: kind(.when("slots.kind is not 'a'", "one"), .to("two")),
      dialogue: askKind + ["caller kind = a", "here   step ask_kind"]),
    SearchCase(
      name: "a guard that never holds", code: "flow.never_starts",
      wrong: assistant([flow("a", if: "slots.kind = 'c'", run("utter_x"))], slots: [kinds]),
      mended: assistant(
        [flow("a", if: "slots.kind = 'b'", run("utter_x")), flow("b", persisted: ["kind"], ask("kind"))], slots: [kinds]
      ),
      dialogue: ["caller start a"]),
    SearchCase(
      name: "an outcome that is read before its tool runs", code: "flow.read_unset",
      wrong: assistant(
        [
          flow(
            "a", ask("x"), branch("n", .when("slots.outcome = 'completed'", "one"), .to("look")),
            run("look"), run("utter_one", id: "one"))
        ], slots: [slot("x"), outcome], tools: [look]),
      mended: assistant(
        [
          flow(
            "a", ask("x"), run("look", .when("slots.outcome = 'completed'", "one"), .end), run("utter_one", id: "one"))
        ], slots: [slot("x"), outcome], tools: [look]),
      dialogue: ["caller start a", "agent  utter_ask_x  \"utter_ask_x\"", "caller x = something", "here   step n"]),
    SearchCase(
      name: "a variant that is never said", code: "response.never_holds",
      wrong: assistant(
        [flow("a", ask("kind"), run("utter_told"))], slots: [kinds],
        responses: [
          heard(
            "utter_told", (text: "One.", when: "slots.kind = 'c'", policy: .free),
            (text: "Two.", when: nil, policy: .free))
        ]),
      mended: assistant(
        [flow("a", ask("kind"), run("utter_told"))], slots: [kinds],
        responses: [
          heard(
            "utter_told", (text: "One.", when: "slots.kind = 'b'", policy: .free),
            (text: "Two.", when: nil, policy: .free))
        ]),
      dialogue: askKind + ["caller kind = a", "here   step utter_told"]),
    SearchCase(
      name: "a rejection that never refuses", code: "slot.never_rejects",
      wrong: assistant([flow("a", ask("kind", rejections: [("slots.kind = 'c'", "utter_no")]))], slots: [kinds]),
      mended: assistant([flow("a", ask("kind", rejections: [("slots.kind = 'b'", "utter_no")]))], slots: [kinds]),
      dialogue: ["caller start a", "here   step ask_kind"]),
    SearchCase(
      name: "a rejection of the domain that never refuses", code: "slot.never_rejects",
      wrong: assistant(
        [flow("a", ask("n"))],
        slots: [slot("n", .float(minimum: 0, maximum: 9), rejections: [("slots.n > 9", "utter_no")])]),
      mended: assistant(
        [flow("a", ask("n"))],
        slots: [slot("n", .float(minimum: 0, maximum: 9), rejections: [("slots.n > 8", "utter_no")])]),
      dialogue: ["caller start a", "here   step ask_n"]),
  ]
}
