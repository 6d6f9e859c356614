/// What became of one line's audio so far, for the journal and for metrics. Counts are since the call's start.
public struct MediaReport: Hashable, Sendable {
  /// Packets whose audio was taken.
  public var packetsReceived = 0
  /// Packets that came when their audio had already been played or replaced.
  public var packetsLate = 0
  /// Packets that had come before.
  public var packetsDuplicate = 0
  /// Packets refused: malformed, or out of any plausible order.
  public var packetsRefused = 0
  /// Packets sent.
  public var packetsSent = 0
  /// Frames that hold received audio only.
  public var framesReceived = 0
  /// Frames that hold replaced audio.
  public var framesConcealed = 0
  /// Frames of silence left out, to shorten the delay.
  public var framesSkipped = 0
  /// Frames of silence played twice, to lengthen the delay.
  public var framesStretched = 0
  /// Audio that was dropped unheard because too much of it had piled up.
  public var overflow = CallSpan.zero
  /// Times the stream began anew: another source, a jump of its clock.
  public var restarts = 0
  /// The playout delay that the buffer aims at.
  public var targetDelay = CallSpan.zero
  /// The playout delay at the last frame, over the fastest packet seen.
  public var delay = CallSpan.zero
  /// Frames that were not sent because their time had passed: the loop was blocked.
  public var framesUnsent = 0
  /// Keys that were dropped because one line sent more than anybody presses.
  public var keysRefused = 0
  /// Keys that came a second time on another way, as an audio packet and as a SIP message.
  public var keysRepeated = 0

  /// Nothing happened yet.
  public init() {}
}
