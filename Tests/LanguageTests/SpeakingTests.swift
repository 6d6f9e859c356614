import Core
import Language
import Testing

@Suite struct `Spoken forms` {
  static let table: [(SlotValue, SlotGrammar?, String)] = [
    (.text("12345678"), orderNumber, "1 2 3 4, 5 6 7 8"),
    (.text("5551234567"), .digits(minimum: 10, maximum: 10), "5 5 5, 1 2 3, 4 5 6 7"),
    (.text("1234567"), .digits(minimum: 7, maximum: 7), "1 2 3, 4 5 6 7"),
    (.text("123456"), .digits(minimum: 6, maximum: 6), "1 2 3, 4 5 6"),
    (.text("02115"), .digits(minimum: 5, maximum: 5), "0 2 1 1 5"), (.text("12345678"), nil, "1 2 3 4, 5 6 7 8"),
    (.number(49.99), .money(currency: "USD"), "49 dollars and 99 cents"),
    (.number(1), .money(currency: "USD"), "1 dollar"), (.number(0.01), .money(currency: "USD"), "1 cent"),
    (.number(1234.5), .money(currency: "EUR"), "1234 euros and 50 cents"),
    (.number(-5), .money(currency: "USD"), "minus 5 dollars"),
    (.number(12250), .money(currency: "USD"), "12,250 dollars"),
    (.number(1_234_567.5), .money(currency: "USD"), "1,234,567 dollars and 50 cents"),
    (.number(Double(Int.min)), nil, "-9,223,372,036,854,775,808"),
    (.text("2026-03-13"), .date, "Friday, March the thirteenth"), (.text("15:30"), .time, "3:30 PM"),
    (.text("09:00"), .time, "9 AM"), (.text("12:00"), .time, "noon"),
    (.text("00:05"), .time, "12:05 AM"), (.bool(true), .yesNo, "yes"), (.bool(false), nil, "no"),
    (.text("jane.doe42@example.com"), .email, "jane dot doe 4 2 at example dot com"),
    (.text("AB12CD"), .spelling(minimum: 6, maximum: 6), "A B 1 2, C D"),
    (.text("in_transit"), .choice([]), "in transit"), (.number(3), nil, "3"), (.number(2.5), nil, "2.5"),
    (.list([.text("a"), .text("b"), .text("c")]), nil, "a, b and c"),
    (.text("14 Main Street"), .address, "14 Main Street"),
  ]

  @Test(arguments: table) func `values`(_ value: SlotValue, _ grammar: SlotGrammar?, _ expected: String) {
    #expect(SpokenForm.text(for: value, grammar: grammar) == expected)
  }

  @Test func `an erased value is silent`() {
    let erased = SlotValue.sensitive(Sensitive(token: SensitiveToken(label: .name, id: "1"), value: nil))
    #expect(SpokenForm.text(for: erased, grammar: .name) == "")
  }
}

@Suite struct `Text for speech` {
  static let table: [(String, String)] = [
    ("will not - under any circumstances - be", "will not under any circumstances be"), ("yes -, no", "yes, no"),
    ("a, *, b", "a, b"), ("one. - ! two", "one. two"), ("(-) stop", "stop"), ("we ' are", "we are"),
    ("Your order 12345678 is on its way.", "Your order one two three four, five six seven eight is on its way."),
    ("1 2 3 4, 5 6 7 8", "one two three four, five six seven eight"),
    ("It costs $49.99.", "It costs forty nine dollars and ninety nine cents."), ("$1", "one dollar"),
    ("$1.5 million", "one point five million dollars"),
    ("€20 or £5.50", "twenty euros or five pounds and fifty pence"), ("20% off", "twenty percent off"),
    ("3.5%", "three point five percent"),
    ("Arrives on 2026-03-13.", "Arrives on Friday, March the thirteenth, twenty twenty six."),
    ("March 3rd", "March third"), ("the 21st", "the twenty first"), ("in 2026", "in twenty twenty six"),
    ("in 1999", "in nineteen ninety nine"),
    ("at 3:30 PM", "at three thirty p m"), ("at 3:05", "at three oh five"),
    ("from 9 AM to 5 PM.", "from nine a m to five p m."), ("9am", "nine a m"),
    ("15:00", "three p m"), ("18:00", "six p m"), ("15:30", "fifteen thirty"),
    ("at 9:00", "at nine o'clock"), ("at 9:00 AM", "at nine a m"),
    ("Mr. Smith and Dr. Jones", "mister Smith and doctor Jones"), ("No. 5", "number five"),
    ("No. Please wait.", "No. Please wait."), ("e.g. shoes", "for example shoes"), ("20kg", "twenty kilograms"),
    ("20 kg", "twenty kilograms"), ("1 km", "one kilometer"), ("21°C", "twenty one degrees Celsius"),
    ("Call 555-123-4567.", "Call five five five, one two three, four five six seven."),
    (
      "+1 555 123 4567",
      "plus one five hundred fifty five one hundred twenty three four thousand five hundred sixty seven"
    ),
    ("Visit https://www.example.com/help?id=1 now", "Visit example dot com slash help now"),
    ("example.com", "example dot com"), ("Write to jane.doe@example.com.", "Write to jane dot doe at example dot com."),
    ("**Hello** _there_ 😀!", "Hello there!"), ("# Title", "Title"), ("- one\n- two", "one two"),
    ("[our site](https://example.com)", "our site"), ("a & b", "a and b"), ("Q&A", "Q and A"),
    ("1,250 items", "one thousand two hundred fifty items"), ("-5 degrees", "minus five degrees"),
    ("3-5 days", "three to five days"), ("2 items", "two items"), ("code AB12", "code A B one two"),
    ("your SMS", "your S M S"), ("your PIN", "your PIN"),
    ("0.5", "zero point five"), ("yes/no", "yes or no"),
    ("49 dollars and 99 cents", "forty nine dollars and ninety nine cents"),
    ("Friday, March the third", "Friday, March the third"), ("3:30 PM", "three thirty p m"),
    ("Is it \"right\"?", "Is it right?"),
    ("well — you know", "well, you know"), ("order #42", "order number forty two"),
    ("zip 02115", "zip zero two one one five"), ("", ""),
  ]

  @Test(arguments: table) func `golden`(_ text: String, _ expected: String) {
    #expect(SpeechText.normalize(text) == expected)
  }

  @Test(arguments: table) func `twice is the same as once, and no figure is left`(_ text: String, _ expected: String) {
    let once = SpeechText.normalize(text)
    #expect(SpeechText.normalize(once) == once)
    #expect(once.filter(\.isNumber).isEmpty)
  }

  @Test(arguments: [
    ("Hello. How are you?", ["Hello.", "How are you?"]),
    ("It costs 3.5 dollars. Okay?", ["It costs 3.5 dollars.", "Okay?"]), ("Mr. Smith is here.", ["Mr. Smith is here."]),
    ("At 5 p.m. on Friday.", ["At 5 p.m. on Friday."]), ("At 5 p.m. We close then.", ["At 5 p.m.", "We close then."]),
    ("One! Two? Three", ["One!", "Two?", "Three"]), ("a\nb", ["a", "b"]), ("", []),
    ("He said \"no.\" Then left.", ["He said \"no.\"", "Then left."]),
    ("Wait... what?", ["Wait...", "what?"]),
  ])
  func `sentences`(_ text: String, _ expected: [String]) {
    #expect(Sentences.split(text) == expected)
  }
}
