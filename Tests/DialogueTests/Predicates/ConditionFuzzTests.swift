import Core
import TestSupport
import Testing

@testable import Dialogue

/// Whatever an author or a tool writes: conditions and texts are read or refused, and evaluated without a trap.
@Suite struct `No condition or text traps` {
  static let pieces = [
    "slots.amount", "slots.name", "slots.items", "slots.order_number", "slots.{{context.collect}}", "context.names",
    "meta.amount.confidence", "'a'", "\"b\"", "1", "-1", "99999999999999999999", "1e999",
    String(repeating: "9", count: 300),
    "null", "true", "not", "and", "or", "(", ")", "{", "}", "{{", "}}", "{%", "%}", "{% if slots.a %}", "{% else %}",
    "{% endif %}", "{#", "#}", "|", "| length", "| join('')", "=", "!=", "<", ">=", "is", "in", "if", "else",
    "contains", "matches",
    "'(a+)+$'", "'['", ",", ".", "..", "-", "--", "\\", "'", "\"", "👩‍👩‍👧", "\u{0}", "\u{301}", "²", "٣", " ", "\n", "[",
    "]",
    "{slots}", "{{slots.name}}", "{{ slots.items | length }}", "value", ".keys()", "['a']",
  ]
  static let corpus = [
    String(repeating: "(", count: 100_000), String(repeating: "not ", count: 100_000) + "slots.a",
    "{{ " + String(repeating: "(", count: 100_000), "{{ " + String(repeating: "not ", count: 100_000) + "a }}",
    "{{ " + String(repeating: "a if a else ", count: 50_000) + "a }}",
    "{{ a" + String(repeating: "|upper", count: 100_000) + " }}",
    String(repeating: "{% if slots.a %}", count: 50_000), "{{slots.self}}", "'{{slots.self}}' = '{{slots.self}}'", "²",
    "-²",
  ]

  static func evaluate(_ text: String) {
    let context: [String: ContextValue] = [
      "collect": .text("name"), "names": .texts(["{{slots.self}}", "'"]), "self": .text(text),
    ]
    var scope = PredicateTests.scope(context)
    scope = Scope(
      program: scope.program,
      slots: scope.slots.merging(
        ["self": SlotState(value: .text("{{slots.self}}"), source: .action, confidence: .certain)],
        uniquingKeysWith: { $1 }),
      stack: scope.stack, clock: scope.clock, channel: scope.channel)
    var inquiry = Inquiry()
    if let parsed = try? PredicateParser.parse(text) { _ = scope.holds(parsed.predicate, &inquiry) }
    guard let template = try? TemplateParser.parse(text) else { return }
    _ = scope.pieces(of: template, wording: Scope.Wording(isSpoken: true, locale: .americanEnglish), &inquiry)
    _ = scope.holds(.truthy(.template(template)), &inquiry)
    _ = SentenceSplitter.sentences(of: [.words(text)], response: "utter_x")
  }

  @Test(arguments: corpus.indices) func `what failed once is read or refused`(index: Int) {
    Self.evaluate(Self.corpus[index])
  }

  @Test(arguments: 0..<20) func `any pieces in any order are read or refused`(seed: Int) {
    var random = Seeded(UInt64(seed) &+ 77)
    for _ in 0..<80 {
      let count = random.below(12)
      Self.evaluate(
        (0..<count).map { _ in Self.pieces[random.below(Self.pieces.count)] }.joined(
          separator: random.chance(0.7) ? " " : ""))
    }
  }

  @Test(arguments: [Double.infinity, -.infinity, .nan, 1e300, -1e300, 0, 2.7])
  func `any number of options is offered`(number: Double) {
    let flows = (0..<30).map { flow(FlowID("f\($0)"), named: "journey \($0)", run("utter_done")) }
    var talk = Talk(assistant(flows))
    talk.begin()
    talk.engine.preset(BuiltInSlot.maximumOptions, .number(number))
    talk.says(.clarify(flows.map(\.id)))
    #expect(talk.said.isEmpty == false)
  }
}
