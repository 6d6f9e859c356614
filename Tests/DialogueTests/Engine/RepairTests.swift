import Core
import Testing

@testable import Dialogue

/// Sections 1.5 and 1.6 of the format: validation, cannot handle, skip, repeat, silence, session, errors.
@Suite struct RepairTests {
  static let slots = [
    slot("x"), slot("n", .float(minimum: 0, maximum: 10)), slot("ok", .bool), slot("size", .categorical(["Small", "Large"])),
  ]
  static let flows = [
    flow("a", ask("x"), run("utter_done")), flow("number", ask("n"), run("utter_done")),
    flow("truth", ask("ok"), run("utter_done")), flow("choice", ask("size"), run("utter_done")), flow("quick", run("utter_quick")),
  ]
  static func talk(_ extra: Flow..., slots more: [SlotDefinition] = [], to destinations: [DestinationName] = [], profile: String = "c13", responses: [ResponseDefinition] = [], without: [FlowID] = []) -> Talk {
    Talk(
      assistant(
        flows + extra, slots: slots + more, responses: responses, destinations: destinations, profile: profile,
        without: without))
  }

  // MARK: Types and validation

  @Test(arguments: [
    ("number", "n", SlotValue.text("many"), "utter_float_slot_rejection"),
    ("number", "n", .number(11), "utter_float_slot_rejection"),
    ("truth", "ok", .text("perhaps"), "utter_boolean_slot_rejection"),
    ("choice", "size", .text("medium"), "utter_categorical_slot_rejection"),
  ])
  func `1.5 a value of the wrong type is refused and asked for again`(id: String, name: String, value: SlotValue, expected: String) {
    var talk = Self.talk()
    talk.says(.startFlow(FlowID(id)))
    talk.says(.setSlot(SlotName(name), value))
    #expect(talk.said == [expected, "utter_ask_\(name)"])
    #expect(talk.noted(.valueRejected) == [name])
    #expect(talk.value(SlotName(name)) == nil)
  }

  @Test func `1.5 a category is stored in its declared spelling`() {
    var talk = Self.talk(flow("keep", persisted: ["size"], ask("size")))
    talk.says(.startFlow("keep"), .setSlot("size", .text("LARGE")))
    #expect(talk.text("size") == "Large")
  }

  @Test func `1.5 texts become numbers and booleans where the slot wants them`() {
    var talk = Self.talk(flow("keep", persisted: ["n", "ok"], ask("n"), ask("ok")))
    talk.says(.startFlow("keep"), .setSlot("n", .text("7")), .setSlot("ok", .text("yes")))
    #expect(talk.value("n") == .number(7))
    #expect(talk.value("ok") == .bool(true))
  }

  @Test func `1.5 a sensitive category without a label becomes clear, one with a label stays`() {
    var talk = Self.talk(
      flow("keep", persisted: ["size", "state"], ask("size"), ask("state")),
      slots: [slot("state", .categorical(["well", "ill"]), label: .health)])
    talk.says(.startFlow("keep"), .setSlot("size", secret("small", "t1")), .setSlot("state", secret("Ill", "t2")))
    #expect(talk.value("size") == .text("Small"))
    #expect(talk.value("state") == secret("Ill", "t2"))
    #expect(talk.noted.map(\.question) == ["is one of Small|Large", "is one of well|ill"])
  }

  @Test func `1.5 a slot's own rejections run at its question, with its refill`() {
    var talk = Self.talk(
      flow("v", ask("v"), run("utter_done")),
      slots: [slot("v", rejections: [("not (slots.v matches '^[0-9]+$')", "utter_bad")], refill: "utter_refill")])
    talk.says(.startFlow("v"))
    #expect(talk.said == ["utter_ask_v"])
    talk.says(.setSlot("v", .text("abc")))
    #expect(talk.said == ["utter_bad", "utter_refill"])
    talk.says(.setSlot("v", .text("123")))
    #expect(talk.said.first == "utter_done")
  }

  @Test func `1.5 a slot given early is validated at once, with refill it is asked at once`() {
    var talk = Self.talk(
      flow("v", ask("x"), ask("v"), run("utter_done")),
      slots: [slot("v", rejections: [("slots.v = 'bad'", "utter_bad")], refill: "utter_refill")])
    talk.says(.startFlow("v"))
    talk.says(.setSlot("v", .text("bad")))
    #expect(talk.said == ["utter_bad", "utter_refill"])
    #expect(talk.awaiting == "v")
    talk.says(.setSlot("v", .text("good")))
    #expect(talk.said == ["utter_ask_x"])
    #expect(talk.noted(.flowCompleted).contains("pattern_validate_slot"))
  }

