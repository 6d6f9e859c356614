/// Everything that enters a conversation. Frames of audio do not: the frame path turns them into these, a few a second.
public enum CallEvent: Hashable, Sendable {
  /// The line is answered and audio or text can flow.
  case connected
  /// The other side put the call on hold, or took it back.
  case held(Bool)
  /// The line is gone, or was ended by us.
  case hungUp(by: Party)
  /// A suspended conversation goes on, on this line. Indirect: rare, and far larger than what all other events are copied with.
  indirect case attached(Attachment)
  /// Voice began, at an instant of the audio (not of arrival).
  case speechStarted(at: CallInstant)
  /// Voice ended, at an instant of the audio.
  case speechEnded(at: CallInstant)
  /// Words so far of a segment that goes on.
  case partial(Heard)
  /// The words of a segment that ended; `Heard.Kind.empty` when there were none.
  case transcript(Heard)
  /// A whole message, from a chat line.
  case message(Heard)
  /// A key: `0`-`9`, `*`, `#`, `A`-`D`.
  case digit(Sensitive<String>)
  /// How far an utterance was played.
  case playback(Playback)
  /// How a piece of work went. A result of another kind than its work's counts for none.
  case finished(WorkID, WorkResult)
  /// A tool found out who calls, under a pseudonym of the vault (`Vault.person`). Comes before the outcome that tells it; the first
  /// person stands.
  case identified(PersonID)
  /// A timer that was set has run out.
  case timerFired(TimerID)
  /// An engine the call needs works, or does not.
  case engine(EngineRole, isWorking: Bool)
}

/// Progress of an utterance at the line.
public struct Playback: Hashable, Sendable {
  /// Which utterance.
  public let utterance: UtteranceID
  /// What happened.
  public let state: State
  /// How much of each sentence was played, in thousandths, in order; graded by the line's own clock.
  public let playedPermille: [Int]

  /// A progress report.
  public init(utterance: UtteranceID, state: State, playedPermille: [Int] = []) {
    self.utterance = utterance
    self.state = state
    self.playedPermille = playedPermille
  }

  /// What happened to an utterance.
  public enum State: String, Hashable, Sendable, Codable {
    /// Its first sample left.
    case started = "started"
    /// Paused where it was.
    case paused = "paused"
    /// Went on.
    case resumed = "resumed"
    /// Its last sample left.
    case finished = "finished"
    /// Was cut; the rest is dropped.
    case stopped = "stopped"
    /// Could not be spoken: no voice engine worked.
    case failed = "failed"
  }
}

/// A role an engine plays for a call.
public enum EngineRole: String, Hashable, Sendable, Codable {
  case recognizer = "recognizer"
  case synthesizer = "synthesizer"
  case understanding = "understanding"
  case voiceActivity = "voice_activity"
}

/// How a tool went.
public enum ToolOutcome: Hashable, Sendable {
  /// It answered as its schema says.
  case completed([SlotName: SlotValue])
  /// It refused with one of its codes.
  case refused(String)
  /// It surely did not happen.
  case failed(ToolFailure)
  /// It may or may not have happened, and the probe could not tell.
  case unknown
}

/// Why a tool surely did not happen, or a reading tool gave nothing.
public enum ToolFailure: String, Hashable, Sendable, Codable {
  /// No answer in time (reading tools).
  case timedOut = "timed_out"
  /// The back end could not be reached.
  case unreachable = "unreachable"
  /// The back end answered with an error without a code of ours.
  case backEndError = "back_end_error"
  /// The answer is not what the schema says.
  case badAnswer = "bad_answer"
  /// An argument is missing or not what the schema says.
  case badArgument = "bad_argument"
  /// Governance or a missing confirmation forbade it.
  case forbidden = "forbidden"
}

/// How a transfer went.
public enum TransferOutcome: String, Hashable, Sendable, Codable, CaseIterable {
  /// The person took the call.
  case accepted = "accepted"
  /// Busy.
  case busy = "busy"
  /// Declined.
  case declined = "declined"
  /// Nobody answered in time.
  case noAnswer = "no_answer"
  /// No such place, or the network refused.
  case unreachable = "unreachable"
}

/// Names a timer by what it is for; it dies with that.
public enum TimerID: Hashable, Sendable {
  /// The silence that ends a turn.
  case endOfTurn(TurnNumber)
  /// The longest turn.
  case longestTurn(TurnNumber)
  /// The voice that pauses an utterance.
  case bargeIn(UtteranceID)
  /// The silence after which a paused utterance goes on.
  case resume(UtteranceID)
  /// A rung of the ladder of silence.
  case silence(Int)
  /// The pause that ends an entry by keys.
  case digits(Int)
  /// Work that does not come to its end: its one deadline.
  case work(WorkID)
  /// Work that the caller should hear about, the how-manieth time.
  case meanwhile(WorkID, Int)
  /// A hang-up that waits for the last words.
  case hangUp
  /// The longest call.
  case longestCall
  /// The longest a conversation stays suspended.
  case suspension
  /// A hold that the caller asked for.
  case hold(Int)
  /// Playback that does not report.
  case playback(UtteranceID)
}
