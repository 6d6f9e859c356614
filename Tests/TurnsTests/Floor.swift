import Core

@testable import Turns

/// A floor with a manual clock: timers are kept in a table and fire when time is moved.
struct Floor {
  var turns = TurnTaking(timing: VoiceDefaults())
  var facts = FactBook()
  var now = CallInstant.zero
  var timers: [TimerID: CallInstant] = [:]
  var log: [TurnAction] = []
  private var keyCount = 0

  /// Takes an input now; timers are kept, all else is logged and returned.
  @discardableResult
  mutating func take(_ input: TurnInput) -> [TurnAction] {
    var seen: [TurnAction] = []
    for action in turns.handle(input, at: now, facts: &facts) {
      switch action {
      case .setTimer(let id, let at): timers[id] = at
      case .cancelTimer(let id): timers[id] = nil
      default: seen.append(action)
      }
    }
    log += seen
    return seen
  }

  /// Moves time, firing what is due in order; returns what was decided meanwhile.
  @discardableResult
  mutating func wait(_ milliseconds: Int) -> [TurnAction] {
    let end = now + .milliseconds(milliseconds)
    var seen: [TurnAction] = []
    while let due = timers.filter({ $0.value <= end }).min(by: { $0.value < $1.value }) {
      timers[due.key] = nil
      now = max(now, due.value)
      seen += take(.timerFired(due.key))
    }
    now = end
    return seen
  }

  /// Voice for so long, its end noticed 200 ms late as a detector does, then its words.
  @discardableResult
  mutating func say(_ heard: Heard, for milliseconds: Int = 600, wordsAfter: Int = 80) -> [TurnAction] {
    let began = now
    var seen = wait(100)
    seen += take(.speechStarted(at: began))
    seen += wait(milliseconds - 100)
    let ended = now
    seen += wait(200)
    seen += take(.speechEnded(at: ended))
    seen += wait(wordsAfter)
    seen += take(.transcript(heard))
    return seen
  }

  mutating func speak(_ id: Int, _ policy: InterruptionPolicy = .free) {
    take(.utterance(UtteranceID(id), policy))
    take(.playback(Playback(utterance: UtteranceID(id), state: .started)))
  }

  @discardableResult
  mutating func finish(_ id: Int) -> [TurnAction] {
    take(.playback(Playback(utterance: UtteranceID(id), state: .finished)))
  }

  @discardableResult
  mutating func press(_ keys: String) -> [TurnAction] {
    var seen: [TurnAction] = []
    for key in keys {
      keyCount += 1
      seen += take(.digit(Sensitive(token: SensitiveToken(label: .speech, id: "k\(keyCount)"), value: String(key))))
    }
    return seen
  }
}

func words(
  _ text: String, _ kind: Heard.Kind = .content, _ ending: Heard.Ending = .open, segment: Int? = nil,
  since: Int? = nil
) -> Heard {
  Heard(
    text: Sensitive(token: SensitiveToken(label: .speech, id: text), value: text), confidence: Confidence(0.9),
    wordCount: text.split(separator: " ").count, kind: kind, ending: ending, segment: segment,
    since: since)
}
