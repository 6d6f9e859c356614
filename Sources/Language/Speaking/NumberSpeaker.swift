/// Says numbers in words.
struct NumberSpeaker {
  let words: SpeechWords

  /// "one hundred twenty three".
  func cardinal(_ value: Int) -> String {
    if value < 0 { return value == .min ? words.minus : words.minus + " " + cardinal(-value) }
    if value < 20 { return words.units[value] }
    if value < 100 {
      return words.tens[value / 10] + (value % 10 == 0 ? "" : " " + words.units[value % 10])
    }
    if value < 1000 {
      return words.units[value / 100] + " " + words.hundred + (value % 100 == 0 ? "" : " " + cardinal(value % 100))
    }
    for scale in words.scales.reversed() where value >= scale.value {
      let rest = value % scale.value
      return cardinal(value / scale.value) + " " + scale.name + (rest == 0 ? "" : " " + cardinal(rest))
    }
    return digits(String(value))
  }

  /// "twenty first".
  func ordinal(_ value: Int) -> String {
    if value < 0 { return value == .min ? words.minus : words.minus + " " + ordinal(-value) }
    if value < 20 { return words.ordinalUnits[value] }
    if value < 100 {
      return value % 10 == 0
        ? words.ordinalTens[value / 10] : words.tens[value / 10] + " " + words.ordinalUnits[value % 10]
    }
    let rest = value % 100
    return rest == 0 ? cardinal(value) + "th" : cardinal(value - rest) + " " + ordinal(rest)
  }

  /// "one two three"; other characters are left out.
  func digits(_ text: String) -> String {
    text.compactMap { $0.isASCIIDigit ? $0.wholeNumberValue.map { words.units[$0] } : nil }.joined(separator: " ")
  }

  /// "twenty twenty six", "two thousand five", "nineteen oh one".
  func year(_ value: Int) -> String {
    guard (1100...2099).contains(value), !(2000...2009).contains(value) else { return cardinal(value) }
    let rest = value % 100
    if rest == 0 { return cardinal(value / 100) + " " + words.hundred }
    return cardinal(value / 100) + " " + (rest < 10 ? words.oh + " " + words.units[rest] : cardinal(rest))
  }

  /// "three point one four"; whole numbers as cardinals.
  func decimal(_ text: String) -> String? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = Int(parts[0].isEmpty ? "0" : String(parts[0])) else { return nil }
    guard parts.count == 2, !parts[1].isEmpty else { return cardinal(whole) }
    return cardinal(whole) + " " + words.point + " " + digits(String(parts[1]))
  }
}
