public import Core
import Language
import Turns

// What hosts ask of a conversation while they hear for it, so that every one does the same. Nothing here changes it.

extension Conversation {
  /// Words of the caller with what the pure rooms need to know of them. Whether they are a whole answer is judged together with
  /// the words of the open turn before and after them.
  ///
  /// - Parameters:
  ///   - text: behind its token, under `label(keyed:)`; its value is needed.
  ///   - segment: the how-manieth voice or message they are of; nil: the next one.
  ///   - since: the first voice that was read with it, whose words they replace; nil: none.
  ///   - others: what else it may have been, behind tokens as the text is.
  public func heard(
    _ text: Sensitive<String>, confidence: Confidence, segment: Int? = nil, since: Int? = nil,
    others: [Sensitive<String>] = []
  ) -> Heard {
    func described(_ text: Sensitive<String>) -> Heard {
      HeardFeatures.describe(
        text: text, confidence: confidence, listening: work.listening, segment: segment, since: since,
        others: others, locale: assistant.locale)
    }
    let alone = described(text)
    let open = floor.openWords(around: segment, since: since)
    let (before, after) = (open.before.compactMap(\.revealed), open.after.compactMap(\.revealed))
    guard let clear = text.revealed, alone.kind != .empty, !before.isEmpty || !after.isEmpty else { return alone }
    let joined = described(text.revealing((before + [clear] + after).joined(separator: " ")))
    return Heard(
      text: text, confidence: confidence, wordCount: alone.wordCount, kind: alone.kind, ending: joined.ending,
      segment: segment, since: since, others: others)
  }

  /// What a recogniser may favour in the words of the voice that ended, or goes on.
  ///
  /// Nothing leans towards a yes: a yes changes things, and has to be what was said.
  public var expected: RecognitionContext {
    switch work.listening.grammar {
    case .digits(let minimum, let maximum) where minimum <= maximum:
      RecognitionContext(digits: max(1, minimum)...max(1, maximum), phrases: work.listening.hints)
    case .yesNo: .open
    default: RecognitionContext(phrases: work.listening.hints)
    }
  }

  /// The event that ends the caller's open turn when nothing else happens, and when; nil while voice goes on, when no turn is
  /// open, and without a line. It is the timer that was asked for, so that a copy can be stepped to where the conversation will be.
  public var foreseeable: (event: CallEvent, at: CallInstant)? {
    switch phase {
    case .ringing, .talking, .leaving: floor.foreseeable.map { (.timerFired($0.timer), $0.at) }
    case .suspended, .settling, .over: nil
    }
  }

  /// When a guess at the words of the voice that goes on is due, as an event `partial`; nil: nobody wants one.
  ///
  /// - Parameter last: when the last guess was begun; nil before the first.
  public func partialDue(after last: CallInstant?) -> CallInstant? { floor.partialDue(after: last) }

  /// Whether the voice that goes on is read as one with those of its turn before it, once it has ended.
  public var readsVoicesAsOne: Bool { floor.readsVoicesAsOne }

  /// Whether the audio of a segment that has become these words begins the next one, asked before they are taken.
  ///
  /// - Parameter length: of its audio, what surrounds the voice included.
  public func takesBack(_ heard: Heard, lasting length: CallSpan) -> Bool { floor.takesBack(heard, lasting: length) }
}
