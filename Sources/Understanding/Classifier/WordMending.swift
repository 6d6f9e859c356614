/// Puts back words that a recogniser spelled one letter off: "my other lorder" means an order.
///
/// Only words that the language does not have are touched, and only when exactly one word of the assistant's examples is one
/// letter away. Boldly, words that the language has are touched too, and those that only sound alike ("another cave", "my
/// other hoarder"). For the classifier alone; values are never mended.
struct WordMending: Sendable {
  private let vocabulary: Set<String>
  private let isWord: @Sendable (String) -> Bool
  /// Shorter words have too many neighbours.
  private static let shortest = 5
  private static let shortestBold = 4

  /// - Parameters:
  ///   - examples: what callers are expected to say.
  ///   - isWord: whether a lowercase word belongs to the language.
  init(examples: [String], isWord: @escaping @Sendable (String) -> Bool) {
    vocabulary = Set(examples.flatMap(Self.words).filter { $0.count >= Self.shortestBold })
    self.isWord = isWord
  }

  /// The text with strange words put back.
  func mended(_ text: String) -> String {
    var result = text
    for word in strange(in: text, from: Self.shortest) where !isWord(word) {
      let near = neighbours(of: word, from: Self.shortest, Self.isOneLetterOff)
      if near.count == 1 { result = Self.replacing(word, by: near[0], in: result) }
    }
    return result
  }

  /// Texts with one word put back, whether or not the language has it; at most four.
  func boldlyMended(_ text: String) -> [String] {
    let all = strange(in: text, from: Self.shortestBold).flatMap { word in
      neighbours(of: word, from: Self.shortestBold) {
        Self.isOneLetterOff($0, $1) || Self.soundAlike($0, $1)
      }
      .map { Self.replacing(word, by: $0, in: text) }
    }
    return all.count <= 4 ? all : []
  }

  private func strange(in text: String, from shortest: Int) -> [String] {
    Set(Self.words(text)).filter { $0.count >= shortest && !vocabulary.contains($0) }.sorted()
  }

  private func neighbours(of word: String, from shortest: Int, _ areNear: (String, String) -> Bool) -> [String] {
    vocabulary.filter { $0.count >= shortest && areNear(word, $0) }.sorted()
  }

  private static func replacing(_ word: String, by meant: String, in text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false)
      .map { words(String($0)) == [word] ? meant : String($0) }.joined(separator: " ")
  }

  private static func words(_ text: String) -> [String] {
    text.lowercased().split { !$0.isLetter }.map(String.init)
  }

  /// Whether the consonants are the same, three at least; an h in front is easily heard or missed.
  private static func soundAlike(_ one: String, _ other: String) -> Bool {
    let (left, right) = (one.drop { $0 == "h" }, other.drop { $0 == "h" })
    let sounds = consonants(left)
    return sounds.count >= 3 && sounds == consonants(right) && beginsWithVowel(left) == beginsWithVowel(right)
  }

  private static func beginsWithVowel(_ word: Substring) -> Bool { word.first.map(vowels.contains) ?? true }

  private static let vowels: Set<Character> = ["a", "e", "i", "o", "u", "y"]

  private static func consonants(_ word: Substring) -> [Character] {
    var result: [Character] = []
    for letter in word where !vowels.contains(letter) {
      let sound: Character = letter == "c" || letter == "q" ? "k" : letter
      if result.last != sound { result.append(sound) }
    }
    return result
  }

  /// One letter more, less or other.
  private static func isOneLetterOff(_ left: String, _ right: String) -> Bool {
    let (one, other) = (Array(left), Array(right))
    guard abs(one.count - other.count) <= 1, one != other else { return false }
    let same = zip(one, other).prefix { $0 == $1 }.count
    let (rest, otherRest) = (one.dropFirst(same), other.dropFirst(same))
    switch one.count - other.count {
    case 0: return rest.dropFirst().elementsEqual(otherRest.dropFirst())
    case 1: return rest.dropFirst().elementsEqual(otherRest)
    default: return rest.elementsEqual(otherRest.dropFirst())
    }
  }
}
