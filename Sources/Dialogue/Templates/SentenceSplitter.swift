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
    while words.last?.isWhitespace == true { words.removeLast() }
    flushWords()
    let hasContent = pieces.contains {
      if case .words(let text) = $0 { !text.allSatisfy(\.isWhitespace) } else { true }
    }
    if hasContent { sentences.append(Sentence(pieces: pieces, response: response)) }
    pieces = []
  }

  private mutating func take(_ text: String) {
    var afterEnd = false
    var newlines = 0
    for character in text {
      if character.isWhitespace {
        if character.isNewline { newlines += 1 }
        if afterEnd || newlines > 1 {
          endSentence()
          afterEnd = false
        } else if !(words.isEmpty && pieces.isEmpty), !(words.last?.isWhitespace ?? false) {
          words.append(" ")
        }
        continue
      }
      newlines = 0
      words.append(character)
      if character == "?" || character == "!" {
        afterEnd = true
      } else if character == "." {
        afterEnd = !endsInAbbreviation
      } else if afterEnd, !"\"')]»”’".contains(character) {
        afterEnd = false
      }
    }
    if afterEnd { endSentence() }
  }

  /// Whether the dot just taken belongs to an abbreviation or an initial.
  private var endsInAbbreviation: Bool {
    let body = words.dropLast()
    let last = body.reversed().prefix { !$0.isWhitespace && $0 != "(" }
    let word = String(last.reversed()).lowercased()
    if word.isEmpty { return false }
    if word.count == 1, word.first?.isLetter == true, String(last.reversed()).first?.isUppercase == true, word != "i" {
      return true
    }
    return Self.abbreviations.contains(word) && !(word == "no" && isWholeSentence(word))
  }

  private func isWholeSentence(_ word: String) -> Bool { pieces.isEmpty && words.count == word.count + 1 }
}
