import Core
import Language

/// Commands that are said in fixed words. A rule fires when its words are the whole utterance, politeness apart.
struct CommandPhrases: Sendable {
  /// What a rule stands for.
  enum Kind: String, Hashable, Sendable {
    case cancel, repeatLast = "repeat", human, hold, goodbye, restart, skip
  }

  let book: Phrasebook<Kind>
  /// Politeness and sighs, taken off both ends.
  let frame: PhraseSet
  /// "I want to", "can you": taken off the front.
  let openings: PhraseSet
  /// "talk to", "get me".
  let reachVerbs: PhraseSet
  /// "a real", "your".
  let reachFillers: PhraseSet
  /// "person", "agent".
  let people: PhraseSet

  /// The rule that the whole utterance matches.
  func match(_ text: String) -> Kind? {
    let words = Word.split(text).texts
    if let kind = book.meaning(of: words) { return kind }
    var start = 0
    var end = words.count
    strip(words, &start, &end)
    guard start < end else { return nil }
    if let kind = book.meaning(of: Array(words[start..<end])) { return kind }
    while let opening = openings.match(words, at: start, before: end), start + opening.count < end {
      start += opening.count
      strip(words, &start, &end)
    }
    guard start < end else { return nil }
    let core = Array(words[start..<end])
    if let kind = book.meaning(of: core) { return kind }
    if reaches(core) { return .human }
    return twofold(core)
  }

  private func strip(_ words: [String], _ start: inout Int, _ end: inout Int) {
    while let polite = frame.match(words, at: start, before: end), start + polite.count < end { start += polite.count }
    stripping: while end > start + 1 {
      for length in [3, 2, 1] where end - length > start {
        if frame.meaning(of: Array(words[end - length..<end])) != nil {
          end -= length
          continue stripping
        }
      }
      break
    }
  }

  // "talk to a real human being", "person", "your supervisor"
  private func reaches(_ words: [String]) -> Bool {
    var index = 0
    while let verb = reachVerbs.match(words, at: index, before: words.count) { index += verb.count }
    return isPerson(words, from: index)
  }

  /// A person, after any of "a", "real", "customer service"; some of these words are people by themselves.
  private func isPerson(_ words: [String], from start: Int) -> Bool {
    guard start < words.count else { return false }
    for length in 1...min(3, words.count - start) where people.meaning(of: Array(words[start..<start + length])) != nil
    {
      var index = start + length
      while index < words.count,
        let tail = frame.match(words, at: index, before: words.count)
          ?? people.match(words, at: index, before: words.count)
      {
        index += tail.count
      }
      if index == words.count { return true }
    }
    guard let filler = reachFillers.match(words, at: start, before: words.count) else { return false }
    return isPerson(words, from: start + filler.count)
  }

  // "never mind, forget it": one command said twice
  private func twofold(_ words: [String]) -> Kind? {
    guard let first = book.match(words, at: 0, before: words.count) else { return nil }
    var index = first.count
    while index < words.count {
      if let again = book.match(words, at: index, before: words.count) {
        guard again.meaning == first.meaning else { return nil }
        index += again.count
      } else if let polite = frame.match(words, at: index, before: words.count) {
        index += polite.count
      } else {
        return nil
      }
    }
    return first.meaning
  }
}
