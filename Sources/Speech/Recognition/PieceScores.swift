internal import Glibc

/// What a decoder's scores say of the next piece.
enum PieceScores {
  /// The share of the likeliest piece over which audio that seems to end at once holds speech all the same. Measured: speech
  /// that begins in the middle of a word has 0.07 and more, noise, tones and coughs less than 0.04.
  private static let leastBeginning: Float = 0.05

  /// As `best(of:)`, for the first piece: an end is only taken when there is no other likely piece.
  static func beginning(of scores: Span<Float>) -> (token: Int, logProbability: Float) {
    let (token, logProbability) = best(of: scores)
    guard token == TokenVocabulary.end else { return (token, logProbability) }
    let other = best(of: scores, besides: token)
    let share = expf(scores[other.token] - scores[token] + logProbability)
    return share >= leastBeginning ? other : (token, logProbability)
  }

  /// The index of the largest score and the logarithm of its share.
  static func best(of scores: Span<Float>, besides left: Int? = nil) -> (token: Int, logProbability: Float) {
    var best = 0
    var highest = -Float.infinity
    for index in scores.indices where scores[index] > highest && index != left {
      highest = scores[index]
      best = index
    }
    // What lies far below adds nothing to the sum.
    var sum: Float = 0
    for index in scores.indices where scores[index] > highest - 16 && index != left {
      sum += expf(scores[index] - highest)
    }
    return (best, -logf(sum))
  }

  /// What is taken off a score to make it the logarithm of its share.
  static func normaliser(of scores: Span<Float>) -> Float {
    let (token, logProbability) = best(of: scores)
    return scores[token] - logProbability
  }

  /// The pieces with the largest scores, best first.
  static func likeliest(_ count: Int, of scores: Span<Float>) -> [Int] {
    var found: [Int] = []
    var least = -Float.infinity
    for index in scores.indices where scores[index] > least || found.count < count {
      let place = found.firstIndex { scores[$0] < scores[index] } ?? found.count
      found.insert(index, at: place)
      if found.count > count { found.removeLast() }
      if let last = found.last { least = scores[last] }
    }
    return found
  }
}
