import Core

/// Plays utterances one after the other in virtual time and reports as a line does.
///
/// A written line shows them at once. A line with sound needs 40 ms to make speech, and 330 ms a word, 500 ms at least a sentence.
struct RehearsedLine {
  static let synthesis = CallSpan.milliseconds(40)

  private struct Playing {
    let utterance: Utterance
    /// Microseconds of each sentence.
    let lengths: [Int64]
    let readyAt: CallInstant
    var hasStarted = false
    var isPaused = false
    /// Microseconds played until `since`, and since when it plays on.
    var played: Int64 = 0
    var since = CallInstant.zero

    var length: Int64 { lengths.reduce(0, +) }
  }

  private var queue: [Playing] = []
  private var reports: [(at: CallInstant, playback: Playback)] = []
  private let hasSound: Bool

  init(hasSound: Bool) { self.hasSound = hasSound }

  /// Whether nothing is played or waits to be.
  var isSilent: Bool { queue.isEmpty && reports.isEmpty }

  mutating func enqueue(_ utterance: Utterance, texts: [String], _ now: CallInstant) {
    let lengths = texts.map { text in
      hasSound ? max(500, Int64(text.split(separator: " ").count) * 330) * 1000 : 0
    }
    queue.append(
      Playing(utterance: utterance, lengths: lengths, readyAt: hasSound ? now + Self.synthesis : now))
  }

  mutating func pause(_ id: UtteranceID, _ now: CallInstant) {
    guard let index = index(of: id), !queue[index].isPaused else { return }
    stopClock(index, now)
    queue[index].isPaused = true
    report(queue[index], .paused, now)
  }

  mutating func resume(_ id: UtteranceID, _ now: CallInstant) {
    guard let index = index(of: id), queue[index].isPaused else { return }
    queue[index].isPaused = false
    queue[index].since = now
    report(queue[index], .resumed, now)
  }

  mutating func stop(_ id: UtteranceID, _ now: CallInstant) {
    guard let index = index(of: id) else { return }
    stopClock(index, now)
    for playing in queue[index...] { report(playing, .stopped, now) }
    queue.removeSubrange(index...)
  }

  /// When the line has something to report.
  func nextChange(_ now: CallInstant) -> CallInstant? {
    let report = reports.first?.at
    guard let first = queue.first, !first.isPaused else { return report }
    let change =
      first.hasStarted ? first.since + CallSpan(microseconds: first.length - first.played) : max(now, first.readyAt)
    return report.map { min($0, change) } ?? change
  }

  /// What is due now.
  mutating func take(at now: CallInstant) -> Playback? {
    if let first = reports.first, first.at <= now { return reports.removeFirst().playback }
    guard let first = queue.first, !first.isPaused else { return nil }
    guard first.hasStarted else {
      guard first.readyAt <= now else { return nil }
      queue[0].hasStarted = true
      queue[0].since = now
      return Playback(utterance: first.utterance.id, state: .started)
    }
    guard first.since + CallSpan(microseconds: first.length - first.played) <= now else { return nil }
    queue.removeFirst()
    return Playback(utterance: first.utterance.id, state: .finished, playedPermille: first.lengths.map { _ in 1000 })
  }

  private func index(of id: UtteranceID) -> Int? { queue.firstIndex { $0.utterance.id == id } }

  private mutating func stopClock(_ index: Int, _ now: CallInstant) {
    guard queue[index].hasStarted, !queue[index].isPaused else { return }
    queue[index].played += (now - queue[index].since).microseconds
    queue[index].since = now
  }

  private mutating func report(_ playing: Playing, _ state: Playback.State, _ now: CallInstant) {
    var left = playing.played
    let permille = playing.lengths.map { length -> Int in
      let part = min(length, max(0, left))
      left -= part
      return length == 0 ? 0 : Int(part * 1000 / length)
    }
    reports.append((now, Playback(utterance: playing.utterance.id, state: state, playedPermille: permille)))
  }
}
