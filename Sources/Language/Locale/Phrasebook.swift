/// Phrases of one or more words, each with a meaning, matched longest first. Phrases are lower case, words parted by one space.
package struct Phrasebook<Meaning: Hashable & Sendable>: Hashable, Sendable {
  private struct Entry: Hashable, Sendable {
    var words: [String]
    var meaning: Meaning
  }
  private var entries: [String: [Entry]] = [:]

  /// A phrasebook.
  package init(_ phrases: [String: Meaning] = [:]) {
    for (phrase, meaning) in phrases { add(phrase, meaning) }
  }

  /// Adds a phrase; the last meaning of a phrase holds.
  package mutating func add(_ phrase: String, _ meaning: Meaning) {
    let words = phrase.split(separator: " ").map(String.init)
    guard let first = words.first else { return }
    var found = entries[first] ?? []
    found.removeAll { $0.words == words }
    let place = found.firstIndex { $0.words.count < words.count } ?? found.endIndex
    found.insert(Entry(words: words, meaning: meaning), at: place)
    entries[first] = found
  }

  /// The longest phrase that starts at `index`.
  package func match(_ words: [String], at index: Int, before end: Int) -> (meaning: Meaning, count: Int)? {
    guard index >= 0, index < end, end <= words.count, let found = entries[words[index]] else { return nil }
    for entry in found where index + entry.words.count <= end {
      if words[index..<index + entry.words.count].elementsEqual(entry.words) {
        return (entry.meaning, entry.words.count)
      }
    }
    return nil
  }

  /// The meaning of the words when they are one phrase from end to end.
  package func meaning(of words: [String]) -> Meaning? {
    guard let found = match(words, at: 0, before: words.count), found.count == words.count else { return nil }
    return found.meaning
  }

  /// Every phrase in the words, left to right, longest first, none overlapping.
  package func matches(in words: [String]) -> [(meaning: Meaning, range: Range<Int>)] {
    var index = 0
    var result: [(meaning: Meaning, range: Range<Int>)] = []
    while index < words.count {
      if let found = match(words, at: index, before: words.count) {
        result.append((found.meaning, index..<index + found.count))
        index += found.count
      } else {
        index += 1
      }
    }
    return result
  }

  /// Whether the words are nothing but phrases of this book.
  package func covers(_ words: [String]) -> Bool {
    matches(in: words).reduce(0) { $0 + $1.range.count } == words.count
  }
}

/// Phrases without a meaning of their own.
package typealias PhraseSet = Phrasebook<Bool>

extension Phrasebook where Meaning == Bool {
  /// A set of phrases.
  package init(_ phrases: [String]) {
    self.init()
    for phrase in phrases { add(phrase, true) }
  }

  /// Whether a single word is a phrase of this set.
  package func contains(_ word: String) -> Bool { match([word], at: 0, before: 1) != nil }
}
