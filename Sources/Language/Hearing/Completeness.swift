public import Core

/// Whether words are a whole answer to what was asked, so that a short silence ends the turn or a long one is waited for.
public enum Completeness {
  /// The ending of `text` when `grammar` is listened for; nil for open talk.
  ///
  /// A recogniser puts a period behind everything, so a period proves nothing; a last word such as "and" proves the contrary.
  ///
  /// - Parameter numbers: digits that may come inside open talk.
  public static func ending(
    of text: String, for grammar: SlotGrammar?, numbers: [SlotGrammar] = [], locale: LocaleTag = .americanEnglish
  ) -> Heard.Ending {
    let pack = LanguagePack.pack(for: locale)
    let words = Word.split(text)
    guard let last = words.last else { return .open }
    if last.trailsOff { return .incomplete }
    let texts = words.texts
    if let grammar {
      switch counted(words, grammar, pack) {
      case .some(let ending): return ending == .complete && trailsOn(texts, pack) ? .incomplete : ending
      case nil: if grammar.isDictated, words.count <= 2, last.pauses, !last.endsSentence { return .incomplete }
      }
    }
    if grammar == nil {
      if pack.talk.greetings.covers(texts) { return .incomplete }
      if let ending = dictated(words, numbers, pack) { return ending }
    }
    if grammar.wantsValue, isLeading(texts, pack) { return .incomplete }
    let verdict = YesNoReader(text: text, words: words, pack: pack).verdict
    if verdict.isWhole, verdict.rest.isEmpty, verdict.permille > 700 {
      switch grammar {
      case nil, .yesNo: return .complete
      default: return .open
      }
    }
    if trailsOn(texts, pack) { return .incomplete }
    return judged(text, words, grammar, pack, locale)
  }

  /// Digits, letters and addresses of the net can be counted.
  private static func counted(_ words: [Word], _ grammar: SlotGrammar, _ pack: LanguagePack) -> Heard.Ending? {
    // After "no, I meant" only what follows counts.
    let markers = pack.talk.corrections.matches(in: words.texts).map(\.range).filter {
      $0.lowerBound == 0 || words[$0.lowerBound - 1].pauses || $0.count > 1
    }
    let start = markers.last.map { $0.upperBound < words.count ? $0.upperBound : 0 } ?? 0
    if let last = markers.last, last.upperBound == words.count, last.lowerBound > 0 { return .incomplete }
    let range = start..<words.count
    switch grammar {
    case .digits(let minimum, let maximum):
      return ending(
        DigitReader(words: words, range: range, pack: pack).heardCount, minimum, maximum, at: words,
        isOpen: pack.numbers.tens[words.last?.text ?? ""] != nil)
    case .spelling(let minimum, let maximum):
      return ending(
        SpellingReader(words: words, range: range, pack: pack).heardCount, minimum, maximum, at: words, isOpen: false)
    default: return nil
    }
  }

  private static func ending(_ count: Int, _ minimum: Int, _ maximum: Int, at words: [Word], isOpen: Bool) -> Heard
    .Ending?
  {
    if count == 0 { return nil }
    if count < minimum { return .incomplete }
    // "twenty" may become "twenty one" without another digit
    if count >= maximum { return isOpen && count == maximum ? .open : .complete }
    return .open
  }

  private static func trailsOn(_ texts: [String], _ pack: LanguagePack) -> Bool {
    for ending in pack.talk.finished where texts.count >= ending.count {
      if texts.suffix(ending.count).elementsEqual(ending) { return false }
    }
    for length in [3, 2, 1] where texts.count >= length {
      if pack.talk.unfinished.meaning(of: Array(texts.suffix(length))) != nil { return true }
    }
    return false
  }

  /// A number at the end of open talk: half of it is not the end, all of it is.
  private static func dictated(_ words: [Word], _ numbers: [SlotGrammar], _ pack: LanguagePack) -> Heard.Ending? {
    guard let last = words.last?.text, pack.numbers.digits[last] != nil || last.allSatisfy(\.isNumber) else {
      return nil
    }
    for case .digits(let minimum, let maximum) in numbers {
      let count = DigitReader(words: words, range: 0..<words.count, pack: pack).heardCount
      if count >= 2, count < minimum { return .incomplete }
      if count >= minimum, count == maximum { return .complete }
    }
    return nil
  }

  /// Words that only lead to a value: "it is" before a number is not an answer, though it is one to "is that right?".
  private static func isLeading(_ texts: [String], _ pack: LanguagePack) -> Bool {
    texts.count >= 2 && pack.talk.unfinished.meaning(of: [texts[texts.count - 1]]) != nil
      && pack.talk.finished.contains { $0.elementsEqual(texts.suffix($0.count)) }
  }

  private static func judged(
    _ text: String, _ words: [Word], _ grammar: SlotGrammar?, _ pack: LanguagePack, _ locale: LocaleTag
  ) -> Heard.Ending {
    guard let grammar else { return .open }
    // Any day and minute do: only whether something is read counts.
    let context = ReadingContext(today: CivilDate(daysSinceEpoch: 20_000), minuteOfDay: 0, locale: locale)
    let best = SlotReader.read(text, as: grammar, context: context).first
    let lastWord = words[words.count - 1].text
    switch grammar {
    case .yesNo, .choice:
      guard let best, best.confidence.permille >= 700 else { return .open }
      return best.coversWhole ? .complete : .open
    case .number, .money:
      guard let best, best.coversWhole, best.confidence.permille >= 500 else { return .open }
      let canGrow =
        pack.numbers.tens[lastWord] != nil || pack.numbers.digits[lastWord] != nil
        || pack.numbers.teens[lastWord] != nil || pack.numbers.hundred.contains(lastWord)
        || pack.numbers.scales[lastWord] != nil
      return canGrow ? .open : .complete
    case .date:
      if best == nil {
        return pack.calendar.months[lastWord] != nil || pack.calendar.nextWords.contains(lastWord) ? .incomplete : .open
      }
      // "March twenty" may become "March twenty first"
      return pack.numbers.tens[lastWord] != nil ? .open : (best?.coversWhole == true ? .complete : .open)
    case .time:
      guard let best, best.coversWhole else { return .open }
      return best.confidence.permille >= 900 ? .complete : .open
    case .email:
      guard let best, best.confidence.permille >= 500 else { return .incomplete }
      return pack.spelling.domains.contains(String(lastWord.split(separator: ".").last ?? "")) ? .complete : .open
    case .address:
      if words.count < 3 { return .incomplete }
      return lastWord.count == 5 && Int(lastWord) != nil ? .complete : .open
    case .digits, .spelling, .name, .freeText:
      return .open
    }
  }
}

extension SlotGrammar {
  /// Whether its answers are counted out; a word or two and a comma before them only lead there.
  fileprivate var isDictated: Bool {
    switch self {
    case .digits, .spelling: true
    default: false
    }
  }
}

extension SlotGrammar? {
  /// Whether a value is asked for that words may lead to.
  fileprivate var wantsValue: Bool {
    switch self {
    case .digits, .number, .money, .date, .time, .name, .address, .email, .spelling: true
    case .yesNo, .choice, .freeText, nil: false
    }
  }
}
