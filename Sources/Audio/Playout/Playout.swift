public import Core

/// What the agent says on one line: utterances in order, each a row of sentences, each one or more clips at the rate
/// of the playout.
///
/// Clips are kept by reference, may come in any order of sentences, and are played in the right one. When the next is
/// not there yet, silence is played and the utterance waits. Pausing and stopping fade within 10 ms; resuming goes
/// back by 100 ms. Isolation: none of its own; one owner on one loop. `pull` and `nextReport` allocate nothing; the
/// others are called on events.
public struct Playout: ~Copyable, Sendable {
  /// Bounds of the queue; what exceeds them is refused.
  public static let maximumUtterances = 16
  public static let maximumClips = 128
  /// Sentences of one utterance.
  public static let maximumSentences = 64
  /// Reports that wait to be read; the oldest is dropped beyond.
  static let maximumReports = 64
  /// 10 ms.
  var fade: Int { rate.hertz / 100 }
  /// 100 ms.
  private var rewind: Int { rate.hertz / 10 }

  struct Entry {
    let id: UtteranceID
    var sentences: [SentenceProgress]
    /// The sentence being played, or waited for.
    var sentence = 0
    /// Samples of that sentence before the clip being played.
    var offset = 0
    var hasStarted = false
    var isPaused = false
  }

  struct Clip {
    let utterance: UtteranceID
    let sentence: Int
    let samples: [Int16]
    /// Played to its end; freed on the next event.
    var isSpent = false
  }

  /// The rate of the clips and of what is pulled.
  public private(set) var rate: AudioRate
  var entries: [Entry] = []
  var clips: [Clip] = []
  /// The clip being played, and the next sample of it.
  var playing: Int?
  var position = 0
  /// Samples that are still to be faded in.
  var fadeIn = 0
  /// The end of something that was cut, already faded.
  var tail: [Int16]
  var tailStart = 0
  var tailEnd = 0
  private var reports: [PlayoutReport] = []

  /// An empty queue.
  public init(rate: AudioRate = .narrowband) {
    self.rate = rate
    tail = [Int16](repeating: 0, count: AudioRate.wideband.hertz / 100)
    entries.reserveCapacity(Self.maximumUtterances)
    clips.reserveCapacity(Self.maximumClips)
    reports.reserveCapacity(Self.maximumReports)
  }

  /// Whether nothing is being played or waited for.
  public var isIdle: Bool { entries.isEmpty && tailStart == tailEnd }

  /// The utterance being played or waited for; nil when idle.
  public var current: UtteranceID? { entries.first?.id }

  /// Goes on at another rate.
  /// - Returns: false while something is played or waited for, whose clips have the rate so far.
  @discardableResult
  public mutating func change(to rate: AudioRate) -> Bool {
    guard isIdle else { return false }
    self.rate = rate
    return true
  }

  /// Queues an utterance whose clips follow.
  /// - Returns: false when the queue is full, the number is queued already, or there are no or too many sentences.
  @discardableResult
  public mutating func begin(_ utterance: UtteranceID, sentences: Int) -> Bool {
    free()
    guard 1...Self.maximumSentences ~= sentences, entries.count < Self.maximumUtterances, index(of: utterance) == nil
    else { return false }
    entries.append(
      Entry(id: utterance, sentences: [SentenceProgress](repeating: SentenceProgress(), count: sentences)))
    return true
  }

  /// Adds a clip of a sentence, behind its earlier ones.
  /// - Parameters:
  ///   - samples: at `rate`; kept, not copied.
  ///   - isLast: whether the sentence is whole with it.
  /// - Returns: false when the utterance is not queued (any more), the sentence is whole, or the queue is full.
  @discardableResult
  public mutating func append(
    _ samples: [Int16], to utterance: UtteranceID, sentence: Int, isLast: Bool = true
  ) -> Bool {
    free()
    guard let entry = index(of: utterance), entries[entry].sentences.indices.contains(sentence),
      !entries[entry].sentences[sentence].isWhole, sentence >= entries[entry].sentence,
      clips.count < Self.maximumClips
    else { return false }
    if !samples.isEmpty { clips.append(Clip(utterance: utterance, sentence: sentence, samples: samples)) }
    entries[entry].sentences[sentence].samples += samples.count
    entries[entry].sentences[sentence].isWhole = isLast
    return true
  }

