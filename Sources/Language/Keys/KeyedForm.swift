public import Core

/// How the values of a grammar are entered by key, and what an entry says.
///
/// Digits are typed as they are. An amount and a number have the star key for their point. A day is two digits for the month
/// and two for the day (the other way round where people write it so), or eight with the year; a time is two digits for the hour
/// of twenty four and two for the minutes. Words, names and addresses are not typed.
public enum KeyedForm: Hashable, Sendable {
  /// Digits as they are.
  case digits
  /// A number, `*` its point.
  case number
  /// A day; the month's digits first, or the day's.
  case date(isMonthFirst: Bool)
  /// A time of day.
  case time

  /// The form in which a grammar's values are typed; nil when its values are chosen from a menu, or cannot be typed.
  public init?(_ grammar: SlotGrammar, locale: LocaleTag) {
    switch grammar {
    case .digits, .spelling: self = .digits
    case .number, .money: self = .number
    case .date: self = .date(isMonthFirst: locale.rawValue == LocaleTag.americanEnglish.rawValue)
    case .time: self = .time
    case .yesNo, .choice, .name, .address, .email, .freeText: return nil
    }
  }

  /// What flows call the form, to choose words by.
  public var name: String {
    switch self {
    case .digits: "digits"
    case .number: "number"
    case .date(isMonthFirst: true): "month_and_day"
    case .date(isMonthFirst: false): "day_and_month"
    case .time: "time"
    }
  }

  /// Whether what was typed is said back before anything is done with it: the entry does not look like its value.
  public var isReadBack: Bool {
    switch self {
    case .digits, .number: false
    case .date, .time: true
    }
  }

  /// The longest list of choices that can be keyed.
  private static let mostChoices = 90

  /// What may be keyed for a grammar when nobody says otherwise; nil when its values cannot be.
  public static func grammar(for grammar: SlotGrammar) -> DigitGrammar? {
    switch grammar {
    case .digits(let minimum, let maximum), .spelling(let minimum, let maximum):
      return DigitGrammar(minimum: minimum, maximum: maximum, endKey: minimum == maximum ? nil : "#")
    case .number, .money: return DigitGrammar(minimum: 1, maximum: 12, endKey: "#")
    case .date: return DigitGrammar(minimum: 4, maximum: 8, endKey: "#", interDigitTimeout: .seconds(4))
    case .time: return DigitGrammar(minimum: 4, maximum: 4, endKey: nil, interDigitTimeout: .seconds(4))
    case .yesNo:
      return DigitGrammar(minimum: 1, maximum: 1, endKey: nil, menu: ["1": .bool(true), "2": .bool(false)])
    case .choice(let choices):
      guard (1...mostChoices).contains(choices.count) else { return nil }
      let first = choices.count > 9 ? 10 : 1
      let length = choices.count > 9 ? 2 : 1
      return DigitGrammar(
        minimum: length, maximum: length, endKey: nil,
        menu: Dictionary(
          choices.enumerated().map { (String($0 + first), .text($1.value)) }, uniquingKeysWith: { first, _ in first }))
    case .name, .address, .email, .freeText: return nil
    }
  }

  /// Whether entries of a key grammar's lengths are in this form; others are their author's own and stand as they are typed.
  public func isTyped(by digits: DigitGrammar) -> Bool {
    let lengths = digits.minimum...max(digits.minimum, digits.maximum)
    return switch self {
    case .digits, .number: true
    case .date: lengths.contains(4) || lengths.contains(8)
    case .time: lengths.contains(4)
    }
  }

  /// The value of an entry by a key grammar; nil when it says none. `facts` answers what has to be known of it, so that erased
  /// keys give the same value.
  public func value(
    of entry: Sensitive<String>, by digits: DigitGrammar, today: CivilDate, facts: inout FactBook
  ) -> Sensitive<String>? {
    guard isTyped(by: digits) else { return entry }
    switch self {
    case .digits: return entry
    case .number: return number(entry, &facts)
    case .date(let isMonthFirst): return date(entry, isMonthFirst, today, &facts)
    case .time: return time(entry, &facts)
    }
  }

  private func number(_ entry: Sensitive<String>, _ facts: inout FactBook) -> Sensitive<String>? {
    let keys = entry.keys
    let stars = keys.indices.filter { facts.ask(keys[$0], "is key *") { .truth($0 == "*") } == .truth(true) }
    guard let star = stars.first else { return entry }
    guard stars.count == 1, star > 0, star < keys.count - 1 else { return nil }
    let label = entry.token.label
    return .joining(keys[..<star] + [.literal(".", label: label)] + keys[(star + 1)...], label: label)
  }

  private func date(
    _ entry: Sensitive<String>, _ isMonthFirst: Bool, _ today: CivilDate, _ facts: inout FactBook
  ) -> Sensitive<String>? {
    let keys = entry.keys
    let label = entry.token.label
    guard keys.count == 4 || keys.count == 8 else { return nil }
    let (month, day) = isMonthFirst ? (keys[0..<2], keys[2..<4]) : (keys[2..<4], keys[0..<2])
    let year: [Sensitive<String>]
    if keys.count == 8 {
      let isDay = facts.ask(entry, "is a day, typed as \(name) and year") { .truth(Self.day($0, isMonthFirst) != nil) }
      guard isDay == .truth(true) else { return nil }
      year = Array(keys[4...])
    } else {
      // Without a year it is the next such day; the leap day may be years away.
      let question = "in how many years from \(today) it is a day, typed as \(name)"
      let found = facts.ask(entry, question) { text in
        let years = (0...8).first { ahead in
          Self.day(text + Self.padded(today.year + ahead), isMonthFirst).map { $0 >= today } ?? false
        }
        return .number(years ?? -1)
      }
      guard case .number(let ahead)? = found, ahead >= 0 else { return nil }
      year = [.literal(Self.padded(today.year + ahead), label: label)]
    }
    let dash = Sensitive.literal("-", label: label)
    return .joining(year + [dash] + month + [dash] + day, label: label)
  }

  private func time(_ entry: Sensitive<String>, _ facts: inout FactBook) -> Sensitive<String>? {
    let keys = entry.keys
    guard keys.count == 4 else { return nil }
    let isTime = facts.ask(entry, "is a time of day, typed") { text in
      guard let hour = Int(text.prefix(2)), let minute = Int(text.suffix(2)) else { return .truth(false) }
      return .truth((0..<24).contains(hour) && (0..<60).contains(minute))
    }
    guard isTime == .truth(true) else { return nil }
    let label = entry.token.label
    return .joining(keys[..<2] + [.literal(":", label: label)] + keys[2...], label: label)
  }

  /// The day of eight digits.
  private static func day(_ text: String, _ isMonthFirst: Bool) -> CivilDate? {
    let digits = text.compactMap { $0.isASCIIDigit ? $0.wholeNumberValue : nil }
    guard text.count == 8, digits.count == 8 else { return nil }
    let first = digits[0] * 10 + digits[1]
    let second = digits[2] * 10 + digits[3]
    let year = digits[4...].reduce(0) { $0 * 10 + $1 }
    return CivilDate(year: year, month: isMonthFirst ? first : second, day: isMonthFirst ? second : first)
  }

  private static func padded(_ year: Int) -> String {
    let digits = String(year)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
