internal import Core
internal import Glibc

/// Makes a confidence of the probabilities of pieces.
///
/// The mean logarithm over spoken pieces, put through a curve fitted on 324 telephone prompts (a third clean, a third each
/// with noise at 12 and 6 dB): it reads roughly as the share of such utterances that were written down without an error.
enum RecognitionConfidence {
  private static let middle: Float = -0.30
  private static let steepness: Float = 7

  static func confidence(_ logProbabilities: some Collection<Float>) -> Confidence {
    guard !logProbabilities.isEmpty else { return .none }
    let mean = logProbabilities.reduce(0, +) / Float(logProbabilities.count)
    return Confidence(Double(1 / (1 + expf(-steepness * (mean - middle)))))
  }
}
