import Core

/// Reads an amount of money in the major unit: "$45.20", "forty nine ninety nine", "two hundred and thirty five dollars".
///
/// An amount in another currency than the slot's is none, and neither is a number of other things: "two accounts".
struct MoneyReader {
  let words: [Word]
  let range: Range<Int>
  let pack: LanguagePack
  let currency: String
  private let texts: [String]
  private let scanner: NumberScanner

  init(words: [Word], range: Range<Int>, pack: LanguagePack, currency: String) {
    self.words = words
    self.range = range
    self.pack = pack
    self.currency = currency.uppercased()
    texts = words.texts
    scanner = NumberScanner(words: words, range: range, pack: pack)
  }

  func findings() -> [Finding] {
    var found: [Finding] = []
    var index = range.lowerBound
    while index < range.upperBound {
      if let end = endOfOther(at: index) {
        index = end
        continue
      }
      let here = amounts(at: index)
      found += here
      index = here.first?.range.upperBound ?? index + 1
    }
    // money words beat bare numbers: "two shirts for forty dollars"
    if found.contains(where: { $0.permille >= 900 }) { found.removeAll { $0.permille < 900 } }
    let best = found.map(\.permille).max() ?? 0
    let distinct = Set(found.filter { $0.permille == best }.map(\.value))
    if distinct.count > 1 {
      for index in found.indices { found[index].permille = min(450, found[index].permille) }
    }
    return found
  }

  /// Where a number ends that is no amount of this currency: "ten euros", "two questions", "in two days". Nil where there is none.
  private func endOfOther(at index: Int) -> Int? {
    if let signed = signed(at: index) { return isForeign(signed.sign) ? index + signed.count : nil }
    guard let number = scanner.number(at: index) else { return nil }
    let end = index + number.count
    if scanner.countsTalk(endingAt: end) || scanner.countsTime(endingAt: end) { return end + 1 }
    if let unit = unit(at: end) { return isForeign(unit) ? endOfMinor(behind: end + 1) : nil }
    guard let minor = minorPart(at: end), let unit = unit(at: end + minor.count), isForeign(unit) else { return nil }
    return end + minor.count + 1
  }

  /// Where what belongs to a unit before it ends: "ten euros fifty".
  private func endOfMinor(behind end: Int) -> Int {
    guard !words[end - 1].pauses, let minor = minorPart(at: end), unit(at: end + minor.count) == nil else { return end }
    return end + minor.count
  }

  /// The currency that the word at a place names; nil for a word that names none, or a unit of several.
  private func unit(at index: Int) -> String? {
    guard index < range.upperBound else { return nil }
    return pack.numbers.majorUnits[texts[index]] ?? pack.numbers.minorUnitOwners[texts[index]]
  }

  /// Whether a unit is of another currency: of dollars and pounds there are several.
  private func isForeign(_ unit: String) -> Bool {
    switch unit {
    case "USD": !currency.hasSuffix("D")
    case "GBP": !currency.hasSuffix("P")
    default: unit != currency
    }
  }

  /// A figure with the sign of a currency: `$45.20`, `$5k`, `$2` million.
  private func signed(at index: Int) -> (value: Double, count: Int, sign: String)? {
    let word = texts[index]
    guard let first = word.first, let last = word.last,
      let sign = pack.numbers.currencySigns[first] ?? pack.numbers.currencySigns[last]
    else { return nil }
    let figures = String(pack.numbers.currencySigns[first] == nil ? word.dropLast() : word.dropFirst())
    if let value = NumberScanner.shortened(figures, pack) { return (value, 1, sign) }
    guard let value = NumberScanner.figure(figures) else { return nil }
    let scale = index + 1 < range.upperBound ? pack.numbers.scales[texts[index + 1]] : nil
    return (value * (scale ?? 1), scale == nil ? 1 : 2, sign)
  }

