import Core
import Language
import TestSupport
import Testing

/// Whatever is said, typed, keyed or given by a tool: readers and speakers find something or nothing, and go on.
@Suite struct `No reader traps` {
  static let nines = String(repeating: "9", count: 300)

  static let numbers: [String] = [
    "0", "-0", "1", "7", "12", "59", "60", "99", "1,000", "3.5", "0.000001", "1e999", "1e-400", "inf", "nan", "0x1F",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616",
    "99999999999999999999", "-99999999999999999999", nines, "-" + nines, nines + "." + nines, "." + nines,
    "1,000,000,000,000,000,000,000", "one", "two", "eleven", "twenty", "hundred", "thousand", "million", "billion",
    "half", "a", "minus", "point", "double", "triple", "oh", "zero", "٣", "३", "千", "兆", "Ⅻ", "½", "²", "９９",
  ]
  static let words: [String] = [
    "hours", "hour", "minutes", "minute", "days", "weeks", "months", "years", "seconds", "am", "pm", "o'clock", "noon",
    "in", "ago", "from", "now", "next", "last", "this", "of", "past", "to", "at", "the", "and", "quarter", "st", "nd",
    "th", "first", "thirty-first", "9223372036854775807th", "-9223372036854775808th", "99999999999999999999th",
    "january", "february", "may", "friday", "2026-13-40", "9999-12-31", "0000-01-01", "1/1/9223372036854775807",
    "1/1/-9223372036854775808", "12/31/99999", "2/29/2100", "99:99", "25:61", "23:59", "0:0", "3pm",
    "99999999999999999999pm", "dollars", "cents", "$", "€", "£", "$5", "$99999999999999999999", "-$1e18", "¥",
    "$9223372036854775807.99", "percent", "%", "99999999999999999999%", "kg", "km", "°C", "20kg", "#", "+",
    "#9223372036854775807", "#-9223372036854775808", "@", "dot", "a@b.c", "no", "not", "wait", "but", "I meant",
    "as in", "-", "–", "—", "...", "…", ",", ".", "?", "!", ":", ";", "'", "\"", "(", "[", "*", "_", "`", "|", "<", ">",
    "\u{0}", "\u{200D}", "\u{FE0F}", "\u{202E}", "\u{FEFF}", "e\u{301}\u{301}\u{301}", "👨‍👩‍👧‍👦", "🏳️‍🌈", "ß", "ŉ",
    "İ", "ﬁ", "日本", "א", "\u{1F1E9}", "https://", "www.", "a/b", "&", "AT&T", "\n", "\r\n", "\t", "3-5", "1-2-3",
    "-5--5", "+1", "2026", "1999,", "st.", "no.", "a.m.", "p.m",
  ]
  static let grammars: [SlotGrammar] = [
    .digits(minimum: 8, maximum: 8), .digits(minimum: 0, maximum: 400), .digits(minimum: 9, maximum: 2),
    .number(minimum: nil, maximum: nil), .number(minimum: 5, maximum: -5), .money(currency: "USD"),
    .money(currency: "?"), .date, .time, .yesNo, .choice([]),
    .choice([SlotChoice(value: "one two", synonyms: ["", "-"])]),
    .name, .address, .email, .spelling(minimum: 2, maximum: 4), .spelling(minimum: 0, maximum: 400), .freeText,
  ]
  static let days = ["0000-01-01", "2024-02-29", "2026-11-21", "9999-12-31"].compactMap { CivilDate(iso8601: $0) }

  /// What made a reader fail once, kept.
  static let corpus: [String] = [
    "in 99999999999999999999 hours", "in 99999999999999999999 minutes", "in \(nines) hours", "in 1e999 hours",
    "in a million billion hours", "1/1/9223372036854775807", "1/1/-9223372036854775808",
    "friday 1/1/9223372036854775807", "-9223372036854775808th", "#-9223372036854775808",
    "will not - under any circumstances - be", "-", "\(nines) dollars", "$\(nines)",
  ]

  private func readAll(_ text: String, _ context: ReadingContext) {
    for grammar in Self.grammars {
      for reading in SlotReader.read(text, as: grammar, context: context) {
        _ = SpeechText.normalize(SpokenForm.text(for: reading.value, grammar: grammar))
      }
      _ = Completeness.ending(of: text, for: grammar)
      // as a tool's value
      _ = SpeechText.normalize(SpokenForm.text(for: .text(text), grammar: grammar))
      if let number = Double(text) { _ = SpokenForm.text(for: .number(number), grammar: grammar) }
    }
    _ = SpeechText.normalize(text)
    _ = Sentences.split(text, locale: .americanEnglish)
  }

  private func keyAll(_ text: String, _ today: CivilDate) {
    let parts = text.prefix(12).enumerated().map {
      Sensitive(token: SensitiveToken(label: .speech, id: "k\($0)"), value: String($1))
    }
    let entry = Sensitive<String>.joining(parts, label: .speech)
    for grammar in Self.grammars {
      guard let form = KeyedForm(grammar, locale: .americanEnglish), let digits = KeyedForm.grammar(for: grammar) else {
        continue
      }
      var facts = FactBook()
      _ = form.value(of: entry, by: digits, today: today, facts: &facts)
    }
  }

  @Test(arguments: corpus) func `what failed once is read`(text: String) {
    for day in Self.days {
      for minute in [0, 600, 1439] {
        for tense in [ReadingContext.Tense.future, .past] {
          readAll(text, ReadingContext(today: day, minuteOfDay: minute, tense: tense))
        }
      }
      keyAll(text, day)
    }
  }

  @Test(arguments: ["兆兆兆兆兆兆兆兆", "٠٣٠٤٢٠٢٦", "03042026", "****", "0*0*", "９９９９", "²²²²"])
  func `keyed signs are digits or nothing`(keys: String) {
    for day in Self.days { keyAll(keys, day) }
  }

  @Test(arguments: 0..<12) func `any words in any order are read`(seed: Int) throws {
    var random = Seeded(UInt64(seed) &* 7919 &+ 11)
    for _ in 0..<25 {
      let count = random.below(8)
      let chosen = (0..<count).map { _ -> String in
        random.chance(0.4)
          ? Self.numbers[random.below(Self.numbers.count)] : Self.words[random.below(Self.words.count)]
      }
      let text = chosen.joined(separator: random.chance(0.9) ? " " : "")
      let day = try #require(Self.days.randomElement(using: &random))
      let tense = random.chance(0.5) ? ReadingContext.Tense.future : .past
      readAll(text, ReadingContext(today: day, minuteOfDay: random.below(1440), tense: tense))
      keyAll(text, day)
    }
  }

  @Test func `every number is spoken`() {
    let numbers: [Double] = [
      0, -0.0, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
      9_223_372_036_854_775_807, -9_223_372_036_854_775_808, 1e18, 1e12, 999_999_999_999.999, 0.005, -0.005,
    ]
    for number in numbers {
      for grammar in Self.grammars + [.freeText] {
        _ = SpeechText.normalize(SpokenForm.text(for: .number(number), grammar: grammar))
        _ = SpeechText.normalize(SpokenForm.text(for: .text(String(number)), grammar: grammar))
      }
    }
  }
}
