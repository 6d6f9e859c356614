import Core
import Testing

@testable import Dialogue

/// A number that is said in parts: what was heard is said back, and only the rest is asked for.
@Suite struct `A number in parts` {
  private static func talk(_ label: DataLabel? = .identifier, digits: SlotGrammar = .digits(minimum: 8, maximum: 8))
    -> Talk
  {
    var talk = Talk(
      assistant(
        [flow("status", ask("number"), ask("name", .end))],
        slots: [slot("number", grammar: digits, label: label), slot("name")],
        responses: [
          response("utter_part_heard", "{{context.part}} so far."),
          response("utter_part_too_long", "{{context.part_count}} digits, not {{context.part_wanted}}."),
          response("utter_part_anew", "From the start."),
        ], destinations: ["desk"]))
    talk.begin()
    talk.says(.startFlow("status"))
    return talk
  }

  private static func part(_ digits: String) -> Command {
    .holdPart("number", secret(digits, "part-\(digits)"), count: digits.utf8.count)
  }

  @Test func `is held, said back, and known to whoever understands the rest`() {
    var talk = Self.talk()
    talk.says(Self.part("1047"))
    #expect(talk.said == ["utter_part_heard"])
    #expect(talk.engine.understandingContext.part?.revealedText == "1047")
    #expect(talk.awaiting == "number" && talk.value("number") == nil)
    talk.says(.setSlot("number", secret("10473829", "whole")))
    #expect(talk.text("number") == "10473829" && talk.awaiting == "name")
    #expect(talk.engine.understandingContext.part == nil)
  }

  @Test func `is listened for as the rest or all of it`() throws {
    var talk = Self.talk()
    talk.says(Self.part("10473"))
    guard case .wait(.caller(let plan))? = talk.moves.last else {
      Issue.record("nobody listens")
      return
    }
    #expect(plan.grammar == .digits(minimum: 3, maximum: 8))
  }

  @Test func `that is too long is said back once and not kept`() {
    var talk = Self.talk()
    talk.says(Self.part("104738291"))
    #expect(talk.said == ["utter_part_too_long"])
    #expect(talk.words == "9 digits, not 8.", "\(talk.words)")
    #expect(talk.engine.understandingContext.part == nil)
  }

  @Test func `that grows is no failure; one that does not leads to a person`() {
    var talk = Self.talk()
    for digits in ["1", "10", "104", "1047", "10473", "104738"] { talk.says(Self.part(digits)) }
    #expect(talk.transfers.isEmpty && talk.said == ["utter_part_heard"])
    talk = Self.talk()
    for _ in 0..<3 { talk.says(Self.part("104738291")) }
    #expect(talk.flows.contains("pattern_human_handoff") || !talk.transfers.isEmpty, "\(talk.flows)")
  }

  @Test func `is begun anew when the caller says so`() {
    var talk = Self.talk()
    talk.says(Self.part("1047"))
    talk.says(Self.part(""))
    #expect(talk.said == ["utter_part_anew"] && talk.engine.understandingContext.part == nil)
  }

  @Test func `stays held while something is not understood`() {
    var talk = Self.talk()
    talk.says(Self.part("1047"))
    talk.says(.cannotHandle(.notUnderstood))
    #expect(talk.said.last == "utter_part_heard", "\(talk.said)")
    #expect(talk.engine.understandingContext.part?.revealedText == "1047")
  }

  @Test func `is not held when it is doubtful, secret, or not what is asked`() {
    var talk = Self.talk()
    talk.says(Self.part("1047"), confidence: Confidence(permille: 400))
    #expect(talk.engine.understandingContext.part == nil)
    talk = Self.talk(.secret)
    talk.says(Self.part("1047"))
    #expect(talk.engine.understandingContext.part == nil)
    talk = Self.talk(digits: .freeText)
    talk.says(Self.part("1047"))
    #expect(talk.engine.understandingContext.part == nil)
    talk = Self.talk()
    talk.says(.holdPart("name", .text("1047"), count: 4))
    #expect(talk.engine.understandingContext.part == nil)
  }

  @Test func `leaves the question its own words, also behind a menu of keys`() {
    var talk = Talk(
      assistant(
        [flow("status", ask("number", voice: CollectVoice(noMatchLadder: [.menu, .reprompt, .reprompt])))],
        slots: [slot("number", grammar: .digits(minimum: 8, maximum: 8), label: .identifier)],
        responses: ["utter_part_heard", "utter_part_anew", "utter_key_menu", "utter_ask_number"].map {
          response(ResponseName($0), $0)
        }))
    talk.begin()
    talk.says(.startFlow("status"))
    talk.says(Self.part("1047"))
    talk.says(.cannotHandle(.notUnderstood))
    talk.says(Self.part(""))
    talk.says(.cannotHandle(.notUnderstood))
    #expect(talk.said.last == "utter_ask_number", "\(talk.said)")
  }
}
