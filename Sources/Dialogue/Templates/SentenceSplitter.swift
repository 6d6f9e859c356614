import Core

/// Cuts rendered pieces into spoken sentences: at `.`, `?`, `!` before white space, not within "3.5" or after "Mr.".
struct SentenceSplitter {
  private static let abbreviations: Set<String> = [
    "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "no", "nr", "approx", "inc", "ltd", "a.m", "p.m", "jr",
    "sr",
  ]
  private var sentences: [Sentence] = []
  private var pieces: [Sentence.Piece] = []
  private var words = ""
  private let response: ResponseName?

  static func sentences(of pieces: [Sentence.Piece], response: ResponseName?) -> [Sentence] {
    var splitter = SentenceSplitter(response: response)
    for piece in pieces {
      switch piece {
      case .words(let text): splitter.take(text)
      case .value:
        splitter.flushWords()
        splitter.pieces.append(piece)
      }
    }
    splitter.endSentence()
    return splitter.sentences
  }

  private init(response: ResponseName?) { self.response = response }

  private mutating func flushWords() {
    if !words.isEmpty { pieces.append(.words(words)) }
    words = ""
  }

  private mutating func endSentence() {
    while words.last?.isSpace == true { words.removeLast() }
    flushWords()
    let hasContent = pieces.contains {
      if case .words(let text) = $0 { !text.allSatisfy(\.isSpace) } else { true }
    }
    if hasContent { sentences.append(Sentence(pieces: pieces, response: response)) }
    pieces = []
  }

  private mutating func take(_ text: String) {
    var afterEnd = false
    var newlines = 0
    for character in text {
      if character.isSpace {
        if character.isNewline { newlines += 1 }
        if afterEnd || newlines > 1 {
          endSentence()
          afterEnd = false
        } else if !(words.isEmpty && pieces.isEmpty), !(words.last?.isSpace ?? false) {
          words.append(" ")
        }
        continue
      }
      newlines = 0
      words.append(character)
      switch character {
      case "?", "!": afterEnd = true
      case ".": afterEnd = !endsInAbbreviation
      default: if afterEnd, !"\"')]»”’".contains(character) { afterEnd = false }
      }
    }
    if afterEnd { endSentence() }
  }

  /// Whether the dot just taken belongs to an abbreviation or an initial.
  private var endsInAbbreviation: Bool {
    let body = words.dropLast()
    let before = body.lastIndex { $0.isSpace || $0 == "(" }
    let word = body[(before.map { body.index(after: $0) } ?? body.startIndex)...]
    guard let first = word.first, word.utf8.count <= Self.longestAbbreviation else { return false }
    if word.dropFirst().isEmpty, first.isLetter, first.isUppercase, first != "I" { return true }
    let abbreviation = word.lowercased()
    return Self.abbreviations.contains(abbreviation) && !(abbreviation == "no" && isWholeSentence(abbreviation))
  }

  /// In bytes; an initial of any script has no more.
  private static let longestAbbreviation = 6

  private func isWholeSentence(_ word: String) -> Bool { pieces.isEmpty && words.count == word.count + 1 }
}

extension Character {
  /// White space; quick for ASCII, which most of a text is.
  fileprivate var isSpace: Bool {
    if let ascii = asciiValue { ascii == 32 || (9...13).contains(ascii) } else { isWhitespace }
  }
}
