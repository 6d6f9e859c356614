import Core

/// Reads letters and digits that are spelled: "A B 1 2", "alpha bravo", "b as in boy", "double t". Value: upper case.
struct SpellingReader {
  let words: [Word]
  let range: Range<Int>
  let pack: LanguagePack

  private struct Run {
    var text = ""
    var start: Int
    var end: Int
    var penalty = 0
  }

  func findings(minimum: Int, maximum: Int) -> [Finding] {
    let fitting = runs().filter { $0.text.count >= minimum && $0.text.count <= maximum }
    let distinct = Set(fitting.map(\.text)).count
    return fitting.map { run in
      let permille = max(300, 900 - run.penalty)
      return Finding(.text(run.text.uppercased()), distinct > 1 ? min(440, permille) : permille, run.start..<run.end)
    }
  }

  /// How many letters and digits the longest run holds.
  var heardCount: Int { runs().map(\.text.count).max() ?? 0 }

  private func runs() -> [Run] {
    var result: [Run] = []
    var open: Run?
    var index = range.lowerBound
    let texts = words.texts
    while index < range.upperBound {
      if let item = item(at: index, insideRun: open != nil) {
        var run = open ?? Run(start: index, end: index)
        run.text += item.text
        run.penalty += item.penalty
        index += item.count
        run.end = index
        open = run
      } else if open != nil, let skipped = pack.numbers.runFillers.match(texts, at: index, before: range.upperBound) {
        index += skipped.count
      } else if let skipped = pack.spelling.caseWords.match(texts, at: index, before: range.upperBound) {
        index += skipped.count
      } else {
        if let run = open { result.append(run) }
        open = nil
        index += 1
      }
    }
    if let run = open { result.append(run) }
    return result
  }

  private func item(at index: Int, insideRun: Bool) -> (text: String, count: Int, penalty: Int)? {
    let texts = words.texts
    let word = texts[index]
    if let letter = letter(word, insideRun: insideRun) {
      if let said = pack.spelling.asIn.match(texts, at: index + 1, before: range.upperBound) {
        let example = index + 1 + said.count
        if example < range.upperBound, texts[example].first == letter.value, texts[example].count > 1 {
          return (String(letter.value), 2 + said.count, 0)
        }
      }
      // "a" and "i" by themselves are words
      if !insideRun, word == "a" || word == "i", words[index].original == word || word == "i", !continues(index + 1) {
        return nil
      }
      return (String(letter.value), 1, letter.penalty)
    }
    if let letter = pack.spelling.alphabet[word] { return (String(letter), 1, 0) }
    if word == "double", index + 1 < range.upperBound, ["u", "you"].contains(texts[index + 1]) { return ("w", 2, 0) }
    if let times = pack.numbers.multipliers[word], index + 1 < range.upperBound,
      let next = item(at: index + 1, insideRun: true), next.text.count == 1
    {
      return (String(repeating: next.text, count: times), 1 + next.count, next.penalty)
    }
    if let digit = pack.numbers.digits[word] { return (String(digit), 1, 0) }
    let original = words[index].original
    let plain = original.filter { $0 != "-" }
    if plain.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }), !plain.isEmpty {
      if plain.contains(where: \.isNumber) { return (word.filter { $0 != "-" }, 1, 0) }
      if plain.count <= 8, plain.count > 1, plain == plain.uppercased() { return (word.filter { $0 != "-" }, 1, 60) }
    }
    if let found = NumberScanner(words: words, range: range, pack: pack).cardinal(at: index),
      let whole = Int(exactly: found.value)
    {
      return (String(whole), found.count, 60)
    }
    return nil
  }

  private func continues(_ index: Int) -> Bool {
    guard index < range.upperBound else { return false }
    let word = words[index].text
    return word.count == 1 || pack.numbers.digits[word] != nil || pack.spelling.alphabet[word] != nil
      || word.first?.isASCIIDigit == true
  }

  private func letter(_ word: String, insideRun: Bool) -> (value: Character, penalty: Int)? {
    if word.count == 1, let first = word.first, first.isLetter, first.isASCII {
      return (first, first == "o" ? 150 : 0)
    }
    if insideRun, let letter = pack.spelling.letterNames[word] { return (letter, 120) }
    return nil
  }
}
