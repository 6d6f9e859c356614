/// Scans cardinal numbers: "two hundred and thirty five", "1,250", "two and a half", "3.5".
struct NumberScanner {
  let words: [Word]
  let range: Range<Int>
  let pack: LanguagePack
  private let texts: [String]

  init(words: [Word], range: Range<Int>, pack: LanguagePack) {
    self.words = words
    self.range = range
    self.pack = pack
    texts = words.texts
  }

  struct Found: Hashable {
    var value: Double
    var count: Int
    /// Whether it was written in figures.
    var isFigure = false
    /// Whether it names hundreds or thousands, so that it is surely a cardinal.
    var hasScale = false
    /// Whether it is "half" and nothing else: of what, other words say.
    var isBareHalf = false
  }

  /// The longest number that starts at `index`.
  func number(at index: Int) -> Found? {
    var start = index
    var sign = 1.0
    guard index < range.upperBound else { return nil }
    if pack.numbers.minus.contains(texts[index]) {
      sign = -1
      start += 1
    }
    guard start < range.upperBound else { return nil }
    if words[start].hasMinus { sign = -sign }
    if let short = shortened(at: start) {
      return Found(
        value: short.value * sign, count: short.count + start - index, isFigure: true, hasScale: true)
    }
    guard var found = cardinal(at: start) else {
      guard texts[start] == pack.numbers.half else { return nil }
      if let scale = scaleBehindHalf(at: start + 1) {
        return Found(value: 0.5 * scale.value * sign, count: start - index + 1 + scale.count, hasScale: true)
      }
      return Found(value: 0.5 * sign, count: start - index + 1, isBareHalf: true)
    }
    let end = start + found.count
    // "the twenty first"
    if end < range.upperBound, pack.numbers.tens[texts[end - 1]] != nil, pack.numbers.ordinals[texts[end]] ?? 10 < 10 {
      return nil
    }
    var hasFraction = false
    if end + 1 < range.upperBound, texts[end] == pack.numbers.point {
      var decimals = ""
      var cursor = end + 1
      while cursor < range.upperBound, let digit = pack.numbers.digits[texts[cursor]] ?? Int(texts[cursor]) {
        decimals += String(digit)
        cursor += 1
      }
      if let fraction = Double("0." + decimals), !decimals.isEmpty {
        found.value += fraction
        found.count = cursor - start
        hasFraction = true
      }
    } else if !found.hasScale, end + 2 < range.upperBound, texts[end] == pack.numbers.joiner,
      pack.numbers.article.contains(texts[end + 1]), texts[end + 2] == pack.numbers.half
    {
      found.value += 0.5
      found.count += 3
      hasFraction = true
    }
    // "two k"
    if start + found.count < range.upperBound, !found.hasScale, !words[start + found.count - 1].pauses,
      texts[start + found.count].count == 1, let letter = texts[start + found.count].first,
      let scale = pack.numbers.scaleLetters[letter]
    {
      found.value *= scale
      found.count += 1
      found.hasScale = true
    }
    // "one point five million", "two and a half thousand"
    if hasFraction, start + found.count < range.upperBound, let scale = scale(texts[start + found.count]) {
      found.value *= scale
      found.count += 1
      found.hasScale = true
    }
    return Found(
      value: found.value * sign, count: found.count + start - index, isFigure: found.isFigure,
      hasScale: found.hasScale)
  }

  /// `5k`: a figure and a letter for its scale.
  private func shortened(at index: Int) -> Found? {
    Self.shortened(texts[index], pack).map { Found(value: $0, count: 1, isFigure: true, hasScale: true) }
  }

  /// The value of `5k`; nil for any other word.
  static func shortened(_ word: String, _ pack: LanguagePack) -> Double? {
    guard let last = word.last, let scale = pack.numbers.scaleLetters[last] else { return nil }
    return figure(String(word.dropLast())).map { $0 * scale }
  }

  /// Whether a number that ends at a place counts what talk is made of: "two questions", "one moment", "one more thing".
  func countsTalk(endingAt end: Int) -> Bool {
    guard end < range.upperBound, !words[end - 1].pauses else { return false }
    let isQualified = pack.talk.countedTalkFillers.contains(texts[end])
    let place = isQualified ? end + 1 : end
    return place < range.upperBound && pack.talk.countedTalk.contains(texts[place])
  }

  /// Whether the word at a place is what talk is made of behind an article or a one: "give me a second".
  func isSpanOfTalk(at index: Int) -> Bool {
    guard index > range.lowerBound, pack.talk.countedTalk.contains(texts[index]) else { return false }
    let before = texts[index - 1]
    return pack.numbers.article.contains(before) || pack.numbers.digits[before] == 1
  }

