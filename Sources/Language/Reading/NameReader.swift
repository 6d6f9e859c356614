import Core

/// Reads a person's name: what is left of a short answer after "my name is". Names are doubtful by nature.
struct NameReader {
  let words: [Word]
  let range: Range<Int>
  let pack: LanguagePack

  func findings() -> [Finding] {
    let texts = words.texts
    var start = range.lowerBound
    var end = range.upperBound
    var isAnnounced = false
    while let carrier = pack.talk.nameCarriers.match(texts, at: start, before: end) {
      isAnnounced = isAnnounced || carrier.count > 1
      start += carrier.count
    }
    for tail in [2, 1] where end - tail > start {
      if pack.talk.answerTails.meaning(of: Array(texts[end - tail..<end])) != nil { end -= tail }
    }
    guard start < end else { return [] }
    let name = start..<end
    if let spelled = spelled(name) { return [Finding(.text(spelled), 720, name)] }
    guard end - start <= 5 else { return [] }
    for index in name {
      guard texts[index].allSatisfy({ $0.isLetter || $0 == "'" || $0 == "." }),
        !pack.talk.notNames.contains(texts[index])
      else {
        return []
      }
    }
    let value = name.map { Self.capitalised(words[$0].original) }.joined(separator: " ")
    return [Finding(.text(value), isAnnounced ? 760 : 700, name)]
  }

  // "J A N E"
  private func spelled(_ name: Range<Int>) -> String? {
    guard name.count > 1, name.allSatisfy({ words[$0].text.count == 1 && words[$0].text.first?.isLetter == true })
    else { return nil }
    return Self.capitalised(name.map { words[$0].text }.joined())
  }

  private static func capitalised(_ word: String) -> String {
    guard word == word.lowercased(), let first = word.first else { return word }
    return first.uppercased() + word.dropFirst()
  }
}
