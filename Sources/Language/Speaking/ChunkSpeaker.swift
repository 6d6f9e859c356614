import Core

/// Says one piece of a prompt in words.
struct ChunkSpeaker {
  let pack: LanguagePack
  let chunk: SpeechChunk
  let previous: String?
  let next: SpeechChunk?

  private var words: SpeechWords { pack.speech }
  private var numbers: NumberSpeaker { NumberSpeaker(words: pack.speech) }

  /// Words said for a piece, whether the next piece is said with them, and whether the piece's own period was no pause.
  struct Spoken {
    var words: String
    var takesNext = false
    var dropsPeriod = false
  }

  func spoken() -> Spoken {
    if let known = abbreviation(chunk.body.lowercased()) {
      let goesOn =
        next != nil
        && (words.noSentenceEnd.contains(chunk.body.lowercased() + ".") || next?.body.first?.isUppercase != true)
      return Spoken(words: known, dropsPeriod: chunk.tail == "." && goesOn)
    }
    let (said, takesNext) = plain()
    return Spoken(words: said, takesNext: takesNext)
  }

  private func plain() -> (words: String, takesNext: Bool) {
    let body = chunk.body
    guard !body.isEmpty else { return ("", false) }
    let lower = body.lowercased()
    if let link = link(lower) { return (link, false) }
    if body.contains("@"), EmailReader.isAddress(lower) {
      return (numbersOnly(SpokenForm.text(for: .text(lower), grammar: .email, locale: pack.locale)), false)
    }
    if let money = money(body) { return money }
    if body.first?.isASCIIDigit == true || body.first == "-" && body.dropFirst().first?.isASCIIDigit == true
      || body.first == "+" && body.dropFirst().first?.isASCIIDigit == true
      || body.first == "." && body.dropFirst().first?.isASCIIDigit == true
    {
      return figures(body, lower)
    }
    if body.first == "#", let value = Int(body.dropFirst()) {
      return ((words.signs["#"].map { $0 + " " } ?? "") + numbers.cardinal(value), false)
    }
    if body.count == 1, let sign = body.first, let said = words.signs[sign] { return (said, false) }
    if body.contains("/"), !body.contains(where: \.isASCIIDigit) {
      return (body.split(separator: "/").joined(separator: " \(words.or) "), false)
    }
    if body.contains("&"), body.count > 1 {
      return (
        body.split(separator: "&").map { initials(String($0)) ?? String($0) }.joined(separator: " \(words.and) "), false
      )
    }
    if let spelled = initials(body) { return (spelled, false) }
    if body.contains(where: \.isASCIIDigit) { return (mixed(body), false) }
    let kept = body.filter { $0.isLetter || "'-".contains($0) || $0.isWhitespace }
    let joined = String(kept.map { $0 == "-" ? " " : $0 }).split(separator: " ").joined(separator: " ")
    return (body.contains("_") ? body.split(separator: "_").joined(separator: " ") : joined, false)
  }

  private func abbreviation(_ lower: String) -> String? {
    if lower == "am" || lower == "pm" {
      guard let previous, previous.contains(where: \.isASCIIDigit),
        chunk.body == chunk.body.uppercased() || previous.contains(":") || lower == "pm"
      else { return nil }
      return lower == "am" ? "a m" : "p m"
    }
    // "No." is a number before a figure and a word otherwise; "St." is a saint before a name at the start
    guard chunk.tail.hasPrefix(".") || lower.contains("/") || lower == "asap" || lower.contains(".") else { return nil }
    let key = chunk.tail.hasPrefix(".") && !lower.hasSuffix("/") ? lower + "." : lower
    guard let known = words.abbreviations[key] ?? words.abbreviations[lower] else { return nil }
    if key == "no." || key == "nr." { return next?.body.first?.isASCIIDigit == true ? known : nil }
    if key == "in." || key == "min." || key == "max." || key == "co." || key == "sr." {
      return next == nil || next?.body.first?.isUppercase == true ? nil : known
    }
    return known
  }

  private func link(_ lower: String) -> String? {
    var rest = Substring(lower)
    let hasScheme = rest.contains("://")
    if let scheme = ["https://", "http://"].first(where: { rest.hasPrefix($0) }) {
      rest = rest.dropFirst(scheme.count)
    }
    guard hasScheme || rest.hasPrefix("www.") || isHost(rest) else { return nil }
    if rest.hasPrefix("www.") { rest = rest.dropFirst(4) }
    let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let path = rest.dropFirst(host.count).prefix { $0 != "?" && $0 != "#" }.split(separator: "/")
    let said = host.split(separator: ".").joined(separator: " dot ") + path.map { " slash " + $0 }.joined()
    return numbersOnly(said.map { $0 == "-" ? " dash " : String($0) }.joined())
  }

