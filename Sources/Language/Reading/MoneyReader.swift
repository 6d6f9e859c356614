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
      var here = amounts(at: index)
      if found.contains(where: { standsBeside($0, index) }) {
        for place in here.indices { here[place].permille = min(Self.doubtful, here[place].permille) }
      }
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

  /// What a number may keep that is perhaps none: it has to be asked about.
  private static let doubtful = 400
  /// From here on a number with another one behind it is rather one of an account or an order.
  private static let numberOfSomething = 100_000.0
  /// Up to here numbers side by side are rather the digits of one.
  private static let digitsOfOne = 1000.0

  /// "1 2 3": numbers side by side are digits of one, or several; nobody can tell.
  private func standsBeside(_ last: Finding, _ index: Int) -> Bool {
    guard case .number(let value) = last.value, value < Self.digitsOfOne else { return false }
    return last.range.upperBound == index && !words[index - 1].pauses && last.permille < 900
  }

  /// Where a number ends that is no amount of this currency: "ten euros", "two questions", "in two days". Nil where there is none.
  private func endOfOther(at index: Int) -> Int? {
    if let signed = signed(at: index) {
      let unit = unit(at: index + signed.count) ?? Unit(currency: signed.sign)
      return isForeign(unit) ? index + signed.count + unit.count : nil
    }
    guard let number = scanner.number(at: index) else { return nil }
    let end = index + number.count
    if scanner.countsTalk(endingAt: end) || scanner.countsTime(endingAt: end) { return end + 1 }
    if let unit = unit(at: end) { return isForeign(unit) ? endOfMinor(behind: end + unit.count) : nil }
    // "CAD 200"
    if index > range.lowerBound, texts[index - 1].count == 3, let unit = unit(at: index - 1), isForeign(unit) {
      return end
    }
    guard let minor = minorPart(at: end), let unit = unit(at: end + minor.count), isForeign(unit) else { return nil }
    return end + minor.count + unit.count
  }

  /// Where what belongs to a unit before it ends: "ten euros fifty".
  private func endOfMinor(behind end: Int) -> Int {
    guard !words[end - 1].pauses, let minor = minorPart(at: end), unit(at: end + minor.count) == nil else { return end }
    return end + minor.count
  }

  /// What words say of a currency.
  private struct Unit {
    var currency: String
    /// How many words they are.
    var count = 0
    /// Whether they say of which country: "Canadian dollars".
    var isExact = false
  }

  /// The currency that the words at a place name; nil for words that name none, or a unit of several.
  private func unit(at index: Int) -> Unit? {
    guard index < range.upperBound else { return nil }
    if let owner = pack.numbers.minorUnitOwners[texts[index]] { return Unit(currency: owner, count: 1) }
    return majorUnit(at: index)
  }

  /// "Dollars", "Canadian dollars", "dollars Canadian", "Canadian".
  private func majorUnit(at index: Int) -> Unit? {
    let origins = pack.numbers.unitOrigins
    if let origin = origins.match(texts, at: index, before: range.upperBound) {
      let end = index + origin.count
      let hasUnit = end < range.upperBound && pack.numbers.majorUnits[texts[end]] != nil
      guard hasUnit || texts[index].count > 2 else { return nil }
      return Unit(currency: origin.meaning, count: origin.count + (hasUnit ? 1 : 0), isExact: true)
    }
    guard index < range.upperBound, let currency = pack.numbers.majorUnits[texts[index]] else { return nil }
    if !words[index].pauses, let origin = origins.match(texts, at: index + 1, before: range.upperBound),
      texts[index + 1].count > 2
    {
      return Unit(currency: origin.meaning, count: origin.count + 1, isExact: true)
    }
    return Unit(currency: currency, count: 1, isExact: texts[index] == currency.lowercased())
  }

  /// Whether a unit is of another currency: of dollars and pounds there are several.
  private func isForeign(_ unit: Unit) -> Bool {
    switch unit.currency {
    case "USD" where !unit.isExact: !currency.hasSuffix("D")
    case "GBP" where !unit.isExact: !currency.hasSuffix("P")
    default: unit.currency != currency
    }
  }

  /// A figure with the sign of a currency: `$45.20`, `$5k`, `$2` million, `-$5`.
  private func signed(at index: Int) -> (value: Double, count: Int, sign: String)? {
    guard var found = unsigned(at: index) else { return nil }
    let isNegative = index > range.lowerBound && pack.numbers.minus.contains(texts[index - 1])
    if isNegative != words[index].hasMinus { found.value = -found.value }
    return found
  }

  private func unsigned(at index: Int) -> (value: Double, count: Int, sign: String)? {
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
    if let unit = majorUnit(at: end) {
      end += unit.count
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
    if let minor = minorPart(at: end), !major.hasScale || major.value >= 100, major.value < Self.numberOfSomething,
      major.value == major.value.rounded(), !words[end - 1].pauses
    {
      var whole = Finding(.number(Self.cents(major.value + minor.value / 100)), 780, index..<end + minor.count)
      if let unit = majorUnit(at: whole.range.upperBound) {
        whole.range = index..<whole.range.upperBound + unit.count
        whole.permille = 900
      }
      // "two fifty", "ten twenty": two dollars fifty or two hundred fifty
      if !major.hasScale, major.value < 10 && !major.isFigure || Int(minor.value) % 10 == 0 {
        whole.permille = min(460, whole.permille)
        return [whole, Finding(.number(major.value * 100 + minor.value), 420, whole.range)]
      }
      return [whole]
    }
    let goesOn = end < range.upperBound && !words[end - 1].pauses && (scanner.goesOn(at: end) || isZero(at: end))
    return [exact(major.value, goesOn || countsThings(endingAt: end) ? Self.doubtful : 850, index..<end)]
  }

  /// An amount as it was said; below the trust of a reading when the minor unit cannot hold it, as with half a cent.
  private func exact(_ value: Double, _ permille: Int, _ range: Range<Int>) -> Finding {
    let minor = value * 100
    let isHeld = abs(minor - minor.rounded()) < 0.01
    return Finding(.number(Self.cents(value)), isHeld ? permille : min(Self.doubtful, permille), range)
  }

  /// "Oh", as in "five oh".
  private func isZero(at index: Int) -> Bool {
    texts[index].first == "o" && pack.numbers.digits[texts[index]] == 0
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
