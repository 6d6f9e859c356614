/// Which pieces of words can go on a string of spoken digits, and which digits they write.
///
/// An automaton over the lower-case bytes of pieces: numerals, the words of digits ("zero", "oh", "five"), "double" and "triple" before one,
/// and what stands between them. A string is the same however the decoder writes it: "5-3", "Five, three." and "53" are one.
struct DigitPieces: Sendable {
  /// A place between bytes: at a boundary, behind a numeral, or within a word.
  typealias Node = ByteTrie.Node

  /// What a piece leads to.
  struct Step: Sendable {
    let piece: Int
    let node: Node
    /// Digits it completes, as ASCII; `D` and `T` double and treble the one that follows.
    let symbols: [UInt8]
    /// Whether a space stands before it.
    let beginsWord: Bool
    /// Whether it is more than what stands between digits.
    let writes: Bool
  }

  /// Where a string begins.
  static let start: Node = 0
  private static let boundary: Node = 0

  private static let words: [(word: String, symbol: UInt8)] = [
    ("zero", "0"), ("oh", "0"), ("o", "0"), ("one", "1"), ("two", "2"), ("three", "3"), ("four", "4"), ("five", "5"),
    ("six", "6"), ("seven", "7"), ("eight", "8"), ("nine", "9"), ("double", "D"), ("triple", "T"),
  ].map { ($0.0, Array($0.1.utf8)[0]) }
  /// What stands between digits: space , - . and the mark of "o'"
  private static let separators = Array(" ,-.'".utf8)
  /// A sigh before anything else is no digit: "Oh, it's ..."
  private static let sighs = ["oh", "o"]

  private let vocabulary: TokenVocabulary
  private let trie: ByteTrie
  private let numeral: Node
  private let steps: [[Step]]
  /// What the word that ends at a node writes.
  private let endings: [Node: UInt8]

  /// The automaton over a recogniser's pieces; takes some milliseconds.
  init(_ vocabulary: TokenVocabulary) {
    var trie = ByteTrie()
    let numeral = trie.addNode()
    let endings = Dictionary(
      Self.words.map { (trie.insert($0.word.utf8), $0.symbol) }, uniquingKeysWith: { first, _ in first })
    let known = Set(Self.words.flatMap { Array($0.word.utf8) } + Self.separators + Array("0123456789".utf8))
    let pieces = (0..<vocabulary.count).map {
      (piece: $0, bytes: vocabulary.spelling(of: $0).map(TokenVocabulary.lowercased))
    }
    .filter { !$0.bytes.isEmpty && $0.bytes.allSatisfy(known.contains) }
    steps = trie.children.indices.map { from in
      pieces.compactMap { piece, bytes in
        Self.walk(bytes, from: from, trie, numeral, endings).map {
          Step(
            piece: piece, node: $0.node, symbols: $0.symbols, beginsWord: bytes[0] == 0x20,
            writes: !bytes.allSatisfy(Self.separators.contains))
        }
      }
    }
    self.vocabulary = vocabulary
    self.trie = trie
    self.numeral = numeral
    self.endings = endings
  }

  private static func walk(
    _ bytes: [UInt8], from: Node, _ trie: ByteTrie, _ numeral: Node, _ endings: [Node: UInt8]
  ) -> (node: Node, symbols: [UInt8])? {
    var node = from
    var symbols: [UInt8] = []
    for byte in bytes {
      switch byte {
      case _ where separators.contains(byte):
        if node != boundary, node != numeral {
          guard let symbol = endings[node] else { return nil }
          symbols.append(symbol)
        }
        node = boundary
      case 0x30...0x39:
        guard node == boundary || node == numeral else { return nil }
        symbols.append(byte)
        node = numeral
      default:
        guard node != numeral, let next = trie.next(byte, from: node) else { return nil }
        node = next
      }
    }
    return (node, symbols)
  }

  /// The pieces that can come next.
  func steps(from node: Node) -> [Step] { steps[node] }

  /// What the end of the string completes here; nil where it cannot end.
  func ending(at node: Node) -> [UInt8]? {
    node == Self.boundary || node == numeral ? [] : endings[node].map { [$0] }
  }

  /// Whether a piece begins a word that is no digit, behind a string that can end here.
  func beginsOtherWord(_ piece: Int, after node: Node) -> Bool {
    vocabulary.startsWord(piece) && vocabulary.isSpoken(piece) && ending(at: node) != nil
      && Self.walk(
        vocabulary.spelling(of: piece).map(TokenVocabulary.lowercased), from: node, trie, numeral, endings) == nil
  }

  /// Whether a piece begins a word.
  func beginsWord(_ piece: Int) -> Bool { vocabulary.startsWord(piece) }

  /// Whether whole words that were written hold a numeral or the word of a digit.
  func holdsDigits(_ written: [Int]) -> Bool {
    let words = vocabulary.text(of: written).lowercased().split { !$0.isLetter && !$0.isNumber }
    return words.enumerated().contains { index, word in
      word.contains(where: \.isNumber)
        || Self.words.contains { $0.word == word } && !(index == 0 && Self.sighs.contains(String(word)))
    }
  }

  /// The digits that symbols stand for; nil for a doubling of nothing.
  static func digits(of symbols: [UInt8]) -> [UInt8]? {
    var digits: [UInt8] = []
    var times = 1
    for symbol in symbols {
      switch symbol {
      case 0x44, 0x54:
        guard times == 1 else { return nil }
        times = symbol == 0x44 ? 2 : 3
      default:
        digits += [UInt8](repeating: symbol, count: times)
        times = 1
      }
    }
    return times == 1 ? digits : nil
  }
}
