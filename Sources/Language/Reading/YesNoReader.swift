public import Core

/// What an utterance says to a question of yes or no.
public enum YesNoAnswer: String, Hashable, Sendable, CaseIterable {
  /// Yes and nothing else.
  case yes
  /// No, whatever follows it.
  case no
  /// A yes that is bound to something, or that changes what it is said to: "yes, if it is free", "yes, but make it fifty".
  case conditional
  /// A question back.
  case question
  /// Half a sentence, doubt, yes and no at once, or a yes with more behind it than can be told.
  case unsure
  /// Something else.
  case none

  /// How sure a yes or no is whose speaker doubts it, or that is guessed from other words.
  public static let doubted = Confidence(permille: 640)

  /// Whether an utterance only nods: it says that something is so, and is no yes to a change.
  public static func isNod(_ text: String, locale: LocaleTag) -> Bool {
    let verdict = YesNoReader(text: text, words: Word.split(text), pack: .pack(for: locale)).verdict
    return verdict.answer == .unsure && verdict.isWhole
  }

  /// Whether an utterance is a question by how it opens, whatever mark stands at its end.
  static func opensQuestion(_ words: [Word], pack: LanguagePack) -> Bool {
    YesNoReader(text: "", words: words, pack: pack).opensQuestion
  }

  /// Whether an utterance asks the listener back, and tells nothing: "what?", "who are you people?"
  static func asksBack(_ words: [Word], pack: LanguagePack) -> Bool {
    let reader = YesNoReader(text: "", words: words, pack: pack)
    return reader.opensQuestion
      && (words.texts.contains(where: pack.yesNo.listener.contains) && words.count <= longestQuestionBack
        || reader.parts.allSatisfy { $0.mark == .question || $0.mark == .neutral || $0.mark == .lead })
  }

  private static let longestQuestionBack = 6

  /// What an utterance answers, in a language.
  public static func of(_ text: String, locale: LocaleTag) -> YesNoAnswer {
    YesNoReader(text: text, words: Word.split(text), pack: .pack(for: locale)).verdict.answer
  }
}

/// Reads yes or no. A yes is one only if every word of the utterance belongs to it; a no counts whatever comes with it.
struct YesNoReader {
  let words: [Word]
  let pack: LanguagePack
  private let isAsked: Bool
  private let trailsOff: Bool
  fileprivate let parts: [Part]

  /// A phrase of the utterance.
  fileprivate struct Part {
    /// Nil for a word the language pack does not know here.
    var mark: YesNoWords.Mark?
    var range: Range<Int>
  }

  struct Verdict {
    var answer: YesNoAnswer
    /// How sure, in thousandths; of a yes or no only.
    var permille = 0
    /// Whether nothing else of weight was said.
    var isWhole = false
    /// Whether a firm yes opens what is more than one.
    var opensWithYes = false
    /// Words that do not belong to the answer.
    var rest: [Int] = []
    var range: Range<Int> = 0..<0
  }

  init(text: String, words: [Word], pack: LanguagePack) {
    self.words = words
    self.pack = pack
    isAsked = text.contains("?")
    trailsOff = words.last?.trailsOff == true
    parts = Self.parts(of: words, pack.yesNo)
  }

  /// The reading for a slot; of a yes that is none for itself, with a confidence that asks to be asked about.
  func readings() -> [SlotReading] {
    let verdict = verdict
    switch verdict.answer {
    case .yes, .no: return [reading(verdict.answer == .yes, verdict)]
    case .conditional, .unsure:
      guard verdict.opensWithYes else { return [] }
      return [reading(true, verdict)]
    case .question, .none: return []
    }
  }

  private func reading(_ value: Bool, _ verdict: Verdict) -> SlotReading {
    SlotReading(
      value: .bool(value), confidence: Confidence(permille: verdict.permille), coversWhole: verdict.isWhole,
      words: verdict.range, remainder: verdict.rest.map { words[$0].original }.joined(separator: " "))
  }

  var verdict: Verdict {
    var verdict = plainVerdict
    // "No, not really" is no surer than its doubt.
    if verdict.answer == .no, parts.contains(where: { if case .doubtfulNo? = $0.mark { true } else { false } }) {
      verdict.permille = min(verdict.permille, YesNoWords.hedged)
    }
    return verdict
  }

