public import Core

extension JitterBuffer {
  /// Frames are left out when the delay is this far over its target, and played twice when it is this far under it.
  private static let slackAbove = CallSpan.milliseconds(30)
  private static let slackBelow = CallSpan.milliseconds(5)

  /// Decodes the next 20 ms; once a tick.
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
    catchUp()
    counts.delay = delay(at: instant)
    let stretches = adapt()
    let missing = read(into: &frame, stretches: stretches)
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
    return CallSpan(microseconds: instant.microseconds - base - cursor * AudioFrame.microsecondsPerSample)
  }

  /// After a wait for late audio: what turns out to be lost was concealed by the wait already.
  private mutating func catchUp() {
    guard stalled > 0, end > cursor else { return }
    var lost = 0
    while lost < stalled, cursor + Int64(lost) < end, !ring.contains(cursor + Int64(lost)) { lost += 1 }
    advance(lost)
    stalled = 0
  }

  /// Brings the delay nearer to its target where nobody hears it.
  /// - Returns: whether the frame at the cursor is to be played without being consumed.
  private mutating func adapt() -> Bool {
    let available = Int(end - cursor)
    if available >= 2 * AudioFrame.samples, counts.delay >= estimator.target + Self.slackAbove, isQuietAhead() {
      advance(AudioFrame.samples)
      counts.framesSkipped += 1
    } else if available >= AudioFrame.samples, counts.delay < estimator.target - Self.slackBelow,
      ring.contains(cursor), isQuietAhead()
    {
      counts.framesStretched += 1
      return true
    }
    return false
  }

  /// Whether the whole frame at the cursor is background, or lost in a loss that has faded out.
  private func isQuietAhead() -> Bool {
    var energy: Float = 0
    var present = 0
    for place in cursor..<cursor + Int64(AudioFrame.samples) where ring.contains(place) {
      let sample = Float(law.decode(ring.octet(at: place)))
      energy += sample * sample
      present += 1
    }
    if present == 0 { return concealer.isSilent }
    return present == AudioFrame.samples && loudness.isQuiet(meanSquare: energy / Float(present))
  }

  /// Decodes what is there and conceals what is missing; behind the end of what is stored the cursor waits.
  /// - Returns: how many samples were missing.
  private mutating func read(into frame: inout MutableSpan<Int16>, stretches: Bool) -> Int {
    let stored = min(AudioFrame.samples, Int(end - cursor))
    var missing = AudioFrame.samples - stored
    var index = 0
    while index < stored {
      let isPresent = ring.contains(cursor + Int64(index))
      var next = index
      while next < stored, ring.contains(cursor + Int64(next)) == isPresent {
        if isPresent { frame[next] = law.decode(ring.octet(at: cursor + Int64(next))) }
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
    if !stretches { advance(stored) }
    return missing
  }
}
