import Core

/// Whether the question that is open was heard, in part or to its end, and since when it stands.
///
/// What is said before a question began to be heard is no answer to it. A short word before its end is a listener's sound, or an
/// answer to something else; of questions that read a change back all has to be heard each time.
struct QuestionFloor: Hashable, Sendable {
  /// The last sample of the question was played then; nil: not all of it was.
  private(set) var putAt: CallInstant? { didSet { wasPut = wasPut || putAt != nil } }
  /// Whether it was put since it is the open one, and not answered: it may be said again meanwhile.
  private(set) var wasPut = false
  /// Who speaks from then on has heard enough of the question to answer it; nil: nobody has.
  private var heardFrom: CallInstant?
  /// What is still to be played of it.
  private var awaited: Set<UtteranceID> = []
  /// The utterance that ends with it.
  private var last: UtteranceID?
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
    last = utterances.last
    putAt = awaited.isEmpty ? now : nil
    heardFrom = putAt
  }

  /// An utterance ended; `isFinished`: its last sample was played. The question is its last sentence.
  mutating func ended(_ playback: Playback, isFinished: Bool, at now: CallInstant) {
    guard awaited.remove(playback.utterance) != nil else { return }
    isWhole = isWhole && isFinished
    if playback.utterance == last {
      if isFinished {
        heardFrom = now - Self.tail
      } else if (playback.playedPermille.last ?? 0) >= Self.enough {
        // Whoever cut it did so over the question.
        heardFrom = .zero
      }
    }
    if awaited.isEmpty, isWhole { putAt = now }
  }

  /// Those who know how a question ends answer before its last words.
  private static let tail = CallSpan.milliseconds(800)
  /// Thousandths of a question that was cut, from which on it is known what was asked.
  private static let enough = 500

  mutating func agreedEarly() { wasAgreedEarly = true }

  mutating func answered() {
    wasAgreedEarly = false
    wasPut = false
  }

  /// Whether what began then was said by somebody who had heard the question, or most of it.
  func isHeard(by began: CallInstant?) -> Bool {
    guard let heardFrom else { return false }
    return began.map { $0 >= heardFrom } ?? true
  }

  /// Whether what began then can answer it.
  func isAnswered(by began: CallInstant?) -> Bool {
    guard let putAt else { return false }
    return began.map { $0 >= putAt } ?? true
  }
}
