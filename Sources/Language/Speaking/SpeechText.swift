public import Core

/// Makes plain words of a prompt for a synthesizer: no figures, signs, abbreviations, links or markup are left.
///
/// Normalising twice changes nothing. Punctuation that a voice breathes at stays.
public enum SpeechText {
  /// The words of `text` in the language of `locale`.
  public static func normalize(_ text: String, locale: LocaleTag = .americanEnglish) -> String {
    let pack = LanguagePack.pack(for: locale)
    let plain = Markup.stripped(text)
    let chunks = plain.split(whereSeparator: \.isWhitespace).map(String.init)
    var out: [String] = []
    var index = 0
    while index < chunks.count {
      let chunk = SpeechChunk(chunks[index])
      let next = index + 1 < chunks.count ? SpeechChunk(chunks[index + 1]) : nil
      let reader = ChunkSpeaker(pack: pack, chunk: chunk, previous: index > 0 ? chunks[index - 1] : nil, next: next)
      let spoken = reader.spoken()
      if !spoken.words.isEmpty {
        let tail = spoken.takesNext ? next?.tail ?? "" : spoken.dropsPeriod ? "" : chunk.tail
        out.append(spoken.words + tail)
      } else if let mark = chunk.tail.first, let last = out.last, last.last.map({ ".,!?;:".contains($0) }) != true {
        out[out.count - 1] = last + String(mark)
      }
      index += spoken.takesNext ? 2 : 1
    }
    return out.joined(separator: " ")
  }
}

/// A piece of text between spaces, parted from the punctuation around it.
struct SpeechChunk {
  var body: String
  /// Closing punctuation a voice breathes at.
  var tail: String

  init(_ chunk: String) {
    var rest = Substring(chunk)
    while let first = rest.first, "\"'([{“‘".contains(first) { rest = rest.dropFirst() }
    var marks = ""
    while let last = rest.last, ".,;:!?\"')]}”’…".contains(last) {
      if ".,;:!?…".contains(last) { marks = String(last) + marks }
      rest = rest.dropLast()
    }
    body = String(rest)
    tail =
      marks.contains("?") ? "?" : marks.contains("!") ? "!" : marks.first.map { $0 == "…" ? "..." : String($0) } ?? ""
  }
}

/// Takes out what must not be read aloud: markdown, HTML tags, emoji; links keep their words.
enum Markup {
  static func stripped(_ text: String) -> String {
    var result = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = Substring(line)
      while let first = line.first, first == "#" || first == ">" || first.isWhitespace { line = line.dropFirst() }
      for bullet in ["- ", "* ", "• "] where line.hasPrefix(bullet) { line = line.dropFirst(bullet.count) }
      if line.allSatisfy({ "-*_= ".contains($0) }) { continue }
      result += inline(line) + "\n"
    }
    return result
  }

  private static func inline(_ line: Substring) -> String {
    var out = ""
    var index = line.startIndex
    while index < line.endIndex {
      let character = line[index]
      if character == "[", let close = line[index...].firstIndex(of: "]") {
        let after = line.index(after: close)
        if after < line.endIndex, line[after] == "(", let end = line[after...].firstIndex(of: ")") {
          out += line[line.index(after: index)..<close]
          index = line.index(after: end)
          continue
        }
      }
      if character == "<", let end = line[index...].firstIndex(of: ">"),
        line[line.index(after: index)..<end].first.map({ $0.isLetter || $0 == "/" }) == true
      {
        out += " "
        index = line.index(after: end)
        continue
      }
      let isWordSign =
        character == "_" && index > line.startIndex && line.index(after: index) < line.endIndex
        && line[line.index(before: index)].isLetter && line[line.index(after: index)].isLetter
      if character == "*" || character == "`" || character == "~" || character == "|" || character == "_" && !isWordSign
      {
        // markup
      } else if isPictorial(character) {
        out += " "
      } else if character == "—" || character == "–" {
        out += ", "
      } else {
        out.append(character == "’" || character == "‘" ? "'" : character)
      }
      index = line.index(after: index)
    }
    return out
  }

  private static func isPictorial(_ character: Character) -> Bool {
    character.unicodeScalars.contains { scalar in
      scalar.properties.isEmojiPresentation || scalar.value == 0xFE0F || scalar.value == 0x200D
        || (0x2190...0x2BFF).contains(scalar.value) || (0x1F000...0x1FAFF).contains(scalar.value)
    }
  }
}
