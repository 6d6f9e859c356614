import Core

/// Reads yes or no with their many synonyms. Says nothing when both were said.
struct YesNoReader {
  let words: [Word]
  let pack: LanguagePack

  func readings() -> [SlotReading] {
    let texts = words.texts
    let hits = pack.talk.yesNo.matches(in: texts).filter { $0.meaning != 0 }
    guard let first = hits.first else { return [] }
    let yes = hits.filter { $0.meaning > 0 }
    let no = hits.filter { $0.meaning < 0 }
    let weight = { (hits: [(meaning: Int, range: Range<Int>)]) in hits.map { abs($0.meaning) }.max() ?? 0 }
    let covered = Set(hits.flatMap { Array($0.range) })
    let rest = texts.indices.filter { !covered.contains($0) }
    let isWhole = pack.talk.fillers.covers(rest.map { texts[$0] }) || pack.talk.carriers.covers(rest.map { texts[$0] })
    var isYes = weight(yes) > weight(no)
    var permille = max(weight(yes), weight(no))
    if !yes.isEmpty, !no.isEmpty {
      let isWeak = min(weight(yes), weight(no)) <= 820
      // "okay, no": agreement words that only open the sentence count for nothing; anything stronger is a contradiction
      if first.meaning > 0, first.meaning <= 820, first.range.lowerBound == 0, weight(no) >= 880 {
        isYes = false
        permille = weight(no) - 100
      } else if first.meaning < 0, isWeak, weight(no) >= 940 {
        isYes = false
        permille = weight(no) - 120
      } else {
        permille = min(480, permille)
      }
    }
    // A yes or no deep inside a sentence answers nothing by itself.
    if first.range.lowerBound > 0, !pack.talk.fillers.covers(Array(texts[0..<first.range.lowerBound])), !isWhole {
      permille = min(permille, rest.count > 3 ? 420 : 620)
    } else if !isWhole {
      permille = min(permille, rest.count > 4 ? 760 : 860)
      if !words[first.range.upperBound - 1].pauses, rest.count > 2, abs(first.meaning) < 900 {
        permille = min(permille, 480)
      }
    }
    let range = first.range.lowerBound..<(hits.last?.range.upperBound ?? first.range.upperBound)
    return [
      SlotReading(
        value: .bool(isYes), confidence: Confidence(permille: permille), coversWhole: isWhole, words: range,
        remainder: rest.map { words[$0].original }.joined(separator: " "))
    ]
  }
}
