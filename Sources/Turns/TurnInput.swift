public import Core

/// What reaches the floor: the caller's voice, words and keys, and what was really played to the caller.
public enum TurnInput: Hashable, Sendable {
  /// Voice began, at an instant of the audio.
  case speechStarted(at: CallInstant)
  /// Voice ended, at an instant of the audio; its words are on their way.
  case speechEnded(at: CallInstant)
  /// Words so far of the voice that goes on.
  case partial(Heard)
  /// The words of a voice that ended; kind `empty` for none.
  case transcript(Heard)
  /// A whole written message.
  case message(Heard)
  /// A key.
  case digit(Sensitive<String>)
  /// How far an utterance was played.
  case playback(Playback)
  /// An utterance was given to the line.
  case utterance(UtteranceID, InterruptionPolicy)
  /// The caller is expected to say something, answering this plan; silence is noticed after the span, or the assistant's.
  case expectCaller(ListenPlan, silence: CallSpan? = nil)
  /// The agent works; silence of the caller means nothing.
  case expectNothing
  /// The line is on hold, or back.
  case held(Bool)
  /// One of the floor's timers ran out.
  case timerFired(TimerID)
}

/// What the floor decides.
public enum TurnAction: Hashable, Sendable {
  /// The caller's turn is over: these are its words. None: voice was there, but its words never came.
  case commit(TurnNumber, [Heard])
  /// The caller's turn is over: these keys.
  case entered(TurnNumber, KeyEntry)
  /// Hold the utterance where it is.
  case pause(UtteranceID)
  /// Let it go on.
  case resume(UtteranceID)
  /// Drop it and what is queued behind it.
  case stop(UtteranceID)
  /// The caller has been silent for the nth time.
  case silence(Int)
  /// Ask for a timer.
  case setTimer(TimerID, at: CallInstant)
  /// Forget a timer.
  case cancelTimer(TimerID)
}

/// What was entered by keys.
public enum KeyEntry: Hashable, Sendable {
  /// One key that stands for a value.
  case choice(SlotValue)
  /// Digits, as many as the grammar wants; fewer when the caller stopped early (`isComplete` is false).
  case digits(Sensitive<String>, isComplete: Bool)
}