  private func isHost(_ text: Substring) -> Bool {
    let labels = text.prefix { $0 != "/" }.split(separator: ".", omittingEmptySubsequences: false)
    return labels.count >= 2 && labels.allSatisfy { $0.count > 1 }
      && pack.spelling.domains.contains(String(labels.last ?? ""))
      && labels.allSatisfy {
        $0.contains(where: \.isLetter) && $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
      }
  }

  // $45.20, $1.5 million
  private func money(_ body: String) -> (words: String, takesNext: Bool)? {
    var rest = Substring(body)
    var sign = ""
    if rest.first == "-" {
      sign = words.minus + " "
      rest = rest.dropFirst()
    }
    let currency: String
    if let first = rest.first, let name = pack.numbers.currencySigns[first] {
      currency = name
      rest = rest.dropFirst()
    } else if let last = rest.last, let name = pack.numbers.currencySigns[last] {
      currency = name
      rest = rest.dropLast()
    } else {
      return nil
    }
    guard let amount = NumberScanner.figure(String(rest)), let names = words.currencies[currency] else { return nil }
    if let scale = next?.body.lowercased(), pack.numbers.scales[scale] != nil,
      let said = numbers.decimal(rest.filter { $0 != "," })
    {
      return (sign + said + " " + scale + " " + names.major.many, true)
    }
    return (
      sign
        + numbersOnly(SpokenForm.text(for: .number(amount), grammar: .money(currency: currency), locale: pack.locale)),
      false
    )
  }

  private func figures(_ body: String, _ lower: String) -> (words: String, takesNext: Bool) {
    if let date = CivilDate(iso8601: body) {
      let day = SpokenForm.text(for: .text(date.description), grammar: .date, locale: pack.locale)
      return (day + ", " + numbers.year(date.year), false)
    }
    if let time = time(lower) { return (time, false) }
    if let ordinal = ordinal(lower) { return (ordinal, false) }
    if body.hasSuffix("%"), let said = number(String(body.dropLast())) { return (said + " " + words.percent, false) }
    if let unit = unit(lower) { return (unit, false) }
    let digits = body.filter(\.isASCIIDigit)
    if body.allSatisfy({ $0.isASCIIDigit || "-.()+/".contains($0) }), body.filter({ "-./".contains($0) }).count >= 1,
      digits.count >= 7 || body.hasPrefix("+")
    {
      let groups = body.split { !$0.isASCIIDigit }.map { numbers.digits(String($0)) }
      return ((body.hasPrefix("+") ? words.plus + " " : "") + groups.joined(separator: ", "), false)
    }
    if body.hasPrefix("+"), let said = number(String(body.dropFirst())) {
      return (body.count > 6 ? words.plus + " " + numbers.digits(body) : words.plus + " " + said, false)
    }
    if let range = range(body) { return (range, false) }
    if let said = number(body) {
      if let next, let unit = measured(next, amount: body) { return (said + " " + unit, true) }
      return (said, false)
    }
    return (mixed(body), false)
  }

  private func number(_ text: String) -> String? {
    var rest = Substring(text)
    var sign = ""
    if rest.first == "-" {
      sign = words.minus + " "
      rest = rest.dropFirst()
    }
    if rest.first == "." { rest = Substring("0" + rest) }
    let body = String(rest)
    guard NumberScanner.figure(body) != nil else { return nil }
    let plain = body.filter { $0 != "," }
    // long figures without commas are identifiers, and so are ones with leading zeros
    if !body.contains(","), !body.contains("."), plain.count >= 5 || plain.count > 1 && plain.hasPrefix("0") {
      return SpokenForm.text(for: .text(plain), grammar: .digits(minimum: 0, maximum: 99), locale: pack.locale)
        .split(separator: ",").map { numbers.digits(String($0)) }.joined(separator: ", ")
    }
    if isYear, plain.count == 4, !body.contains(","), let value = Int(plain), (1900...2099).contains(value) {
      return numbers.year(value)
    }
    return numbers.decimal(plain).map { sign + $0 }
  }

