import Core
import Language
import Testing

/// An amount that may be another one is asked again; none is read with its sign, its currency or half of its words lost.
@Suite struct `A doubtful amount` {
  static let money = SlotGrammar.money(currency: "USD")

  @Test(arguments: [
    "1 2 3", "one two three", "5 0", "five oh", "fifty oh", "five oh five", "ten twenty", "twelve fifty",
    "two fifty dollars",
    "1 2 3 dollars", "10 20", "ten twenty thirty", "twelve fifty dollars",
    "fifty less than last time", "fifty dollars less", "fifty more than last month", "fifty dollars more",
    "fifty extra",
    "the same plus fifty", "twice fifty", "fifty dollars too much",
  ])
  func `is asked about`(text: String) {
    #expect((best(text, Self.money)?.confidence.permille ?? 0) < 500, "\(seen(text, Self.money))")
  }

  @Test(arguments: [
    ("-50", "-50"), ("-$50", "-50"), ("minus $50", "-50"), ("minus fifty", "-50"), ("-50 dollars", "-50"),
    ("\u{2212}50", "-50"), ("-12.50", "-12.5"),
  ])
  func `keeps its sign`(text: String, value: String) { #expect(seen(text, Self.money) == value) }

  @Test(arguments: [
    "200 CAD", "200 Canadian dollars", "200 dollars Canadian", "CAD 200", "two hundred australian dollars",
    "200 canadian",
    "EUR 50", "fifty new zealand dollars", "200 dirhams", "500 baht", "$200 CAD", "50 Swiss francs", "C$200",
  ])
  func `of other currencies is none`(text: String) { #expect(seen(text, Self.money) == "-") }

  @Test(arguments: [
    ("200 US dollars", "USD", "200"), ("200 American dollars", "USD", "200"), ("USD 200", "USD", "200"),
    ("200 Canadian dollars", "CAD", "200"), ("200 US dollars", "CAD", "-"), ("200 dollars", "CAD", "200"),
    ("$200", "CAD", "200"),
  ])
  func `is read in the currency of the slot`(text: String, currency: String, value: String) {
    #expect(seen(text, .money(currency: currency)) == value)
  }

  @Test(arguments: [
    ("fifty", "50"), ("1 dollar", "1"), ("a hundred and one", "101"), ("forty nine ninety nine", "49.99"),
    ("nineteen ninety five", "19.95"), ("to 40662718 fifty dollars", "50"),
    ("fifty five", "55"), ("oh, fifty", "50"), ("fifty, oh and hurry", "50"), ("well - fifty dollars", "50"),
  ])
  func `is none of these`(text: String, value: String) { #expect(seen(text, Self.money) == value) }

  @Test func `other numbers keep their sign too`() {
    #expect(seen("-5", .number(minimum: nil, maximum: nil)) == "-5")
    #expect(seen("-5", .number(minimum: 0, maximum: 10)) == "-")
    #expect(seen("-97258304", orderNumber) == "97258304")
  }
}
