/// Free writing: the likeliest piece each time, until the end or a loop.
struct GreedyRow {
  /// What is written so far.
  private(set) var transcript = MoonshineModel.Transcript()
  private var loops = RepetitionGuard()
  private let limit: Int

  /// Writes at most so many pieces.
  init(limit: Int) { self.limit = limit }

  /// Takes the scores of the next piece. The piece to go on with; nil when it is at its end.
  mutating func take(_ scores: Span<Float>) -> Int? {
    guard transcript.tokens.count < limit else { return nil }
    let (best, logProbability) =
      transcript.tokens.isEmpty ? PieceScores.beginning(of: scores) : PieceScores.best(of: scores)
    guard best != TokenVocabulary.end else {
      transcript.ending = logProbability
      return nil
    }
    transcript.tokens.append(best)
    transcript.logProbabilities.append(logProbability)
    if let kept = loops.take(best) {
      transcript.tokens.removeLast(transcript.tokens.count - kept)
      transcript.logProbabilities.removeLast(transcript.logProbabilities.count - kept)
      return nil
    }
    return best
  }
}