  /// A figure is a year behind a month, a day of it, or a word that stands before years.
  private var isYear: Bool {
    guard let previous else { return false }
    let word = previous.lowercased().filter { $0.isLetter || $0.isNumber }
    let day = word.filter(\.isASCIIDigit)
    return words.beforeYears.contains(word) || pack.calendar.months[word] != nil
      || pack.numbers.ordinals[word] != nil || !day.isEmpty && previous.hasSuffix(",") && (Int(day) ?? 99) <= 31
  }

  // 3:30, 3pm
  private func time(_ lower: String) -> String? {
    var rest = Substring(lower)
    var half = ""
    for ending in ["am", "pm", "a.m", "p.m"] where rest.hasSuffix(ending) && rest.count > ending.count {
      half = ending.first == "a" ? " a m" : " p m"
      rest = rest.dropLast(ending.count)
    }
    let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || !half.isEmpty && parts.count == 1, let hour = Int(parts[0]), (0...24).contains(hour)
    else { return nil }
    guard parts.count == 2 else { return numbers.cardinal(hour) + half }
    guard parts[1].count == 2, let minute = Int(parts[1]), minute < 60 else { return nil }
    let said =
      minute == 0
      ? (half.isEmpty && !isBeforeHalf ? " \(words.oClock)" : "")
      : minute < 10 ? " \(words.oh) " + numbers.cardinal(minute) : " " + numbers.cardinal(minute)
    if minute == 0, half.isEmpty, (13...23).contains(hour) { return numbers.cardinal(hour - 12) + " p m" }
    return numbers.cardinal(hour) + said + half
  }

  private var isBeforeHalf: Bool {
    ["am", "pm", "a.m", "p.m"].contains(next?.body.lowercased() ?? "")
  }

  private func ordinal(_ lower: String) -> String? {
    guard let ending = pack.numbers.ordinalEndings.first(where: { lower.hasSuffix($0) }),
      let value = Int(lower.dropLast(ending.count)), value < 1000
    else { return nil }
    return numbers.ordinal(value)
  }

  // 20kg, 21°C
  private func unit(_ lower: String) -> String? {
    let amount = lower.prefix { $0.isASCIIDigit || $0 == "." || $0 == "," || $0 == "-" }
    let name = String(lower.dropFirst(amount.count))
    guard !name.isEmpty, let unit = words.measures[name], let said = number(String(amount)) else { return nil }
    return said + " " + (amount == "1" ? unit.one : unit.many)
  }

  private func measured(_ next: SpeechChunk, amount: String) -> String? {
    let name = next.body.lowercased()
    guard name != "in" || next.tail == ".", name.count > 1 || next.body == name, let unit = words.measures[name] else {
      return nil
    }
    return amount == "1" ? unit.one : unit.many
  }

  // 3-5
  private func range(_ body: String) -> String? {
    let parts = body.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let from = number(String(parts[0])), let to = number(String(parts[1])), parts[0].count < 5
    else { return nil }
    return from + " \(words.upTo) " + to
  }

  /// Capitals without a vowel are said letter by letter.
  private func initials(_ body: String) -> String? {
    guard (2...5).contains(body.count), body.allSatisfy({ $0.isASCII && $0.isUppercase }) else { return nil }
    let isWord = body.contains { "AEIOUY".contains($0) } && body.count > 3
    return isWord || ["PIN", "OK", "SIM", "VAT", "AM", "PM", "I", "ZIP"].contains(body)
      ? nil : body.map(String.init).joined(separator: " ")
  }

  /// `AB12`: letters and digits one by one.
  private func mixed(_ body: String) -> String {
    body.compactMap { character -> String? in
      if character.isASCIIDigit { return numbers.digits(String(character)) }
      return character.isLetter ? character.uppercased() : nil
    }.joined(separator: " ")
  }

  /// Figures inside words that are already plain.
  private func numbersOnly(_ text: String) -> String {
    text.split(separator: " ").map { part in
      let body = part.last.map { ",.".contains($0) } == true ? part.dropLast() : part
      guard body.contains(where: \.isASCIIDigit) else { return String(part) }
      let said = Int(body).flatMap { body.count < 5 && !body.hasPrefix("0") ? numbers.cardinal($0) : nil }
      return (said ?? number(String(body)) ?? mixed(String(body))) + (body.count < part.count ? "," : "")
    }.joined(separator: " ")
  }
}
