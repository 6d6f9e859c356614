import Core

/// The caller's side of the floor: whether there is voice, and which of its segments have not become words yet.
struct CallerFloor: Hashable, Sendable {
  private(set) var isSpeaking = false
  private(set) var voiceBegan: CallInstant?
  private(set) var voiceEnded: CallInstant?
  /// The number of the voice that goes on, or of the voice or message that was the last.
  private(set) var segment = 0
  /// The number of the first voice of the open turn.
  private(set) var firstOfTurn: Int?
  /// Voices whose sound is in words that have come, with those of a later voice.
  private var covered: Range<Int>?
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
    firstOfTurn = firstOfTurn ?? segment
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
  ///
  /// - Parameter since: the first voice that was read with it; none of those has words to come that count.
  mutating func wordsArrived(of number: Int?, since: Int? = nil) -> (segment: Int, began: CallInstant?) {
    let segment = number ?? awaited.first ?? segment
    let first = min(since ?? segment, segment)
    awaited.removeAll { (first...segment).contains($0) }
    if first < segment { covered = first..<segment }
    return (segment, beginnings.last { $0.segment == segment }?.instant)
  }

  /// Whether words of a voice come too late: they were read again with a later one.
  func isCovered(_ number: Int?) -> Bool { number.map { covered?.contains($0) ?? false } ?? false }

  /// The turn is over. Words that come after that belong to the next one, as does a voice that goes on.
  mutating func turnEnded() {
    awaited = []
    firstOfTurn = isSpeaking ? segment : nil
  }

  mutating func cutShort(at instant: CallInstant) { voiceEnded = instant }

  /// Words come seconds after their voice: no more voices than this lie between.
  private static let mostBeginnings = 64
}
