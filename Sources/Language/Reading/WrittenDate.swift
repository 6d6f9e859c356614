import Core

/// A day in figures with signs between them: `31.12.2026`, `12-31-2026`. No number that somebody gives in groups.
struct WrittenDate {
  /// The day, with the month behind the day where both orders are one.
  let date: CivilDate
  /// The day when the month stands first, where that is another one.
  let other: CivilDate?

  /// Whether only one order makes a day of it.
  var isClear: Bool { other == nil }

  /// The day that a word names, its parts told by one of these signs; nil when there is no such day.
  init?(_ word: String, parts signs: String) {
    guard let sign = signs.first(where: { word.contains($0) }) else { return nil }
    let parts = word.split(separator: sign, omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }),
      parts[0].count <= 2, parts[1].count <= 2, parts[2].count == 4,
      let first = Int(parts[0]), let second = Int(parts[1]), let year = Int(parts[2]), (1900...2100).contains(year)
    else { return nil }
    let dayFirst = CivilDate(year: year, month: second, day: first)
    let monthFirst = CivilDate(year: year, month: first, day: second)
    guard let date = dayFirst ?? monthFirst else { return nil }
    self.date = date
    other = dayFirst == nil || monthFirst == date ? nil : monthFirst
  }

  /// Whether a word in figures is a day: also `2026-12-31` and `31/12/2026`.
  static func isOne(_ word: String) -> Bool {
    CivilDate(iso8601: word) != nil || WrittenDate(word, parts: ".-/") != nil
  }
}
