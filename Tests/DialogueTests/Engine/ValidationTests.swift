import Core
import Testing

@testable import Dialogue

/// Section 1.5 of the format: types, rejections, who may fill a slot.
@Suite struct ValidationTests {
  private static func talk(
    _ extra: Flow..., slots more: [SlotDefinition] = [], to destinations: [DestinationName] = [], without: [FlowID] = []
  ) -> Talk {
    RepairTests.talk(extra, slots: more, to: destinations, without: without)
  }

  @Test(arguments: [
    ("number", "n", SlotValue.text("many"), "utter_float_slot_rejection"),
    ("number", "n", .number(11), "utter_float_slot_rejection"),
    ("truth", "ok", .text("perhaps"), "utter_boolean_slot_rejection"),
    ("choice", "size", .text("medium"), "utter_categorical_slot_rejection"),
  ])
  func `1.5 a value of the wrong type is refused and asked for again`(
    id: String, name: String, value: SlotValue, expected: String
  ) {
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
      flow("v", ask("x"), ask("v"), run("utter_done")),
      slots: [slot("v", rejections: [("slots.v = 'bad'", "utter_bad")])])
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
}
