/// What a pulled frame holds. In each case the whole frame has been written.
public enum PulledFrame: Hashable, Sendable {
  /// Audio as it was sent.
  case received
  /// Audio of which at least a part is replaced.
  case concealed
  /// Digital silence: the stream has not begun to play, or pauses.
  case silence
  /// Digital silence: there has never been a stream.
  case none
}
