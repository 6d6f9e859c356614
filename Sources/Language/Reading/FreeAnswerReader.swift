import Core

/// Takes a whole answer as the value, without the phrase that carries it: addresses and free text.
struct FreeAnswerReader {
  let words: [Word]
  let pack: LanguagePack
  let isAddress: Bool

  func readings() -> [SlotReading] {
    let texts = words.texts
    var start = 0
    var retracted: SlotValue?
    var isCorrection = false
    if let marker = pack.talk.strongCorrections.matches(in: texts).last?.range, marker.upperBound < texts.count {
      let before = 0..<marker.lowerBound
      isCorrection = true
      let replacesAll = !isAddress || before.isEmpty || texts.count - marker.upperBound >= 3
      // "..., no wait, fourteen": which part is meant cannot be told; ask again
      guard replacesAll else { return [] }
      retracted = before.isEmpty ? nil : .text(words.written(before))
      start = marker.upperBound
    } else if let marker = pack.talk.corrections.match(texts, at: 0, before: texts.count), marker.count < texts.count,
      isAddress
    {
      isCorrection = true
      start = marker.count
    }
    var end = texts.count
    while let carrier = pack.talk.answerCarriers.match(texts, at: start, before: end), start + carrier.count < end {
      start += carrier.count
    }
    for tail in [4, 3, 2, 1] where end - tail > start {
      if pack.talk.answerTails.meaning(of: Array(texts[end - tail..<end])) != nil {
        end -= tail
        break
      }
    }
    guard start < end else { return [] }
    let range = start..<end
    if range.count == 1, pack.talk.fillers.contains(texts[start]) || pack.talk.unfinished.contains(texts[start]) {
      return []
    }
    let value = written(range)
    guard value.contains(where: { $0.isLetter || $0.isNumber }) else { return [] }
    let hasFigure = range.contains { index in
      texts[index].first?.isASCIIDigit == true || pack.numbers.digits[texts[index]] != nil
        || pack.numbers.teens[texts[index]] != nil
        || pack.numbers.tens[texts[index]] != nil
    }
    let permille = isAddress ? (hasFigure && range.count >= 3 ? 820 : range.count >= 3 ? 600 : 400) : 700
    return [
      SlotReading(
        value: .text(value), confidence: Confidence(permille: isCorrection ? permille - 60 : permille),
        coversWhole: true,
        words: range, remainder: "", isCorrection: isCorrection, retracted: retracted)
    ]
  }

  private func written(_ range: Range<Int>) -> String {
    range.map { words[$0].original + (words[$0].pauses && $0 + 1 < range.upperBound ? "," : "") }.joined(separator: " ")
  }
}
