import Core
import Testing

@testable import Assistant

@Suite struct DomainReadingTests {
  private func draft(_ yaml: String, imported: Bool = false) throws -> Draft {
    let log = ProblemLog()
    var draft = Draft()
    DomainReader(context: ReadingContext(log: log, isImported: imported)).read(
      "domain.yml", yaml, into: &draft)
    try #require(!log.hasErrors, "\(log.problems)")
    return draft
  }

  private func slot(_ yaml: String) throws -> SlotDefinition {
    try #require(draft("slots:\n  s: \(yaml)\n").slots["s"])
  }

  @Test(
    arguments: [
      ("{type: text}", DataLabel.personal), ("{type: any}", .personal), ("{type: list}", .personal),
      ("{type: bool}", nil),
      ("{type: float}", nil), ("{type: categorical, values: [a]}", nil), ("{type: text, voice: {label: none}}", nil),
      ("{type: text, mappings: [{type: controlled}]}", .personal),
      ("{type: text, mappings: [{type: controlled}], voice: {label: none}}", nil),
      ("{type: text, voice: {label: address}}", .address), ("{type: bool, voice: {label: health}}", .health),
      ("{type: text, voice: {grammar: {type: digits, length: 4}, label: secret}}", .secret),
    ] as [(String, DataLabel?)])
  func `text is personal until its author says otherwise`(yaml: String, label: DataLabel?) throws {
    #expect(try slot(yaml).label == label)
  }

  @Test(
    arguments: [
      ("{type: text}", .understanding), ("{type: text, mappings: [{type: from_llm}]}", .understanding),
      ("{type: text, mappings: [{type: controlled}]}", .controlled), ("{type: list}", .controlled),
      ("{type: text, mappings: [{type: controlled}, {type: from_llm}]}", .understanding),
      ("{type: text, mappings: [{type: from_entity, entity: x}]}", .understanding),
      ("{type: text, mappings: [{type: custom, action: x}]}", .controlled),
    ] as [(String, SlotDefinition.Filler)])
  func `mappings say who fills a slot`(yaml: String, filler: SlotDefinition.Filler) throws {
    #expect(try slot(yaml).filledBy == filler)
  }

  @Test(
    arguments: [
      ("{type: text, voice: {grammar: date}}", SlotGrammar.date),
      ("{type: text, voice: {grammar: digits}}", .digits(minimum: 1, maximum: 32)),
      ("{type: text, voice: {grammar: {type: digits, length: 8}}}", .digits(minimum: 8, maximum: 8)),
      ("{type: text, voice: {grammar: {type: spelling, minimum: 5, maximum: 7}}}", .spelling(minimum: 5, maximum: 7)),
      ("{type: float, min_value: 1, max_value: 9, voice: {grammar: number}}", .number(minimum: 1, maximum: 9)),
      ("{type: float, voice: {grammar: {type: money, currency: EUR}}}", .money(currency: "EUR")),
      ("{type: bool, voice: {grammar: yes_no}}", .yesNo), ("{type: bool}", .yesNo),
      ("{type: text, voice: {grammar: free_text}}", .freeText), ("{type: text}", .freeText),
      (
        "{type: categorical, values: [a, b], voice: {grammar: {type: choice, choices: {B: [bee, be], a: ay}}}}",
        .choice([SlotChoice(value: "b", synonyms: ["bee", "be"]), SlotChoice(value: "a", synonyms: ["ay"])])
      ),
      (
        "{type: categorical, values: [a, b]}",
        .choice([SlotChoice(value: "a", synonyms: []), SlotChoice(value: "b", synonyms: [])])
      ),
    ] as [(String, SlotGrammar)])
  func `a grammar is the slot's own or its type's`(yaml: String, grammar: SlotGrammar) throws {
    #expect(try slot(yaml).effectiveGrammar == grammar)
  }

  @Test(
    arguments: [
      ("{type: text, initial_value: 123}", SlotValue.text("123")), ("{type: bool, initial_value: false}", .bool(false)),
      ("{type: float, initial_value: 2.5}", .number(2.5)),
      ("{type: categorical, values: [Car, Home], initial_value: car}", .text("Car")),
      ("{type: list, initial_value: [a, 1, true]}", .list([.text("a"), .number(1), .bool(true)])),
    ] as [(String, SlotValue)])
  func `an initial value has the slot's type`(yaml: String, value: SlotValue) throws {
    #expect(try slot(yaml).initialValue == value)
  }

  @Test func `a response has variants by channel, condition, attempt and language`() throws {
    let response = try #require(
      draft(
        """
        responses:
          utter_x:
            - text: "One {slot}"
              channel: voice
              condition: slots.slot = 'a'
              voice: {attempt: 2, interruption: words, locale: en-GB}
            - text: two
              allow_interruptions: false
              buttons: [{title: Yes, payload: /SetSlots(a=true)}, {title: "No"}]
            - text: three
              condition:
                - {type: slot, name: policy, value: Car}
                - {type: slot, name: known, value: null}
              translation: {de: drei}
        """
      ).responses["utter_x"])
    #expect(response.variants.count == 4)
    let first = response.variants[0]
    #expect(first.channel == "voice" && first.attempt == 2 && first.interruption == .words && first.locale == "en-GB")
    #expect(first.text.pieces == [.literal("One "), .slot("slot")])
    #expect(response.variants[1].interruption == .mustBeHeard)
    #expect(
      response.variants[1].buttons == [
        ResponseButton(title: "Yes", payload: "/SetSlots(a=true)"), ResponseButton(title: "No", payload: "No"),
      ])
    #expect(
      response.variants[2].condition
        == .all([
          .compare(.slot("policy"), .equal, .literal(.text("Car"))), .compare(.slot("known"), .equal, .literal(nil)),
        ]))
    #expect(response.variants[3].locale == "de" && response.variants[3].text == Template(text: "drei"))
  }

  @Test func `places name their file, line and column`() throws {
    let draft = try draft("slots:\n  s:\n    type: bool\nresponses:\n  utter_x:\n    - text: x\n")
    #expect(draft.slots["s"]?.source == Core.SourceLocation(file: "domain.yml", line: 2, column: 3))
    #expect(draft.responses["utter_x"]?.source == Core.SourceLocation(file: "domain.yml", line: 5, column: 3))
  }
}
