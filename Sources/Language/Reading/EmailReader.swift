import Core

/// Reads an e-mail address, written or spelled: "jane dot doe at example dot com".
struct EmailReader {
  let words: [Word]
  let range: Range<Int>
  let pack: LanguagePack

  func findings() -> [Finding] {
    let texts = words.texts
    for index in range where texts[index].contains("@") {
      if Self.isAddress(texts[index]) { return [Finding(.text(texts[index]), 950, index..<index + 1)] }
    }
    guard let at = range.last(where: { pack.spelling.atSign.contains(texts[$0]) }), at > range.lowerBound else {
      return []
    }
    var start = at
    while start > range.lowerBound, !pack.spelling.carriers.contains(texts[start - 1]) { start -= 1 }
    var end = range.upperBound
    // what comes behind the top-level domain is talk
    if let dot = range.last(where: { $0 > at && pack.spelling.dot.contains(texts[$0]) }), dot + 2 < end {
      end = dot + 2
    }
    guard start < at, at + 1 < end, let left = joined(start..<at), let right = joined(at + 1..<end) else { return [] }
    let address = left.text + "@" + right.text
    guard Self.isAddress(address), left.text.count <= 40 else { return [] }
    return [Finding(.text(address), max(300, 800 - left.penalty - right.penalty), start..<end)]
  }

  private func joined(_ range: Range<Int>) -> (text: String, penalty: Int)? {
    let texts = words.texts
    var text = ""
    var penalty = 0
    var index = range.lowerBound
    while index < range.upperBound {
      if let said = pack.spelling.caseWords.match(texts, at: index, before: range.upperBound) {
        index += said.count
        continue
      }
      let word = texts[index]
      if let letter = word.first, word.count == 1, letter.isLetter,
        let said = pack.spelling.asIn.match(texts, at: index + 1, before: range.upperBound),
        index + 1 + said.count < range.upperBound,
        texts[index + 1 + said.count].first == letter
      {
        text.append(letter)
        index += 2 + said.count
        continue
      }
      if let sign = pack.spelling.signs.match(texts, at: index, before: range.upperBound) {
        text += sign.meaning
        index += sign.count
      } else if word.count > 1, let digit = pack.numbers.digits[word] {
        text += String(digit)
        index += 1
      } else if let times = pack.numbers.multipliers[word], index + 1 < range.upperBound, texts[index + 1].count == 1 {
        text += String(repeating: texts[index + 1], count: times)
        index += 2
      } else if let found = NumberScanner(words: words, range: range, pack: pack).cardinal(at: index),
        let whole = Int(exactly: found.value)
      {
        text += String(whole)
        penalty += found.isFigure ? 0 : 60
        index += found.count
      } else {
        text += word.filter { $0 != "'" && $0 != "," }
        index += 1
      }
    }
    return text.isEmpty ? nil : (text, penalty)
  }

  static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[1].contains(".") else { return false }
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    let allowed: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0.isNumber) }
    return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty && $0.allSatisfy { allowed($0) || $0 == "-" } }
      && (labels.last?.count ?? 0) >= 2 && labels.last?.allSatisfy(\.isLetter) == true
      && parts[0].allSatisfy { allowed($0) || "._+-".contains($0) }
      && parts[0].first != "." && parts[0].last != "."
  }
}
