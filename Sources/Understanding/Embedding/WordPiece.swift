/// The tokenizer of uncased BERT models: lower case, accents off, punctuation apart, longest pieces first.
///
/// After Devlin et al., "BERT" (2019), and the reference tokenizer of the model: `$`, `+`, `<`, `=`, `>`, `^`, `` ` ``, `|`,
/// `~` split, other symbols (`£`, `€`) do not; Chinese characters stand alone.
public struct WordPiece: Sendable {
  /// The id that begins a sequence.
  public let start: Int
  /// The id that ends it.
  public let end: Int
  private let unknown: Int
  private let pieces: [String: Int]
  private static let longestWord = 100

  /// A tokenizer over a vocabulary, one piece a line. Throws `vocabularyUnusable` when a special piece is missing.
  public init(vocabulary: String) throws(UnderstandingError) {
    var pieces: [String: Int] = [:]
    for (index, line) in vocabulary.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty {
      pieces[String(line.last == "\r" ? line.dropLast() : line)] = index
    }
    guard let start = pieces["[CLS]"], let end = pieces["[SEP]"], let unknown = pieces["[UNK]"] else {
      throw UnderstandingError(.vocabularyUnusable, "the vocabulary has no [CLS], [SEP] or [UNK]")
    }
    self.start = start
    self.end = end
    self.unknown = unknown
    self.pieces = pieces
  }

  /// The ids of a text with start and end, at most `limit` of them.
  public func ids(of text: String, limit: Int = 256) -> [Int] {
    var ids = [start]
    words: for word in Self.words(of: text) {
      for piece in split(word) {
        if ids.count >= limit - 1 { break words }
        ids.append(piece)
      }
    }
    ids.append(end)
    return ids
  }

  /// Whether a lowercase word is one piece of the vocabulary.
  public func contains(_ word: String) -> Bool { pieces[word] != nil }

  private func split(_ word: [Unicode.Scalar]) -> [Int] {
    guard word.count <= Self.longestWord else { return [unknown] }
    var result: [Int] = []
    var from = 0
    while from < word.count {
      var to = word.count
      var found: Int?
      while to > from {
        var piece = from == 0 ? "" : "##"
        piece.unicodeScalars.append(contentsOf: word[from..<to])
        if let id = pieces[piece] {
          found = id
          break
        }
        to -= 1
      }
      guard let found else { return [unknown] }
      result.append(found)
      from = to
    }
    return result
  }

  private static func words(of text: String) -> [[Unicode.Scalar]] {
    var words: [[Unicode.Scalar]] = []
    var word: [Unicode.Scalar] = []
    func flush() {
      if !word.isEmpty { words.append(word) }
      word = []
    }
    for scalar in Decomposition.scalars(of: text.lowercased()) {
      if scalar.value == 0 || scalar.value == 0xFFFD { continue }
      if scalar.properties.isWhitespace {
        flush()
      } else if isControl(scalar) || isCombiningMark(scalar) {
        continue
      } else if isPunctuation(scalar) || isChinese(scalar) {
        flush()
        words.append([scalar])
      } else {
        word.append(scalar)
      }
    }
    flush()
    return words
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }

  private static func isCombiningMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .nonspacingMark
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 33...47, 58...64, 91...96, 123...126: return true
    default: break
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
