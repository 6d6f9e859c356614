public import Core

extension JitterBuffer {
  /// Frames are left out when the delay is this far over its target, and played twice when it is this far under it.
  private static let slackAbove = CallSpan.milliseconds(30)
  private static let slackBelow = CallSpan.milliseconds(5)

  /// Gives the next 20 ms; once a tick.
  /// - Parameters:
  ///   - frame: exactly 160 samples; all are written.
  ///   - instant: the tick's planned instant, on the clock that `insert` is told.
  public mutating func pull(into frame: inout MutableSpan<Int16>, at instant: CallInstant) -> PulledFrame {
    precondition(frame.count == AudioFrame.samples, "a frame has 160 samples")
    if state == .filling, delay(at: instant) >= estimator.target { state = .playing }
    guard state == .playing else {
      frame.update(repeating: 0)
      return state == .neverHeard ? .none : .silence
    }
    counts.delay = delay(at: instant)
    catchUp()
    let missing = read(into: &frame, adapt())
    if stalled > Self.longestStall { pause() }
    if missing == 0 {
      counts.framesReceived += 1
      loudness.take(meanSquare: frame.span.meanSquare)
      return .received
    }
    counts.framesConcealed += 1
    return .concealed
  }

  /// How long after the fastest packet's arrival its first sample would be played.
  private func delay(at instant: CallInstant) -> CallSpan {
    guard let base = estimator.base else { return .zero }
    return CallSpan(microseconds: instant.microseconds - base - Int64(cursor) * AudioFrame.microsecondsPerSample)
  }

  /// What is done with the frame at the cursor.
  private enum Step {
    case play
    /// Played, and played again by the next pull.
    case replay
    /// Concealed, without moving on.
    case wait
  }

  /// After audio had run out: what turns out to be lost was concealed already, as far as the delay can spare it.
  private mutating func catchUp() {
    guard stalled > 0, end > cursor else { return }
    let spare = min(stalled, AudioFrame.samples(in: counts.delay - estimator.target))
    var lost = 0
    while lost < spare, cursor + lost < end, !ring.contains(cursor + lost) { lost += 1 }
    advance(lost)
    counts.delay = counts.delay - AudioFrame.span(of: lost)
    stalled = 0
  }

  /// Brings the delay nearer to its target where nobody hears it, or where something is missing anyway.
  private mutating func adapt() -> Step {
    let available = end - cursor
    if available >= 2 * AudioFrame.samples, counts.delay >= estimator.target + Self.slackAbove, isQuietAhead() {
      advance(AudioFrame.samples)
      counts.framesSkipped += 1
      counts.delay = counts.delay - AudioFrame.span
    } else if available > 0, counts.delay < estimator.target - Self.slackBelow {
      guard ring.contains(cursor) else { return .wait }
      guard available >= AudioFrame.samples, isQuietAhead() else { return .play }
      counts.framesStretched += 1
      return .replay
    }
    return .play
  }

  /// Whether the whole frame at the cursor is background, or lost in a loss that has faded out.
  private func isQuietAhead() -> Bool {
    var energy: Float = 0
    var present = 0
    for place in cursor..<cursor + AudioFrame.samples where ring.contains(place) {
      let sample = Float(ring.sample(at: place))
      energy += sample * sample
      present += 1
    }
    if present == 0 { return concealer.isSilent }
    return present == AudioFrame.samples && loudness.isQuiet(meanSquare: energy / Float(present))
  }

  /// Reads what is there and conceals what is missing; behind the end of what is stored the cursor waits.
  /// - Returns: how many samples were missing.
  private mutating func read(into frame: inout MutableSpan<Int16>, _ step: Step) -> Int {
    if step == .wait {
      concealer.conceal(&frame, 0..<AudioFrame.samples)
      return AudioFrame.samples
    }
    let stored = min(AudioFrame.samples, end - cursor)
    var missing = AudioFrame.samples - stored
    var index = 0
    while index < stored {
      let isPresent = ring.contains(cursor + index)
      var next = index
      while next < stored, ring.contains(cursor + next) == isPresent {
        if isPresent { frame[next] = ring.sample(at: cursor + next) }
        next += 1
      }
      if isPresent {
        concealer.receive(&frame, index..<next)
      } else {
        concealer.conceal(&frame, index..<next)
        missing += next - index
      }
      index = next
    }
    if stored < AudioFrame.samples {
      concealer.conceal(&frame, stored..<AudioFrame.samples)
      stalled += AudioFrame.samples - stored
    }
    if step == .play { advance(stored) }
    return missing
  }
}
