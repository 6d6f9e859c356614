import Core
import Testing

@testable import Dialogue

/// Section 1.4 of the format: conditions.
@Suite struct PredicateTests {
  static let definition = assistant(
    [],
    slots: [
      slot("city", .categorical(["Berlin", "Paris"])), slot("name"), slot("amount", .float(minimum: nil, maximum: nil)),
      slot("limit", .float(minimum: nil, maximum: nil)), slot("ok", .bool), slot("rating"), slot("items", .list),
      slot("from"),
      slot("to"), slot("order_number"), slot("other_number"), slot("blank"),
    ])
  static let compiled = CompiledAssistant(definition)

  static func scope(_ context: [String: ContextValue] = [:]) -> Scope {
    func state(_ value: SlotValue, _ confidence: Int = 1000) -> SlotState {
      SlotState(value: value, source: .speech, confidence: Confidence(permille: confidence))
    }
    var frame = Frame(flow: compiled.flow("pattern_chitchat") ?? 0, kind: .pattern, activation: FlowActivation(1))
    frame.context = context
    return Scope(
      program: compiled,
      slots: [
        "city": state(.text("Berlin")), "name": state(.text("Ann")), "amount": state(.number(20), 430),
        "limit": state(.number(100)), "ok": state(.bool(true)), "rating": state(.text("10")),
        "items": state(.list([.text("a"), .text("b")])), "from": state(.text("2026-02-01")),
        "to": state(.text("2026-01-31")), "order_number": state(secret("12345678", "t1")),
        "other_number": state(secret("87654321", "t2")), "blank": state(.text("")),
      ], stack: [frame], clock: DialogueClock(today: CivilDate(daysSinceEpoch: 0), minuteOfDay: 545), channel: .voice)
  }

  static let context: [String: ContextValue] = [
    "collect": .text("name"), "reason": .text("x"), "names": .texts(["one", "two"]),
    "corrected": .map([ContextValue.Entry(key: "name", value: .text("Ann"))]),
  ]

  @Test(arguments: [
    ("slots.city = 'Berlin'", true), ("slots.city = 'berlin'", true), ("slots.name = 'ann'", false),
    ("slots.name == \"Ann\"", true), ("slots.name != 'Bob'", true), ("slots.name is 'Ann'", true),
    ("slots.name is not 'Ann'", false), ("slots.missing is null", true), ("slots.missing is not null", false),
    ("slots.missing = undefined", true), ("slots.blank is empty", true), ("slots.name is not empty", true),
    ("slots.amount > 10", true), ("slots.amount >= 20", true), ("slots.amount < 20", false),
    ("slots.amount <= 20", true),
    ("slots.amount = 20", true), ("slots.amount = '20'", true), ("slots.amount < slots.limit", true),
    ("slots.amount > slots.missing", false), ("slots.rating < '3'", true), ("slots.rating < 3", false),
    ("slots.from > slots.to", true), ("slots.from >= '2026-02-01'", true), ("'01/31/2026' < '02/01/2025'", false),
    ("slots.ok", true), ("not slots.ok", false), ("slots.ok = true", true), ("slots.ok = 'true'", true),
    ("slots.ok is False", false), ("slots.items", true), ("slots.missing", false), ("slots.blank", false),
    ("slots.items contains 'a'", true), ("slots.items contains 'c'", false), ("slots.name contains 'nn'", true),
    ("{'Berlin' 'Rome'} contains slots.city", true), ("{'Rome'} contains slots.city", false),
    ("{'Ann', 'Bob'} contains slots.name", true),
    ("slots.name matches '^A'", true), ("slots.name matches \"^n\"", false), ("slots.amount matches '^20$'", true),
    ("slots.name not matches '^A'", false), ("slots.ok AND slots.amount > 10", true),
    ("slots.ok and slots.amount > 50", false),
    ("slots.missing or slots.ok", true), ("false or true and false", false), ("(false or true) and true", true),
    ("not (slots.amount > 50)", true), ("not slots.missing and slots.ok", true), ("true", true), ("False", false),
    ("context.reason = 'x'", true), ("context.names contains 'two'", true), ("context.unknown is null", true),
    ("context.corrected.name = 'Ann'", true), ("slots.{{context.collect}} is not null", true),
    ("slots.{{context.collect}} = 'Ann'", true), ("'{{context.reason}}' = 'x'", true),
    ("\"{{context.reason}}\" != 'x'", false),
    ("meta.amount.confidence < 0.45", true), ("meta.name.source = 'speech'", true),
    ("meta.missing.confidence > 0", false),
    ("context.today = '1970-01-01'", true), ("context.time >= '09:00'", true), ("context.channel = 'voice'", true),
    ("context.assistant_name = 'Ada'", true), ("context.assistant_name = 'nobody'", false),
    ("slots.order_number is not null", true), ("slots.order_number", true),
    ("slots.order_number matches '^[0-9]{8}$'", true),
    ("slots.order_number = '12345678'", true), ("slots.order_number = slots.other_number", false),
    ("slots.order_number < slots.other_number", true), ("slots.order_number contains '234'", true),
    ("{'12345678'} contains slots.order_number", true), ("-1 < 0", true),
  ])
  func `1.4 a condition holds or not`(written: String, expected: Bool) throws {
    let parsed = try PredicateParser.parse(written)
    var inquiry = Inquiry()
    #expect(Self.scope(Self.context).holds(parsed.predicate, &inquiry) == expected)
    #expect(inquiry.problems.isEmpty)
  }

