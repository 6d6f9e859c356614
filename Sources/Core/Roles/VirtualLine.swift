/// How a line plays, without one: utterances one after the other in virtual time, reported as `Playback`.
///
/// Pure: every call is told the instant, and whoever steps it lets time pass until `nextChange` and asks `take`. How long a
/// sentence sounds is the caller's to say; one of no length, as in writing, is out at once.
public struct VirtualLine: Sendable {
  private struct Playing {
    let id: UtteranceID
    let sentences: [CallSpan]
    let readyAt: CallInstant
    var hasStarted = false
    var isPaused = false
    /// Played until `since`, and since when it plays on.
    var played = CallSpan.zero
    var since = CallInstant.zero

    var left: CallSpan { sentences.reduce(.zero, +) - played }
  }

  private var queue: [Playing] = []
  private var reports: [(at: CallInstant, playback: Playback)] = []
  private var isHeld = false

  /// A line at which nothing is.
  public init() {}

  /// What sounds now.
  public var sounding: UtteranceID? {
    guard let first = queue.first, first.hasStarted, !first.isPaused, !isHeld else { return nil }
    return first.id
  }

  /// Puts an utterance behind what is there.
  /// - Parameters:
  ///   - sentences: how long each of its sentences sounds.
  ///   - readyAt: from when it can sound.
  public mutating func enqueue(_ id: UtteranceID, sentences: [CallSpan], readyAt: CallInstant) {
    queue.append(Playing(id: id, sentences: sentences, readyAt: readyAt))
  }

  /// Pauses an utterance where it is; nothing when it is not at the line.
  public mutating func pause(_ id: UtteranceID, _ now: CallInstant) {
    guard let index = index(of: id), !queue[index].isPaused else { return }
    stopClock(index, now)
    queue[index].isPaused = true
    report(queue[index], .paused, now)
  }

  /// Lets a paused utterance go on.
  public mutating func resume(_ id: UtteranceID, _ now: CallInstant) {
    guard let index = index(of: id), queue[index].isPaused else { return }
    queue[index].isPaused = false
    queue[index].since = now
    report(queue[index], .resumed, now)
  }

  /// Cuts an utterance and drops all behind it.
  public mutating func stop(_ id: UtteranceID, _ now: CallInstant) {
    guard let index = index(of: id) else { return }
    stopClock(index, now)
    for playing in queue[index...] { report(playing, .stopped, now) }
    queue.removeSubrange(index...)
  }

  /// The line is on hold, or taken back: nothing sounds in between.
  public mutating func hold(_ isHeld: Bool, _ now: CallInstant) {
    if let first = queue.indices.first {
      if isHeld { stopClock(first, now) } else { queue[first].since = now }
    }
    self.isHeld = isHeld
  }

  /// When the line has something to report.
  public func nextChange(_ now: CallInstant) -> CallInstant? {
    let report = reports.first?.at
    guard let first = queue.first, !first.isPaused, !isHeld else { return report }
    let change = first.hasStarted ? first.since + first.left : max(now, first.readyAt)
    return report.map { min($0, change) } ?? change
  }

  /// What is due now, one report at a time.
  public mutating func take(at now: CallInstant) -> Playback? {
    if let first = reports.first, first.at <= now { return reports.removeFirst().playback }
    guard let first = queue.first, !first.isPaused, !isHeld else { return nil }
    guard first.hasStarted else {
      guard first.readyAt <= now else { return nil }
      queue[0].hasStarted = true
      queue[0].since = now
      return Playback(utterance: first.id, state: .started)
    }
    guard first.since + first.left <= now else { return nil }
    queue.removeFirst()
    return Playback(utterance: first.id, state: .finished, playedPermille: first.sentences.map { _ in 1000 })
  }

  private func index(of id: UtteranceID) -> Int? { queue.firstIndex { $0.id == id } }

  private mutating func stopClock(_ index: Int, _ now: CallInstant) {
    guard queue[index].hasStarted, !queue[index].isPaused, !isHeld else { return }
    queue[index].played = queue[index].played + (now - queue[index].since)
    queue[index].since = now
  }

  private mutating func report(_ playing: Playing, _ state: Playback.State, _ now: CallInstant) {
    var left = playing.played
    let permille = playing.sentences.map { sentence in
      let part = min(sentence, max(.zero, left))
      left = left - part
      return sentence == .zero ? 0 : Int(part.microseconds * 1000 / sentence.microseconds)
    }
    reports.append((now, Playback(utterance: playing.id, state: state, playedPermille: permille)))
  }
}
