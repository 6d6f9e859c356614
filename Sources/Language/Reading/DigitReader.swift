import Core

/// Reads digits said one by one, in pairs, or in figures: "one two", "twelve thirty-four", "double seven", "1234 5678".
struct DigitReader {
  let words: [Word]
  let range: Range<Int>
  let pack: LanguagePack
  private let texts: [String]

  init(words: [Word], range: Range<Int>, pack: LanguagePack) {
    self.words = words
    self.range = range
    self.pack = pack
    texts = words.texts
  }

  /// Digits that follow each other.
  struct Run: Hashable {
    var digits: String
    var range: Range<Int>
    /// What doubtful words cost, in thousandths.
    var penalty: Int
    /// Whether it begins with an "oh" that may be a sigh.
    var beginsWithSigh: Bool

    /// What follows its sigh; nil for a run that has none, or is nothing else.
    var withoutSigh: Run? {
      guard beginsWithSigh, range.count > 1 else { return nil }
      return Run(
        digits: String(digits.dropFirst()), range: range.lowerBound + 1..<range.upperBound, penalty: penalty,
        beginsWithSigh: false)
    }
  }

  /// So many figures in one word are a number by themselves.
  private static let figures = 4

  private struct Item {
    var digits: String
    var count: Int
    var penalty = 0
  }

  func findings(minimum: Int, maximum: Int) -> [Finding] {
    var fitting: [(run: Run, permille: Int)] = []
    for var run in runs() {
      if let bare = run.withoutSigh, words[bare.range.lowerBound].text.utf8.count >= Self.figures,
        (minimum...max(minimum, maximum)).contains(bare.digits.count)
      {
        // "oh 97258304": what is written in figures was said without its sigh, unless it is one digit of them
        fitting.append((bare, max(300, 960 - bare.penalty)))
      }
      if let bare = run.withoutSigh, run.digits.count > maximum || words[run.range.lowerBound].pauses { run = bare }
      if run.digits.count == minimum - 1 { takeSoundAlikeBefore(&run) }
      if run.digits.count == maximum + 1 { dropWrittenZero(&run) }
      guard run.digits.count >= minimum, run.digits.count <= maximum else { continue }
      fitting.append((run, max(300, 960 - run.penalty)))
    }
    let values = Set(fitting.map(\.run.digits))
    return fitting.map {
      Finding(.text($0.run.digits), values.count > 1 ? min(450, $0.permille) : $0.permille, $0.run.range)
    }
  }

  /// "order for two seven ...", one digit short: the word before the run sounds like the digit that is missing.
  private func takeSoundAlikeBefore(_ run: inout Run) {
    let before = run.range.lowerBound - 1
    guard before >= range.lowerBound, let digit = pack.numbers.soundAlikes[texts[before]] else { return }
    run.digits = String(digit) + run.digits
    run.range = before..<run.range.upperBound
    run.penalty += 400
  }

  /// "two, zero" that a recogniser wrote as 200, one digit too long.
  private func dropWrittenZero(_ run: inout Run) {
    let hundreds = run.range.filter { texts[$0].count == 3 && texts[$0].hasSuffix("00") && texts[$0].first != "0" }
    guard hundreds.count == 1, let place = run.digits.firstRange(of: texts[hundreds[0]]) else { return }
    run.digits.remove(at: run.digits.index(after: place.lowerBound))
    run.penalty += 400
  }

  /// How many digits the last run holds, whether or not they are enough.
  var heardCount: Int { runs().map(\.digits.count).max() ?? 0 }

  func runs() -> [Run] {
    var result: [Run] = []
    var index = range.lowerBound
    while index < range.upperBound {
      guard let first = item(at: index, insideRun: false) else {
        index += 1
        continue
      }
      var run = Run(
        digits: first.digits, range: index..<index + first.count, penalty: first.penalty,
        beginsWithSigh: first.digits == "0" && texts[index].first == "o")
      index += first.count
      while index < range.upperBound {
        let skipped = fillers(at: index)
        guard let next = item(at: index + skipped, insideRun: true) else { break }
        run.digits += next.digits
        run.penalty += next.penalty
        index += skipped + next.count
        run.range = run.range.lowerBound..<index
      }
      result.append(run)
    }
    return result
  }

