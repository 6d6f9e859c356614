import Core
import Testing

@testable import Dialogue

/// Section 1.6 of the format: session, hold, goodbye, a person.
@Suite struct SessionTests {
  private static func talk(
    _ extra: Flow..., slots more: [SlotDefinition] = [], to destinations: [DestinationName] = [], without: [FlowID] = []
  ) -> Talk {
    RepairTests.talk(extra, slots: more, to: destinations, without: without)
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
    #expect(talk.awaiting == "x")
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

  @Test func `a bare yes after hold answers the question that was open`() {
    var talk = RepairTests.talk()
    talk.says(.startFlow("truth"))
    talk.says(.hold)
    #expect(talk.ending == .fulfil)
    talk.says(.answer(true))
    #expect(talk.said.first == "utter_done")
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
    var talk = Self.talk(
      flow("p", put("transfer_destination", .text("desk")), link("pattern_human_handoff")), to: ["desk", "back"])
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
    #expect(
      talk.said == ["utter_human_handoff", "utter_human_handoff_failed", "utter_done", "utter_can_do_something_else"])
  }
}
