public import Core

/// What becomes of digits that are said over several turns: what was held before, and what is said now.
public struct DigitDictation: Sendable {
  /// What all of it makes.
  public enum Outcome: Hashable, Sendable {
    /// As many as are wanted.
    case whole(String, Confidence)
    /// Fewer, or more; none: they are said anew.
    case part(String, Confidence)
  }

  private let wanted: ClosedRange<Int>
  private let pack: LanguagePack

  /// A dictation of so many digits.
  public init(minimum: Int, maximum: Int, locale: LocaleTag) {
    wanted = max(1, minimum)...max(1, minimum, maximum)
    pack = LanguagePack.pack(for: locale)
  }

  /// The digits that are known after these words; nil when they say nothing of them.
  ///
  /// - Parameter held: what is known before.
  public func take(_ text: String, after held: String) -> Outcome? {
    let words = Word.split(text)
    let texts = words.texts
    let anew = pack.talk.anew.matches(in: texts).last.map { $0.range.upperBound }
    if let replaced = replacement(words, of: held) { return outcome(replaced.digits, replaced.confidence) }
    let correction = correctionEnd(texts)
    let start = anew ?? correction ?? 0
    guard let said = digits(words, from: start) else {
      let verdict = YesNoReader(text: text, words: words, pack: pack).verdict
      let isNo = verdict.answer == .no && verdict.rest.isEmpty
      return !held.isEmpty && (anew != nil || isNo || pack.talk.corrections.covers(texts))
        ? .part("", Confidence(permille: 900)) : nil
    }
    guard said.count * 2 >= words.count - start - fillers(texts) else { return nil }
    if held.isEmpty || anew != nil || isWhole(said, besides: held) { return outcome(said.digits, said.confidence) }
    // "No, five three eight one" says what was held once more.
    if correction != nil, said.digits.count >= held.count { return outcome(said.digits, said.confidence) }
    return outcome(joined(held, said.digits), said.confidence)
  }

  /// Where the words end by which something is taken back at the start: "no", "oh I mean".
  private func correctionEnd(_ texts: [String]) -> Int? {
    var start = 0
    while start < texts.count {
      if let found = pack.talk.corrections.match(texts, at: start, before: texts.count) { return start + found.count }
      guard let filler = pack.talk.fillers.match(texts, at: start, before: texts.count) else { return nil }
      start += filler.count
    }
    return nil
  }

  private struct Said {
    var digits: String
    /// How many words they are.
    var count: Int
    var confidence: Confidence
  }

  private func digits(_ words: [Word], from start: Int) -> Said? {
    guard start < words.count else { return nil }
    var runs = DigitReader(words: words, range: start..<words.count, pack: pack).runs()
    // "oh I have it here, 97258304"
    if runs.count > 1, runs[0].beginsWithSigh, runs[0].range.count == 1 { runs.removeFirst() }
    guard !runs.isEmpty else { return nil }
    let penalty = runs.reduce(0) { $0 + $1.penalty }
    return Said(
      digits: runs.map(\.digits).joined(), count: runs.reduce(0) { $0 + $1.range.count },
      confidence: Confidence(permille: max(300, 960 - penalty)))
  }

  private func fillers(_ texts: [String]) -> Int {
    pack.talk.fillers.matches(in: texts).reduce(0) { $0 + $1.range.count }
  }

  /// All digits said once more. Where lengths vary, what follows what is held is the rest of it as long as both fit.
  private func isWhole(_ said: Said, besides held: String) -> Bool {
    wanted.contains(said.digits.count) && held.count + said.digits.count > wanted.upperBound
  }

  /// What was held with what follows. Digits that are said again, to begin where the caller stopped, count once.
  private func joined(_ held: String, _ said: String) -> String {
    let joined = held + said
    guard joined.count > wanted.upperBound else { return joined }
    let excess = joined.count - wanted.upperBound...joined.count - wanted.lowerBound
    let overlap = excess.reversed().first { held.count >= $0 && said.count >= $0 && held.hasSuffix(said.prefix($0)) }
    return overlap.map { held + said.dropFirst($0) } ?? joined
  }

  /// "The last four are three eight two nine".
  private func replacement(_ words: [Word], of held: String) -> Said? {
    let texts = words.texts
    for place in texts.indices.dropLast() {
      guard let isLast = pack.numbers.ends[texts[place]], let count = pack.numbers.digits[texts[place + 1]], count > 0
      else {
        continue
      }
      var start = place + 2
      while let lead = pack.numbers.runLeads.match(texts, at: start, before: texts.count) { start += lead.count }
      guard var said = digits(words, from: start), said.digits.count == count, held.count >= count else { continue }
      said.digits = isLast ? held.dropLast(count) + said.digits : said.digits + held.dropFirst(count)
      return said
    }
    return nil
  }

  private func outcome(_ digits: String, _ confidence: Confidence) -> Outcome {
    wanted.contains(digits.count) ? .whole(digits, confidence) : .part(digits, confidence)
  }
}
