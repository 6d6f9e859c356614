/// Puts back words that a recogniser spelled one letter off: "my other lorder" means an order.
///
/// Only words that the language does not have are touched, and only when exactly one word of the assistant's examples is one
/// letter away. Boldly, words that the language has are touched too ("another cave"). For the classifier alone; values are
/// never mended.
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
      let near = neighbours(of: word, from: Self.shortest)
      if near.count == 1 { result = Self.replacing(word, by: near[0], in: result) }
    }
    return result
  }

  /// Texts with one word put back, whether or not the language has it; at most four.
  func boldlyMended(_ text: String) -> [String] {
    let all = strange(in: text, from: Self.shortestBold).flatMap { word in
      neighbours(of: word, from: Self.shortestBold).map { Self.replacing(word, by: $0, in: text) }
    }
    return all.count <= 4 ? all : []
  }

  private func strange(in text: String, from shortest: Int) -> [String] {
    Set(Self.words(text)).filter { $0.count >= shortest && !vocabulary.contains($0) }.sorted()
  }

  private func neighbours(of word: String, from shortest: Int) -> [String] {
    vocabulary.filter { $0.count >= shortest && Self.isOneLetterOff(Array(word), Array($0)) }.sorted()
  }

  private static func replacing(_ word: String, by meant: String, in text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false)
      .map { words(String($0)) == [word] ? meant : String($0) }.joined(separator: " ")
  }

  private static func words(_ text: String) -> [String] {
    text.lowercased().split { !$0.isLetter }.map(String.init)
  }

  /// One letter more, less or other.
  private static func isOneLetterOff(_ one: [Character], _ other: [Character]) -> Bool {
    guard abs(one.count - other.count) <= 1, one != other else { return false }
    let same = zip(one, other).prefix { $0 == $1 }.count
    let (left, right) = (one.dropFirst(same), other.dropFirst(same))
    switch one.count - other.count {
    case 0: return left.dropFirst().elementsEqual(right.dropFirst())
    case 1: return left.dropFirst().elementsEqual(right)
    default: return left.elementsEqual(right.dropFirst())
    }
  }
}
