public import Core

/// What a caller adds to a wish: when, how often, on which condition, or that an amount is only near. Where nothing can hold it, it is not
/// dropped in silence.
public enum Addition: Hashable, Sendable, CaseIterable {
  /// A day ahead: "tomorrow", "next month".
  case day
  /// A time of day: "before noon".
  case time
  /// "Every month".
  case repetition
  /// "Only if", "when my salary is in".
  case condition
  /// "About fifty".
  case nearness
  /// "And if that is taken, the fifteenth".
  case alternative
  /// "All of them".
  case multitude

  /// What no single change holds, whatever its values are.
  public static let ofAnyChange: Set<Self> = [.condition, .alternative, .multitude]

  /// The additions in a text.
  ///
  /// - Parameters:
  ///   - amount: the words of the amount that they may belong to; nil when there is none.
  ///   - values: the words of all values that were read; they add nothing.
  public static func said(
    in text: String, to amount: Range<Int>?, outside values: [Range<Int>], context: ReadingContext
  ) -> Set<Self> {
    AdditionReader(text: text, amount: amount, values: values, context: context).found()
  }
}

private struct AdditionReader {
  let text: String
  let amount: Range<Int>?
  let values: [Range<Int>]
  let context: ReadingContext
  private let words: [Word]
  private let texts: [String]
  private let pack: LanguagePack
  private var additions: AdditionWords { pack.additions }

  init(text: String, amount: Range<Int>?, values: [Range<Int>], context: ReadingContext) {
    self.text = text
    self.amount = amount
    self.values = values
    self.context = context
    words = Word.split(text)
    texts = words.texts
    pack = .pack(for: context.locale)
  }

  func found() -> Set<Addition> {
    var found: Set<Addition> = []
    if has(additions.later) || namesDay { found.insert(.day) }
    if has(additions.times) || namesTime { found.insert(.time) }
    if has(additions.repetitions) || repeats { found.insert(.repetition) }
    if has(additions.conditions) || isBound { found.insert(.condition) }
    if isNear { found.insert(.nearness) }
    if has(additions.alternatives) { found.insert(.alternative) }
    if has(additions.multitudes) { found.insert(.multitude) }
    return found
  }

  private func isFree(_ range: Range<Int>) -> Bool { !values.contains { $0.overlaps(range) } }

  private func has(_ phrases: PhraseSet) -> Bool { phrases.matches(in: texts).contains { isFree($0.range) } }

  /// A day that is neither today nor behind: "today" and "right now" add nothing.
  private var namesDay: Bool {
    SlotReader.read(text, as: .date, context: context).contains { reading in
      guard isFree(reading.words), let day = reading.value.revealedText.flatMap({ CivilDate(iso8601: $0) }) else {
        return false
      }
      return day > context.today
    }
  }

  /// "At five", "Friday morning".
  private var namesTime: Bool {
    let isSaid = SlotReader.read(text, as: .time, context: context).contains {
      isFree($0.words) && ($0.confidence.permille >= Self.sureTime || opensWithAt($0.words))
    }
    let behind = values.map(\.upperBound).filter(texts.indices.contains)
    return isSaid || behind.contains { additions.timesBehind.contains(texts[$0]) }
  }

  private static let sureTime = 800

  /// "At five": which five, nobody can tell, but a time it is.
  private func opensWithAt(_ range: Range<Int>) -> Bool {
    let at = pack.calendar.atWords
    return at.contains(texts[range.lowerBound]) || range.lowerBound > 0 && at.contains(texts[range.lowerBound - 1])
  }

  /// "Every month", "each Friday".
  private var repeats: Bool {
    texts.indices.dropLast().contains { index in
      additions.repeating.contains(texts[index]) && isFree(index..<index + 1)
        && (pack.calendar.dayUnits[texts[index + 1]] != nil || pack.calendar.weekdays[texts[index + 1]] != nil)
    }
  }

  /// "Fifty dollars if there is enough": behind the amount, and with something behind it or alone at the end.
  private var isBound: Bool {
    guard let amount else { return false }
    let courtesies = additions.courtesies.matches(in: texts).map(\.range)
    return additions.conditionsBehind.matches(in: texts).contains { match in
      match.range.lowerBound >= amount.upperBound && isFree(match.range)
        && !courtesies.contains { $0.overlaps(match.range) }
    }
  }

  /// "About fifty", "fifty or so"; not "how about fifty".
  private var isNear: Bool {
    guard let amount else { return false }
    if additions.nearlyBehind.match(texts, at: amount.upperBound, before: texts.count) != nil { return true }
    return (1...2).contains { length in
      let start = amount.lowerBound - length
      guard start >= 0, additions.nearlyBefore.meaning(of: Array(texts[start..<amount.lowerBound])) != nil else {
        return false
      }
      return start == 0 || !additions.proposals.contains(texts[start - 1])
    }
  }
}
