package import Core

/// Takes a whole answer as the value, without the phrase that carries it: addresses and free text.
struct FreeAnswerReader {
  let words: [Word]
  let pack: LanguagePack
  let isAddress: Bool

  func readings() -> [SlotReading] {
    if isQuestion { return [] }
    guard isAddress else { return readings(in: 0..<words.count) }
    if let negated = aroundNegation() { return negated }
    if let moved = betweenEnds() { return moved }
    return isLeftOpen ? [] : readings(in: 0..<words.count)
  }

  /// "Is it far?" is no address. What is told about a matter may well open as a question, unless the listener alone is asked.
  private var isQuestion: Bool {
    isAddress
      ? YesNoAnswer.opensQuestion(words, pack: pack) && !hasHouseNumber(0..<words.count)
      : YesNoAnswer.asksBack(words, pack: pack)
  }

  /// "5 Oak Street or 6 Elm Street": nobody can tell which.
  private var isLeftOpen: Bool {
    words.indices.contains { index in
      pack.open.alternatives.contains(words[index].text) && hasHouseNumber(0..<index)
        && hasHouseNumber(index + 1..<words.count)
    }
  }

  /// "From 5 Oak Street to 6 Elm Street": the new address and, as the one it replaces, the old one. Nil where no address is left.
  private func betweenEnds() -> [SlotReading]? {
    let texts = words.texts
    guard let from = texts.firstIndex(where: pack.address.origins.contains),
      let to = texts.indices.last(where: { index in
        index > from + 1 && pack.address.targets.contains(texts[index]) && hasHouseNumber(from + 1..<index)
          && hasHouseNumber(index + 1..<texts.count)
      })
    else { return nil }
    let old = SlotValue.text(written(from + 1..<to))
    return readings(in: to + 1..<texts.count).map { $0.correcting(old) }
  }

  /// "not 5 Oak Street but 6 Oak Street", "6 Oak Street, not 5": what is left when the negated address is taken out; nothing when
  /// that is all. Nil where no address is negated.
  private func aroundNegation() -> [SlotReading]? {
    let texts = words.texts
    for negation in pack.talk.negators.matches(in: texts).map(\.range)
      + pack.talk.replaced.matches(in: texts).map(\.range)
    {
      var end = negation.upperBound
      var resumes: Int?
      while end < texts.count, resumes == nil {
        if end > negation.upperBound, let again = pack.talk.negationEnds.match(texts, at: end, before: texts.count) {
          resumes = end + again.count
        } else {
          end += 1
          if words[end - 1].pauses, end < texts.count, hasHouseNumber(negation.upperBound..<end) { resumes = end }
        }
      }
      guard hasHouseNumber(negation.upperBound..<end) else { continue }
      let negated = words.written(negation.upperBound..<end)
      let behind = resumes.map { readings(in: $0..<texts.count) } ?? []
      let left = behind.isEmpty ? readings(in: 0..<negation.lowerBound) : behind
      return left.filter { hasHouseNumber($0.words) }.map { $0.correcting(.text(negated)) }
    }
    return nil
  }

  /// Whether words hold a figure that may be a house's: one that counts no questions and no minutes.
  private func hasHouseNumber(_ range: Range<Int>) -> Bool {
    let scanner = NumberScanner(words: words, range: range, pack: pack)
    return range.contains { index in
      guard isFigure(words[index].text), !scanner.countsTalk(endingAt: index + 1) else { return false }
      if index > 0, pack.numbers.digits[words[index].text] == 1,
        pack.numbers.pronounBefore.contains(words[index - 1].text)
      {
        return false
      }
      return !scanner.countsTime(endingAt: index + 1) || isSingularDay(words[index + 1].text)
    }
  }

  /// There is a Day Street, and no Days Street.
  private func isSingularDay(_ word: String) -> Bool {
    pack.calendar.dayUnits[word] != nil && pack.calendar.dayUnits[word + "s"] != nil
  }

  fileprivate func isFigure(_ word: String) -> Bool {
    word.first?.isASCIIDigit == true || pack.numbers.isNumber(word)
  }

