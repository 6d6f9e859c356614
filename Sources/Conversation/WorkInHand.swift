import Core

/// What is under way in a conversation, and what waits for it.
struct WorkInHand: Hashable, Sendable {
  /// The turn under way.
  var turn = TurnNumber(0)
  /// The turn whose meaning is being guessed.
  var understanding: TurnNumber?
  /// What is done when the last words are out.
  var afterSpeech: [AfterSpeech] = []

  /// What waits for the end of speech.
  enum AfterSpeech: Hashable, Sendable {
    case transfer(TransferRequest)
    case hangUp(HangUpReason)
  }
}

/// Deadlines of waits that have no setting of their own.
enum Limits {
  /// For understanding a turn.
  static let understanding = CallSpan.milliseconds(2500)
  /// For the first sample of an utterance.
  static let firstSample = CallSpan.seconds(8)
  /// No utterance is longer; a bound for waits, not a cut.
  static let longestUtteranceSeconds = 60
  /// For the last words before a hang-up.
  static let lastWords = CallSpan.seconds(60)
  /// Between the first and the second word that work goes on.
  static let secondFiller = CallSpan.seconds(4)
  /// On top of the time a person's telephone may ring.
  static let transferSlack = CallSpan.seconds(10)
  /// For a tool in all: its attempts, its probes, and their pauses.
  static func tool(_ deadline: CallSpan) -> CallSpan { deadline + deadline + deadline + .seconds(6) }
}
