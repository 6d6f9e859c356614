import Core

@testable import Dialogue

extension SearchCase {
  private static let level = slot("identity_level", .float(minimum: 0, maximum: 3), by: .controlled)
  private static let recorded = slot("consent_recording", .bool, by: .controlled)
  private static let identify = flow("pattern_identify", put("identity_level", .number(2)))
  private static let asks = flow("a", ask("ok", first: true, .when("slots.ok", "change"), .end), run("change"))
  private static let asking = ["caller start a", "agent  utter_ask_ok  \"utter_ask_ok\"", "caller ok = true"]

  private static func one(_ flow: Flow, _ tool: ToolDefinition, _ more: Flow..., slots: [SlotDefinition] = [])
    -> AssistantDefinition
  {
    assistant([flow] + more, slots: [yes, slot("x")] + slots, tools: [tool])
  }

  static let safety: [SearchCase] = [
    SearchCase(
      name: "a change whose identity nothing can reach", code: "flow.identity_missing",
      wrong: one(asks, change(flag: "ok", identity: 2), slots: [level]),
      mended: one(
        voiced(FlowVoice(identity: IdentityLevel(2)), asks), change(flag: "ok", identity: 2), identify, slots: [level]),
      dialogue: asking + ["here   step change"]),
    SearchCase(
      name: "an identification that does not reach the level", code: "flow.identity_missing",
      wrong: one(asks, change(flag: "ok", identity: 3), identify, slots: [level]),
      mended: one(
        voiced(FlowVoice(identity: IdentityLevel(2)), asks), change(flag: "ok", identity: 2), identify, slots: [level]),
      dialogue: asking + ["here   step change"]),
    SearchCase(
      name: "a change reached before the caller is identified", code: "flow.identity_late",
      wrong: one(asks, change(flag: "ok", identity: 2), identify, slots: [level]),
      mended: one(
        voiced(FlowVoice(identity: IdentityLevel(2)), asks), change(flag: "ok", identity: 2), identify, slots: [level]),
      dialogue: asking + ["here   step change"]),
    SearchCase(
      name: "a change reached before the caller consented", code: "flow.consent_late",
      wrong: one(asks, change(flag: "ok", consents: ["recording"]), slots: [recorded]),
      mended: one(
        voiced(FlowVoice(consents: ["recording"]), asks), change(flag: "ok", consents: ["recording"]), slots: [recorded]
      ),
      dialogue: asking + ["here   step change"]),
    SearchCase(
      name: "a change that a no leads to", code: "flow.confirmation_missing",
      wrong: one(flow("a", ask("ok", first: true), run("change")), change(flag: "ok")),
      mended: one(asks, change(flag: "ok")),
      dialogue: ["caller start a", "agent  utter_ask_ok  \"utter_ask_ok\"", "caller ok = false", "here   step change"]),
    SearchCase(
      name: "a change that goes round its question", code: "flow.confirmation_missing",
      wrong: one(
        flow(
          "a", ask("kind", .when("slots.kind = 'a'", "change"), .to("ask_ok")),
          ask("ok", first: true, .when("slots.ok", "change"), .end), run("change")), change(flag: "ok"),
        slots: [kinds]),
      mended: one(
        flow("a", ask("kind"), ask("ok", first: true, .when("slots.ok", "change"), .end), run("change")),
        change(flag: "ok"), slots: [kinds]),
      dialogue: [
        "caller start a", "agent  utter_ask_kind  \"utter_ask_kind\"", "caller kind = a", "here   step change",
      ]),
    SearchCase(
      name: "a yes before what it is about", code: "flow.confirmation_old",
      wrong: one(
        flow("a", ask("ok", first: true, .when("slots.ok", "ask_x"), .end), ask("x", first: true), run("change")),
        change(from: ["x"], flag: "ok")),
      mended: one(
        flow("a", ask("x", first: true), ask("ok", first: true, .when("slots.ok", "change"), .end), run("change")),
        change(from: ["x"], flag: "ok")),
      dialogue: asking + ["agent  utter_ask_x  \"utter_ask_x\"", "caller x = something", "here   step change"]),
    SearchCase(
      name: "a yes of an earlier journey", code: "flow.confirmation_old",
      wrong: one(
        flow("a", persisted: ["ok"], ask("ok", .when("slots.ok", "change"), .end), run("change")), change(flag: "ok")),
      mended: one(asks, change(flag: "ok")),
      dialogue: ["before ok = true", "caller start a", "here   step change"]),
    SearchCase(
      name: "an argument that one way leaves empty", code: "flow.argument_unset",
      wrong: one(
        flow(
          "a", ask("kind", .when("slots.kind = 'a'", "put"), .to("ask_ok")), put("x", .text("1"), id: "put"),
          ask("ok", first: true, .when("slots.ok", "change"), .end), run("change")),
        change(from: ["x"], flag: "ok"), slots: [kinds]),
      mended: one(
        flow(
          "a", ask("kind"), put("x", .text("1"), id: "put"),
          ask("ok", first: true, .when("slots.ok", "change"), .end), run("change")),
        change(from: ["x"], flag: "ok"), slots: [kinds]),
      dialogue: [
        "caller start a", "agent  utter_ask_kind  \"utter_ask_kind\"", "caller kind = b",
        "agent  utter_ask_ok  \"utter_ask_ok\"", "caller ok = true", "here   step change",
      ]),
    SearchCase(
      name: "a sentence about an empty slot", code: "flow.said_unset",
      wrong: assistant(
        [flow("a", run("utter_told"))], slots: [slot("x")], responses: [response("utter_told", "It is {x}.")]),
      mended: assistant(
        [flow("a", ask("x"), run("utter_told"))], slots: [slot("x")], responses: [response("utter_told", "It is {x}.")]),
      dialogue: ["caller start a", "here   step utter_told"]),
    SearchCase(
      name: "an approval nobody gives", code: "flow.approval_missing",
      wrong: one(asks, change(flag: "ok", approval: ApprovalRule(role: "boss"))),
      mended: assistant(
        [asks], slots: [yes],
        tools: [change(flag: "ok", approval: ApprovalRule(role: "boss", tool: "ask_boss")), tool("ask_boss")]),
      dialogue: asking + ["here   step change"]),
    SearchCase(
      name: "an approval that depends on an empty slot", code: "flow.approval_undecided",
      wrong: assistant(
        [asks], slots: [yes, slot("x")],
        tools: [
          change(
            flag: "ok", approval: ApprovalRule(role: "boss", condition: condition("slots.x = 'much'"), tool: "ask_boss")
          ),
          tool("ask_boss"),
        ]),
      mended: assistant(
        [flow("a", ask("x"), ask("ok", first: true, .when("slots.ok", "change"), .end), run("change"))],
        slots: [yes, slot("x")],
        tools: [
          change(
            flag: "ok", approval: ApprovalRule(role: "boss", condition: condition("slots.x = 'much'"), tool: "ask_boss")
          ),
          tool("ask_boss"),
        ]),
      dialogue: asking + ["here   step change"]),
  ]
}
