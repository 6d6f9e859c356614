import Core

/// Reads a day: "tomorrow", "Friday", "March the third", "the twenty first", "in two weeks", `2026-03-03`. Value: `YYYY-MM-DD`.
struct DateReader {
  let words: [Word]
  let range: Range<Int>
  let pack: LanguagePack
  let context: ReadingContext
  let texts: [String]
  let scanner: NumberScanner

  init(words: [Word], range: Range<Int>, pack: LanguagePack, context: ReadingContext) {
    self.words = words
    self.range = range
    self.pack = pack
    self.context = context
    texts = words.texts
    scanner = NumberScanner(words: words, range: range, pack: pack)
  }

  /// A day found at a place; `count` words long.
  struct Day {
    var date: CivilDate
    var count: Int
    var permille: Int
    var weekday: Weekday?
    /// A second reading of the same words.
    var other: CivilDate?
  }

  func findings() -> [Finding] {
    var found: [Finding] = []
    var index = range.lowerBound
    var weekdayBefore: (day: Weekday, start: Int, end: Int)?
    while index < range.upperBound {
      // Who names a day that there is not means another one, whatever else is said.
      if isNoDay(at: index) { return [] }
      guard let day = day(at: index) else {
        index += 1
        continue
      }
      let end = index + day.count
      if let before = weekdayBefore, day.weekday == nil, before.end == index || gapIsSmall(before.end, index) {
        // "Friday, March the third": one day said twice, if it is the same
        found.removeAll { $0.range.lowerBound == before.start }
        found += joined(before.day, day, before.start..<end)
      } else {
        found.append(Finding(.text(day.date.description), day.permille, index..<end))
        if let other = day.other { found.append(Finding(.text(other.description), 380, index..<end)) }
      }
      weekdayBefore = day.weekday.map { ($0, index, end) }
      index = end
    }
    let starts = Set(found.map(\.range.lowerBound))
    if starts.count > 1, Set(found.map(\.value)).count > 1 {
      for index in found.indices { found[index].permille = min(440, found[index].permille) }
    }
    return found
  }

  private func gapIsSmall(_ from: Int, _ to: Int) -> Bool {
    to - from == 1
      && (pack.calendar.articles.contains(texts[from]) || pack.calendar.ofWords.contains(texts[from])
        || texts[from] == "on")
  }

  private func joined(_ weekday: Weekday, _ day: Day, _ range: Range<Int>) -> [Finding] {
    if day.date.weekday == weekday { return [Finding(.text(day.date.description), max(day.permille, 940), range)] }
    // the weekday tells the year of a date without one
    for year in [1, -1, 2, 3].map({ day.date.year + $0 }) {
      if let moved = CivilDate(year: year, month: day.date.month, day: day.date.day), moved.weekday == weekday,
        day.permille < 950
      {
        let ahead = context.tense == .future ? moved >= context.today : moved <= context.today
        // More than a year away it is rather the weekday, or the day, that is wrong.
        let isNear = context.tense == .past || moved < context.today.adding(days: Self.year)
        if ahead { return [Finding(.text(moved.description), isNear ? 620 : 450, range)] }
      }
    }
    return [Finding(.text(day.date.description), 400, range)]
  }

  private static let year = 365

  private func day(at index: Int) -> Day? {
    guard let day = plainDay(at: index) else { return nil }
    return weekAhead(of: day, at: index) ?? day
  }

  private func plainDay(at index: Int) -> Day? {
    written(at: index) ?? counted(at: index) ?? named(at: index) ?? monthFirst(at: index) ?? weekdayOfWeek(at: index)
      ?? weekday(at: index) ?? dayOfMonth(at: index) ?? dayFirst(at: index)
  }

  // "in two weeks", "three days from now", "two days ago", "a week from Friday"
  private func counted(at index: Int) -> Day? {
    let calendar = pack.calendar
    if let found = calendar.relativeDays.match(texts, at: index, before: range.upperBound), found.count > 2 {
      return Day(date: context.today.adding(days: found.meaning), count: found.count, permille: 950)
    }
    var cursor = index
    let opens = calendar.inWords.contains(texts[cursor])
    if opens { cursor += 1 }
    guard cursor < range.upperBound else { return nil }
    let amount: (value: Int, count: Int)
    if pack.numbers.article.contains(texts[cursor]) {
      amount = (1, 1)
    } else if let found = scanner.cardinal(at: cursor), let whole = Int(exactly: found.value), whole < 1000 {
      amount = (whole, found.count)
    } else {
      return nil
    }
    cursor += amount.count
    guard cursor < range.upperBound, let unit = calendar.dayUnits[texts[cursor]] else { return nil }
    cursor += 1
    func moved(_ from: CivilDate, _ amount: Int) -> CivilDate? {
      unit == 0 ? from.addingMonths(amount) : from.adding(days: amount * unit)
    }
    if opens {
      return moved(context.today, amount.value).map { Day(date: $0, count: cursor - index, permille: 940) }
    }
    guard cursor < range.upperBound else { return nil }
    if calendar.agoWords.contains(texts[cursor]) {
      return moved(context.today, -amount.value).map { Day(date: $0, count: cursor + 1 - index, permille: 940) }
    }
    // "a week from Friday", "a week Friday"
    if calendar.fromWords.contains(texts[cursor]), cursor + 1 < range.upperBound {
      cursor += 1
    } else if calendar.weekdays[texts[cursor]] == nil {
      return nil
    }
    if calendar.nowWords.contains(texts[cursor]) {
      return moved(context.today, amount.value).map { Day(date: $0, count: cursor + 1 - index, permille: 940) }
    }
    guard let base = named(at: cursor) ?? monthFirst(at: cursor) ?? weekday(at: cursor),
      let date = moved(base.date, amount.value)
    else { return nil }
    return Day(date: date, count: cursor + base.count - index, permille: min(800, base.permille))
  }

