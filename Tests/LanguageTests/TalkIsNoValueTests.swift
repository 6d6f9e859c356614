import Core
import Language
import Testing

/// Numbers and days of talk are no values, and no amount is read in another currency than its slot's.
@Suite struct `Talk is no value` {
  static let money = SlotGrammar.money(currency: "USD")
  static let number = SlotGrammar.number(minimum: nil, maximum: nil)

  @Test(arguments: [
    "I have two questions", "one moment", "one second please", "just one more question", "one more thing",
    "wait one sec", "two quick questions", "one last thing",
  ])
  func `numbers of talk`(text: String) {
    for grammar in [Self.number, Self.money, .time, .address] {
      #expect((best(text, grammar)?.confidence.permille ?? 0) < 500, "\(grammar): \(seen(text, grammar))")
    }
  }

  static let two = SlotGrammar.choice([
    SlotChoice(value: "standard", synonyms: []), SlotChoice(value: "express", synonyms: []),
  ])

  @Test(arguments: [
    ("give me a second", "-"), ("just one second", "-"), ("a second please", "-"), ("the second", "express"),
    ("second", "express"), ("the second one", "express"), ("one second, the first one", "standard"),
  ])
  func `choices`(text: String, value: String) { #expect(seen(text, Self.two) == value) }

  @Test(arguments: ["the twenty first", "on the thirty first", "the twenty second"])
  func `ranks are no numbers`(text: String) {
    #expect(seen(text, Self.money) == "-" && seen(text, Self.number) == "-")
  }

  @Test(arguments: [
    "in a minute", "in one minute", "give me two minutes", "it takes three days", "I need five minutes", "two hours",
  ])
  func `spans of time are no amount and no house`(text: String) {
    #expect(seen(text, Self.money) == "-" && best(text, .address).map { $0.confidence.permille < 700 } ?? true)
  }

  @Test(arguments: ["in a minute", "in one minute", "two minutes", "give me five minutes"])
  func `spans of waiting are no time of day`(text: String) { #expect(seen(text, .time) == "-") }

  @Test(arguments: [
    ("5k", "5000"), ("5K", "5000"), ("two k", "2000"), ("2.5k", "2500"), ("$5k", "5000"), ("about 10 k", "10000"),
    ("two and a half k", "2500"), ("five grand", "5000"), ("ten k dollars", "10000"), ("50$", "50"),
    ("ten dollars", "10"), ("ten bucks", "10"), ("10 USD", "10"), ("ten dollars, not ten euros", "10"),
    ("ten euros, I mean twelve dollars", "12"), ("fifty please", "50"), ("fifty, thanks", "50"), ("fifty thanks", "50"),
    ("fifty cents", "0.5"),
  ])
  func `amounts`(text: String, value: String) { #expect(seen(text, Self.money) == value) }

  @Test(arguments: [
    "ten euros", "10 euros", "€10", "10€", "£50", "fifty pounds", "ten EUR", "ten quid", "fifty pence", "20 francs",
    "a thousand yen", "two hundred rupees", "five k euros", "€5k", "ten euros fifty", "two fifty euros",
    "twenty pesos", "no, ten euros",
  ])
  func `of other currencies are no amount`(text: String) { #expect(seen(text, Self.money) == "-") }

  @Test(arguments: [
    ("ten euros", "EUR", "10"), ("ten dollars", "EUR", "-"), ("$10", "EUR", "-"), ("ten dollars", "CAD", "10"),
    ("ten euros", "CAD", "-"), ("fifty pence", "GBP", "0.5"), ("ten pounds", "GBP", "10"), ("ten quid", "gbp", "10"),
    ("fifty cents", "EUR", "0.5"), ("ten francs", "CHF", "10"),
  ])
  func `are read in the currency of the slot`(text: String, currency: String, value: String) {
    #expect(seen(text, .money(currency: currency)) == value)
  }

  @Test(arguments: ["I have two accounts", "three credits"])
  func `numbers of things are asked about`(text: String) {
    #expect((best(text, Self.money)?.confidence.permille ?? 0) < 500)
  }

  @Test(arguments: [
    "31.12.2026", "12-31-2026", "2026-12-31", "12/31/2026", "31/12/2026", "it was on 31.12.2026", "1.1.2026",
  ])
  func `a day is no number of digits`(text: String) {
    for grammar in [orderNumber, .digits(minimum: 6, maximum: 8), .digits(minimum: 4, maximum: 10)] {
      #expect(seen(text, grammar) == "-")
    }
  }

  @Test(arguments: [
    ("1234-5678", "12345678"), ("12.34.5678", "12345678"), ("12-34-5678", "12345678"), ("99-99-2026", "99992026"),
  ])
  func `digits in groups are`(text: String, value: String) { #expect(seen(text, orderNumber) == value) }

  @Test(arguments: [
    ("31.12.2026", "2026-12-31"), ("12.31.2026", "2026-12-31"), ("3.4.2026", "2026-04-03?"), ("5.5.2026", "2026-05-05"),
    ("first", "2026-04-01"), ("the first", "2026-04-01"), ("on the first", "2026-04-01"),
    ("the third of April", "2026-04-03"),
    ("the first would be good", "2026-04-01"), ("the fifth is fine", "2026-04-05"),
  ])
  func `days`(text: String, value: String) { #expect(seen(text, .date) == value) }

  @Test(arguments: [
    "the first part is right", "the second thing", "first, I have a question", "first I want to know", "the third time",
    "the first name is wrong", "the second digit", "the first appointment", "the first two", "the second line",
  ])
  func `ranks are no days`(text: String) { #expect(seen(text, .date) == "-") }

  @Test(arguments: [
    ("it is cancelled", "it is cancelled"), ("it's broken", "it's broken"),
    ("that is what they said", "that is what they said"),
    ("to the left it is bent", "to the left it is bent"), ("use of the lift", "use of the lift"),
    ("my address is wrong", "my address is wrong"), ("please call my wife", "please call my wife"),
    ("Um, well, the box was open.", "the box was open"), ("make it stop hurting", "make it stop hurting"),
    ("of course it hurts", "of course it hurts"), ("it would be the knee", "it would be the knee"),
  ])
  func `free text keeps its words`(text: String, value: String) { #expect(seen(text, .freeText) == value) }

  @Test(arguments: [
    ("not 5 Oak Street but 6 Oak Street", "6 Oak Street"), ("it's not 5 Oak Street, it's 6 Oak Street", "6 Oak Street"),
    ("6 Oak Street, not 5 Oak Street", "6 Oak Street"), ("no, not 5 Oak Street, 6 Oak Street", "6 Oak Street"),
    ("not five Oak Street but six Oak Street", "six Oak Street"),
    ("6 Oak Street instead of 5 Oak Street", "6 Oak Street"),
    ("not 5 Oak Street", "-"), ("it's not 5 Oak Street", "-"), ("5 Day Street", "5 Day Street"),
    ("14 Notting Hill Road", "14 Notting Hill Road"), ("it is 6 Oak Street rather than 5 Oak Street", "6 Oak Street"),
  ])
  func `an address that is not meant is not taken`(text: String, value: String) {
    #expect(seen(text, .address) == value)
  }
}