  private var plainVerdict: Verdict {
    let marks = parts.map(\.mark)
    guard marks.contains(where: { $0 != .neutral && $0 != .lead }) else { return Verdict(answer: .none) }
    let firstNo = marks.firstIndex { $0?.isNo == true }
    let hasYes = marks.contains { $0?.isYes == true }
    if asks(marks) { return Verdict(answer: .question) }
    let opening = marks.firstIndex { $0 != .neutral && $0 != .lead } ?? 0
    let opensWithNo = firstNo == opening
    if marks.contains(.condition), !opensWithNo {
      return hasYes || firstNo == nil || marks[opening] == .condition
        ? doubtful(.conditional, opening) : Verdict(answer: .unsure)
    }
    if marks.contains(.hedge) { return doubtful(.unsure, opening) }
    if let firstNo { return hasYes ? contradiction(opening, firstNo) : refusal(firstNo, opening) }
    if marks.contains(.negator) { return doubtful(.unsure, opening) }
    guard hasYes else { return marks.contains(.tail) ? echo(marks) : Verdict(answer: .none) }
    return isAgreement(marks) && !trailsOff ? agreement() : doubtful(.unsure, opening)
  }

  // MARK: Kinds

  /// Whether it is a question: by its mark, by how it or a clause behind a yes opens, or by a tag at its end.
  private func asks(_ marks: [YesNoWords.Mark?]) -> Bool {
    if isAsked || opensQuestion { return true }
    // "you said fifty, right": what is confirmed is the speaker's own sentence, not ours.
    let texts = words.texts
    for length in [2, 1] where texts.count > length + 1 {
      guard pack.yesNo.tags.meaning(of: Array(texts.suffix(length))) != nil else { continue }
      let first = parts.first { $0.mark != .neutral && $0.mark != .lead }
      let hasUnknown = parts.contains { $0.mark == nil && $0.range.upperBound <= texts.count - length }
      if length == 2 || (hasUnknown && first?.mark == nil) { return true }
    }
    return false
  }

  fileprivate var opensQuestion: Bool {
    let marks = parts.map(\.mark)
    return marks.indices.contains { index in
      marks[index] == .question
        && marks[..<index].allSatisfy {
          $0 == .neutral || $0 == .lead || $0 == .hedge || $0 == .condition || $0?.isYes == true
        }
    }
  }

  /// Every word is agreement: sighs and openings, then a yes, then what says the same again.
  private func isAgreement(_ marks: [YesNoWords.Mark?]) -> Bool {
    guard let first = marks.firstIndex(where: { $0?.isYes == true }),
      let last = marks.lastIndex(where: { $0?.isYes == true })
    else { return false }
    return marks.indices.allSatisfy { index in
      switch marks[index] {
      case .yes, .neutral: true
      case .lead: index < last
      case .tail: index > first
      default: false
      }
    }
  }

  private func agreement() -> Verdict {
    let weights = parts.compactMap { part in if case .yes(let weight)? = part.mark { weight } else { nil } }
    // "Yes, I think so" is no surer than its doubt.
    let permille = weights.contains(YesNoWords.hedged) ? YesNoWords.hedged : weights.max() ?? 0
    return Verdict(answer: .yes, permille: permille, isWhole: true, range: 0..<words.count)
  }

  /// "That's it": half a yes. It answers where nothing hangs on it, and makes no change.
  private func echo(_ marks: [YesNoWords.Mark?]) -> Verdict {
    let texts = words.texts
    let isPlain = marks.allSatisfy { $0 == .tail || $0 == .neutral || $0 == .lead }
    guard isPlain, !trailsOff, marks.last != .lead, !pack.yesNo.nods.matches(in: texts).isEmpty else {
      return Verdict(answer: .unsure)
    }
    return Verdict(
      answer: .unsure, permille: Self.nod, isWhole: true, opensWithYes: true, range: 0..<words.count)
  }

  /// How sure an echo is: too little for a change (`Confidence.sureToAssent`), and for a yes where nothing is asked.
  private static let nod = 690

