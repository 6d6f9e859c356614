import Core

/// Whether the words around a value leave open which one is meant: "fifty or sixty", "between two and four", "before the tenth",
/// "half of a million". A caller who leaves it open is asked again; nothing is chosen for them.
struct OpenValue {
  let words: [Word]
  /// Where values are looked for; words beyond it say nothing.
  let range: Range<Int>
  let pack: LanguagePack
  let grammar: SlotGrammar
  /// Values in a part of the words, whatever stands around them.
  let findings: (Range<Int>) -> [Finding]

  /// What is left of a value's trust: it has to be asked about.
  static let permille = 440
  private static let longestPhrase = 4

  /// Whether a value is open.
  func isLeft(by finding: Finding) -> Bool {
    let before = placeBefore(finding.range.lowerBound)
    return hasAlternative(finding, before) || isInSpan(finding, before) || isLimit(finding, before)
      || isPart(finding, before) || isDifference(finding, before)
  }

  private func text(_ index: Int) -> String? { range.contains(index) ? words[index].text : nil }

  /// The place in front of a value that loose words do not fill.
  private func placeBefore(_ index: Int) -> Int {
    var place = index - 1
    while let word = text(place), pack.open.loose.contains(word), !words[place].pauses { place -= 1 }
    return place
  }

  private func isAlternative(_ index: Int) -> Bool {
    guard let word = text(index), pack.open.alternatives.contains(word) else { return false }
    return pack.open.noAlternatives.match(words.texts, at: index, before: range.upperBound) == nil
  }

  // "fifty or sixty dollars", "the tenth or eleventh", "Friday or later". In front of everything "or" begins another proposal.
  private func hasAlternative(_ finding: Finding, _ before: Int) -> Bool {
    isAlternative(finding.range.upperBound) || before > range.lowerBound && isAlternative(before)
  }

  // "between fifty and sixty", "fifty to sixty dollars"
  private func isInSpan(_ finding: Finding, _ before: Int) -> Bool {
    let ahead = range.lowerBound..<finding.range.lowerBound
    if ahead.contains(where: { pack.open.spans.contains(words[$0].text) }) { return true }
    if ahead.contains(where: { pack.open.changes.contains(words[$0].text) }) { return false }
    if let word = text(before), pack.open.spanEnds.contains(word),
      findings(range.lowerBound..<before).contains(where: { $0.range.upperBound == before })
    {
      return true
    }
    let end = finding.range.upperBound
    guard let word = text(end), pack.open.spanEnds.contains(word), !words[end - 1].pauses else { return false }
    return findings(end + 1..<range.upperBound).contains { isOtherEnd($0, of: finding, behind: end) }
  }

  /// Whether a value is the far end of a range; digits behind an amount are rather the account it goes to.
  private func isOtherEnd(_ other: Finding, of finding: Finding, behind end: Int) -> Bool {
    guard other.range.lowerBound == end + 1 || placeBefore(other.range.lowerBound) == end else { return false }
    guard case .number(let low) = finding.value, case .number(let high) = other.value else { return true }
    return other.range.upperBound == range.upperBound && high > low && high < 10_000
  }

  // "before the tenth", "at least fifty dollars", "Friday at the latest", "from Monday on"
  private func isLimit(_ finding: Finding, _ before: Int) -> Bool {
    if isPhrase(of: pack.open.limitsBefore, endingAt: finding.range.lowerBound)
      || isPhrase(of: pack.open.limitsBefore, endingAt: before + 1)
    {
      return true
    }
    let end = finding.range.upperBound
    if pack.open.limitsBehind.match(words.texts, at: end, before: range.upperBound) != nil { return true }
    return text(before) == pack.open.limitOpening && text(end).map(pack.open.limitClosings.contains) ?? false
  }

  // "half of a million", "half three", "fifty percent"
  private func isPart(_ finding: Finding, _ before: Int) -> Bool {
    if isPhrase(of: pack.open.parts, endingAt: finding.range.lowerBound)
      || isPhrase(of: pack.open.parts, endingAt: before + 1)
    {
      return true
    }
    guard case .money = grammar, let unit = text(finding.range.upperBound) else { return false }
    return pack.open.shares.contains(unit)
  }

  // "fifty less than last time", "twice fifty"
  private func isDifference(_ finding: Finding, _ before: Int) -> Bool {
    guard case .money = grammar else { return false }
    let end = finding.range.upperBound
    let isMeasured =
      end > range.lowerBound && !words[end - 1].pauses
      && pack.open.differencesBehind.match(words.texts, at: end, before: range.upperBound) != nil
    return isMeasured || isPhrase(of: pack.open.differencesBefore, endingAt: before + 1)
  }

  /// Whether a phrase of a set ends in front of a place, without a pause behind it.
  private func isPhrase(of phrases: PhraseSet, endingAt place: Int) -> Bool {
    guard text(place - 1) != nil, !words[place - 1].pauses else { return false }
    return (1...Self.longestPhrase).contains { length in
      place - length >= range.lowerBound && phrases.meaning(of: words[place - length..<place].map(\.text)) != nil
    }
  }
}