  /// Whether it counts days, hours or minutes.
  func countsTime(endingAt end: Int) -> Bool {
    guard end < range.upperBound, !words[end - 1].pauses else { return false }
    let calendar = pack.calendar
    let place = pack.talk.countedTalkFillers.contains(texts[end]) && end + 1 < range.upperBound ? end + 1 : end
    let word = texts[place]
    return calendar.dayUnits[word] != nil || calendar.hourWords.contains(word) || calendar.minuteWords.contains(word)
  }

  /// Whether words at a place belong to a number, so that one before them was hardly whole.
  func goesOn(at index: Int) -> Bool {
    guard index < range.upperBound else { return false }
    return number(at: index) != nil || scale(texts[index]) != nil
  }

  private func scale(_ word: String) -> Double? {
    pack.numbers.hundred.contains(word) ? 100 : pack.numbers.scales[word]
  }

  /// "half a million", "half a dozen": what is halved, and how many words say it.
  private func scaleBehindHalf(at index: Int) -> (value: Double, count: Int)? {
    let skipped = index < range.upperBound && pack.numbers.article.contains(texts[index]) ? 1 : 0
    guard index + skipped < range.upperBound, let value = scale(texts[index + skipped]) else { return nil }
    return (value, skipped + 1)
  }

  private enum Last { case nothing, unit, teen, tens, hundred, scale, joiner }

  /// The longest cardinal without sign and fraction words that starts at `index`.
  func cardinal(at index: Int) -> Found? {
    let numbers = pack.numbers
    var total = 0.0
    var group: Double?
    var last = Last.nothing
    var cursor = index
    var end = index
    var isFigure = false
    var hasScale = false
    loop: while cursor < range.upperBound {
      let word = texts[cursor]
      if last == .nothing, let value = Self.figure(word) {
        group = value
        last = .teen
        isFigure = true
      } else if last == .nothing, numbers.article.contains(word), cursor + 1 < range.upperBound,
        numbers.hundred.contains(texts[cursor + 1]) || numbers.scales[texts[cursor + 1]] != nil
      {
        group = 1
        last = .unit
      } else if let unit = numbers.digits[word], word != "o", word != "oh" {
        switch last {
        case .nothing: group = Double(unit)
        case .tens where unit > 0: group = (group ?? 0) + Double(unit)
        case .hundred where unit > 0, .scale where unit > 0, .joiner where unit > 0: group = (group ?? 0) + Double(unit)
        default: break loop
        }
        last = .unit
      } else if let small = numbers.teens[word] ?? numbers.tens[word] {
        switch last {
        case .nothing: group = Double(small)
        case .hundred, .scale, .joiner: group = (group ?? 0) + Double(small)
        default: break loop
        }
        last = numbers.teens[word] == nil ? .tens : .teen
      } else if isFigure, last == .scale || last == .hundred, let value = Self.figure(word), value < 100 {
        group = (group ?? 0) + value
        last = .teen
      } else if numbers.hundred.contains(word), let small = group, small > 0, small < 100, last != .hundred,
        last != .scale
      {
        group = small * 100
        last = .hundred
        hasScale = true
      } else if let scale = numbers.scales[word], let small = group, small > 0, last != .scale, last != .joiner {
        total += small * scale
        group = nil
        last = .scale
        hasScale = true
      } else if word == numbers.joiner, last == .hundred || last == .scale {
        last = .joiner
        cursor += 1
        continue
      } else {
        break
      }
      cursor += 1
      end = cursor
    }
    guard end > index, last != .nothing else { return nil }
    return Found(value: total + (group ?? 0), count: end - index, isFigure: isFigure, hasScale: hasScale)
  }

  /// `1,250.50`; nil for anything that is not a number in figures.
  static func figure(_ word: String) -> Double? {
    guard let first = word.first, first.isASCIIDigit else { return nil }
    guard word.allSatisfy({ $0.isASCIIDigit || $0 == "," || $0 == "." }) else { return nil }
    let groups = word.split(separator: ",", omittingEmptySubsequences: false)
    if groups.count > 1 {
      for (offset, group) in groups.enumerated() {
        let whole = group.split(separator: ".", omittingEmptySubsequences: false)[0]
        if offset > 0, whole.count != 3 { return nil }
        if offset < groups.count - 1, group.contains(".") { return nil }
      }
    }
    return Double(word.filter { $0 != "," })
  }
}
