import Core
import Testing

@testable import Dialogue

/// Sections 1.6 and 5 of the format: cannot handle, attempts, skip, repeat, small talk, silence.
@Suite struct RepairTests {
  static let slots = [
    slot("x"), slot("n", .float(minimum: 0, maximum: 10)), slot("ok", .bool),
    slot("size", .categorical(["Small", "Large"])),
  ]
  static let flows = [
    flow("a", ask("x"), run("utter_done")), flow("number", ask("n"), run("utter_done")),
    flow("truth", ask("ok"), run("utter_done")), flow("choice", ask("size"), run("utter_done")),
    flow("quick", run("utter_quick")),
  ]
  static func talk(
    _ extra: Flow..., to destinations: [DestinationName] = [], profile: String = "c13",
    responses: [ResponseDefinition] = []
  ) -> Talk {
    talk(extra, to: destinations, profile: profile, responses: responses)
  }

  /// The sample flows with more.
  static func talk(
    _ extra: [Flow], slots more: [SlotDefinition] = [], to destinations: [DestinationName] = [],
    profile: String = "c13", responses: [ResponseDefinition] = [], without: [FlowID] = []
  ) -> Talk {
    Talk(
      assistant(
        flows + extra, slots: slots + more, responses: responses, destinations: destinations, profile: profile,
        without: without))
  }

  // MARK: Cannot handle

  @Test(arguments: [
    (CannotHandleReason.notUnderstood, "utter_ask_rephrase"), (.outOfScope, "utter_cannot_handle"),
    (.noRelevantAnswer, "utter_no_relevant_answer_found"), (.engineFailed, "utter_ask_rephrase"),
  ])
  func `1.6 the reason selects what is said`(reason: CannotHandleReason, expected: String) {
    var talk = Self.talk()
    talk.says(.cannotHandle(reason))
    #expect(talk.said == [expected])
    #expect(talk.ending == .clarify)
  }