  /// Holds an utterance where it is, fading out; one that has not begun will not begin.
  /// - Returns: false when it is not queued or already held.
  @discardableResult
  public mutating func pause(_ utterance: UtteranceID, at instant: CallInstant) -> Bool {
    free()
    guard let entry = index(of: utterance), !entries[entry].isPaused else { return false }
    if entry == 0 { fadeOut() }
    entries[entry].isPaused = true
    report(utterance, .paused, at: instant, progress: copy(of: entries[entry].sentences))
    return true
  }

  /// Lets a held utterance go on, 100 ms before the place where it was held, but not before the clip.
  /// - Returns: false when it is not held.
  @discardableResult
  public mutating func resume(_ utterance: UtteranceID, at instant: CallInstant) -> Bool {
    free()
    guard let entry = index(of: utterance), entries[entry].isPaused else { return false }
    entries[entry].isPaused = false
    if entry == 0, playing != nil, position > 0 {
      position = max(0, position - rewind)
      fadeIn = fade
    }
    report(utterance, .resumed, at: instant, progress: copy(of: entries[entry].sentences))
    return true
  }

  /// Drops an utterance, fading out, and everything queued behind it; each is reported.
  /// - Returns: false when it is not queued.
  @discardableResult
  public mutating func stop(_ utterance: UtteranceID, at instant: CallInstant) -> Bool {
    free()
    guard let first = index(of: utterance) else { return false }
    if first == 0 {
      fadeOut()
      playing = nil
      position = 0
      fadeIn = 0
    }
    while entries.count > first {
      let entry = entries.remove(at: first)
      report(entry.id, .stopped, at: instant, progress: entry.sentences)
      for index in clips.indices where clips[index].utterance == entry.id { clips[index].isSpent = true }
    }
    free()
    return true
  }

  /// How much of each sentence of a queued utterance was played; nil when it is not queued. Allocates; not for the
  /// tick.
  public func playedPermille(of utterance: UtteranceID) -> [Int]? {
    index(of: utterance).map { entries[$0].sentences.map(\.permille) }
  }

  /// The next thing that happened, oldest first.
  public mutating func nextReport() -> PlayoutReport? { reports.isEmpty ? nil : reports.remove(at: 0) }

  mutating func report(
    _ utterance: UtteranceID, _ state: Playback.State, at instant: CallInstant, progress: [SentenceProgress] = []
  ) {
    if reports.count == Self.maximumReports { reports.remove(at: 0) }
    reports.append(PlayoutReport(utterance: utterance, state: state, instant: instant, progress: progress))
  }

  private func index(of utterance: UtteranceID) -> Int? { entries.firstIndex { $0.id == utterance } }

  /// A copy with storage of its own, so that the tick never finds its progress shared and copies it.
  private func copy(of progress: [SentenceProgress]) -> [SentenceProgress] { progress.map { $0 } }

  /// Lets go of what was played.
  private mutating func free() {
    guard clips.contains(where: \.isSpent) else { return }
    if let index = playing { playing = index - clips[..<index].count { $0.isSpent } }
    clips.removeAll { $0.isSpent }
  }

  /// Puts the next 10 ms of what is audible, falling to nothing, before whatever comes next.
  private mutating func fadeOut() {
    guard let index = playing, entries[0].hasStarted, !entries[0].isPaused else { return }
    let samples = clips[index].samples
    let count = min(fade, samples.count - position)
    for step in 0..<count {
      tail[step] = Int16(Int(samples[position + step]) * (fade - step) / (fade + 1))
    }
    tailStart = 0
    tailEnd = count
    move(by: count)
  }
}
