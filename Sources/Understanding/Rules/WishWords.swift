import Core
import Language

/// Words by which one sentence holds two wishes.
struct WishWords: Sendable {
  /// "And", "and also": another wish may follow.
  let joins: PhraseSet
  /// Behind such a word, before the wish.
  let openings: PhraseSet
  /// Openings of what is told rather than wished: "I have".
  let statements: PhraseSet
  /// Openings of wishes that such words begin, too: "I want".
  let requests: PhraseSet

  private static let leastWords = 2

  /// The parts of a sentence that may each be a wish.
  func parts(of text: String) -> [(head: String, tail: String)] {
    let words = Word.split(text)
    let texts = words.texts
    var parts: [(String, String)] = []
    var index = Self.leastWords
    while index < words.count {
      let join = joins.match(texts, at: index, before: words.count)
      guard join != nil || words[index - 1].endsSentence else {
        index += 1
        continue
      }
      var start = index + (join?.count ?? 0)
      while let opening = openings.match(texts, at: start, before: words.count) { start += opening.count }
      if words.count - start >= Self.leastWords {
        parts.append((words.written(0..<index), words.written(start..<words.count)))
      }
      index = max(index + 1, start)
    }
    return parts
  }

  /// A wish without the words that join it to what was said before.
  func unjoined(_ text: String) -> String {
    let words = Word.split(text)
    var start = 0
    while let word = joins.match(words.texts, at: start, before: words.count)
      ?? openings.match(words.texts, at: start, before: words.count)
    {
      start += word.count
    }
    return words.written(start..<words.count)
  }

  /// Whether a part asks for something, rather than telling what happened.
  func isWish(_ text: String) -> Bool {
    let words = Word.split(text).texts
    return requests.match(words, at: 0, before: words.count) != nil
      || statements.match(words, at: 0, before: words.count) == nil
  }

  static func words(for locale: LocaleTag) -> WishWords { english }

  static let english = WishWords(
    joins: PhraseSet(["and", "also", "plus", "as well as", "and then", "after that", "then"]),
    openings: PhraseSet(["also", "please", "then", "after that", "too", "um", "uh"]),
    statements: PhraseSet([
      "i", "i'm", "i've", "i'd", "my", "it", "it's", "there", "there's", "the", "a", "he", "she", "we", "they", "that",
      "this", "somebody", "someone", "nobody", "because",
    ]),
    requests: PhraseSet([
      "i want", "i need", "i'd like", "i would like", "i wanna", "i have to", "i'd love", "i also want", "i also need",
      "i wish", "we want", "we need", "i was wondering", "i'm wondering",
    ]))
}