  private func refusal(_ firstNo: Int, _ opening: Int) -> Verdict {
    let hits = parts.filter { $0.mark?.isNo == true }
    var permille = 0
    for hit in hits { permille = max(permille, hit.mark?.refusal ?? 0) }
    let rest = parts.filter { $0.mark?.isNo != true }.flatMap { Array($0.range) }
    let texts = rest.map { words[$0].text }
    let isWhole = pack.talk.fillers.covers(texts) || pack.talk.carriers.covers(texts)
    // A no deep inside a sentence answers nothing by itself.
    if firstNo != opening, !isWhole {
      if permille < 900 || rest.count > 4 { return Verdict(answer: .unsure) }
      permille = min(permille, 620)
    } else if !isWhole {
      permille = min(permille, rest.count > 4 ? 760 : 860)
      let end = parts[firstNo].range.upperBound
      if let weight = parts[firstNo].mark?.refusal, !words[end - 1].pauses, rest.count > 2, weight < 900 {
        return Verdict(answer: .unsure)
      }
    }
    return Verdict(
      answer: .no, permille: permille, isWhole: isWhole, rest: rest,
      range: hits[0].range.lowerBound..<hits[hits.count - 1].range.upperBound)
  }

  /// "okay, no": agreement that only opens the sentence counts for nothing; anything stronger is yes and no at once.
  private func contradiction(_ opening: Int, _ firstNo: Int) -> Verdict {
    let laterYes = parts[firstNo...].contains { $0.mark?.isYes == true }
    let isWeak = parts[..<firstNo].allSatisfy { part in
      if case .yes(let weight)? = part.mark { weight <= 820 } else { part.mark != nil }
    }
    guard let weight = parts[firstNo].mark?.refusal, weight >= 880, !laterYes,
      isWeak || weight >= 920 && firstNo == opening
    else {
      return doubtful(.unsure, opening)
    }
    var verdict = refusal(firstNo, firstNo)
    verdict.permille = min(verdict.permille, weight - 100)
    return verdict
  }

  /// No answer by itself; what opens with a firm yes is one with something beside it where nothing hangs on it.
  private func doubtful(_ answer: YesNoAnswer, _ opening: Int) -> Verdict {
    guard case .yes(let weight)? = parts[opening].mark, weight >= 880 else { return Verdict(answer: answer) }
    let rest = parts.filter { $0.mark?.isYes != true }.flatMap { Array($0.range) }
    return Verdict(answer: answer, permille: 480, opensWithYes: true, rest: rest, range: parts[opening].range)
  }

  // MARK: Words

  /// The phrases of the utterance, stutters left out.
  private static func parts(of words: [Word], _ pack: YesNoWords) -> [Part] {
    var texts: [String] = []
    var places: [Int] = []
    for (place, word) in words.enumerated() {
      let text = squeezed(word.text)
      texts.append(pack.spellings[text] ?? text)
      places.append(place)
    }
    var parts: [Part] = []
    var index = 0
    while index < texts.count {
      if let found = pack.marks.match(texts, at: index, before: texts.count) {
        parts.append(Part(mark: found.meaning, range: places[index]..<places[index + found.count - 1] + 1))
        index += found.count
      } else if isStutter(texts, index) {
        index += 1
      } else {
        parts.append(Part(mark: nil, range: places[index]..<places[index] + 1))
        index += 1
      }
    }
    return parts
  }

  /// The beginning of the next word, or that word said twice.
  private static func isStutter(_ texts: [String], _ index: Int) -> Bool {
    guard index + 1 < texts.count else { return false }
    let (word, next) = (texts[index], texts[index + 1])
    return word == next || (word.count <= 3 && next.hasPrefix(word))
  }

  /// "yesss" is "yes": three and more of a letter are one.
  private static func squeezed(_ word: String) -> String {
    var result: [Character] = []
    var run = 0
    for character in word {
      run = result.last == character ? run + 1 : 1
      result.append(character)
      if run == 3 { result.removeLast(2) } else if run > 3 { result.removeLast() }
    }
    return String(result)
  }
}

extension YesNoWords.Mark {
  var isYes: Bool { if case .yes = self { true } else { false } }
  var isNo: Bool { refusal != nil }
  /// How firm a refusal is; nil for what is none.
  var refusal: Int? {
    switch self {
    case .no(let weight), .doubtfulNo(let weight): weight
    default: nil
    }
  }
}
