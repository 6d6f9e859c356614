public import Core

/// The form in which a value may safely be spoken and shown: digits one by one in groups, dates with their weekday.
///
/// `SpeechText.normalize` makes plain words of it for a synthesizer. Read back by the same grammar it gives the same value.
public enum SpokenForm {
  /// The spoken form of a clear value. A sensitive value that was erased gives an empty text, as does one that nobody can say: an
  /// amount from a thousand billion on, a number that is not finite or beyond all integers.
  public static func text(
    for value: SlotValue, grammar: SlotGrammar?, locale: LocaleTag = .americanEnglish
  ) -> String {
    let pack = LanguagePack.pack(for: locale)
    switch value {
    case .bool(let truth): return truth ? pack.speech.yes : pack.speech.no
    case .list(let values):
      let items = values.map { text(for: $0, grammar: grammar, locale: locale) }
      guard items.count > 1, let last = items.last else { return items.first ?? "" }
      return items.dropLast().joined(separator: ", ") + " " + pack.speech.and + " " + last
    case .number(let number):
      if case .money(let currency) = grammar { return money(number, currency, pack) }
      return plain(number)
    case .text(let clear): return text(clear, grammar, pack)
    case .sensitive(let hidden): return hidden.revealed.map { text($0, grammar, pack) } ?? ""
    }
  }

  private static func text(_ text: String, _ grammar: SlotGrammar?, _ pack: LanguagePack) -> String {
    switch grammar {
    case .digits:
      return text.contains(where: \.isASCIIDigit) ? grouped(text.filter(\.isASCIIDigit)) : text
    case .spelling: return spelled(text)
    case .date: return CivilDate(iso8601: text).map { date($0, pack) } ?? text
    case .time: return time(text, pack) ?? text
    case .email: return email(text, pack)
    case .money(let currency): return Double(text).map { money($0, currency, pack) } ?? text
    case .yesNo:
      return text == "true" ? pack.speech.yes : text == "false" ? pack.speech.no : text
    case .choice: return text.map { $0 == "_" ? " " : String($0) }.joined()
    case .number: return Double(text).map(plain) ?? text
    case .name, .address, .freeText: return text
    case nil:
      return text.count >= 5 && text.allSatisfy(\.isASCIIDigit) ? grouped(text) : text
    }
  }

  /// `12345678` as `1 2 3 4, 5 6 7 8`.
  private static func grouped(_ digits: String) -> String {
    let sizes: [Int]
    switch digits.count {
    case 0...5: sizes = [digits.count]
    case 7: sizes = [3, 4]
    case 10: sizes = [3, 3, 4]
    case 11: sizes = [1, 3, 3, 4]
    default:
      let size = digits.count % 4 == 0 ? 4 : 3
      sizes = (0..<(digits.count + size - 1) / size).map { min(size, digits.count - $0 * size) }
    }
    var rest = Substring(digits)
    return sizes.map { size in
      defer { rest = rest.dropFirst(size) }
      return rest.prefix(size).map(String.init).joined(separator: " ")
    }.joined(separator: ", ")
  }

  private static func spelled(_ text: String) -> String {
    let signs = text.filter { $0.isLetter || $0.isNumber }.uppercased().map(String.init)
    return stride(from: 0, to: signs.count, by: 4).map { signs[$0..<min($0 + 4, signs.count)].joined(separator: " ") }
      .joined(separator: ", ")
  }

  /// Larger numbers have no fraction; those that are no `Int` either would be said with an exponent.
  private static let largest = 9_007_199_254_740_991.0

  private static func plain(_ number: Double) -> String {
    guard number.isFinite else { return "" }
    if let whole = Int(exactly: number) { return grouped(whole) }
    guard number.magnitude <= largest else { return "" }
    return String((number * 10_000).rounded() / 10_000)
  }

  /// `12,250`: long figures without commas are read as identifiers, digit by digit.
  private static func grouped(_ number: Int) -> String {
    guard number.magnitude >= 10_000 else { return String(number) }
    var rest = String(number.magnitude)
    var groups: [String] = []
    while rest.count > 3 {
      groups.insert(String(rest.suffix(3)), at: 0)
      rest.removeLast(3)
    }
    return (number < 0 ? "-" : "") + ([rest] + groups).joined(separator: ",")
  }

  private static func money(_ amount: Double, _ currency: String, _ pack: LanguagePack) -> String {
    guard amount.isFinite, abs(amount) < 1e12 else { return "" }
    let all = Int((abs(amount) * 100).rounded())
    let sign = amount < 0 ? pack.speech.minus + " " : ""
    let words = pack.speech.currencies[currency]
    let major = all / 100
    let minor = all % 100
    let majorName = words.map { major == 1 ? $0.major.one : $0.major.many } ?? currency
    let minorName = words.map { minor == 1 ? $0.minor.one : $0.minor.many } ?? ""
    if minor == 0 { return sign + "\(grouped(major)) \(majorName)" }
    if major == 0, words != nil { return sign + "\(minor) \(minorName)" }
    guard words != nil else { return sign + "\(grouped(major)).\(minor < 10 ? "0" : "")\(minor) \(majorName)" }
    return sign + "\(grouped(major)) \(majorName) \(pack.speech.and) \(minor) \(minorName)"
  }

  /// "Friday, March the third".
  private static func date(_ date: CivilDate, _ pack: LanguagePack) -> String {
    let day = NumberSpeaker(words: pack.speech).ordinal(date.day)
    return "\(pack.speech.weekdays[date.weekday] ?? ""), \(pack.speech.months[date.month - 1]) the \(day)"
  }

  /// `3:30 PM`.
  private static func time(_ text: String, _ pack: LanguagePack) -> String? {
    let parts = text.split(separator: ":").map { Int($0) }
    guard parts.count == 2, let hour = parts[0], let minute = parts[1], (0..<24).contains(hour),
      (0..<60).contains(minute)
    else {
      return nil
    }
    if hour == 12, minute == 0 { return pack.speech.noon }
    if hour == 0, minute == 0 { return pack.speech.midnight }
    let twelve = hour % 12 == 0 ? 12 : hour % 12
    return "\(twelve)" + (minute == 0 ? "" : ":\(minute < 10 ? "0" : "")\(minute)") + (hour < 12 ? " AM" : " PM")
  }

  /// "jane dot doe at example dot com"; digits and lone letters apart.
  private static func email(_ text: String, _ pack: LanguagePack) -> String {
    var result: [String] = []
    var word = ""
    func flush() {
      if !word.isEmpty { result.append(word) }
      word = ""
    }
    for character in text {
      if character.isLetter {
        word.append(character)
        continue
      }
      flush()
      switch character {
      case "@": result.append("at")
      case ".": result.append("dot")
      case "_": result.append("underscore")
      case "-": result.append("dash")
      case "+": result.append("plus")
      default: result.append(String(character))
      }
    }
    flush()
    return result.joined(separator: " ")
  }
}
