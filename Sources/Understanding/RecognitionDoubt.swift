internal import Core

/// What a recogniser's doubt takes from the certainty of commands, so that doubtful words are asked about.
///
/// A recogniser says how likely the words hold no error at all; what they mean often survives one. So doubt counts from 0.7
/// downwards: the certainty of a command is multiplied by the recogniser's and 0.3. Whole thousandths, rounded down.
enum RecognitionDoubt {
  /// What even the most doubtful words keep.
  private static let least = 300

  /// How sure the recogniser is of a turn: the mean over its segments by their words.
  static func confidence(of heard: [Heard]) -> Confidence {
    let said = heard.filter { $0.kind != .empty }
    let words = said.reduce(0) { $0 + max(1, $1.wordCount) }
    guard words > 0 else { return .certain }
    return Confidence(permille: said.reduce(0) { $0 + $1.confidence.permille * max(1, $1.wordCount) } / words)
  }

  /// How sure a command is whose words the recogniser is so sure of.
  static func lowered(_ confidence: Confidence, by recognition: Confidence) -> Confidence {
    Confidence(permille: confidence.permille * min(1000, least + recognition.permille) / 1000)
  }
}

extension ProposedCommand {
  /// The proposal as sure as the words are.
  func doubted(_ recognition: Confidence) -> ProposedCommand {
    ProposedCommand(
      command, confidence: RecognitionDoubt.lowered(confidence, by: recognition), proposer: proposer, source: source,
      runnerUp: runnerUp, others: others)
  }
}
