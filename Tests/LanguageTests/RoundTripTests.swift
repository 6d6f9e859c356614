import Core
import Language
import TestSupport
import Testing

@Suite struct `What is spoken can be heard` {
  static func digits(_ count: Int, _ random: inout Seeded) -> String {
    (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
  }

  @Test(arguments: 0..<40) func `a value spoken, shown or synthesised reads back as itself`(_ seed: Int) {
    var random = Seeded(UInt64(seed) + 7)
    let count = Int.random(in: 4...16, using: &random)
    let day = context.today.adding(days: Int.random(in: 0...360, using: &random))
    let minutes = Int.random(in: 0..<1440, using: &random)
    let clock = (minutes / 60 < 10 ? "0" : "") + "\(minutes / 60):" + (minutes % 60 < 10 ? "0" : "") + "\(minutes % 60)"
    let letters = "abcdefghjkmnpqrstuvwxyz"
    let user = (0..<6).map { _ in String(letters.randomElement(using: &random)!) }.joined()
    let code = (0..<6).map { index in
      index % 2 == 0
        ? String(letters.randomElement(using: &random)!).uppercased() : String(Int.random(in: 0...9, using: &random))
    }.joined()
    let samples: [(SlotValue, SlotGrammar)] = [
      (.text(Self.digits(count, &random)), .digits(minimum: count, maximum: count)),
      (.text(Self.digits(8, &random)), orderNumber),
      (.number(Double(Int.random(in: 1...500_000, using: &random)) / 100), .money(currency: "USD")),
      (.number(Double(Int.random(in: 0...99_999, using: &random))), .number(minimum: nil, maximum: nil)),
      (.text(day.description), .date), (.text(clock), .time), (.bool(Bool.random(using: &random)), .yesNo),
      (.text("\(user)\(Int.random(in: 1...9, using: &random))@example.com"), .email),
      (.text(code), .spelling(minimum: 6, maximum: 6)),
    ]
    for (value, grammar) in samples {
      let spoken = SpokenForm.text(for: value, grammar: grammar)
      #expect(best(spoken, grammar)?.value == value, "\(spoken)")
      if case .number = grammar { continue }
      let said = SpeechText.normalize(spoken)
      #expect(best(said, grammar)?.value == value, "\(said)")
      #expect((best(said, grammar)?.confidence.permille ?? 0) >= 500, "\(said)")
    }
  }

  static let names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]

  @Test(arguments: 0..<60) func `errors of a recogniser never make a wrong number that is trusted`(_ seed: Int) {
    var random = Seeded(UInt64(seed) &* 977 &+ 3)
    let number = Self.digits(8, &random)
    var words = number.map { Self.names[$0.wholeNumberValue!] }
    let place = Int.random(in: 0..<words.count, using: &random)
    switch seed % 6 {
    case 0: words.remove(at: place)
    case 1: words[place] = ["banana", "the", "with", "order", "hive", "sicks"].randomElement(using: &random)!
    case 2: words.insert("um", at: place)
    case 3: words.insert(words[place], at: place)
    case 4: words[place] = ["to", "for", "ate", "won"].randomElement(using: &random)!
    default: words.insert(["hundred", "and", "please", "dash", "teen"].randomElement(using: &random)!, at: place)
    }
    let text = words.joined(separator: " ")
    for reading in SlotReader.read(text, as: orderNumber, context: context) where reading.value != .text(number) {
      #expect(reading.confidence.permille < 700, "\(text) was read as \(reading.value)")
    }
  }

  @Test(arguments: 0..<20) func `no text makes a reader fail`(_ seed: Int) {
    var random = Seeded(UInt64(seed) &* 31)
    let vocabulary = [
      "one", "hundred", "and", "a", "the", "march", "friday", "next", "of", "point", "half", "past", "to", "$", "$5",
      "dollars", "no", "wait", "not", "but", "double", "oh", "12", "3.5.7", "1,2,3", "@", "at", "dot", "am",
      "in", "weeks", "ago", "99999999999999999999", "-", "...", "😀", "É", "twenty", "thirty", "first", "thousand",
      "million", "cents", "b", "as", "in", "quarter", "25:99", "2026-13-40", "minus",
    ]
    let grammars: [SlotGrammar] = [
      orderNumber, .number(minimum: nil, maximum: nil), .money(currency: "USD"), .date, .time, .yesNo,
      .choice([SlotChoice(value: "one two", synonyms: ["half"])]), .name, .address, .email,
      .spelling(minimum: 2, maximum: 4), .freeText,
    ]
    for _ in 0..<60 {
      let text = (0..<Int.random(in: 0...9, using: &random)).map { _ in vocabulary.randomElement(using: &random)! }
        .joined(separator: " ")
      for grammar in grammars {
        for reading in SlotReader.read(text, as: grammar, context: context) {
          #expect(!reading.words.isEmpty)
          let spoken = SpokenForm.text(for: reading.value, grammar: grammar)
          _ = SpeechText.normalize(spoken)
        }
        _ = Completeness.ending(of: text, for: grammar)
      }
      _ = SpeechText.normalize(text)
    }
  }
}
