import Core

/// The caller's side of the floor: whether there is voice, and how many of its segments have not become words yet.
struct CallerFloor: Hashable, Sendable {
  private(set) var isSpeaking = false
  private(set) var voiceBegan: CallInstant?
  private(set) var voiceEnded: CallInstant?
  private(set) var awaitedSegments = 0

  mutating func began(at instant: CallInstant) {
    isSpeaking = true
    voiceBegan = instant
  }

  mutating func ended(at instant: CallInstant) {
    isSpeaking = false
    voiceBegan = nil
    voiceEnded = instant
    awaitedSegments += 1
  }

  mutating func segmentArrived() { awaitedSegments = max(0, awaitedSegments - 1) }

  /// Words that come after their turn was taken as ended belong to the next one.
  mutating func forgetAwaited() { awaitedSegments = 0 }

  mutating func cutShort(at instant: CallInstant) { voiceEnded = instant }
}
