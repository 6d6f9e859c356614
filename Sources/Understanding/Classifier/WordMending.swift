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

  func mended(_ text: String, isBold: Bool = false) -> String {
    var result = text
    let shortest = isBold ? Self.shortestBold : Self.shortest
    for word in Set(Self.words(text))
    where word.count >= shortest && !vocabulary.contains(word) && (isBold || !isWord(word)) {
      let near = vocabulary.filter { $0.count >= shortest && Self.isOneLetterOff(Array(word), Array($0)) }
      guard near.count == 1, let meant = near.first else { continue }
      result = result.split(separator: " ", omittingEmptySubsequences: false)
        .map { Self.words(String($0)) == [word] ? meant : String($0) }.joined(separator: " ")
    }
    return result
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
