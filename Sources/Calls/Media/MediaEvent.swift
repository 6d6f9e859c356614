internal import Core

/// What a tick brings to its session: a few a second.
enum MediaEvent {
  /// Voice began, at an instant of the audio.
  case speechStarted(at: CallInstant)
  /// Voice ended, at an instant of the audio.
  case speechEnded(at: CallInstant)
  /// Time for a guess at the words so far.
  case partialDue
  /// A key inside the audio.
  case key(Character)
  /// The first sound came from the other side since it was watched for.
  case heard
  /// Nothing came from the other side for a minute: no sound, and no silence either.
  case unheard
  /// An utterance started or ended at the line.
  case playback(Playback)
}
