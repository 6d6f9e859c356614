/// Writes words in the phonetic alphabet the way Piper's English voices were taught: stress marks before vowels, function
/// words unstressed, flapped t, punctuation kept.
enum PhonemeWriter {
  /// One sentence each, ending in its mark.
  static func sentences(of words: [ReadWord]) -> [String] {
    var sentences: [String] = []
    var sentence = ""
    for word in words {
      let spoken = pronunciation(of: word)
      if !spoken.isEmpty {
        let isContracted = word.name.hasPrefix("'")
        if !sentence.isEmpty, !isContracted { sentence += " " }
        sentence += spoken
      }
      guard let mark = mark(after: word), !sentence.isEmpty, sentence.last?.isPunctuation == false else { continue }
      sentence.append(mark)
      if ".?!".contains(mark) {
        sentences.append(sentence)
        sentence = ""
      }
    }
    if !sentence.isEmpty {
      if sentence.last?.isPunctuation == true { sentence.removeLast() }
      sentences.append(sentence + ".")
    }
    return sentences
  }

  /// The mark that says how the voice goes on after a word: the strongest of its punctuation.
  static func mark(after word: ReadWord) -> Character? {
    let marks = word.syllables.isEmpty ? word.name + word.after : word.after
    if let end = marks.first(where: { "?!".contains($0) }) { return end }
    if marks.contains(".") { return "." }
    if let pause = marks.first(where: { ",;:".contains($0) }) { return pause }
    return marks.contains { "()-".contains($0) } ? "," : nil
  }

  /// A word without spaces or punctuation; empty when it is none.
  static func pronunciation(of word: ReadWord) -> String {
    let isWeak = weakWords.contains(word.name) && word.syllables.count == 1
    let phones = word.syllables.flatMap(\.phones)
    var written = ""
    var place = 0
    for syllable in word.syllables {
      for phone in syllable.phones {
        let before = place > 0 ? phones[place - 1] : nil
        let after = place + 1 < phones.count ? phones[place + 1] : nil
        let isStressed = syllable.isStressed && !isWeak
        if vowels.contains(phone), isStressed { written += "\u{2C8}" }
        written += symbol(
          phone, isStressed: isStressed, before: before, after: after, isLast: after == nil, isAlone: phones.count == 1)
        place += 1
      }
    }
    return written
  }

  private static func symbol(
    _ phone: String, isStressed: Bool, before: String?, after: String?, isLast: Bool, isAlone: Bool
  ) -> String {
    switch phone {
    case "er": return isStressed ? "ɜː" : "ɚ"
    case "iy": return isStressed || !isLast || isAlone ? "iː" : "i"
    case "ax": return before == nil ? "ɐ" : "ə"
    case "t":
      let followsVowel = before.map { vowels.contains($0) || $0 == "r" } ?? false
      let precedesWeakVowel = after.map { ["er", "iy", "ax", "ih"].contains($0) } ?? false
      return followsVowel && precedesWeakVowel && !isStressed ? "ɾ" : "t"
    default: return symbols[phone] ?? ""
    }
  }

  private static let vowels: Set<String> = [
    "aa", "ae", "ah", "ao", "aw", "ax", "ay", "eh", "er", "ey", "ih", "iy", "ow", "oy", "uh", "uw",
  ]

  private static let symbols: [String: String] = [
    "aa": "ɑː", "ae": "æ", "ah": "ʌ", "ao": "ɔː", "aw": "aʊ", "ay": "aɪ", "eh": "ɛ", "ey": "eɪ", "ih": "ɪ", "ow": "oʊ",
    "oy": "ɔɪ", "uh": "ʊ", "uw": "uː", "b": "b", "ch": "tʃ", "d": "d", "dh": "ð", "f": "f", "g": "ɡ", "hh": "h",
    "jh": "dʒ", "k": "k", "l": "l", "m": "m", "n": "n", "ng": "ŋ", "p": "p", "r": "ɹ", "s": "s", "sh": "ʃ", "th": "θ",
    "v": "v", "w": "w", "y": "j", "z": "z", "zh": "ʒ",
  ]

  /// Words that carry no stress of their own in a sentence.
  private static let weakWords: Set<String> = [
    "a", "an", "the", "and", "or", "but", "of", "to", "in", "on", "at", "for", "from", "by", "with", "as", "than", "is",
    "are", "was", "were", "be", "been", "am", "have", "has", "had", "can", "will", "would", "could", "do", "does", "i",
    "you", "he", "she", "it", "we", "they", "me", "him", "her", "us", "them", "my", "your", "his", "its", "our",
    "their",
  ]
}