  private func named(at index: Int) -> Day? {
    pack.calendar.relativeDays.match(texts, at: index, before: range.upperBound).map {
      Day(date: context.today.adding(days: $0.meaning), count: $0.count, permille: 960)
    }
  }

  // "Friday", "this Friday", "next Friday", "last Friday"
  private func weekday(at index: Int) -> Day? {
    let calendar = pack.calendar
    if let weekday = calendar.weekdays[texts[index]] {
      if texts[index].count < 4, texts[index] != words[index].original.lowercased() { return nil }
      let isToday = context.today.weekday == weekday
      let date = context.tense == .future ? next(weekday, 1) : previous(weekday)
      return Day(
        date: date, count: 1, permille: isToday ? 560 : 920, weekday: weekday, other: isToday ? context.today : nil)
    }
    guard index + 1 < range.upperBound, let weekday = calendar.weekdays[texts[index + 1]] else { return nil }
    if calendar.nextWords.contains(texts[index]) {
      // Some mean the very next one, some the one of next week.
      let nearest = next(weekday, 1)
      let ofNextWeek = mondayOfThisWeek.adding(days: 7 + (Weekday.allCases.firstIndex(of: weekday) ?? 0))
      if nearest == ofNextWeek { return Day(date: nearest, count: 2, permille: 760, weekday: weekday) }
      return Day(date: ofNextWeek, count: 2, permille: 540, weekday: weekday, other: nearest)
    }
    if calendar.thisWords.contains(texts[index]) {
      let isToday = context.today.weekday == weekday
      return Day(
        date: isToday ? context.today : next(weekday, 1), count: 2, permille: isToday ? 600 : 940, weekday: weekday)
    }
    if calendar.lastWords.contains(texts[index]) {
      return Day(date: previous(weekday), count: 2, permille: 820, weekday: weekday)
    }
    return nil
  }

  var mondayOfThisWeek: CivilDate {
    context.today.adding(days: -(Weekday.allCases.firstIndex(of: context.today.weekday) ?? 0))
  }

  private func next(_ weekday: Weekday, _ from: Int) -> CivilDate {
    (from...from + 6).map { context.today.adding(days: $0) }.first { $0.weekday == weekday } ?? context.today
  }

  private func previous(_ weekday: Weekday) -> CivilDate {
    (1...7).map { context.today.adding(days: -$0) }.first { $0.weekday == weekday } ?? context.today
  }

  /// Words that name a day of a month.
  private struct DayAndMonth {
    var month: Int
    var day: Int
    var end: Int
  }

  // "March the third", "March 3rd 2027"
  private func monthThenDay(at index: Int) -> DayAndMonth? {
    guard let month = month(at: index) else { return nil }
    var cursor = index + 1
    if cursor < range.upperBound, pack.calendar.articles.contains(texts[cursor]) { cursor += 1 }
    return dayNumber(at: cursor, allowsCardinal: true).map {
      DayAndMonth(month: month, day: $0.value, end: cursor + $0.count)
    }
  }

  // "the third of March", "3 March"
  private func dayThenMonth(at index: Int) -> DayAndMonth? {
    var cursor = index
    let hasArticle = pack.calendar.articles.contains(texts[cursor])
    if hasArticle { cursor += 1 }
    guard let day = dayNumber(at: cursor, allowsCardinal: !hasArticle) else { return nil }
    cursor += day.count
    if cursor < range.upperBound, pack.calendar.ofWords.contains(texts[cursor]) { cursor += 1 }
    return month(at: cursor).map { DayAndMonth(month: $0, day: day.value, end: cursor + 1) }
  }

  private func monthFirst(at index: Int) -> Day? {
    monthThenDay(at: index).flatMap { dated(month: $0.month, day: $0.day, from: index, to: $0.end) }
  }

