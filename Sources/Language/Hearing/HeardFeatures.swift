public import Core

/// Describes words of the caller for the pure rooms, so that a conversation can be replayed without them.
public enum HeardFeatures {
  /// Kind, ending and length of a text. An erased text is `empty`.
  ///
  /// Hesitation ("um", "uh") is `empty`: it is no input. What recognisers write when there was only noise ("you", "thanks for watching") is `empty`; what callers say too
  /// ("thank you") is `empty` only when the recogniser itself doubts it (below 450).
  public static func describe(
    text: Sensitive<String>, confidence: Confidence, listening: ListenPlan, segment: Int? = nil,
    since: Int? = nil, others: [Sensitive<String>] = [], locale: LocaleTag = .americanEnglish
  ) -> Heard {
    let clear = text.revealed ?? ""
    let pack = LanguagePack.pack(for: locale)
    let words = spoken(clear)
    return Heard(
      text: text, confidence: confidence, wordCount: words.count,
      kind: kind(of: words, in: clear, confidence: confidence, listening: listening, pack: pack),
      ending: words.isEmpty
        ? .open
        : Completeness.ending(of: clear, for: listening.grammar, numbers: listening.numbers, locale: locale),
      segment: segment, since: since, others: others)
  }

  /// Words without what recognisers put in brackets: `[BLANK_AUDIO]`, `(music)`.
  private static func spoken(_ text: String) -> [Word] {
    var depth = 0
    var kept = ""
    for character in text {
      if "[(".contains(character) { depth += 1 }
      if depth == 0 { kept.append(character) }
      if "])".contains(character) { depth = max(0, depth - 1) }
    }
    // "(555) 123-4567" is no remark
    if kept.allSatisfy({ !$0.isLetter && !$0.isNumber }), !text.contains(where: \.isNumber) { return [] }
    let usable = text.contains(where: \.isNumber) ? text : kept
    return Word.split(usable).filter { $0.text.contains { $0.isLetter || $0.isNumber } }
  }

  private static func kind(
    of words: [Word], in text: String, confidence: Confidence, listening: ListenPlan, pack: LanguagePack
  ) -> Heard.Kind {
    let texts = words.texts
    guard !texts.isEmpty else { return .empty }
    if pack.talk.hallucinations.meaning(of: texts) != nil { return .empty }
    if pack.talk.hesitations.covers(texts) { return .empty }
    if confidence.permille < 450, pack.talk.doubtful.meaning(of: texts) != nil { return .empty }
    switch agreement(words, text, listening, pack) {
    case nil: break
    // Where a change is read back any yes is a listener's, until all of it was heard.
    case .some where listening.confirms: return .backchannel
    case .some(let permille): if permille > 820 { return .content }
    }
    if texts.count <= 5, pack.talk.backchannels.covers(texts) { return .backchannel }
    if isLooping(texts) { return .empty }
    if pack.talk.interruptions.match(texts, at: 0, before: texts.count) != nil { return .interruption }
    // "okay, stop"
    var start = 0
    while let skipped = pack.talk.fillers.match(texts, at: start, before: texts.count) { start += skipped.count }
    if start > 0, start < texts.count, texts.count - start <= 4,
      pack.talk.interruptions.match(texts, at: start, before: texts.count) != nil
    {
      return .interruption
    }
    return .content
  }

  /// How sure a yes is, when yes or no is asked for and the words are a yes and nothing else. A clear one is an answer; "mhm"
  /// and "okay" stay backchannels while the agent speaks.
  private static func agreement(
    _ words: [Word], _ text: String, _ listening: ListenPlan, _ pack: LanguagePack
  ) -> Int? {
    guard listening.grammar == .yesNo else { return nil }
    let verdict = YesNoReader(text: text, words: words, pack: pack).verdict
    return verdict.answer == .yes ? verdict.permille : nil
  }

  /// One word said six times and more: a recogniser that fell into a loop.
  private static func isLooping(_ texts: [String]) -> Bool {
    texts.count >= 6 && Set(texts).count == 1 && texts[0].contains(where: \.isLetter)
      && !["no", "stop"].contains(texts[0])
      && LanguagePack.available.allSatisfy { $0.numbers.digits[texts[0]] == nil }
  }
}
