public import Core

/// Splits prompts into sentences, the unit that is synthesised, queued and interrupted.
public enum Sentences {
  /// The sentences of a text, trimmed. Splits behind `.`, `?`, `!` followed by a space; not in "3.5", "Mr. Doe", "p.m. on".
  public static func split(_ text: String, locale: LocaleTag = .americanEnglish) -> [String] {
    let stops = LanguagePack.pack(for: locale).speech.noSentenceEnd
    var result: [String] = []
    for paragraph in text.split(whereSeparator: \.isNewline) {
      var current: [Substring] = []
      let chunks = paragraph.split(whereSeparator: \.isWhitespace)
      for (index, chunk) in chunks.enumerated() {
        current.append(chunk)
        guard endsSentence(chunk, next: index + 1 < chunks.count ? chunks[index + 1] : nil, stops) else { continue }
        result.append(current.joined(separator: " "))
        current = []
      }
      if !current.isEmpty { result.append(current.joined(separator: " ")) }
    }
    return result
  }

  private static func endsSentence(_ chunk: Substring, next: Substring?, _ stops: Set<String>) -> Bool {
    let body = chunk.last.map { "\"')]”".contains($0) } == true ? chunk.dropLast() : chunk
    guard let last = body.last, ".!?…".contains(last) else { return false }
    guard last == ".", let next else { return true }
    let lower = body.lowercased()
    if stops.contains(lower) { return false }
    let letters = lower.split(separator: ".")
    // initials: "J. Smith"; "p.m." ends a sentence only before a capital
    if letters.count == 1, letters[0].count == 1, letters[0].first?.isLetter == true, lower != "i." { return false }
    if letters.count > 1, letters.allSatisfy({ $0.count == 1 }) { return next.first?.isUppercase == true }
    return true
  }
}
