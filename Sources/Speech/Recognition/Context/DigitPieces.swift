/// Which pieces of words can go on a string of spoken digits, and which digits they write.
///
/// An automaton over the lower-case bytes of pieces: numerals, the words of digits ("zero", "oh", "five"), "double" and "triple" before one,
/// and what stands between them. A string is the same however the decoder writes it: "5-3", "Five, three." and "53" are one.
struct DigitPieces: Sendable {
  /// A place between bytes: at a boundary, behind a numeral, or within a word.
  typealias Node = Int

  /// What a piece leads to.
  struct Step: Sendable {
    let piece: Int
    let node: Node
    /// Digits it completes, as ASCII; `D` and `T` double and treble the one that follows.
    let symbols: [UInt8]
  }

  /// Where a string begins.
  static let start: Node = 0
  private static let boundary: Node = 0
  private static let numeral: Node = 1

  private static let words: [(word: String, symbol: UInt8)] = [
    ("zero", "0"), ("oh", "0"), ("o", "0"), ("one", "1"), ("two", "2"), ("three", "3"), ("four", "4"), ("five", "5"),
    ("six", "6"), ("seven", "7"), ("eight", "8"), ("nine", "9"), ("double", "D"), ("triple", "T"),
  ].map { ($0.0, Array($0.1.utf8)[0]) }

  private let steps: [[Step]]
  /// What the word that ends at a node writes; nil where none ends.
  private let endings: [UInt8?]

  /// The automaton over a recogniser's pieces; takes some milliseconds.
  init(_ vocabulary: TokenVocabulary) {
    var children: [[UInt8: Node]] = [[:], [:]]
    var endings: [UInt8?] = [nil, nil]
    for (word, symbol) in Self.words {
      var node = Self.boundary
      for byte in word.utf8 {
        if let next = children[node][byte] {
          node = next
        } else {
          children.append([:])
          endings.append(nil)
          children[node][byte] = children.count - 1
          node = children.count - 1
        }
      }
      endings[node] = symbol
    }
    let known = Set(Self.words.flatMap { Array($0.word.utf8) } + Array(" ,-.0123456789".utf8))
    let pieces = (0..<vocabulary.count).map {
      (piece: $0, bytes: vocabulary.spelling(of: $0).map(TokenVocabulary.lowercased))
    }
    .filter { !$0.bytes.isEmpty && $0.bytes.allSatisfy(known.contains) }
    steps = children.indices.map { from in
      pieces.compactMap { piece, bytes in
        Self.walk(bytes, from: from, children, endings).map { Step(piece: piece, node: $0.node, symbols: $0.symbols) }
      }
    }
    self.endings = endings
  }

  private static func walk(
    _ bytes: [UInt8], from: Node, _ children: [[UInt8: Node]], _ endings: [UInt8?]
  ) -> (node: Node, symbols: [UInt8])? {
    var node = from
    var symbols: [UInt8] = []
    for byte in bytes {
      switch byte {
      case 0x20, 0x2C, 0x2D, 0x2E:  // space , - .
        if node > numeral {
          guard let symbol = endings[node] else { return nil }
          symbols.append(symbol)
        }
        node = boundary
      case 0x30...0x39:
        guard node <= numeral else { return nil }
        symbols.append(byte)
        node = numeral
      default:
        guard node != numeral, let next = children[node][byte] else { return nil }
        node = next
      }
    }
    return (node, symbols)
  }

  /// The pieces that can come next.
  func steps(from node: Node) -> [Step] { steps[node] }

  /// What the end of the string completes here; nil where it cannot end.
  func ending(at node: Node) -> [UInt8]? { node <= Self.numeral ? [] : endings[node].map { [$0] } }

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
