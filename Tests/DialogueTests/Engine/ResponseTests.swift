import Core
import Testing

@testable import Dialogue

/// Section 1.5 of the format: which variant is said.
@Suite struct ResponseTests {
  static func words(
    _ variants: [ResponseVariant], channel: Channel = .voice, seed: UInt64 = 1, preset: [SlotName: SlotValue] = [:]
  ) -> String {
    var talk = Talk(
      assistant(
        [flow("a", completes: false, run("utter_x"))],
        slots: [
          slot("vip", .bool, by: .controlled), slot("number", grammar: .digits(minimum: 4, maximum: 4)),
          slot("price", .float(minimum: nil, maximum: nil), grammar: .money(currency: "EUR")),
        ],
        responses: [response("utter_x", variants: variants)]), channel: channel, seed: seed)
    for (slot, value) in preset { talk.engine.preset(slot, value) }
    talk.says(.startFlow("a"))
    return talk.words
  }

  private static func variant(
    _ words: String, channel: String? = nil, if written: String? = nil, locale: LocaleTag? = nil
  ) -> ResponseVariant {
    ResponseVariant(text: text(words), channel: channel, condition: written.map(condition), locale: locale)
  }

  @Test func `1.5 condition and channel go before channel, that before condition, that before any`() {
    let all = [
      Self.variant("any"), Self.variant("if", if: "slots.vip"), Self.variant("voice", channel: "voice"),
      Self.variant("voice if", channel: "voice", if: "slots.vip"),
    ]
    #expect(Self.words(all, preset: ["vip": .bool(true)]) == "voice if")
    #expect(Self.words(all) == "voice")
    #expect(Self.words(all, channel: .chat, preset: ["vip": .bool(true)]) == "if")
    #expect(Self.words(all, channel: .chat) == "any")
  }

  @Test func `1.5 a variant of another channel or a condition that fails is never said`() {
    #expect(Self.words([Self.variant("chat", channel: "chat"), Self.variant("any")]) == "any")
    #expect(Self.words([Self.variant("if", if: "slots.vip"), Self.variant("any")]) == "any")
  }

  @Test func `1.5 among equals the seed decides, the same way each time`() {
    let variants = [Self.variant("one"), Self.variant("two"), Self.variant("three")]
    let said = (0..<40).map { Self.words(variants, seed: $0) }
    #expect(Set(said) == ["one", "two", "three"])
    #expect(said == (0..<40).map { Self.words(variants, seed: $0) })
  }

  @Test func `1.5 the slot language chooses the locale`() {
    let variants = [Self.variant("hello"), Self.variant("hallo", locale: "de-DE")]
    #expect(Self.words(variants) == "hello")
    #expect(Self.words(variants, preset: ["language": .text("de-DE")]) == "hallo")
    #expect(Self.words(variants, preset: ["language": .text("de-AT")]) == "hallo")
    #expect(Self.words(variants, preset: ["language": .text("fr-FR")]) == "hello")
  }

  @Test func `1.5 values are spoken by their grammar on the phone and shown as they are in writing`() {
    let variant = [Self.variant("It is {number}.")]
    #expect(Self.words(variant, preset: ["number": .text("1234")]) == "It is 1 2 3 4.")
    #expect(Self.words(variant, channel: .chat, preset: ["number": .text("1234")]) == "It is 1234.")
    #expect(Self.words([Self.variant("{price}.")], channel: .chat, preset: ["price": .number(12)]) == "12.")
  }

  @Test func `1.5 a must-be-heard variant carries its policy`() {
    var talk = Talk(
      assistant(
        [flow("a", run("utter_x"))],
        responses: [response("utter_x", variants: [ResponseVariant(text: text("x"), interruption: .words)])]))
    talk.says(.startFlow("a"))
    #expect(talk.moves.contains { if case .say(_, .words, .answer) = $0 { true } else { false } })
  }
}
