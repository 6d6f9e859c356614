import Core

/// Reads one number: "forty two", "2.5", "two and a half".
struct NumberReader {
  let words: [Word]
  let range: Range<Int>
  let pack: LanguagePack

  func findings(minimum: Double?, maximum: Double?) -> [Finding] {
    let scanner = NumberScanner(words: words, range: range, pack: pack)
    let texts = words.texts
    var found: [Finding] = []
    var index = range.lowerBound
    while index < range.upperBound {
      if texts[index] == "one", index > range.lowerBound, pack.numbers.pronounBefore.contains(texts[index - 1]) {
        index += 1
        continue
      }
      guard let number = scanner.number(at: index) else {
        index += 1
        continue
      }
      let end = index + number.count
      if number.isBareHalf, end < range.upperBound,
        pack.numbers.article.contains(texts[end]) || pack.calendar.ofWords.contains(texts[end])
      {
        // "half a case", "half of them"
        index = end
        continue
      }
      if scanner.countsTalk(endingAt: end) {
        index = end
        continue
      }
      // "one five": two numbers side by side are a number said by its digits, or two; nobody can tell
      let goesOn = end < range.upperBound && !words[end - 1].pauses && scanner.goesOn(at: end)
      let before = found.last.map { $0.range.upperBound == index && !words[index - 1].pauses } ?? false
      found.append(Finding(.number(number.value), goesOn || before ? 400 : 920, index..<end))
      index = end
    }
    found.removeAll { finding in
      guard case .number(let value) = finding.value else { return true }
      return value < minimum ?? -.infinity || value > maximum ?? .infinity
    }
    let distinct = Set(found.map(\.value))
    if distinct.count > 1 {
      for index in found.indices { found[index].permille = min(450, found[index].permille) }
    }
    return found
  }
}
