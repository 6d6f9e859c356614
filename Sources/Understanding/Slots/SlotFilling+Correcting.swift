import Core
import Language

// Whether a value that nobody asked for is meant for a slot: above all for one that holds a value already.

extension SlotFilling {
  /// Whether a value is meant for its slot. One that is filled is not overwritten by words that only happen to hold a value.
  func isMeant(_ filled: Filled, among slots: [SlotName]) -> Bool {
    let signs = ReplacementSigns(
      text: text, reading: filled.reading, grammar: filled.grammar, locale: definition.locale)
    let isNamed = isMentioned(filled.slot)
    // "20261309" where a day is asked for is a day that there is not, and no order's number; "june third", a birthday without its year, is
    // no other day.
    if asksDay, !isNamed, !signs.areThere, filled.grammar.answersForDay { return false }
    guard let old = request.filled[filled.slot] else {
      // "Do it tomorrow" answers yes or no, and is no birthday that was not asked for yet.
      return !signs.isPutOff && (filled.grammar != .date || !asksYesNo || signs.areThere || signs.isPlain || isNamed)
    }
    guard old.revealedText != filled.reading.value.revealedText else { return false }
    if isUnmistakable(filled) { return true }
    guard signs.areThere || isNamed && !signs.isPutOff || signs.isPlain else { return false }
    return isNamed || isNearest(filled, among: slots)
  }

  /// Digits and addresses of the net that are as long and odd as theirs are said for nothing else.
  private func isUnmistakable(_ filled: Filled) -> Bool {
    switch filled.grammar {
    case .email: true
    case .digits: (filled.reading.value.revealedText?.count ?? 0) >= 6
    // "I have chest pain": its names are the author's, and only a question of yes or no has answers like them.
    case .choice: !asksYesNo
    default: false
    }
  }

  private var asksDay: Bool { request.awaiting.flatMap { grammar(of: $0) } == .date }

  private var asksYesNo: Bool { request.awaiting.flatMap { grammar(of: $0) } == .yesNo }

  /// Whether a day that is not said to be whose is this slot's: of several that are filled the nearest is meant, and a day of these
  /// weeks is nobody's birthday.
  private func isNearest(_ filled: Filled, among slots: [SlotName]) -> Bool {
    guard filled.grammar == .date, let new = day(filled.reading.value) else { return true }
    func distance(_ slot: SlotName) -> Int? {
      guard slot != request.awaiting, grammar(of: slot) == .date, let old = request.filled[slot].flatMap(day) else {
        return nil
      }
      return abs(old.daysSinceEpoch - new.daysSinceEpoch)
    }
    guard let own = distance(filled.slot) else { return true }
    let isNow = abs(new.daysSinceEpoch - request.today.daysSinceEpoch) <= Self.year
    guard !(isNow && own > 2 * Self.year) else { return false }
    return slots.compactMap(distance).allSatisfy { $0 >= own }
  }

  /// "And fifty cents": what is joined to whole units that are held already goes with them, and does not take their place.
  func joined(_ reading: SlotReading, to slot: SlotName, _ grammar: SlotGrammar, in text: String) -> SlotReading {
    guard case .money = grammar, case .number(let minor) = reading.value, minor > 0, minor < 1,
      let held = request.filled[slot]?.revealedText.flatMap(Double.init), held == held.rounded(),
      reading.words.lowerBound > 0
    else { return reading }
    let words = Word.split(text).texts
    guard WishWords.words(for: definition.locale).joins.meaning(of: [words[reading.words.lowerBound - 1]]) != nil else {
      return reading
    }
    return reading.with(.number(((held + minor) * 100).rounded() / 100))
  }

  private static let year = 366

  private func day(_ value: SlotValue) -> CivilDate? { value.revealedText.flatMap { CivilDate(iso8601: $0) } }
}

extension SlotGrammar {
  /// Whether its values look like an answer to a question for a day.
  fileprivate var answersForDay: Bool {
    switch self {
    case .digits, .date: true
    default: false
    }
  }
}