  @Test(arguments: [
    ("", 1), ("slots.a = ", 11), ("slots.a & slots.b", 9), ("(slots.a", 9), ("slots.a slots.b", 9),
    ("slots.a = 'x", 11),
    ("slots. = 1", 1), ("slots.a.b = 1", 1), ("slots.a matches '['", 17), ("slots.a matches slots.b", 17),
    ("and slots.a", 1),
    ("meta.a.colour = 1", 1), ("slots.a = 3x", 11), ("slots.a ! slots.b", 9), ("{'a'", 5), ("foo.bar = 1", 1),
    ("slots.{{context.x is null", 1), ("not", 4),
  ])
  func `1.4 a broken condition names the column and what would be right`(written: String, column: Int) {
    do {
      let parsed = try PredicateParser.parse(written)
      Issue.record("'\(written)' was read as \(parsed)")
    } catch {
      #expect(error.column == column, "\(error)")
      #expect(error.code == "dialogue.predicate_syntax")
      #expect(!error.message.isEmpty)
    }
  }

  @Test(arguments: [("ok", 1), ("yes", 2), ("slots.ok", 0), ("ok = no", 3)])
  func `1.4 a slot without its namespace is read with a warning`(written: String, count: Int) throws {
    #expect(try PredicateParser.parse(written).warnings.count == count)
  }

  @Test func `1.4 a question about a sensitive value is noted without the value`() throws {
    var inquiry = Inquiry()
    let scope = Self.scope()
    _ = scope.holds(condition("slots.order_number matches '^[0-9]{8}$'"), &inquiry)
    _ = scope.holds(condition("slots.amount < slots.order_number"), &inquiry)
    let facts = inquiry.facts.takeNoted()
    #expect(facts.map(\.question) == ["slots.order_number matches ^[0-9]{8}$", "20 < <t1>"])
    #expect(facts.map(\.answer) == [.truth(true), .truth(true)])
    #expect(!"\(facts)".contains("12345678"))
  }

  @Test func `1.4 a fact answers when the value is erased`() {
    var inquiry = Inquiry()
    let predicate = condition("slots.order_number = '12345678' and slots.order_number < slots.other_number")
    #expect(Self.scope().holds(predicate, &inquiry))
    let facts = inquiry.facts.takeNoted()
    var replayed = Inquiry()
    replayed.facts.recall(facts)
    var slots = Self.scope().slots
    for name: SlotName in ["order_number", "other_number"] {
      guard let state = slots[name], case .sensitive(let value) = state.value else { continue }
      slots[name] = SlotState(value: .sensitive(value.revealing(nil)), source: .speech, confidence: .certain)
    }
    let erased = Scope(program: Self.compiled, slots: slots, stack: [], clock: Self.scope().clock, channel: .voice)
    #expect(erased.holds(predicate, &replayed))
    #expect(replayed.facts.takeNoted() == facts)
    var unknown = Inquiry()
    #expect(!erased.holds(predicate, &unknown))
    #expect(!unknown.problems.isEmpty)
  }

  @Test func `1.4 what a template makes unreadable does not hold and is reported`() {
    var inquiry = Inquiry()
    #expect(!Self.scope(["x": .text("a b")]).holds(condition("{{context.x}} = 1"), &inquiry))
    #expect(inquiry.problems.count == 1)
  }
}
