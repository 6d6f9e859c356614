import Core

/// Whether the question that is open was heard to its end, and since when it stands.
///
/// It matters for questions to be answered by yes or no: a short word before is a listener's sound, or an answer to something
/// else. Of those that read a change back all has to be heard each time.
struct QuestionFloor: Hashable, Sendable {
  /// The last sample of the question was played then; nil: not all of it was.
  private(set) var putAt: CallInstant? { didSet { wasPut = wasPut || putAt != nil } }
  /// Whether it was put since it is the open one, and not answered: it may be said again meanwhile.
  private(set) var wasPut = false
  /// What is still to be played of it.
  private var awaited: Set<UtteranceID> = []
  private var isWhole = true
  /// Whether somebody agreed before it was put.
  private(set) var wasAgreedEarly = false

  /// A question is open, once these utterances have been played. Without any it is open as it was, unless it is a new one.
  mutating func opened(after utterances: [UtteranceID], isNew: Bool, at now: CallInstant) {
    guard !utterances.isEmpty || isNew else { return }
    wasAgreedEarly = false
    if isNew { wasPut = false }
    isWhole = true
    awaited = Set(utterances)
    putAt = awaited.isEmpty ? now : nil
  }

  /// An utterance ended; `isFinished`: its last sample was played.
  mutating func ended(_ utterance: UtteranceID, isFinished: Bool, at now: CallInstant) {
    guard awaited.remove(utterance) != nil else { return }
    isWhole = isWhole && isFinished
    if awaited.isEmpty, isWhole { putAt = now }
  }

  mutating func agreedEarly() { wasAgreedEarly = true }

  mutating func answered() {
    wasAgreedEarly = false
    wasPut = false
  }

  /// Whether what began then can answer it.
  func isAnswered(by began: CallInstant?) -> Bool {
    guard let putAt else { return false }
    return began.map { $0 >= putAt } ?? true
  }
}
