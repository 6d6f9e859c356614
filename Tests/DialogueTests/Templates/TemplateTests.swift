import Core
import Testing

@testable import Dialogue

/// Section 1.5 of the format: texts of responses.
@Suite struct TemplateTests {
  static func render(_ written: String, spoken: Bool = false, context: [String: ContextValue] = [:]) throws -> String {
    var inquiry = Inquiry()
    let scope = PredicateTests.scope(PredicateTests.context.merging(context) { $1 })
    let wording = Scope.Wording(isSpoken: spoken, locale: .americanEnglish)
    return scope.pieces(of: try TemplateParser.parse(written), wording: wording, &inquiry).map { piece in
      switch piece {
      case .words(let words): words
      case .value(let value, _): value.description
      }
    }.joined()
  }

  @Test(arguments: [
    ("Hello {name}!", "Hello Ann!"), ("{missing}", "None"), ("a { b } c", "a { b } c"), ("{{ slots.name }}", "Ann"),
    ("{{ slots.name | upper }}", "ANN"), ("{{slots.missing|default('nobody')}}", "nobody"),
    ("{{ context.names | join(' and ') }}", "one and two"),
    ("{{ context.corrected.keys() | join(', ') }}", "name"), ("{{ context.corrected.values() | join(', ') }}", "Ann"),
    ("{% if slots.ok %}yes{% else %}no{% endif %}", "yes"),
    ("{% if slots.amount > 50 %}a{% elif slots.amount > 10 %}b{% else %}c{% endif %}", "b"),
    ("{% if slots.name == 'Bob' %}Bob{% endif %}.", "."), ("{{ 'many' if slots.amount > 10 else 'few' }}", "many"),
    ("{% if 'one' in context.names %}in{% endif %}", "in"), ("{% if 'x' not in context.names %}out{% endif %}", "out"),
    ("{{ context.names | length }}", "2"), ("{% if slots.missing is none %}gone{% endif %}", "gone"),
    ("{% if slots.name is defined and not slots.missing %}both{% endif %}", "both"), ("{{ slots['name'] }}", "Ann"),
    ("{# nothing #}x", "x"), ("a {%- if true %} b{% endif %}", "a b"), ("{order_number}", "<identifier>"),
    ("{{ slots.order_number | upper }}", "<identifier>"), ("{% if slots.order_number %}known{% endif %}", "known"),
    ("{{ slots.name | lower | capitalize }}", "Ann"), ("{{ name }}", "Ann"), ("{{ slots.items }}", "a, b"),
    ("{{ 'x' or 'y' }}", "x"), ("{{ slots.missing or 'y' }}", "y"), ("{{ -1 }}", "-1"),
  ])
  func `1.5 a text is filled`(written: String, expected: String) throws {
    #expect(try Self.render(written) == expected)
  }

  @Test(arguments: [
    "{{ slots.name", "{% if slots.ok %}x", "{% for x in y %}{% endfor %}", "{{ }}", "{{ slots.name | shout }}",
    "{{ a + b }}",
    "{{ 'x }}", "{{ slots. }}", "{{ slots.name.lower() }}", "{% endif %}", "{# x", "{{ slots.a is odd }}",
    "{{ (slots.a }}",
  ])
  func `1.5 a broken text is refused with a column`(written: String) {
    #expect(throws: DialogueError.self) { try TemplateParser.parse(written) }
    do { _ = try TemplateParser.parse(written) } catch let error {
      #expect(error.code == "dialogue.template_syntax")
      #expect(error.column >= 1 && error.column <= written.count + 1)
    }
  }

  @Test(arguments: [
    ("on {day{day}}", 4), ("{day{day}}", 1), ("{ day }", 1), ("{first name}", 1), ("day}", 4), ("{day", 1),
    ("a }{day}", 3),
    ("{% if slots.ok %}{day{% endif %}", 18), ("{day}}", 6), ("{{day}", 1), ("}", 1),
  ])
  func `1.5 a brace that belongs to no place is told to an author`(written: String, column: Int) throws {
    let error = try #require(throws: DialogueError.self) { try TemplateParser.parse(written, strictly: true) }
    #expect(error.column == column && error.notation == .template, "\(error)")
  }

  @Test(arguments: ["{day} {{ slots.day }} {# { #}{% if '{' %}x{% endif %}", "{{ '{' }}{{ '}' }}", "none at all"])
  func `1.5 a brace that is meant is written as an expression`(written: String) throws {
    #expect(try TemplateParser.parse(written, strictly: true) == TemplateParser.parse(written))
  }

  @Test func `1.5 on the phone a missing slot is silent and names lose their underscores`() throws {
    #expect(try Self.render("Hi {missing}.", spoken: true) == "Hi .")
    #expect(
      try Self.render(
        "{{ context.corrected.keys() | join(', ') }}", spoken: true,
        context: [
          "corrected": .map([ContextValue.Entry(key: "order_number", value: nil)])
        ]) == "order number")
  }

  @Test func `1.5 a value of the caller stays behind its token, with its grammar`() throws {
    var inquiry = Inquiry()
    let pieces = PredicateTests.scope(["new": .list([.value(secret("9", "t9"), .digits(minimum: 1, maximum: 1))])])
      .pieces(
        of: try TemplateParser.parse("It is {{ context.new | join(', ') }}."),
        wording: Scope.Wording(isSpoken: true, locale: .americanEnglish), &inquiry)
    #expect(pieces.count == 3)
    guard case .value(let value, .digits(minimum: 1, maximum: 1)?) = pieces[1] else {
      Issue.record("\(pieces[1])")
      return
    }
    #expect(value.token.id == "t9")
  }

  @Test(arguments: [
    ("One. Two? Three!", ["One.", "Two?", "Three!"]), ("It costs 3.5 euros. Fine.", ["It costs 3.5 euros.", "Fine."]),
    ("Mr. Smith and Dr. Who called.", ["Mr. Smith and Dr. Who called."]), ("  spaced   out  ", ["spaced out"]),
    ("No. I mean it.", ["No.", "I mean it."]), ("Really?! Yes.", ["Really?!", "Yes."]),
    ("He said \"go.\" Then left.", ["He said \"go.\"", "Then left."]),
    ("J. R. came at 5 p.m. today.", ["J. R. came at 5 p.m. today."]), ("One\n\nTwo", ["One", "Two"]),
    ("One\nmore", ["One more"]), ("", []),
  ])
  func `1.5 words are cut into sentences`(words: String, expected: [String]) {
    let sentences = SentenceSplitter.sentences(of: [.words(words)], response: nil)
    let texts = sentences.map { sentence in
      sentence.pieces.map { if case .words(let words) = $0 { words } else { "" } }.joined()
    }
    #expect(texts == expected)
  }

  @Test func `1.5 a value belongs to the sentence it stands in`() {
    let value = Sensitive(token: SensitiveToken(label: .identifier, id: "t"), value: "1")
    let sentences = SentenceSplitter.sentences(
      of: [.words("Your number is "), .value(value, nil), .words(". Is that right?")], response: "utter_x")
    #expect(sentences.map(\.pieces.count) == [3, 1])
    #expect(sentences.map(\.isConstant) == [false, true])
  }
}
