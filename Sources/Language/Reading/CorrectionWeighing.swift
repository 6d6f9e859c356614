import Core

/// Finds what a speaker took back inside one utterance and reads what is left.
struct CorrectionWeighing {
  let words: [Word]
  let pack: LanguagePack
  let grammar: SlotGrammar
  let context: ReadingContext
  private let texts: [String]

  init(words: [Word], pack: LanguagePack, grammar: SlotGrammar, context: ReadingContext) {
    self.words = words
    self.pack = pack
    self.grammar = grammar
    self.context = context
    texts = words.texts
  }

  private var all: Range<Int> { 0..<words.count }

  func readings() -> [SlotReading] {
    if let negated = readingsAroundNegation() ?? readingsBeforeRefusal() { return negated }
    let markers = pack.talk.corrections.matches(in: texts).map(\.range).filter(isMarker)
    for marker in markers.reversed() {
      let after = marker.upperBound..<words.count
      let before = 0..<marker.lowerBound
      let found = find(after)
      guard !found.isEmpty else { continue }
      let retracted = find(before).first?.value
      // "sorry, 1 2 3 4": politeness. A correction when something came before it, or when the marker says so.
      let leading = pack.talk.fillers.covers(Array(texts[before])) || before.isEmpty
      guard leading || retracted != nil || isStrong(marker) || mergeable(before, after) == nil else { continue }
      return make(found, outside: [before, marker], isCorrection: true, retracted: retracted, limit: 960)
    }
    for marker in markers.reversed() {
      if let merged = mergeable(0..<marker.lowerBound, marker.upperBound..<words.count) { return [merged] }
      // Something was taken back and what replaces it cannot be read: what came before must not be used.
      if marker.upperBound < words.count, marker.lowerBound > 0, isStrong(marker) || grammar.isCounted,
        !find(0..<marker.lowerBound).isEmpty
      {
        return []
      }
    }
    return make(find(all), outside: [], isCorrection: false, retracted: nil, limit: 1000)
  }

  /// Values in a range. What the words around it leave open keeps no trust, and what cannot be said back is none.
  private func find(_ range: Range<Int>) -> [Finding] {
    var found = findings(range)
    guard grammar.isMeasured else { return found }
    let open = OpenValue(words: words, range: range, pack: pack, grammar: grammar, findings: findings)
    for index in found.indices where open.isLeft(by: found[index]) {
      found[index].permille = min(OpenValue.permille, found[index].permille)
    }
    return found.filter { !SpokenForm.text(for: $0.value, grammar: grammar, locale: pack.locale).isEmpty }
  }

  private func findings(_ range: Range<Int>) -> [Finding] {
    SlotReader.findings(words, in: range, as: grammar, pack: pack, context: context)
  }

  private func isStrong(_ marker: Range<Int>) -> Bool {
    pack.talk.strongCorrections.meaning(of: Array(texts[marker])) != nil
  }

  /// Single ordinary words ("no", "sorry", "actually") count as markers at the start, after a pause, or before one.
  private func isMarker(_ marker: Range<Int>) -> Bool {
    if marker.count > 1 || marker.lowerBound == 0 { return true }
    if words[marker.lowerBound - 1].pauses || words[marker.upperBound - 1].pauses { return true }
    if case .choice = grammar { return false }
    return grammar.isCounted
  }

  // "not 12345678 but 87654321", "Saturday, not Friday", "I can't on Friday, Saturday is fine"
  private func readingsAroundNegation() -> [SlotReading]? {
    let book: PhraseSet
    switch grammar {
    case .date, .time: book = pack.calendar.refusals
    case .yesNo: return nil
    default: book = pack.talk.negators
    }
    guard let negation = book.matches(in: texts).first?.range else { return nil }
    // "Monday doesn't work, Tuesday does": nothing behind the pause is refused
    if grammar.isMeasured, pack.calendar.refusalsBehind.meaning(of: Array(texts[negation])) != nil { return nil }
    var end = negation.upperBound
    while end < words.count {
      if end > negation.upperBound, pack.talk.negationEnds.match(texts, at: end, before: words.count) != nil { break }
      end += 1
      if words[end - 1].pauses { break }
    }
    let retractedRange = negation.upperBound..<end
    let retracted = find(retractedRange)
    guard !retracted.isEmpty else { return nil }
    var found = find(end..<words.count)
    if found.isEmpty { found = find(0..<negation.lowerBound) }
    found.removeAll { $0.value == retracted[0].value }
    guard !found.isEmpty else { return [] }
    return make(
      found, outside: [negation.lowerBound..<end], isCorrection: true, retracted: retracted[0].value, limit: 930)
  }

