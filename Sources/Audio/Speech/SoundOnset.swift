public import Core

/// Where the sound began out of which a voice was found.
///
/// A voice detector may miss a short first word that starts out of silence, energy does not. So a recognition begins at the
/// sound and not at the voice. Pure.
public struct SoundOnset: Hashable, Sendable {
  /// Level in dBov of sound that may be a word: well over a line's noise.
  private static let loud: Float = -36
  /// A longer quiet parts one sound from the next.
  private static let longestGap = CallSpan.milliseconds(400)
  /// Sound that lasts longer is noise and no missed word.
  private static let reach = CallSpan.milliseconds(1_200)

  private var began: CallInstant?
  private var lastLoud = CallInstant.zero

  /// Nothing heard yet.
  public init() {}

  /// Takes the level of the next window.
  public mutating func step(level: Float, start: CallInstant, length: CallSpan) {
    guard level >= Self.loud else { return }
    if began == nil || start - lastLoud > Self.longestGap { began = start }
    lastLoud = start + length
  }

  /// Forgets the sound so far: it was the agent's own, or is behind us.
  public mutating func reset() { began = nil }

  /// Where the sound began that leads up to a voice; the voice's own beginning when there was none before it.
  public func begin(ofVoiceAt voice: CallInstant) -> CallInstant {
    guard let began, began < voice, voice - lastLoud <= Self.longestGap, voice - began <= Self.reach else {
      return voice
    }
    return began
  }
}
