public import Core

extension JitterBuffer {
  /// Frames are left out when the delay is this far over its target, and played twice when it is this far under it.
  private static let slackAbove = CallSpan.milliseconds(30)
  private static let slackBelow = CallSpan.milliseconds(5)

  /// Gives the next 20 ms; once a tick.
  /// - Parameters:
  ///   - frame: exactly `rate.frame` samples; all are written.
  ///   - instant: the tick's planned instant, on the clock that `insert` is told.
  public mutating func pull(into frame: inout MutableSpan<Int16>, at instant: CallInstant) -> PulledFrame {
    precondition(frame.count == units.rate.frame, "a frame of the buffer's rate")
    if state == .filling, delay(at: instant) >= estimator.target { state = .playing }
    guard state == .playing else {
      frame.update(repeating: 0)
      return state == .neverHeard ? .none : .silence
    }
    counts.delay = delay(at: instant)
    catchUp()
    decode()
    let missing = read(into: &frame, adapt())
    if stalled > units.ticks(in: Self.longestStall) { pause() }
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
    return CallSpan(microseconds: instant.microseconds - base - units.microseconds(of: cursor))
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
    let spare = min(stalled, units.ticks(in: counts.delay - estimator.target))
    // Where audio ran out nothing is decoded ahead: what there is, waits.
    let lost = max(0, min(spare, (packets.first?.place ?? end) - cursor))
    advance(lost)
    counts.delay = counts.delay - units.span(of: lost)
    stalled = 0
  }

  /// Decodes the packets that begin before the end of the frame at the cursor.
  private mutating func decode() {
    while let first = packets.first, first.place < cursor + units.frame {
      let packet = packets.takeFirst()
      let samples = decoded.samples
      var span = samples.mutableSpan
      let count = first.codec.decode(packet.span, into: &span)
      ring.store(samples.span.extracting(first: count), at: units.samples(of: first.place - cursor))
      codec = first.codec
    }
  }

  /// Brings the delay nearer to its target where nobody hears it, or where something is missing anyway.
  private mutating func adapt() -> Step {
    let available = end - cursor
    if available >= 2 * units.frame, counts.delay >= estimator.target + Self.slackAbove, isQuietAhead() {
      advance(units.frame)
      decode()
      counts.framesSkipped += 1
      counts.delay = counts.delay - AudioFrame.span
    } else if available > 0, counts.delay < estimator.target - Self.slackBelow {
      guard ring.contains(0) else { return .wait }
      guard available >= units.frame, isQuietAhead() else { return .play }
      counts.framesStretched += 1
      return .replay
    }
    return .play
  }

  /// Whether the whole frame at the cursor is background, or lost in a loss that has faded out.
  private func isQuietAhead() -> Bool {
    var energy: Float = 0
    var present = 0
    for offset in 0..<units.rate.frame where ring.contains(offset) {
      let sample = Float(ring.sample(at: offset))
      energy += sample * sample
      present += 1
    }
    if present == 0 { return concealer.isSilent }
    return present == units.rate.frame && loudness.isQuiet(meanSquare: energy / Float(present))
  }

  /// Reads what is there and conceals what is missing; behind the end of what is stored the cursor waits.
  /// - Returns: how many samples were missing.
  private mutating func read(into frame: inout MutableSpan<Int16>, _ step: Step) -> Int {
    let whole = units.rate.frame
    if step == .wait {
      conceal(&frame, 0..<whole)
      return whole
    }
    let ticks = min(units.frame, end - cursor)
    let stored = min(whole, units.samples(of: ticks))
    var missing = whole - stored
    var index = 0
    while index < stored {
      let gap = ring.read(index..<stored, into: &frame)
      if gap > index { concealer.receive(&frame, index..<gap) }
      index = ring.firstPresent(gap..<stored)
      if index > gap { conceal(&frame, gap..<index) }
      missing += index - gap
    }
    if stored < whole {
      conceal(&frame, stored..<whole)
      stalled += units.frame - ticks
    }
    if step == .play { advance(ticks) }
    return missing
  }

  private mutating func conceal(_ frame: inout MutableSpan<Int16>, _ range: Range<Int>) {
    if let codec {
      codec.conceal(&frame, range, with: &concealer)
    } else {
      concealer.conceal(&frame, range)
    }
  }
}