  /// "February the thirtieth", "the thirty first of June", `2/30/2026`, "the 32nd".
  private func isNoDay(at index: Int) -> Bool {
    if let said = monthThenDay(at: index) ?? dayThenMonth(at: index) {
      return dated(month: said.month, day: said.day, from: index, to: said.end) == nil
    }
    // "the first of the thirteenth": there is no such month
    if let day = dayNumber(at: index, allowsCardinal: false) {
      var cursor = index + day.count
      if cursor < range.upperBound, pack.calendar.ofWords.contains(texts[cursor]) {
        cursor += 1
        if cursor < range.upperBound, pack.calendar.articles.contains(texts[cursor]) { cursor += 1 }
        return dayNumber(at: cursor, allowsCardinal: true) != nil
      }
    }
    let word = texts[index]
    if let ending = pack.numbers.ordinalEndings.first(where: { word.hasSuffix($0) }),
      let value = Int(word.dropLast(ending.count))
    {
      return !(1...31).contains(value)
    }
    for sign in "/.-" {
      let parts = word.split(separator: sign, omittingEmptySubsequences: false)
      guard sign == "/" ? (2...3).contains(parts.count) : parts.count == 3 && parts.contains { $0.count == 4 },
        parts.allSatisfy({ Int($0) != nil })
      else { continue }
      return written(at: index) == nil
    }
    return false
  }

  // "the third of March", "3 March", "the twenty first"
  private func dayFirst(at index: Int) -> Day? {
    if let said = dayThenMonth(at: index) { return dated(month: said.month, day: said.day, from: index, to: said.end) }
    var cursor = index
    let hasArticle = pack.calendar.articles.contains(texts[cursor])
    if hasArticle { cursor += 1 }
    guard let day = dayNumber(at: cursor, allowsCardinal: !hasArticle) else { return nil }
    let behindDay = cursor + day.count
    guard day.isOrdinal,
      hasArticle || day.count > 1 || day.isFigure || index == range.lowerBound || texts[index - 1] == "on"
    else { return nil }
    if behindDay < range.upperBound, pack.talk.choiceOrdinals.meaning(of: ["the", "first", texts[behindDay]]) != nil {
      return nil
    }
    if behindDay < range.upperBound, pack.calendar.rankedThings.contains(texts[behindDay]) { return nil }
    // "first, I have a question": it opens a sentence
    if !hasArticle, day.count == 1, behindDay < range.upperBound, index == range.lowerBound,
      pack.talk.choiceOrdinals.meaning(of: [texts[index]]) != nil
    {
      return nil
    }
    for offset in 0...2 {
      let months = context.tense == .future ? offset : -offset
      guard let base = CivilDate(year: context.today.year, month: context.today.month, day: 1)?.addingMonths(months),
        let date = CivilDate(year: base.year, month: base.month, day: day.value),
        context.tense == .future ? date >= context.today : date <= context.today
      else { continue }
      return Day(date: date, count: behindDay - index, permille: 780)
    }
    return nil
  }

  private func month(at index: Int) -> Int? {
    guard index < range.upperBound, let month = pack.calendar.months[texts[index]] else { return nil }
    // "may" and "march" are also verbs: a recogniser writes the month with a capital, or a day stands beside it
    return month
  }

  func dayNumber(at index: Int, allowsCardinal: Bool) -> (
    value: Int, count: Int, isOrdinal: Bool, isFigure: Bool
  )? {
    guard index < range.upperBound else { return nil }
    let word = texts[index]
    let numbers = pack.numbers
    if let ending = numbers.ordinalEndings.first(where: { word.hasSuffix($0) }),
      let value = Int(word.dropLast(ending.count))
    {
      return (1...31).contains(value) ? (value, 1, true, true) : nil
    }
    if let ten = numbers.tens[word], ten <= 30, index + 1 < range.upperBound,
      let unit = numbers.ordinals[texts[index + 1]], unit < 10
    {
      return ten + unit <= 31 ? (ten + unit, 2, true, false) : nil
    }
    if let value = numbers.ordinals[word] { return value <= 31 ? (value, 1, true, false) : nil }
    guard allowsCardinal, let found = scanner.cardinal(at: index), !found.hasScale,
      let value = Int(exactly: found.value),
      (1...31).contains(value)
    else { return nil }
    return (value, found.count, false, found.isFigure)
  }
}

extension CivilDate {
  /// The same day so many months later, or the last day of a shorter month.
  func addingMonths(_ months: Int) -> CivilDate? {
    let index = year * 12 + month - 1 + months
    let newYear = index >= 0 ? index / 12 : (index - 11) / 12
    let newMonth = index - newYear * 12 + 1
    return CivilDate(year: newYear, month: newMonth, day: min(day, CivilDate.days(inMonth: newMonth, of: newYear)))
  }
}
