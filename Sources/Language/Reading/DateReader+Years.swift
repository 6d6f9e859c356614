import Core

// Days in figures, and the year of a day.

extension DateReader {
  // 2026-03-03, 3/14/2026, 3/14
  func written(at index: Int) -> Day? {
    let word = texts[index]
    if let date = CivilDate(iso8601: word) { return Day(date: date, count: 1, permille: 990) }
    if let dotted = WrittenDate(word, parts: ".") {
      return Day(date: dotted.date, count: 1, permille: dotted.isClear ? 960 : 440, other: dotted.other)
    }
    if let date = joinedFigures(word) { return Day(date: date, count: 1, permille: 880) }
    let sign: Character = context.tense == .birth && word.contains("-") ? "-" : "/"
    let parts = word.split(separator: sign).map { Int($0) }
    guard word.contains(sign), parts.count == 2 || parts.count == 3, let month = parts[0], let day = parts[1] else {
      return nil
    }
    if parts.count == 3, let year = parts[2] {
      guard year < 100 else {
        return CivilDate(year: year, month: month, day: day).map { Day(date: $0, count: 1, permille: 960) }
      }
      guard let date = dated(month: month, day: day, shortYear: year) else { return nil }
      return Day(date: date, count: 1, permille: isPlausible(date) ? 960 : Self.doubtful)
    }
    return nearest(month: month, day: day).map {
      Day(date: $0, count: 1, permille: context.tense == .birth ? Self.doubtful : 880)
    }
  }

  /// What has to be asked about.
  private static let doubtful = 450

  /// `20261209`, `12092026`: eight figures that are a day.
  private func joinedFigures(_ word: String) -> CivilDate? {
    guard word.utf8.count == 8, word.allSatisfy(\.isASCIIDigit) else { return nil }
    func number(_ start: Int, _ count: Int) -> Int { Int(word.dropFirst(start).prefix(count)) ?? 0 }
    func date(year: Int, month: Int, day: Int) -> CivilDate? {
      Self.years.contains(year) ? CivilDate(year: year, month: month, day: day) : nil
    }
    return date(year: number(0, 4), month: number(4, 2), day: number(6, 2))
      ?? date(year: number(4, 4), month: number(0, 2), day: number(2, 2))
  }

  private static let years = 1900...2100

  /// The day in a year of which two figures are said: the latest that lies behind, or the one of this century.
  private func dated(month: Int, day: Int, shortYear: Int) -> CivilDate? {
    guard (0..<100).contains(shortYear) else { return nil }
    let century = context.today.year - context.today.year % 100
    let days = [century, century - 100].compactMap { CivilDate(year: $0 + shortYear, month: month, day: day) }
    return context.tense == .future ? days.first : days.first { $0 <= context.today }
  }

  /// Whether somebody makes an appointment for such a day, or bought something on it.
  private func isPlausible(_ date: CivilDate) -> Bool {
    context.tense != .future || (context.today.year - 1...context.today.year + Self.farAhead).contains(date.year)
  }

  private static let farAhead = 10

  /// Two figures behind a day: "november 21 54", "fifty four", "oh five".
  private func shortYear(at index: Int) -> (value: Int, count: Int)? {
    guard index < range.upperBound else { return nil }
    var found: (value: Int, count: Int)?
    if pack.numbers.digits[texts[index]] == 0, index + 1 < range.upperBound,
      let unit = pack.numbers.digits[texts[index + 1]]
    {
      found = (unit, 2)
    } else if let number = scanner.cardinal(at: index), !number.hasScale, let value = Int(exactly: number.value),
      (10...99).contains(value) || number.isFigure && texts[index].count == 2
    {
      found = (value, number.count)
    }
    guard let found else { return nil }
    let end = index + found.count
    guard end == range.upperBound || words[end - 1].pauses else { return nil }
    guard context.tense == .future else { return found }
    // Who makes an appointment says a year only when it is near; other numbers may be a time.
    let near = context.today.year % 100
    return (near...near + 2).contains(found.value) || found.value > Self.lastOfMonth ? found : nil
  }

  private static let lastOfMonth = 31

  func dated(month: Int, day: Int, from start: Int, to end: Int) -> Day? {
    if let year = year(at: end) {
      guard let date = CivilDate(year: year.value, month: month, day: day) else { return nil }
      return Day(date: date, count: end + year.count - start, permille: 970)
    }
    if let year = shortYear(at: end), let date = dated(month: month, day: day, shortYear: year.value) {
      return Day(date: date, count: end + year.count - start, permille: isPlausible(date) ? 900 : Self.doubtful)
    }
    return nearest(month: month, day: day).map { date in
      // The next twenty ninth of February may be years away: hardly that one is meant.
      let isNear = abs(date.year - context.today.year) < 2
      return Day(date: date, count: end - start, permille: isNear && context.tense != .birth ? 930 : Self.doubtful)
    }
  }

  /// A day without a year that passed within so many days is that day, and not the one a year later.
  private static let justPassed = 30

  private func nearest(month: Int, day: Int) -> CivilDate? {
    for offset in 0...8 {
      let year = context.today.year + (context.tense == .future ? offset : -offset)
      if let date = CivilDate(year: year, month: month, day: day),
        context.tense == .future ? date >= context.today.adding(days: -Self.justPassed) : date <= context.today
      {
        return date
      }
    }
    return nil
  }

  // 2027, "twenty twenty six", "nineteen eighty five", "two thousand and five"
  private func year(at index: Int) -> (value: Int, count: Int)? {
    guard index < range.upperBound else { return nil }
    let word = texts[index]
    if word.count == 4, let year = Int(word), (1900...2100).contains(year) { return (year, 1) }
    if let found = scanner.cardinal(at: index), found.hasScale, let year = Int(exactly: found.value),
      (1900...2100).contains(year)
    {
      return (year, found.count)
    }
    let century = pack.numbers.teens[word] ?? pack.numbers.tens[word]
    guard let century, century == 19 || century == 20, index + 1 < range.upperBound else { return nil }
    if let found = scanner.cardinal(at: index + 1), !found.hasScale, let rest = Int(exactly: found.value),
      (10...99).contains(rest)
    {
      return (century * 100 + rest, found.count + 1)
    }
    if pack.numbers.digits[texts[index + 1]] == 0, index + 2 < range.upperBound,
      let unit = pack.numbers.digits[texts[index + 2]]
    {
      return (century * 100 + unit, 3)
    }
    return nil
  }
}
