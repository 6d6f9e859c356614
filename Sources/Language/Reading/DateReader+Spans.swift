import Core

// Days named by the week or the month they lie in.

extension DateReader {
  // "Friday next week", "Friday of this week", "next week on Friday"
  func weekdayOfWeek(at index: Int) -> Day? {
    let weekdays = pack.calendar.weekdays
    if let weekday = weekdays[texts[index]] {
      var cursor = index + 1
      if cursor < range.upperBound, isOf(texts[cursor]) { cursor += 1 }
      guard let week = span(at: cursor, of: 7) else { return nil }
      return day(weekday, week: week.ahead, count: cursor + week.count - index)
    }
    guard let week = span(at: index, of: 7) else { return nil }
    var cursor = index + week.count
    if cursor < range.upperBound, texts[cursor] == "on" { cursor += 1 }
    guard cursor < range.upperBound, let weekday = weekdays[texts[cursor]] else { return nil }
    return day(weekday, week: week.ahead, count: cursor + 1 - index)
  }

  /// "Friday week", "tomorrow week": so many days after the day that is named.
  func weekAhead(of day: Day, at index: Int) -> Day? {
    let end = index + day.count
    let isNamed = pack.calendar.relativeDays.match(texts, at: index, before: range.upperBound)?.count == day.count
    guard isNamed || day.weekday != nil, end < range.upperBound, !words[end - 1].pauses,
      let days = pack.calendar.unitsBehind[texts[end]]
    else { return nil }
    return Day(
      date: day.date.adding(days: days), count: day.count + 1, permille: min(900, day.permille), weekday: day.weekday,
      other: day.other?.adding(days: days))
  }

  // "the tenth of next month"
  func dayOfMonth(at index: Int) -> Day? {
    var cursor = index
    if pack.calendar.articles.contains(texts[cursor]) { cursor += 1 }
    guard let number = dayNumber(at: cursor, allowsCardinal: false) else { return nil }
    cursor += number.count
    guard cursor < range.upperBound, isOf(texts[cursor]), let month = span(at: cursor + 1, of: 0),
      let first = CivilDate(year: context.today.year, month: context.today.month, day: 1)?.addingMonths(month.ahead),
      let date = CivilDate(year: first.year, month: first.month, day: number.value)
    else { return nil }
    return Day(date: date, count: cursor + 1 + month.count - index, permille: 930)
  }

  private func isOf(_ word: String) -> Bool {
    pack.calendar.ofWords.contains(word) || pack.calendar.inWords.contains(word)
  }

  /// "this week", "next month": how many of a unit of so many days lie between. Months count as 0 days, as in `dayUnits`.
  private func span(at index: Int, of days: Int) -> (ahead: Int, count: Int)? {
    let calendar = pack.calendar
    var cursor = index
    if cursor < range.upperBound, calendar.articles.contains(texts[cursor]) { cursor += 1 }
    guard cursor + 1 < range.upperBound, calendar.dayUnits[texts[cursor + 1]] == days else { return nil }
    let word = texts[cursor]
    let ahead = calendar.nextWords.contains(word) ? 1 : calendar.thisWords.contains(word) ? 0 : nil
    guard let ahead = ahead ?? (calendar.lastWords.contains(word) ? -1 : nil) else { return nil }
    return (ahead, cursor + 2 - index)
  }

  private func day(_ weekday: Weekday, week: Int, count: Int) -> Day {
    let offset = Weekday.allCases.firstIndex(of: weekday) ?? 0
    return Day(date: mondayOfThisWeek.adding(days: 7 * week + offset), count: count, permille: 900)
  }
}
