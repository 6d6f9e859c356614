import Core

/// Reads a time of day: "three thirty", "half past two", "5 pm", "noon", "in two hours". Value: `HH:MM`.
///
/// Without "am", "pm" or a part of the day, hours are taken for business hours (8 to 19) and confidence says so.
struct TimeReader {
  let words: [Word]
  let range: Range<Int>
  let pack: LanguagePack
  let context: ReadingContext
  private let texts: [String]
  private let scanner: NumberScanner

  init(words: [Word], range: Range<Int>, pack: LanguagePack, context: ReadingContext) {
    self.words = words
    self.range = range
    self.pack = pack
    self.context = context
    texts = words.texts
    scanner = NumberScanner(words: words, range: range, pack: pack)
  }

  /// What a span from now is trusted: enough where a time is asked for, and only there.
  private static let spanPermille = 880

  private struct Clock {
    var hour: Int
    var minute: Int
    var count: Int
    /// Whether something beside a bare number makes it a time.
    var isMarked: Bool
    /// Said with the figures: `3pm`.
    var isMorning: Bool?
  }

  func findings() -> [Finding] {
    var found: [Finding] = []
    var index = range.lowerBound
    while index < range.upperBound {
      if let ahead = ahead(at: index) {
        if let finding = ahead.finding { found.append(finding) }
        index += ahead.count
      } else if let finding = whole(at: index) {
        found.append(finding)
        index = finding.range.upperBound
      } else {
        index += 1
      }
    }
    if Set(found.map(\.value)).count > 1 {
      if found.contains(where: { $0.permille >= 900 }) { found.removeAll { $0.permille < 600 } }
      if Set(found.map(\.value)).count > 1 {
        for index in found.indices { found[index].permille = min(440, found[index].permille) }
      }
    }
    return found
  }

  private func whole(at index: Int) -> Finding? {
    let calendar = pack.calendar
    if let named = calendar.namedTimes.match(texts, at: index, before: range.upperBound) {
      return Finding(Self.value(named.meaning), 960, index..<index + named.count)
    }
    guard let clock = glued(at: index) ?? relative(at: index) ?? plain(at: index) else { return nil }
    var end = index + clock.count
    if let isMorning = clock.isMorning { return Finding(Self.value(clock, isMorning: isMorning), 970, index..<end) }
    var clockWord = clock.isMarked
    if end < range.upperBound, calendar.clockWords.contains(texts[end]) {
      end += 1
      clockWord = true
    }
    if let half = calendar.anteMeridiem.match(texts, at: end, before: range.upperBound) {
      guard (1...12).contains(clock.hour) else { return nil }
      return Finding(Self.value(clock, isMorning: half.meaning), 970, index..<end + half.count)
    }
    if clock.hour > 12 || clock.hour == 0 {
      return Finding(Self.value(clock.hour * 60 + clock.minute), clockWord ? 930 : 500, index..<end)
    }
    // "twelve noon"
    if clock.hour == 12, clock.minute == 0,
      let named = calendar.namedTimes.match(texts, at: end, before: range.upperBound)
    {
      return Finding(Self.value(named.meaning), 960, index..<end + named.count)
    }
    switch partOfDay(behind: end) {
    case .some(let part):
      return Finding(Self.value(clock, isMorning: part.isMorning(at: clock.hour)), 930, index..<end)
    case nil:
      let isMorning = clock.hour >= 8 && clock.hour != 12
      let before = index > range.lowerBound && calendar.atWords.contains(texts[index - 1])
      return Finding(Self.value(clock, isMorning: isMorning), clockWord || before ? 680 : 600, index..<end)
    }
  }

  /// The part of the day that is said right behind a time, or the only one that is said at all. A greeting says none.
  private func partOfDay(behind end: Int) -> PartOfDay? {
    if let next = pack.calendar.partsOfDay.match(texts, at: end, before: range.upperBound) { return next.meaning }
    let texts = Array(texts[range])
    let greetings = pack.talk.greetings.matches(in: texts).map(\.range)
    let said = pack.calendar.partsOfDay.matches(in: texts).filter { part in
      !greetings.contains { $0.overlaps(part.range) }
    }
    let parts = Set(said.map(\.meaning))
    return parts.count == 1 ? parts.first : nil
  }

  /// The only time whose half of the day is said, in words or by its figures: "eight in the evening", "15:30".
  var settled: Finding? {
    let found = findings()
    guard found.count == 1, found[0].permille >= 930,
      pack.calendar.namedTimes.matches(in: Array(texts[found[0].range])).isEmpty
    else { return nil }
    return found[0]
  }

  // "in two hours", "in half an hour". No finding: a span that no time of today holds, as half a minute or three days.
  private func ahead(at index: Int) -> (finding: Finding?, count: Int)? {
    let calendar = pack.calendar
    guard calendar.inWords.contains(texts[index]), index + 2 < range.upperBound else { return nil }
    var cursor = index + 1
    let amount: Double
    if pack.numbers.article.contains(texts[cursor]) {
      amount = 1
      cursor += 1
    } else if let number = scanner.number(at: cursor) {
      amount = number.value
      cursor += number.count
      if number.isBareHalf, cursor < range.upperBound, pack.numbers.article.contains(texts[cursor]) { cursor += 1 }
    } else {
      return nil
    }
    guard cursor < range.upperBound, let unit = minutes(in: texts[cursor]) else { return nil }
    let count = cursor + 1 - index
    // "in a minute" is no time of day
    guard let unit, unit * amount > 1, let minutes = Int(exactly: amount * unit), minutes > 0, minutes < 1440,
      context.minuteOfDay + minutes < 1440
    else { return (nil, count) }
    return (Finding(Self.value(context.minuteOfDay + minutes), Self.spanPermille, index..<cursor + 1), count)
  }