  private func fillers(at index: Int) -> Int {
    var count = 0
    while count < 4, let found = pack.numbers.runFillers.match(texts, at: index + count, before: range.upperBound) {
      count += found.count
    }
    return count
  }

  private func item(at index: Int, insideRun: Bool) -> Item? {
    guard index < range.upperBound else { return nil }
    let word = texts[index]
    let numbers = pack.numbers
    if let figures = Self.figures(word) {
      if index + 1 < range.upperBound, isScale(texts[index + 1]) { return cardinal(at: index) }
      return figures
    }
    if let times = numbers.multipliers[word], index + 1 < range.upperBound, let digit = oneDigit(texts[index + 1]) {
      return Item(digits: String(repeating: digit, count: times), count: 2)
    }
    if index + 1 < range.upperBound, isScale(texts[index + 1]),
      numbers.digits[word] != nil || numbers.teens[word] != nil
        || numbers.tens[word] != nil || numbers.article.contains(word)
    {
      return cardinal(at: index)
    }
    if let ten = numbers.tens[word] {
      if index + 1 < range.upperBound, let unit = numbers.digits[texts[index + 1]], unit > 0 {
        if index + 2 < range.upperBound, isScale(texts[index + 2]) { return cardinal(at: index) }
        return Item(digits: String(ten + unit), count: 2, penalty: 10)
      }
      return Item(digits: String(ten), count: 1, penalty: 20)
    }
    if let teen = numbers.teens[word] { return Item(digits: String(teen), count: 1, penalty: 5) }
    if let digit = numbers.digits[word] {
      if digit == 1, index > range.lowerBound, numbers.pronounBefore.contains(texts[index - 1]), !insideRun {
        return nil
      }
      return Item(digits: String(digit), count: 1)
    }
    if insideRun, let digit = numbers.soundAlikes[word] {
      let isLast = index + 1 >= range.upperBound
      if isLast || item(at: index + 1, insideRun: false) != nil {
        return Item(digits: String(digit), count: 1, penalty: 300)
      }
    }
    return nil
  }

  private func isScale(_ word: String) -> Bool {
    pack.numbers.hundred.contains(word) || pack.numbers.scales[word] != nil
  }

  private func cardinal(at index: Int) -> Item? {
    let scanner = NumberScanner(words: words, range: range, pack: pack)
    guard var found = scanner.cardinal(at: index), found.value < 1e15 else { return nil }
    // "eight hundred five five five": the hundred ends at its own word when more digits follow
    if let scale = (index..<index + found.count).first(where: { isScale(texts[$0]) }), index + found.count > scale + 1,
      item(at: index + found.count, insideRun: false) != nil
    {
      let short = NumberScanner(words: words, range: range.lowerBound..<scale + 1, pack: pack)
      found = short.cardinal(at: index) ?? found
    }
    guard let whole = Int(exactly: found.value) else { return nil }
    return Item(digits: String(whole), count: found.count, penalty: 300)
  }

  private func oneDigit(_ word: String) -> String? {
    if let digit = pack.numbers.digits[word] { return String(digit) }
    return word.count == 1 && word.first?.isASCIIDigit == true ? word : nil
  }

  /// `1234-5678`, `555.123.4567`, `(030)`, `1,234`: figures with what people put between them.
  private static func figures(_ word: String) -> Item? {
    guard word.first?.isASCIIDigit == true || word.first == "+" || word.first == "(" else { return nil }
    guard !WrittenDate.isOne(word) else { return nil }
    var digits = ""
    var dots = 0
    var commas = 0
    for character in word {
      if character.isASCIIDigit {
        digits.append(character)
      } else if character == "." {
        dots += 1
      } else if character == "," {
        commas += 1
      } else if !"-–()+".contains(character) {
        return nil
      }
    }
    guard !digits.isEmpty, dots != 1 else { return nil }
    return Item(digits: digits, count: 1, penalty: commas > 0 ? 120 : 0)
  }
}

extension Character {
  var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