  private func readings(in whole: Range<Int>) -> [SlotReading] {
    let words = Array(self.words[whole])
    let texts = words.texts
    var start = 0
    var retracted: SlotValue?
    var isCorrection = false
    if let marker = pack.talk.strongCorrections.matches(in: texts).last?.range, marker.upperBound < texts.count {
      let before = 0..<marker.lowerBound
      isCorrection = true
      let replacesAll = !isAddress || before.isEmpty || texts.count - marker.upperBound >= 3
      // "..., no wait, fourteen": which part is meant cannot be told; ask again
      guard replacesAll else { return [] }
      retracted = before.isEmpty ? nil : .text(words.written(before))
      start = marker.upperBound
    } else if let marker = pack.talk.corrections.match(texts, at: 0, before: texts.count), marker.count < texts.count,
      isAddress
    {
      isCorrection = true
      start = marker.count
    }
    var end = isAddress ? addressEnd(texts, from: start) : texts.count
    let left = end..<texts.count
    let carriers = isAddress ? pack.talk.answerCarriers : pack.talk.sighs
    while let carrier = carriers.match(texts, at: start, before: end), start + carrier.count < end {
      start += carrier.count
    }
    while let tail = tail(of: texts[start..<end]) { end -= tail }
    guard start < end else { return [] }
    let range = whole.lowerBound + start..<whole.lowerBound + end
    if range.count == 1, pack.talk.fillers.contains(texts[start]) || pack.talk.unfinished.contains(texts[start]) {
      return []
    }
    let value = written(range)
    guard value.contains(where: { $0.isLetter || $0.isNumber }) else { return [] }
    if isAddress, onlyRefers(texts[start..<end]) { return [] }
    let hasFigure = hasHouseNumber(range)
    // "I have two questions", "give me five minutes"
    if isAddress, !hasFigure, range.contains(where: { isFigure(self.words[$0].text) }) { return [] }
    let permille = isAddress ? (hasFigure && range.count >= 3 ? 820 : range.count >= 3 ? 600 : 400) : 700
    return [
      SlotReading(
        value: .text(value), confidence: Confidence(permille: isCorrection ? permille - 60 : permille),
        coversWhole: left.isEmpty, words: range, remainder: words.written(left), isCorrection: isCorrection,
        retracted: retracted)
    ]
  }

  /// How many words at an end say nothing that belongs to the answer.
  private func tail(of texts: ArraySlice<String>) -> Int? {
    (1...Self.longestTail).reversed().first { length in
      guard texts.count > length else { return false }
      let closing = Array(texts.suffix(length))
      return pack.talk.answerTails.meaning(of: closing) != nil
        || isAddress && pack.address.tails.meaning(of: closing) != nil
    }
  }

  private static let longestTail = 6

  /// Where an address ends and another wish begins: "5 Oak Street Bath, and also tell me when it comes".
  private func addressEnd(_ texts: [String], from start: Int) -> Int {
    let least = start + 2
    return (least..<max(least, texts.count)).first { index in
      pack.address.ends.match(texts, at: index, before: texts.count) != nil
    } ?? texts.count
  }

  /// "The same as before", "my new one", "the number is 8": words that point to an address, or to a part of one, are none.
  private func onlyRefers(_ texts: ArraySlice<String>) -> Bool {
    texts.allSatisfy { pack.address.references.contains($0) || isFigure($0) }
  }

  private func written(_ range: Range<Int>) -> String {
    range.map { words[$0].original + (words[$0].pauses && $0 + 1 < range.upperBound ? "," : "") }.joined(separator: " ")
  }
}

extension SlotReading {
  /// Whether an address begins with a house's number, in figures or in front of a street.
  package func isStreetAddress(in words: [Word], locale: LocaleTag) -> Bool {
    let pack = LanguagePack.pack(for: locale)
    let said = Array(words[self.words])
    guard let parts = AddressParts(said, pack: pack) else { return false }
    return parts.endsStreet
      || said[0].text.first?.isNumber == true
        && !said.contains { pack.calendar.weekdays[$0.text] != nil || pack.calendar.clockWords.contains($0.text) }
        && pack.calendar.anteMeridiem.matches(in: said.texts).isEmpty
  }

  /// Whether no word of it belongs to a sentence rather than to an address: "2 of them are wrong" is none.
  package func isNoSentence(in words: [Word], locale: LocaleTag) -> Bool {
    let pack = LanguagePack.pack(for: locale)
    let said = Array(words[self.words])
    guard let parts = AddressParts(said, pack: pack) else { return false }
    return !said[parts.street].dropLast(parts.endsStreet ? 1 : 0).contains { word in
      pack.talk.notNames.contains(word.text) && !pack.numbers.isNumber(word.text)
    }
  }

  /// Whether an address begins or ends with a figure.
  package func hasNumberAtAnEnd(in words: [Word], locale: LocaleTag) -> Bool {
    let reader = FreeAnswerReader(words: words, pack: .pack(for: locale), isAddress: true)
    return [self.words.first, self.words.last].contains { $0.map { reader.isFigure(words[$0].text) } ?? false }
  }

  /// The same value, said in the place of another one.
  fileprivate func correcting(_ other: SlotValue) -> SlotReading {
    SlotReading(
      value: value, confidence: isCorrection ? confidence : Confidence(permille: confidence.permille - 60),
      coversWhole: coversWhole, words: words, remainder: remainder, isCorrection: true, retracted: other)
  }
}
