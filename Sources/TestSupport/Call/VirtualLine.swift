public import Core

/// Plays utterances one after the other in virtual time and reports as a line does: a second for each sentence.
public struct VirtualLine {
  /// Milliseconds a sentence sounds.
  public static let sentence = 1000

  struct Playing {
    let utterance: Utterance
    var readyAt: CallInstant
    var hasStarted = false
    var isPaused = false
    /// Microseconds played until `since`, and since when it plays on.
    var played: Int64 = 0
    var since = CallInstant.zero

    var length: Int64 { Int64(utterance.sentences.count * VirtualLine.sentence) * 1000 }
  }

  private(set) var queue: [Playing] = []
  private var reports: [(at: CallInstant, playback: Playback)] = []
  private var isHeld = false

  /// What is at the line, the first one playing.
  public var utterances: [UtteranceID] { queue.map(\.utterance.id) }

  /// What sounds now.
  public var sounding: UtteranceID? {
    guard let first = queue.first, first.hasStarted, !first.isPaused, !isHeld else { return nil }
    return first.utterance.id
  }

  mutating func enqueue(_ utterance: Utterance, readyAt: CallInstant) {
    queue.append(Playing(utterance: utterance, readyAt: readyAt))
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

  mutating func hold(_ isHeld: Bool, _ now: CallInstant) {
    if let first = queue.indices.first {
      if isHeld { stopClock(first, now) } else { queue[first].since = now }
    }
    self.isHeld = isHeld
  }

  /// When the line has something to report.
  func nextChange(_ now: CallInstant) -> CallInstant? {
    let report = reports.first?.at
    guard let first = queue.first, !first.isPaused, !isHeld else { return report }
    let change =
      first.hasStarted ? first.since + CallSpan(microseconds: first.length - first.played) : max(now, first.readyAt)
    return report.map { min($0, change) } ?? change
  }

  /// What is due now.
  mutating func take(at now: CallInstant) -> Playback? {
    if let first = reports.first, first.at <= now { return reports.removeFirst().playback }
    guard let first = queue.first, !first.isPaused, !isHeld else { return nil }
    guard first.hasStarted else {
      guard first.readyAt <= now else { return nil }
      queue[0].hasStarted = true
      queue[0].since = now
      return Playback(utterance: first.utterance.id, state: .started)
    }
    guard first.since + CallSpan(microseconds: first.length - first.played) <= now else { return nil }
    queue.removeFirst()
    return Playback(
      utterance: first.utterance.id, state: .finished, playedPermille: first.utterance.sentences.map { _ in 1000 })
  }

  private func index(of id: UtteranceID) -> Int? { queue.firstIndex { $0.utterance.id == id } }

  private mutating func stopClock(_ index: Int, _ now: CallInstant) {
    guard queue[index].hasStarted, !queue[index].isPaused, !isHeld else { return }
    queue[index].played += (now - queue[index].since).microseconds
    queue[index].since = now
  }

  private mutating func report(_ playing: Playing, _ state: Playback.State, _ now: CallInstant) {
    let sentence = Int64(Self.sentence * 1000)
    let permille = playing.utterance.sentences.indices.map { index in
      Int(min(sentence, max(0, playing.played - Int64(index) * sentence)) * 1000 / sentence)
    }
    reports.append((now, Playback(utterance: playing.utterance.id, state: state, playedPermille: permille)))
  }
}
