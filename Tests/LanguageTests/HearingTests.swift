import Core
import Language
import Testing

@Suite struct `Whether an answer is whole` {
  static let table: [(String, SlotGrammar?, Heard.Ending)] = [
    ("one two three four", orderNumber, .incomplete), ("1234", orderNumber, .incomplete),
    ("my order number is", orderNumber, .incomplete), ("Gladys,", orderNumber, .incomplete),
    ("My order number is one two three four five six seven eight.", orderNumber, .complete),
    ("12345678", orderNumber, .complete),
    ("12345678 and", orderNumber, .incomplete), ("12345678, no wait", orderNumber, .incomplete),
    ("12345678, no I meant 8765", orderNumber, .incomplete),
    ("12345678, no I meant 87654321", orderNumber, .complete), ("um", orderNumber, .incomplete),
    ("no", orderNumber, .open),
    ("I don't have it", orderNumber, .open), ("one two three four five six seventy", orderNumber, .open),
    ("let me see", orderNumber, .incomplete),
    ("1 2 3 4 5 6 7 double", orderNumber, .incomplete),
    ("1234", .digits(minimum: 4, maximum: 6), .open), ("123456", .digits(minimum: 4, maximum: 6), .complete),
    ("yes", .yesNo, .complete), ("No, thank you.", .yesNo, .complete), ("yes, but", .yesNo, .incomplete),
    ("well", .yesNo, .open),
    ("yes", nil, .complete), ("I want to change my", nil, .incomplete), ("I want to change my address.", nil, .open),
    ("and", nil, .incomplete),
    ("I don't know where it is.", nil, .open), ("so I was wondering...", nil, .incomplete), ("hold on", nil, .open),
    ("Where is my order?", nil, .open),
    ("tomorrow", .date, .complete), ("next", .date, .incomplete), ("March", .date, .incomplete),
    ("March twenty", .date, .open), ("Friday, March the thirteenth", .date, .complete),
    ("three thirty pm", .time, .complete), ("three", .time, .open), ("jane dot doe at", .email, .incomplete),
    ("jane dot doe at example dot com", .email, .complete),
    ("jane dot", .email, .incomplete), ("fourteen", .address, .incomplete),
    ("14 Main Street in", .address, .incomplete), ("14 Main Street, Springfield", .address, .open),
    ("14 Main Street, Springfield 62704", .address, .complete),
    ("A B 1", .spelling(minimum: 6, maximum: 6), .incomplete),
    ("A B 1 2 C D", .spelling(minimum: 6, maximum: 6), .complete),
    ("forty", .money(currency: "USD"), .open), ("$45.20", .money(currency: "USD"), .complete),
    ("my name is", .name, .incomplete), ("", nil, .open),
  ]

  @Test func `half a number in open talk waits for the rest, and a greeting for what is wanted`() {
    let order = SlotGrammar.digits(minimum: 8, maximum: 8)
    for (text, expected) in [
      ("And where is order four, two, seven, zero.", Heard.Ending.incomplete),
      ("And where is order four two seven zero three eight five nine", .complete), ("I have one", .open),
      ("Hello.", .incomplete), ("Good morning", .incomplete), ("Hello, where is my order?", .open),
    ] {
      #expect(Completeness.ending(of: text, for: nil, numbers: [order]) == expected, "\(text)")
    }
  }

  @Test func `words that only lead to a number wait for it`() {
    let digits = SlotGrammar.digits(minimum: 8, maximum: 8)
    for text in ["It is.", "Yes, it is", "that is"] {
      #expect(Completeness.ending(of: text, for: digits) == .incomplete)
      #expect(Completeness.ending(of: text, for: .yesNo) != .incomplete)
    }
  }

  @Test(arguments: table) func `endings`(_ text: String, _ grammar: SlotGrammar?, _ expected: Heard.Ending) {
    #expect(Completeness.ending(of: text, for: grammar) == expected)
  }
}

@Suite struct `What kind of words were heard` {
  func heard(_ text: String?, _ permille: Int = 800, _ grammar: SlotGrammar? = nil) -> Heard {
    HeardFeatures.describe(
      text: Sensitive(token: SensitiveToken(label: .speech, id: "1"), value: text),
      confidence: Confidence(permille: permille),
      listening: ListenPlan(grammar: grammar))
  }

  @Test(arguments: [
    ("mhm", Heard.Kind.backchannel), ("Okay.", .backchannel), ("uh-huh", .backchannel), ("yeah, I see", .backchannel),
    ("right", .backchannel),
    ("Stop.", .interruption), ("wait a second", .interruption), ("no", .interruption), ("hold on", .interruption),
    ("okay, stop", .interruption), ("Excuse me, I", .interruption),
    ("where is my order", .content), ("12345678", .content), ("", .empty), ("...", .empty), ("[BLANK_AUDIO]", .empty),
    ("you", .empty), ("Thanks for watching!", .empty), ("um", .empty), ("Uh...", .empty), ("um, uh", .empty),
    ("uh, okay", .backchannel), ("um, stop", .interruption),
    ("(music)", .empty), ("the the the the the the the", .empty), ("no no no no no no no", .interruption),
    ("one one one one one one", .content), ("(555) 123-4567", .content), ("thank you", .backchannel),
    ("okay so I want to change my address", .content),
  ])
  func `kinds`(_ text: String, _ expected: Heard.Kind) {
    #expect(heard(text).kind == expected)
  }

  @Test func `thank you is noise only when the recogniser doubts it`() {
    #expect(heard("Thank you.", 300).kind == .empty)
    #expect(heard("Thank you.", 900).kind == .backchannel)
  }

  @Test func `a clear yes is an answer when one is asked for`() {
    #expect(heard("yes", 800, .yesNo).kind == .content)
    #expect(heard("mhm", 800, .yesNo).kind == .backchannel)
    #expect(heard("yes").kind == .backchannel)
  }

  @Test func `words are counted and the ending follows the plan`() {
    let four = heard("one two three four", 800, orderNumber)
    #expect(four.wordCount == 4)
    #expect(four.ending == .incomplete)
    #expect(heard("12345678", 800, orderNumber).ending == .complete)
    #expect(heard(nil).kind == .empty)
  }
}