  /// The minutes of a unit, nil for one that is counted in days; nil for another word.
  private func minutes(in word: String) -> Double?? {
    if pack.calendar.hourWords.contains(word) { return .some(60) }
    if pack.calendar.minuteWords.contains(word) { return .some(1) }
    return pack.calendar.dayUnits[word] == nil ? nil : .some(nil)
  }

  // 3:30, 15:30, 3pm, 3:30pm
  private func glued(at index: Int) -> Clock? {
    let word = texts[index]
    guard word.first?.isASCIIDigit == true else { return nil }
    let letters = word.drop { $0.isASCIIDigit || $0 == ":" }
    let figures = word.dropLast(letters.count)
    let parts = figures.split(separator: ":", omittingEmptySubsequences: false)
    guard let hour = parts.first.flatMap({ Int($0) }), hour < 24 else { return nil }
    var minute = 0
    if parts.count == 2 {
      guard parts[1].count == 2, let value = Int(parts[1]), value < 60 else { return nil }
      minute = value
    } else if parts.count > 2 || letters.isEmpty {
      return nil
    }
    guard !letters.isEmpty else { return Clock(hour: hour, minute: minute, count: 1, isMarked: true) }
    guard let isMorning = pack.calendar.anteMeridiem.meaning(of: [String(letters)]), (1...12).contains(hour) else {
      return nil
    }
    return Clock(hour: hour, minute: minute, count: 1, isMarked: true, isMorning: isMorning)
  }

  // "half past two", "quarter to five", "ten past six"
  private func relative(at index: Int) -> Clock? {
    let calendar = pack.calendar
    var cursor = index
    if pack.numbers.article.contains(texts[cursor]), cursor + 1 < range.upperBound { cursor += 1 }
    let minutes: Int
    if texts[cursor] == pack.numbers.half {
      minutes = 30
      cursor += 1
    } else if texts[cursor] == calendar.quarter {
      minutes = 15
      cursor += 1
    } else if let found = scanner.cardinal(at: cursor), let whole = Int(exactly: found.value), (1...29).contains(whole)
    {
      minutes = whole
      cursor += found.count
      let isNamed = cursor < range.upperBound && calendar.minuteWords.contains(texts[cursor])
      if isNamed { cursor += 1 }
      // "three to five" are two hours
      if !isNamed, whole % 5 != 0, cursor < range.upperBound, calendar.toWords.contains(texts[cursor]) { return nil }
    } else {
      return nil
    }
    guard cursor + 1 < range.upperBound else { return nil }
    let isPast = calendar.pastWords.contains(texts[cursor])
    guard isPast || calendar.toWords.contains(texts[cursor]), let hour = scanner.cardinal(at: cursor + 1),
      let whole = Int(exactly: hour.value), (1...12).contains(whole)
    else { return nil }
    let count = cursor + 1 + hour.count - index
    if isPast { return Clock(hour: whole, minute: minutes, count: count, isMarked: true) }
    return Clock(hour: whole == 1 ? 12 : whole - 1, minute: 60 - minutes, count: count, isMarked: true)
  }

  // "three thirty", "five", "10 15", "eleven oh five"
  private func plain(at index: Int) -> Clock? {
    if let compact = compactFigures(at: index) { return compact }
    guard let hour = scanner.cardinal(at: index), !hour.hasScale, let whole = Int(exactly: hour.value),
      (0...23).contains(whole),
      hour.count == 1 || whole > 20
    else { return nil }
    let end = index + hour.count
    guard end < range.upperBound, !words[end - 1].pauses else {
      return Clock(hour: whole, minute: 0, count: hour.count, isMarked: false)
    }
    if pack.numbers.digits[texts[end]] == 0, end + 1 < range.upperBound, let unit = pack.numbers.digits[texts[end + 1]],
      unit > 0
    {
      return Clock(hour: whole, minute: unit, count: hour.count + 2, isMarked: true)
    }
    if let minute = scanner.cardinal(at: end), !minute.hasScale, let value = Int(exactly: minute.value),
      (10...59).contains(value)
    {
      return Clock(hour: whole, minute: value, count: hour.count + minute.count, isMarked: true)
    }
    if scanner.cardinal(at: end) != nil || scanner.countsTime(endingAt: end) || scanner.countsTalk(endingAt: end) {
      return nil
    }
    return Clock(hour: whole, minute: 0, count: hour.count, isMarked: false)
  }

  // "330" before am or pm
  private func compactFigures(at index: Int) -> Clock? {
    let word = texts[index]
    guard word.count == 3 || word.count == 4, let number = Int(word), number % 100 < 60, number / 100 < 24,
      index + 1 < range.upperBound,
      pack.calendar.anteMeridiem.match(texts, at: index + 1, before: range.upperBound) != nil
    else { return nil }
    return Clock(hour: number / 100, minute: number % 100, count: 1, isMarked: true)
  }

  private static func value(_ clock: Clock, isMorning: Bool) -> SlotValue {
    value((clock.hour % 12 + (isMorning ? 0 : 12)) * 60 + clock.minute)
  }

  private static func value(_ minutes: Int) -> SlotValue {
    let hour = minutes / 60
    let minute = minutes % 60
    return .text((hour < 10 ? "0" : "") + String(hour) + ":" + (minute < 10 ? "0" : "") + String(minute))
  }
}
