internal import Core

/// Times the stages of a turn from the end of the caller's voice; a pure value.
struct TurnStopwatch {
  private var voiceEnd: CallInstant?
  private var words: CallInstant?
  private var turn: TurnNumber?
  private var turnEnd: CallInstant?
  private var meaning: CallInstant?
  private var utterance: UtteranceID?
  private var ready: CallInstant?

  mutating func voiceEnded(at instant: CallInstant) {
    voiceEnd = instant
    words = nil
  }

  mutating func recognized(at instant: CallInstant) { words = instant }

  mutating func turnEnded(_ turn: TurnNumber, at instant: CallInstant) {
    self.turn = turn
    turnEnd = instant
    meaning = nil
    utterance = nil
    ready = nil
  }

  mutating func understood(at instant: CallInstant) { meaning = instant }

  /// The first utterance after a turn answers it, acknowledgements apart.
  mutating func speechAsked(_ utterance: Utterance, at instant: CallInstant) {
    guard self.utterance == nil, utterance.purpose == .answer, utterance.turn == turn else { return }
    self.utterance = utterance.id
  }

  mutating func speechReady(_ id: UtteranceID, at instant: CallInstant) { if id == utterance { ready = instant } }

  /// The turn's figures when this utterance answers one; once.
  mutating func firstAudio(_ id: UtteranceID, at instant: CallInstant) -> TurnLatency? {
    guard id == utterance, let turn, let voiceEnd else { return nil }
    utterance = nil
    return TurnLatency(
      turn: turn, recognition: words.map { $0 - voiceEnd }, endOfTurn: turnEnd.map { $0 - voiceEnd },
      understanding: meaning.map { $0 - voiceEnd }, synthesis: ready.map { $0 - voiceEnd },
      firstAudio: instant - voiceEnd)
  }
}
