import Core
import Dialogue

/// What is under way in a conversation, and what waits for it.
struct WorkInHand: Hashable, Sendable {
  /// The turn under way.
  var turn = TurnNumber(0)
  /// The turn whose meaning is being guessed.
  var understanding: TurnNumber?
  /// Its words, as long as they are not settled.
  var unsettled: [Heard] = []
  /// Whether they began when all had been heard of the question that reads a change back, and it is still the one that is open.
  var answersWhatWasHeard = false
  /// Whether they began when the open question, or most of it, had been heard, and it is still the one that is open.
  var hasHeardTheQuestion = false
  /// What was listened for last.
  var listening = ListenPlan()
  /// The next word that the work under way goes on.
  var meanwhile: Meanwhile?
  /// How the work under way went, while nobody was there to be told.
  var kept: DialogueInput?
  /// Whether the line is on hold.
  var isHeld = false
  /// What is done when the last words are out.
  var afterSpeech: [AfterSpeech] = []

  /// The how-manieth word comes next, and of which work.
  struct Meanwhile: Hashable, Sendable {
    let work: WorkID
    let next: Int
    var timer: TimerID { .meanwhile(work, next) }
  }

  /// What waits for the end of speech.
  enum AfterSpeech: Hashable, Sendable {
    case transfer(TransferRequest)
    case hangUp(HangUpReason)
  }
}

/// Deadlines of waits that have no setting of their own; those of work are the work's (`Work.deadline`).
enum Limits {
  /// For the first sample of an utterance.
  static let firstSample = CallSpan.seconds(8)
  /// For the line's report that an utterance was dropped.
  static let stopReport = CallSpan.seconds(2)
  /// No sentence sounds longer: a bound for waits on a line that reports nothing.
  static let sentenceSeconds = 60
  /// For the last words before a hang-up.
  static let lastWords = CallSpan.seconds(60)
  /// A moment that the caller asked for.
  static let moment = CallSpan.seconds(60)
  /// How long a conversation whose line is gone can be gone on with: two weeks.
  static let suspension = CallSpan.seconds(14 * 86_400)
}
