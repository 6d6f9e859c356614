/// Notices that a decoder loops, as in "or eight to eight to eight to".
///
/// Callers do repeat themselves ("no no no", an order number 8 8 8 8), so the bounds are generous: a single piece may come
/// eight times in a row, a longer phrase four times.
struct RepetitionGuard {
  private static let longestPhrase = 12

  private var tokens: [Int] = []

  /// Takes the next token. When a loop is found: how many tokens to keep, the phrase once.
  mutating func take(_ token: Int) -> Int? {
    tokens.append(token)
    for length in 1...Self.longestPhrase {
      let times = length == 1 ? 9 : 5
      guard tokens.count >= length * times else { continue }
      let tail = tokens.suffix(length * times)
      let phrase = tail.prefix(length)
      let repeats = tail.indices.allSatisfy { tail[$0] == phrase[phrase.startIndex + ($0 - tail.startIndex) % length] }
      if repeats { return tokens.count - length * (times - 1) }
    }
    return nil
  }
}
