public import Core

/// How much of one sentence was played.
public struct SentenceProgress: Hashable, Sendable {
  /// Samples that came so far.
  public internal(set) var samples = 0
  /// Samples that were played at least once.
  public internal(set) var played = 0
  /// Whether all its samples came.
  public internal(set) var isWhole = false

  /// Thousandths played; 1000 only for a whole sentence that was played to its end.
  public var permille: Int {
    guard samples > 0 else { return 0 }
    let permille = min(1_000, played * 1_000 / samples)
    return isWhole && played >= samples ? 1_000 : min(permille, 999)
  }
}

/// Something that happened to an utterance at the line.
public struct PlayoutReport: Hashable, Sendable {
  /// Which.
  public let utterance: UtteranceID
  /// What.
  public let state: Playback.State
  /// When, by the audio: the instant of the first sample for `started`, behind the last one for all others.
  public let instant: CallInstant
  /// How much of each sentence was played; empty for `started`.
  public let progress: [SentenceProgress]

  /// The same in the words of the conversation. Allocates; not for the tick.
  public var playback: Playback {
    Playback(utterance: utterance, state: state, playedPermille: progress.map(\.permille))
  }
}
