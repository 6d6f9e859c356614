import Core
import Testing

@testable import Dialogue

/// What is remembered about a caller's value answers one question only: the one whose both sides are the same.
@Suite struct `Remembered answers` {
  /// Values that look alike, in pairs: what holds for one of them must not be remembered for the other.
  static let clear: [SlotValue] = [
    .number(50), .number(5000), .text("50"), .text("5000"), .text("Berlin"), .text("berlin"), .text("a' 'b"),
    .text("a\\' 'b"), .text(""), .bool(true), .text("true"), .list([.text("a"), .text("b")]), .list([.text("a' 'b")]),
    .text("<t1>"), .text("null"), .number(-1), .number(1e300),
  ]
  static let hidden: [SlotValue] = ["100", "Berlin", "berlin", "true", "a", ""].enumerated().map { index, text in
    .sensitive(Sensitive(token: SensitiveToken(label: .personal, id: "t\(index)"), value: text))
  }
  static let conditions = [
    "slots.x = slots.y", "slots.x != slots.y", "slots.x < slots.y", "slots.x <= slots.y", "slots.x > slots.y",
    "slots.x >= slots.y", "slots.x contains slots.y", "{'100' 'Berlin'} contains slots.y", "slots.x matches '^b'",
    "slots.city = slots.x", "slots.x = slots.city", "slots.x = 'berlin'", "slots.items contains slots.x",
    "slots.items contains slots.city",
  ]

  static func holds(_ condition: Predicate, _ slots: [SlotName: SlotValue], _ inquiry: inout Inquiry) -> Bool {
    let states = slots.mapValues { SlotState(value: $0, source: .speech, confidence: .certain) }
    return Scope(
      program: program, slots: states, stack: [],
      clock: DialogueClock(today: CivilDate(daysSinceEpoch: 0), minuteOfDay: 0), channel: .voice
    ).holds(condition, &inquiry)
  }

  static let program = CompiledAssistant(
    assistant([], slots: [slot("city", .categorical(["Berlin"])), slot("x"), slot("y"), slot("items", .list)]))

  @Test(arguments: conditions)
  func `a condition asked with other values is answered by them`(written: String) {
    let predicate = condition(written)
    var remembered = Inquiry()
    let values = Self.clear + Self.hidden
    for x in values {
      for y in values {
        let slots: [SlotName: SlotValue] = [
          "x": x, "y": y, "city": .text("Berlin"), "items": .list([x, y, .text("z")]),
        ]
        var fresh = Inquiry()
        let expected = Self.holds(predicate, slots, &fresh)
        let again = Self.holds(predicate, slots, &remembered)
        #expect(again == expected, "\(written), \(x), \(y)")
      }
    }
  }

  @Test func `every operator is asked for itself`() {
    var remembered = Inquiry()
    for written in Self.conditions {
      for x in Self.hidden {
        let slots: [SlotName: SlotValue] = ["x": x, "y": .number(100), "city": .text("Berlin"), "items": .list([x])]
        var fresh = Inquiry()
        let expected = Self.holds(condition(written), slots, &fresh)
        let again = Self.holds(condition(written), slots, &remembered)
        #expect(again == expected, "\(written), \(x)")
      }
    }
  }

  @Test
  func `a journal that asked without the clear side replays as it went, and no step that happens now believes it`() {
    let predicate = condition("slots.x > slots.y")
    let limit = SlotValue.sensitive(Sensitive(token: SensitiveToken(label: .personal, id: "t0"), value: "100"))
    let old = Fact(
      token: SensitiveToken(label: .personal, id: "t0"), question: "slots.x > <t0>", answer: .truth(false))
    var inquiry = Inquiry()
    inquiry.facts.recall([old])
    #expect(!Self.holds(predicate, ["x": .number(50), "y": limit], &inquiry))
    #expect(inquiry.facts.takeNoted() == [old])
    inquiry.facts.recall([])
    #expect(!Self.holds(predicate, ["x": .number(5000), "y": limit], &inquiry))
    #expect(inquiry.facts.takeNoted() == [])
    #expect(Self.holds(predicate, ["x": .number(5000), "y": limit], &inquiry))
    #expect(inquiry.facts.takeNoted().map(\.question) == ["5000 > <t0>"])
  }

  @Test func `an author's text and a kind of question never share their words`() {
    let said = Sensitive(token: SensitiveToken(label: .speech, id: "t9"), value: "yes or no")
    var step = EngineStep(
      program: Self.program, channel: .voice, clock: DialogueClock(today: CivilDate(daysSinceEpoch: 0), minuteOfDay: 0))
    let isSame = step.areSame(.sensitive(said), .text("yes or no"))
    #expect(isSame)
    let flag = CompiledSlot(slot("ok", .bool))
    guard case .mistyped = step.coerce(.sensitive(said), for: flag) else {
      Issue.record("taken for yes or no")
      return
    }
    #expect(Set(step.inquiry.facts.takeNoted().map(\.question)).count == 2)
  }
}
