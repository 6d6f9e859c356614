/// An address in its parts, as far as its words tell them: "flat 3, 6 Rose Street, Bath".
struct AddressParts {
  private(set) var words: [Word]
  /// "flat 3", in front of the house's number or behind the street.
  private(set) var unit: Range<Int>?
  private(set) var number: Range<Int>
  /// The street's name with what it is, or all that follows the number where nobody can tell.
  private(set) var street: Range<Int>
  /// Whether the end of the street is known.
  private(set) var endsStreet: Bool
  /// The town and what stands behind it.
  private(set) var place: Range<Int>

  /// Nil for words that hold no house number at their beginning.
  init?(_ words: [Word], pack: LanguagePack) {
    let address = pack.address
    var start = 0
    if words.count > 2, address.units.contains(words[0].text) {
      unit = 0..<2
      start = 2
    }
    func isFigure(_ word: Word) -> Bool {
      word.text.first?.isASCIIDigit == true && word.text.count <= Self.longestNumber
        || pack.numbers.isNumber(word.text)
    }
    var end = start
    while end < words.count, isFigure(words[end]), end == start || words[start].text.first?.isASCIIDigit != true {
      end += 1
    }
    guard end > start, end < words.count else { return nil }
    number = start..<end
    var close = end
    endsStreet = false
    if let comma = (end..<words.count).first(where: { words[$0].pauses }), comma + 1 < words.count {
      close = comma + 1
      endsStreet = true
    } else if let kind = (end + 1..<max(end + 1, words.count)).first(where: { index in
      address.streets.contains(words[index].text)
    }) {
      close = kind + 1
      while close < words.count, address.streets.contains(words[close].text) { close += 1 }
      endsStreet = true
    } else {
      close = words.count
    }
    street = end..<close
    if unit == nil, close + 1 < words.count, address.units.contains(words[close].text) {
      unit = close..<close + 2
      close += 2
    }
    place = close..<words.count
    self.words = words
  }

  /// Longer figures are numbers of something else.
  private static let longestNumber = 6

  /// The address with other words for one of its parts.
  func replacing(_ part: Range<Int>, by new: String) -> String {
    [written(0..<part.lowerBound), new + (endsWithComma(part) ? "," : ""), written(part.upperBound..<words.count)]
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The town without a code of figures: another street has another one.
  var town: String? {
    let town = place.prefix { !words[$0].text.contains(where: \.isNumber) }
    return town.isEmpty ? nil : town.map { words[$0].original }.joined(separator: " ")
  }

  private func endsWithComma(_ part: Range<Int>) -> Bool {
    part.upperBound < words.count && !part.isEmpty && words[part.upperBound - 1].pauses
  }

  private func written(_ range: Range<Int>) -> String {
    range.map { words[$0].original + (words[$0].pauses && $0 + 1 < words.count ? "," : "") }.joined(separator: " ")
  }
}