  /// Whether a bare number counts something that is no money: "two accounts".
  private func countsThings(endingAt end: Int) -> Bool {
    guard end < range.upperBound, !words[end - 1].pauses else { return false }
    let word = texts[end]
    return word.count > 4 && word.hasSuffix("s") && !pack.numbers.behindAmounts.contains(word)
  }

  private func amounts(at index: Int) -> [Finding] {
    if let signed = signed(at: index) { return [exact(signed.value, 970, index..<index + signed.count)] }
    if index > range.lowerBound, texts[index] == "one", pack.numbers.pronounBefore.contains(texts[index - 1]) {
      return []
    }
    guard let major = scanner.number(at: index) else { return [] }
    var end = index + major.count
    if major.isBareHalf, end < range.upperBound, pack.numbers.article.contains(texts[end]) { end += 1 }
    if end < range.upperBound, pack.numbers.minorUnits.contains(texts[end]) {
      return [exact(major.value / 100, 950, index..<end + 1)]
    }
    if end < range.upperBound, pack.numbers.majorUnits[texts[end]] != nil {
      end += 1
      var value = major.value
      let joined = end < range.upperBound && texts[end] == pack.numbers.joiner ? 1 : 0
      if let minor = scanner.number(at: end + joined), minor.value < 100, minor.value == minor.value.rounded() {
        let after = end + joined + minor.count
        if after < range.upperBound, pack.numbers.minorUnits.contains(texts[after]) {
          value += minor.value / 100
          end = after + 1
        } else if after == range.upperBound || joined == 0 && minor.value > 9 {
          value += minor.value / 100
          end = after
        }
      }
      return [exact(value, 970, index..<end)]
    }
    // "half of it": of how much nobody can tell
    guard !major.isBareHalf else { return [] }
    if let minor = minorPart(at: end), !major.hasScale || major.value >= 100,
      major.value == major.value.rounded(), !words[end - 1].pauses
    {
      var whole = Finding(.number(Self.cents(major.value + minor.value / 100)), 780, index..<end + minor.count)
      var isNamed = false
      if whole.range.upperBound < range.upperBound, pack.numbers.majorUnits[texts[whole.range.upperBound]] != nil {
        whole.range = index..<whole.range.upperBound + 1
        isNamed = true
        whole.permille = 900
      }
      // "two fifty": two dollars fifty or two hundred fifty
      if major.value < 10, !major.isFigure, minor.count == 1 || texts[end].isEmpty == false, minor.value >= 10 {
        if isNamed { return [whole] }
        whole.permille = 460
        return [whole, Finding(.number(major.value * 100 + minor.value), 420, whole.range)]
      }
      return [whole]
    }
    let following =
      end < range.upperBound && !words[end - 1].pauses && scanner.goesOn(at: end) || countsThings(endingAt: end)
    return [exact(major.value, following ? 400 : 850, index..<end)]
  }

  /// An amount as it was said; below the trust of a reading when the minor unit cannot hold it, as with half a cent.
  private func exact(_ value: Double, _ permille: Int, _ range: Range<Int>) -> Finding {
    let minor = value * 100
    let isHeld = abs(minor - minor.rounded()) < 0.01
    return Finding(.number(Self.cents(value)), isHeld ? permille : min(400, permille), range)
  }

  /// Two digits of the minor unit right behind the major one: "ninety nine", "oh five", "99".
  private func minorPart(at index: Int) -> (value: Double, count: Int)? {
    guard index < range.upperBound else { return nil }
    if texts[index].first == "o", pack.numbers.digits[texts[index]] == 0, index + 1 < range.upperBound,
      let digit = pack.numbers.digits[texts[index + 1]]
    {
      return (Double(digit), 2)
    }
    guard let found = scanner.cardinal(at: index), found.value >= 10, found.value < 100, !found.hasScale,
      found.value == found.value.rounded()
    else { return nil }
    return (found.value, found.count)
  }

  /// Rounded to the minor unit, so that sums of fractions compare equal to literals.
  private static func cents(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
