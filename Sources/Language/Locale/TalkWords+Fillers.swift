extension TalkWords {
  /// Where words begin that are more than sounds of thinking; the last word stands for itself.
  package func start(behindFillersOf words: [String]) -> Int {
    var start = 0
    while let filler = fillers.match(words, at: start, before: words.count), start + filler.count < words.count {
      start += filler.count
    }
    return start
  }
}
