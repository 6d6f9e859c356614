import Core
import Language
import Testing

/// What a caller leaves open is asked again; nothing is chosen for them in silence. `context` is Wednesday, 11 March 2026.
@Suite struct `A value that is left open` {
  /// Whether a text may be used as it stands for a grammar.
  static func isTrusted(_ text: String, _ grammar: SlotGrammar) -> Bool {
    (best(text, grammar)?.confidence.permille ?? 0) >= 500
  }

  static let money = SlotGrammar.money(currency: "USD")
  static let number = SlotGrammar.number(minimum: nil, maximum: nil)

  @Test(arguments: [
    "fifty or sixty dollars", "fifty or sixty", "fifty dollars or sixty", "fifty or maybe sixty dollars",
    "two or three hundred dollars", "between fifty and sixty dollars", "between 50 and 60", "fifty to sixty dollars",
    "fifty dollars to sixty", "from fifty to sixty dollars", "at least fifty dollars", "up to fifty dollars",
    "more than fifty dollars", "under a hundred dollars", "fifty dollars or less", "fifty dollars at most",
    "half a cent", "half a penny", "one and a half cents", "half cent", "$45.205", "49.999", "half of it",
    "half of my balance", "half of a million dollars", "a quarter of a million", "a third of a hundred dollars",
    "fifty percent", "five dollars and a half", "a thousand and a half", "a dollar and a half",
    "99999999999999999999 dollars", "99999999999999999999", "1000000000000 dollars", "a million million dollars",
  ])
  func `is no amount`(text: String) { #expect(!Self.isTrusted(text, Self.money), "\(seen(text, Self.money))") }

  @Test(arguments: [
    ("half a dollar", "0.5"), ("half a million dollars", "500000"), ("half a thousand", "500"),
    ("two and a half thousand dollars", "2500"), ("one point five million dollars", "1500000"),
    ("two and a half dollars", "2.5"), ("fifty or so dollars", "50"), ("fifty dollars or so", "50"),
    ("fifty, or rather sixty dollars", "60"), ("no, change it from fifty to sixty dollars", "60"),
    ("or sixty dollars", "60"), ("999999999999 dollars", "999999999999"), ("about fifty dollars", "50"),
    ("fifty dollars to one two three four five six seven eight", "50"), ("fifty dollars to 12345678", "50"),
  ])
  func `is none of these amounts`(text: String, value: String) { #expect(seen(text, Self.money) == value) }

  @Test(arguments: [
    "five or six", "between five and six", "five to six", "at least five", "more than five", "half of them",
    "half a case", "five or more", "less than five", "99999999999999999999",
  ])
  func `is no number`(text: String) { #expect(!Self.isTrusted(text, Self.number), "\(seen(text, Self.number))") }

  @Test(arguments: [
    ("half a dozen", "6"), ("two dozen", "24"), ("a dozen", "12"), ("half", "0.5"), ("half a million", "500000"),
    ("two and a half", "2.5"), ("five or so", "5"),
  ])
  func `is none of these numbers`(text: String, value: String) { #expect(seen(text, Self.number) == value) }

  @Test func `keeps its doubt when a bound leaves one of two`() {
    #expect(!Self.isTrusted("two or thirty", .number(minimum: 1, maximum: 10)))
  }

  @Test(arguments: [
    // Days that there are not.
    "february 30th", "february the thirtieth", "the 30th of february", "june thirty first", "april 31st",
    "the thirty first of june", "2/30/2026", "friday the 30th of february", "february 29th 2027", "february 29th",
    "the 32nd", "friday the 32nd", "Sunday March 14th",
    // Days that do not suit.
    "any day but friday", "any day except friday", "any other day than friday", "not on monday", "not monday",
    "anything but friday", "other than the tenth", "never on a monday", "monday doesn't work", "friday is no good",
    "friday I can't", "I'm not home on friday",
    // Open ends.
    "anything before the tenth", "before friday", "after friday", "the day after friday", "not before the tenth",
    "friday or later", "friday at the latest", "from friday on", "until friday", "no later than friday",
    "sometime after the tenth", "monday after next", "since the tenth", "starting monday", "in a week and a half",
    // One of several.
    "the tenth or eleventh", "the tenth or the eleventh of april", "between monday and friday",
    "between the tenth and the fifteenth", "tenth to fifteenth", "monday to friday", "one or two weeks from now",
    "monday or the day after", "in two or three days", "the day after", "the next day", "the following day",
  ])
  func `is no day`(text: String) { #expect(!Self.isTrusted(text, .date), "\(seen(text, .date))") }

  @Test(arguments: [
    ("any day but friday, tuesday is best", "2026-03-17"), ("monday doesn't work, tuesday does", "2026-03-17"),
    ("friday is no good but saturday is fine", "2026-03-14"), ("february 29th 2028", "2028-02-29"),
    ("february 30th, I mean march 30th", "2026-03-30"), ("friday next week", "2026-03-20"),
    ("next week on friday", "2026-03-20"), ("friday of this week", "2026-03-13"),
    ("the twentieth of next month", "2026-04-20"), ("friday after lunch", "2026-03-13"),
    ("friday before noon", "2026-03-13"), ("by friday", "2026-03-13"), ("friday or so", "2026-03-13"),
    ("the day after tomorrow", "2026-03-13"), ("I called before, friday please", "2026-03-13"),
    ("the one from last friday", "2026-03-06"), ("the twenty first of this month", "2026-03-21"),
  ])
  func `is none of these days`(text: String, value: String) { #expect(seen(text, .date) == value) }

  @Test func `is none when its weekday is today's`() {
    let reading = best("Wednesday, March the eighteenth", .date)
    #expect(reading?.value == .text("2026-03-18"))
    #expect(best("Wednesday, April the first", .date)?.value == .text("2026-04-01"))
  }

  @Test(arguments: [
    "three or four pm", "between three and four pm", "three to five pm", "from three to five", "after three pm",
    "before five pm", "any time after three", "three pm or later", "not before ten am", "in half a minute",
    "in one and a half minutes", "in three days", "in twenty hours", "in two or three hours", "half three",
    "five minutes", "three pm doesn't work", "until five pm", "no later than 5 pm", "in two hours and a half",
  ])
  func `is no time`(text: String) { #expect(!Self.isTrusted(text, .time), "\(seen(text, .time))") }

  @Test(arguments: [
    ("in half an hour", "10:30"), ("in two and a half hours", "12:30"), ("half past three pm", "15:30"),
    ("ten to five pm", "16:50"), ("three minutes to five pm", "16:57"), ("ten after three pm", "15:10"),
    ("three pm or so", "15:00"), ("three pm doesn't work, four pm does", "16:00"),
  ])
  func `is none of these times`(text: String, value: String) { #expect(seen(text, .time) == value) }
}