  @Test func `1.6 nothing usable within a flow asks its question again`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says()
    #expect(talk.said == ["utter_ask_rephrase", "utter_ask_x"])
    #expect(talk.ending == .clarify)
  }

  @Test func `1.6 cannot handle beside something usable is left out`() {
    var talk = Self.talk()
    talk.says(.cannotHandle(.outOfScope), .startFlow("a"))
    #expect(talk.said == ["utter_ask_x"])
  }

  @Test func `5 counted reprompts use the variant of the attempt`() {
    let wording = response(
      "utter_ask_x",
      variants: [
        ResponseVariant(text: text("first")), ResponseVariant(text: text("second"), attempt: 2),
        ResponseVariant(text: text("third"), attempt: 3),
      ])
    var voice = CollectVoice()
    voice.maximumNoMatch = 9
    var talk = Self.talk(flow("r", ask("x", voice: voice)), responses: [wording])
    talk.says(.startFlow("r"))
    #expect(talk.words == "first")
    talk.says()
    #expect(talk.words == "utter_ask_rephrase second")
    talk.says()
    #expect(talk.words == "utter_ask_rephrase third")
    talk.says()
    #expect(talk.words == "utter_ask_rephrase third")
  }

  @Test func `5 a question that fails too often hands over`() {
    var talk = Self.talk(to: ["desk"])
    talk.says(.startFlow("a"))
    talk.says()
    talk.says()
    #expect(talk.ending == .clarify)
    talk.says()
    #expect(talk.said == ["utter_human_handoff"])
    #expect(talk.transfers == ["desk"])
    #expect(talk.ending == .escalate)
    #expect(talk.decisions.contains { $0.kind == .escalated && $0.reason == "no_match" })
  }

  @Test func `5 refused values count as attempts`() {
    var talk = Self.talk(to: ["desk"])
    talk.says(.startFlow("number"))
    talk.says(.setSlot("n", .text("a")))
    talk.says()
    talk.says(.setSlot("n", .text("b")))
    #expect(talk.transfers == ["desk"])
  }

  @Test func `5 rejections count as attempts`() {
    var voice = CollectVoice()
    voice.maximumNoMatch = 2
    var talk = Self.talk(
      flow("r", ask("x", rejections: [("slots.x = 'bad'", "utter_bad")], voice: voice)), to: ["desk"])
    talk.says(.startFlow("r"))
    talk.says(.setSlot("x", .text("bad")))
    #expect(talk.transfers == [])
    talk.says(.setSlot("x", .text("bad")))
    #expect(talk.said.contains("utter_bad"))
    #expect(talk.transfers == ["desk"])
  }

  @Test func `5 nothing understood three times without a question hands over too`() {
    var talk = Self.talk(to: ["desk"])
    talk.says()
    talk.says()
    talk.says()
    #expect(talk.transfers == ["desk"])
  }

  @Test func `5 a usable turn resets the call's counter`() {
    var talk = Self.talk(to: ["desk"])
    talk.says()
    talk.says()
    talk.says(.startFlow("quick"))
    talk.says()
    #expect(talk.transfers == [])
  }

  @Test func `5 after a failed hand-over the question comes again`() {
    var talk = Self.talk(to: ["desk"])
    talk.transfer = .busy
    talk.says(.startFlow("a"))
    talk.says()
    talk.says()
    talk.says()
    #expect(talk.said == ["utter_human_handoff", "utter_human_handoff_failed", "utter_ask_x"])
    #expect(talk.ending == .escalate)
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.said.first == "utter_done")
  }

  // MARK: Skip, repeat, chit-chat, search

  @Test func `1.6 skip says so and asks again`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.skipQuestion)
    #expect(talk.said == ["utter_skip_question_answer", "utter_ask_x"])
  }

  @Test func `1.6 skip without a question is not understood`() {
    var talk = Self.talk()
    talk.says(.skipQuestion)
    #expect(talk.said == ["utter_ask_rephrase"])
  }

  @Test func `1.6 repeat says the last turn again, once`() {
    var talk = Self.talk(flow("r", run("utter_hello"), ask("x")))
    talk.says(.startFlow("r"))
    talk.says(.repeatLast)
    #expect(talk.said == ["utter_hello", "utter_ask_x"])
    #expect(talk.awaiting == "x")
    talk.says(.repeatLast)
    #expect(talk.said == ["utter_hello", "utter_ask_x"])
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.awaiting == nil)
  }

  @Test func `1.6 repeat before anything was said is not understood`() {
    var talk = Self.talk()
    talk.says(.repeatLast)
    #expect(talk.said == ["utter_ask_rephrase"])
  }

  @Test func `1.6 chit-chat is answered and the question asked again`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.chitchat)
    #expect(talk.said == ["utter_free_chitchat_response", "utter_ask_x"])
  }

  @Test func `1.6 chit-chat beside an answer is left out`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.chitchat, .setSlot("x", .text("1")))
    #expect(talk.said.first == "utter_done")
  }

  @Test func `1.6 search without knowledge says so`() {
    var talk = Self.talk()
    talk.says(.search)
    #expect(talk.said == ["utter_no_knowledge_base"])
  }

  @Test func `1.6 action_trigger_search without a tool finds no answer`() {
    var talk = Self.talk(flow("pattern_search", run("action_trigger_search")))
    talk.says(.search)
    #expect(talk.said == ["utter_no_relevant_answer_found"])
  }

  // MARK: Silence

  @Test func `1.6 silence asks the question again, then asks for the caller, then hangs up`() {
    let ask = response(
      "utter_ask_x", variants: [ResponseVariant(text: text("first")), ResponseVariant(text: text("again"), attempt: 2)])
    var talk = Self.talk(responses: [ask])
    talk.says(.startFlow("a"))
    talk.isSilent(1)
    #expect(talk.words == "again")
    #expect(talk.moves.contains { if case .say(_, _, .guidance) = $0 { true } else { false } })
    talk.isSilent(2)
    #expect(talk.words == "utter_ask_still_there again")
    talk.isSilent(3)
    #expect(talk.said == ["utter_inform_hangup"])
    #expect(talk.hangUps == [.silence])
    #expect(talk.waiting == .ended)
  }

  @Test func `1.6 silence with nothing asked gives guidance`() {
    var talk = Self.talk()
    talk.begin()
    talk.isSilent(1)
    #expect(talk.said == ["utter_silence_guidance"])
  }

  @Test func `1.6 C16 repeats at the first silence`() {
    var talk = Self.talk(profile: "c16")
    talk.says(.startFlow("a"))
    talk.isSilent(1)
    #expect(talk.said == ["utter_ask_x"])
    #expect(talk.awaiting == "x")
  }

  @Test func `5 a question has its own limit of silences`() {
    var voice = CollectVoice()
    voice.maximumNoInput = 1
    var talk = Self.talk(flow("r", ask("x", voice: voice)))
    talk.says(.startFlow("r"))
    talk.isSilent(1)
    #expect(talk.hangUps == [.silence])
  }

  @Test func `1.6 the counter of silences starts anew when the caller speaks`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.isSilent(2)
    #expect(talk.value("consecutive_silence_timeouts") == .number(2))
    talk.says(.chitchat)
    #expect(talk.value("consecutive_silence_timeouts") == .number(0))
  }
}
