import Core

@testable import Dialogue

extension SearchCase {
  private static let askKind = ["caller start a", "here   step ask_kind"]
  private static let outcome = slot("outcome", by: .controlled)

  private static func keyed(_ menu: [String: SlotValue]) -> AssistantDefinition {
    assistant(
      [flow("a", ask("kind", digits: DigitGrammar(minimum: 1, maximum: 1, endKey: nil, menu: menu)))], slots: [kinds])
  }

  private static func ladder(_ rungs: EscalationRung...) -> AssistantDefinition {
    assistant([flow("a", ask("kind", voice: CollectVoice(noMatchLadder: rungs)))], slots: [kinds])
  }

  private static func silence(_ rungs: EscalationRung...) -> AssistantDefinition {
    assistant([flow("a", ask("kind", voice: CollectVoice(noInputLadder: rungs)))], slots: [kinds])
  }

  private static func says(_ words: String) -> AssistantDefinition {
    assistant([flow("a", run("utter_told"))], responses: [response("utter_told", words)])
  }

  private static func works(_ steps: FlowStep...) -> AssistantDefinition {
    var bare = flow("a")
    bare = Flow(id: "a", name: "a", summary: "a", steps: steps, source: bare.source)
    return assistant(
      [voiced(FlowVoice(job: "work"), bare)], slots: [outcome, slot("x")],
      tools: [tool("look", from: ["x"], outcome: "outcome")])
  }

  private static let notice = heard("utter_notice", (text: "This is the law.", when: nil, policy: .mustBeHeard))
  private static let looked = works(ask("x"), run("look"))
  private static let endOfWork = [
    "caller start a", "agent  utter_ask_x  \"utter_ask_x\"", "caller x = something", "tool   look: completed",
  ]

  static let talking: [SearchCase] = [
    SearchCase(
      name: "a choice without a key", code: "flow.menu_incomplete", wrong: keyed(["1": .text("a")]),
      mended: keyed(["1": .text("a"), "2": .text("b")]), dialogue: askKind),
    SearchCase(
      name: "digits where choices are asked", code: "flow.menu_incomplete", wrong: keyed([:]),
      mended: keyed(["1": .text("A"), "2": .text("B")]), dialogue: askKind),
    SearchCase(
      name: "a ladder without a person", code: "flow.no_way_to_person", wrong: ladder(.reprompt, .rephrase),
      mended: ladder(.reprompt, .person), dialogue: askKind),
    SearchCase(
      name: "silence that nobody ends", code: "flow.no_way_to_person", wrong: silence(.reprompt),
      mended: silence(.reprompt, .hangUp), dialogue: askKind),
    SearchCase(
      name: "a prompt of thirty-one words", code: "response.too_long",
      wrong: says(Array(repeating: "word", count: 31).joined(separator: " ") + "."),
      mended: says(Array(repeating: "word", count: 30).joined(separator: " ") + "."),
      dialogue: ["caller start a", "here   step utter_told"]),
    SearchCase(
      name: "a prompt that is short until its figures are spoken", code: "response.too_long",
      wrong: says(Array(repeating: "word", count: 25).joined(separator: " ") + " 123,456."),
      mended: says("It is 123,456."), dialogue: ["caller start a", "here   step utter_told"]),
    SearchCase(
      name: "two questions", code: "response.two_questions", wrong: says("What is your name? Where do you live?"),
      mended: says("What is your name? Please spell it."), dialogue: ["caller start a", "here   step utter_told"]),
    SearchCase(
      name: "two questions in one sentence", code: "response.two_questions",
      wrong: says("What is your name and when were you born?"), mended: says("Is it Anna and Bert?"),
      dialogue: ["caller start a", "here   step utter_told"]),
    SearchCase(
      name: "two things of the caller's", code: "response.two_questions",
      wrong: says("What is your name and your age?"),
      mended: says("What is your name?"), dialogue: ["caller start a", "here   step utter_told"]),
    SearchCase(
      name: "a change on one way without the legal sentence", code: "flow.legal_skipped",
      wrong: assistant(
        [
          flow(
            "a", ask("kind", .when("slots.kind = 'a'", "utter_notice"), .to("ask_ok")), run("utter_notice"),
            ask("ok", first: true, .when("slots.ok", "change"), .end), run("change"))
        ], slots: [kinds, yes], responses: [notice], tools: [change(flag: "ok")]),
      mended: assistant(
        [
          flow(
            "a", ask("kind"), run("utter_notice"), ask("ok", first: true, .when("slots.ok", "change"), .end),
            run("change"))
        ], slots: [kinds, yes], responses: [notice], tools: [change(flag: "ok")]),
      dialogue: [
        "caller start a", "agent  utter_ask_kind  \"utter_ask_kind\"", "caller kind = b",
        "agent  utter_ask_ok  \"utter_ask_ok\"", "caller ok = true", "here   step change",
      ]),
    SearchCase(
      name: "a call that can begin without the legal sentence", code: "flow.legal_skipped",
      wrong: assistant(
        [
          flow(
            "pattern_session_start", branch("n", .when("context.channel = 'voice'", "utter_notice"), .end),
            run("utter_notice"))
        ], responses: [notice]),
      mended: assistant([flow("pattern_session_start", run("utter_notice"))], responses: [notice]),
      dialogue: ["caller calls"]),
    SearchCase(
      name: "a legal sentence with a variant that can be interrupted", code: "response.legal_skipped",
      wrong: assistant(
        [flow("a", ask("kind"), run("utter_notice"))], slots: [kinds],
        responses: [
          heard(
            "utter_notice", (text: "Law.", when: "slots.kind = 'a'", policy: .mustBeHeard),
            (text: "Law too.", when: nil, policy: .free))
        ]),
      mended: assistant(
        [flow("a", ask("kind"), run("utter_notice"))], slots: [kinds],
        responses: [
          heard(
            "utter_notice", (text: "Law.", when: "slots.kind = 'a'", policy: .mustBeHeard),
            (text: "Law too.", when: nil, policy: .mustBeHeard))
        ]),
      dialogue: [
        "caller start a", "agent  utter_ask_kind  \"utter_ask_kind\"", "caller kind = a", "here   step utter_notice",
      ]),
    SearchCase(
      name: "a legal sentence that may not be said", code: "response.legal_skipped",
      wrong: assistant(
        [flow("a", ask("kind"), run("utter_notice"))], slots: [kinds],
        responses: [heard("utter_notice", (text: "Law.", when: "slots.kind = 'a'", policy: .mustBeHeard))]),
      mended: assistant([flow("a", ask("kind"), run("utter_notice"))], slots: [kinds], responses: [notice]),
      dialogue: [
        "caller start a", "agent  utter_ask_kind  \"utter_ask_kind\"", "caller kind = a", "here   step utter_notice",
      ]),
    SearchCase(
      name: "a job without a measure", code: "job.no_success", wrong: looked, mended: looked, jobs: [job(nil)],
      mendedJobs: [job("slots.outcome = 'completed'")], dialogue: endOfWork),
    SearchCase(
      name: "a job that is never done", code: "job.never_done", wrong: looked, mended: looked,
      jobs: [job("slots.outcome = 'done'")], mendedJobs: [job("slots.outcome = 'completed'")], dialogue: endOfWork),
    SearchCase(
      name: "a job that is always done", code: "job.always_done", wrong: looked, mended: looked,
      jobs: [job("slots.outcome is not null")], mendedJobs: [job("slots.outcome = 'completed'")], dialogue: endOfWork),
  ]
}