  // "Monday doesn't work", "Friday is no good, Saturday is"
  private func readingsBeforeRefusal() -> [SlotReading]? {
    switch grammar {
    case .date, .time: break
    default: return nil
    }
    for refusal in pack.calendar.refusalsBehind.matches(in: texts).map(\.range) {
      var start = refusal.lowerBound
      while start > 0, !words[start - 1].pauses, !pack.talk.negationEnds.contains(texts[start - 1]) { start -= 1 }
      guard let retracted = find(start..<refusal.lowerBound).first else { continue }
      var found = find(refusal.upperBound..<words.count)
      if found.isEmpty { found = find(0..<start) }
      found.removeAll { $0.value == retracted.value }
      guard !found.isEmpty else { return [] }
      return make(
        found, outside: [start..<refusal.upperBound], isCorrection: true, retracted: retracted.value, limit: 930)
    }
    return nil
  }

  // "one two three four five six seven eight, no wait, nine": the last digit is replaced
  private func mergeable(_ before: Range<Int>, _ after: Range<Int>) -> SlotReading? {
    guard case .digits(let minimum, let maximum) = grammar, minimum == maximum else { return nil }
    let first = DigitReader(words: words, range: before, pack: pack).runs().last
    let second = DigitReader(words: words, range: after, pack: pack).runs().first
    guard let first, let second, second.digits.count < minimum, first.digits.count > 1 else { return nil }
    let kept = first.digits.dropLast(first.digits.count == minimum ? second.digits.count : 1)
    let merged = kept + second.digits
    guard merged.count == minimum else { return nil }
    let range = first.range.lowerBound..<second.range.upperBound
    return SlotReading(
      value: .text(String(merged)), confidence: Confidence(permille: 620), coversWhole: isWhole(range, outside: []),
      words: range, remainder: remainder(range, outside: []), isCorrection: true, retracted: nil)
  }

  private func make(
    _ found: [Finding], outside: [Range<Int>], isCorrection: Bool, retracted: SlotValue?, limit: Int
  ) -> [SlotReading] {
    var best: [SlotValue: Finding] = [:]
    for finding in found where finding.permille > best[finding.value]?.permille ?? -1 { best[finding.value] = finding }
    return best.values.map { finding in
      SlotReading(
        value: finding.value, confidence: Confidence(permille: min(limit, finding.permille)),
        coversWhole: isWhole(finding.range, outside: outside), words: finding.range,
        remainder: remainder(finding.range, outside: outside), isCorrection: isCorrection, retracted: retracted)
    }.sorted {
      $0.confidence == $1.confidence ? $0.words.lowerBound < $1.words.lowerBound : $0.confidence > $1.confidence
    }
  }

  private func rest(_ range: Range<Int>, outside: [Range<Int>]) -> [Int] {
    all.filter { index in !range.contains(index) && !outside.contains { $0.contains(index) } }
  }

  private func isWhole(_ range: Range<Int>, outside: [Range<Int>]) -> Bool {
    pack.talk.carriers.covers(rest(range, outside: outside).map { texts[$0] })
  }

  private func remainder(_ range: Range<Int>, outside: [Range<Int>]) -> String {
    rest(range, outside: outside).map { words[$0].original }.joined(separator: " ")
  }
}

extension SlotGrammar {
  /// Whether a value is one of many that can be compared, so that words may leave it open.
  fileprivate var isMeasured: Bool {
    switch self {
    case .number, .money, .date, .time: true
    default: false
    }
  }

  /// Whether ordinary words cannot be part of a value.
  var isCounted: Bool {
    switch self {
    case .digits, .number, .money, .date, .time: true
    default: false
    }
  }
}
