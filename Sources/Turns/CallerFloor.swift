import Core

/// The caller's side of the floor: whether there is voice, and which of its segments have not become words yet.
struct CallerFloor: Hashable, Sendable {
  private(set) var isSpeaking = false
  private(set) var voiceBegan: CallInstant?
  private(set) var voiceEnded: CallInstant?
  /// The number of the voice that goes on, or of the voice or message that was the last.
  private(set) var segment = 0
  /// Voices that ended and have no words yet, by number.
  private var awaited: [Int] = []
  /// When voices began whose words may still come, the latest last.
  private var beginnings: [Beginning] = []

  private struct Beginning: Hashable {
    let segment: Int
    let instant: CallInstant
  }

  var awaitsWords: Bool { !awaited.isEmpty }

  mutating func began(at instant: CallInstant) {
    isSpeaking = true
    voiceBegan = instant
    segment += 1
    if beginnings.count == Self.mostBeginnings { beginnings.removeFirst() }
    beginnings.append(Beginning(segment: segment, instant: instant))
  }

  mutating func ended(at instant: CallInstant) {
    isSpeaking = false
    voiceBegan = nil
    voiceEnded = instant
    awaited.append(segment)
  }

  /// Messages are counted with the voices, those without a number aside.
  mutating func wrote(_ number: Int?) { segment = max(segment, number ?? segment) }

  /// A side on which nobody has spoken, whose voices are told from this one's.
  var next: CallerFloor {
    var next = CallerFloor()
    next.segment = segment
    return next
  }

  /// The number of the voice whose words have come, and when it began; words without a number are of the oldest that waits.
  mutating func wordsArrived(of number: Int?) -> (segment: Int, began: CallInstant?) {
    let segment = number ?? awaited.first ?? segment
    awaited.removeAll { $0 == segment }
    return (segment, beginnings.last { $0.segment == segment }?.instant)
  }

  /// Words that come after their turn was taken as ended belong to the next one.
  mutating func forgetAwaited() { awaited = [] }

  mutating func cutShort(at instant: CallInstant) { voiceEnded = instant }

  /// Words come seconds after their voice: no more voices than this lie between.
  private static let mostBeginnings = 64
}