  @Test func `1.5 without refill an early value that is refused is asked at its step`() {
    var talk = Self.talk(
      flow("v", ask("x"), ask("v"), run("utter_done")), slots: [slot("v", rejections: [("slots.v = 'bad'", "utter_bad")])])
    talk.says(.startFlow("v"), .setSlot("v", .text("bad")))
    #expect(talk.said == ["utter_bad", "utter_ask_x"])
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.said == ["utter_ask_v"])
  }

  @Test func `1.5 a controlled slot is not filled by words, but by a button`() {
    var talk = Self.talk(flow("v", ask("x"), ask("v")), slots: [slot("v", by: .controlled)])
    talk.says(.startFlow("v"))
    talk.says(.setSlot("v", .text("1")))
    #expect(talk.noted(.commandRejected) == ["set v"])
    talk.presses(.setSlot("v", .text("1")), .setSlot("x", .text("2")))
    #expect(talk.text("v") == nil)
    #expect(talk.noted(.slotSet) == ["v", "x"])
  }

  @Test func `an unknown slot is dropped`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.setSlot("nothing", .text("1")))
    #expect(talk.noted(.commandRejected) == ["set nothing"])
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

  // MARK: Session

  @Test func `1.6 the session starts with its pattern`() {
    var talk = Self.talk()
    talk.begin()
    #expect(talk.said == ["utter_session_start"])
    #expect(talk.noted(.flowStarted) == ["pattern_session_start"])
    #expect(talk.ending == .fulfil)
    talk.begin()
    #expect(talk.said == [])
    #expect(talk.endings == [])
  }

  @Test func `1.6 a session start that asks is returned to after a journey`() {
    var talk = Self.talk(flow("pattern_session_start", ask("ok", first: true), run("utter_welcome")))
    talk.begin()
    #expect(talk.awaiting == "ok")
    talk.says(.startFlow("quick"))
    #expect(talk.said == ["utter_quick", "utter_ask_ok"])
    talk.says(.answer(true))
    #expect(talk.said.first == "utter_welcome")
  }

  @Test func `1.6 restart forgets everything`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.restart)
    #expect(talk.said == ["utter_how_can_i_help"])
    #expect(talk.flows == [])
    #expect(talk.noted(.flowCancelled) == ["a"])
  }

  @Test func `goodbye ends the call`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.goodbye)
    #expect(talk.said == ["utter_goodbye"])
    #expect(talk.hangUps == [.completed])
    #expect(talk.ending == .escalate)
    talk.says(.startFlow("a"))
    #expect(talk.moves == [.wait(.ended)])
  }

  @Test func `goodbye without its pattern is built in`() {
    var talk = Self.talk(without: ["pattern_goodbye"])
    talk.says(.goodbye)
    #expect(talk.said == ["utter_goodbye"])
    #expect(talk.hangUps == [.completed])
  }

  @Test func `goodbye beside a new wish does not end the call`() {
    var talk = Self.talk()
    talk.says(.goodbye, .startFlow("a"))
    #expect(talk.said == ["utter_ask_x"])
    #expect(talk.hangUps == [])
  }

  @Test func `hold waits, and the question comes again when the caller is back`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.hold)
    #expect(talk.said == ["utter_hold"])
    #expect(talk.waiting == .hold)
    #expect(talk.endings.count == 1)
    talk.says(.setSlot("x", .text("1")))
    #expect(talk.said.first == "utter_done")
    #expect(talk.flows == [])
  }

  @Test func `an answer nobody waits for after hold is not understood, and asked again`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.hold)
    talk.says()
    #expect(talk.said == ["utter_ask_rephrase", "utter_ask_x"])
  }

  @Test func `repeat after hold repeats the question, not the hold`() {
    var talk = Self.talk()
    talk.says(.startFlow("a"))
    talk.says(.hold)
    talk.says(.repeatLast)
    #expect(talk.said == ["utter_ask_x"])
  }

  // MARK: A person

  @Test func `1.6 a wish for a person is a transfer`() {
    var talk = Self.talk(to: ["desk", "back"])
    talk.says(.humanHandoff)
    #expect(talk.said == ["utter_human_handoff"])
    #expect(talk.transfers == ["back"])
    #expect(talk.text("transfer_outcome") == "accepted")
    #expect(talk.hangUps == [])
    #expect(talk.waiting == .ended)
    #expect(talk.ending == .escalate)
  }

  @Test func `1.6 the destination is taken from its slot`() {
    var talk = Self.talk(flow("p", put("transfer_destination", .text("desk")), link("pattern_human_handoff")), to: ["desk", "back"])
    talk.says(.startFlow("p"))
    #expect(talk.transfers == ["desk"])
  }

  @Test(arguments: TransferOutcome.allCases.filter { $0 != .accepted })
  func `1.6 a transfer that fails is told and the call goes on`(outcome: TransferOutcome) {
    var talk = Self.talk(to: ["desk"])
    talk.transfer = outcome
    talk.says(.startFlow("a"))
    talk.says(.humanHandoff)
    #expect(talk.said == ["utter_human_handoff", "utter_human_handoff_failed", "utter_ask_x"])
    #expect(talk.text("transfer_outcome") == outcome.rawValue)
    #expect(talk.ending == .escalate)
  }

  @Test func `1.6 without a destination it says so`() {
    var talk = Self.talk()
    talk.says(.humanHandoff)
    #expect(talk.said == ["utter_human_handoff_not_available"])
    #expect(talk.ending == .escalate)
  }

  @Test func `a value and a wish for a person in one turn: the value is kept`() {
    var talk = Self.talk(to: ["desk"])
    talk.transfer = .busy
    talk.says(.startFlow("a"))
    talk.says(.setSlot("x", .text("1")), .humanHandoff)
    #expect(talk.said == ["utter_human_handoff", "utter_human_handoff_failed", "utter_done", "utter_can_do_something_else"])
  }

  // MARK: Errors

  @Test func `1.6 a loop that never asks is stopped and told`() {
    var talk = Self.talk(flow("loop", branch("one", .to("two")), branch("two", .to("one"))))
    talk.says(.startFlow("loop"))
    #expect(talk.said == ["utter_internal_error_rasa"])
    #expect(talk.flows == [])
    #expect(talk.noted(.failure) == ["flow"])
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
      [flow("bad", ask("x", utter: "utter_missing"))], slots: Self.slots,
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
    var talk = Self.talk(flow("clean", ask("x"), link("pattern_human_handoff")), flow("pattern_chitchat", run("action_clean_stack"), run("utter_inform_code_change")))
    talk.says(.startFlow("clean"))
    talk.says(.chitchat)
    #expect(talk.said == ["utter_inform_code_change"])
    #expect(talk.flows == [])
  }
}
