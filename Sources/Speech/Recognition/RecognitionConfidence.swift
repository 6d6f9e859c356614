internal import Core
internal import Glibc

/// Makes a confidence of the probabilities of pieces.
///
/// The mean logarithm over spoken pieces, put through a curve fitted on telephone prompts, clean and noisy: it reads
/// roughly as the share of utterances with that mean that were written down without an error.
enum RecognitionConfidence {
  private static let middle: Float = -0.35
  private static let steepness: Float = 9

  static func confidence(_ logProbabilities: some Collection<Float>) -> Confidence {
    guard !logProbabilities.isEmpty else { return .none }
    let mean = logProbabilities.reduce(0, +) / Float(logProbabilities.count)
    return Confidence(Double(1 / (1 + expf(-steepness * (mean - middle)))))
  }
}
