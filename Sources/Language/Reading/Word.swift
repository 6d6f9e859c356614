/// One word of an utterance as a recogniser or a person wrote it.
package struct Word: Hashable, Sendable {
  /// Lower case, without the punctuation around it.
  package let text: String
  /// As written, without the punctuation around it.
  package let original: String
  /// Whether a comma or anything stronger follows.
  package let pauses: Bool
  /// Whether a period, question or exclamation mark follows.
  package let endsSentence: Bool
  /// Whether it trails off: `...` or a dash follows.
  package let trailsOff: Bool
  /// Whether a minus stands right in front of its figures: `-50`, `-$50`.
  package var hasMinus = false

  /// The words of a text.
  package static func split(_ text: String) -> [Word] {
    var words: [Word] = []
    for chunk in text.split(whereSeparator: \.isWhitespace) {
      append(String(chunk), to: &words)
    }
    return words
  }

  private static let leading: Set<Character> = [
    "\"", "'", "(", "[", "{", "*", "_", "“", "‘", "¿", "¡", "#", "…", "-", "–", "—", "♪",
    minusSign,
  ]
  private static let minusSign: Character = "\u{2212}"
  private static let minuses: Set<Character> = ["-", "–", minusSign]
  private static let trailing: Set<Character> = [
    ".", ",", ";", ":", "!", "?", "\"", "'", ")", "]", "}", "*", "_", "”", "’", "…", "-", "–", "—", "♪",
  ]

  private static func append(_ chunk: String, to words: inout [Word]) {
    guard !isPlain(chunk) else {
      words.append(
        Word(text: chunk.lowercased(), original: chunk, pauses: false, endsSentence: false, trailsOff: false))
      return
    }
    var body = Substring(String(chunk.map { $0 == "’" || $0 == "‘" || $0 == "`" ? "'" : $0 }))
    var sign: Character?
    while let first = body.first, leading.contains(first) {
      sign = first
      body = body.dropFirst()
    }
    let hasMinus = sign.map(minuses.contains) ?? false && body.first.map { $0.isNumber || $0.isCurrencySymbol } ?? false
    var tail: [Character] = []
    while let last = body.last, trailing.contains(last) {
      tail.append(last)
      body = body.dropLast()
    }
    guard !body.isEmpty else {
      if let last = words.popLast() {
        let dots = chunk.contains("...") || chunk.contains("…")
        words.append(
          Word(
            text: last.text, original: last.original, pauses: true, endsSentence: last.endsSentence,
            trailsOff: last.trailsOff || dots || chunk.contains { "-–—".contains($0) }))
      }
      return
    }
    let trailsOff = tail.contains { "-–—…".contains($0) } || tail.filter { $0 == "." }.count > 2
    let ends = !trailsOff && tail.contains { ".!?".contains($0) }
    let pauses = trailsOff || tail.contains { ".!?,;:".contains($0) }
    let parts = pieces(of: String(body))
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      words.append(
        Word(
          text: part.lowercased(), original: part, pauses: isLast && pauses, endsSentence: isLast && ends,
          trailsOff: isLast && trailsOff, hasMinus: index == 0 && hasMinus))
    }
  }

  /// Whether it is English letters or figures and nothing else, as most are: there is nothing to take off or to part.
  private static func isPlain(_ chunk: String) -> Bool {
    chunk.utf8.allSatisfy { octet in
      switch octet {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }
  }

  /// Parts at hyphens between letters (`twenty-one`), joins initials (`a.m`), leaves figures and addresses of the net alone.
  private static func pieces(of body: String) -> [String] {
    if body.contains("@") || body.contains("://") { return [body] }
    let hasLetter = body.contains(where: \.isLetter)
    if hasLetter, body.contains("."),
      body.split(separator: ".").allSatisfy({ $0.count == 1 && $0.first?.isLetter == true })
    {
      return [body.filter { $0 != "." }]
    }
    guard hasLetter, body.contains(where: { "-–—…/".contains($0) }) || body.contains("...") else { return [body] }
    let lower = body.lowercased()
    if lower == "e-mail" || lower == "x-ray" { return [lower.filter { $0 != "-" }] }
    return body.split { "-–—…/".contains($0) }.map(String.init).filter { !$0.isEmpty }
  }
}

extension Array where Element == Word {
  /// The words' texts.
  package var texts: [String] { map(\.text) }

  /// The words of a range as they were written, parted by spaces.
  package func written(_ range: Range<Int>) -> String {
    self[range].map(\.original).joined(separator: " ")
  }
}
