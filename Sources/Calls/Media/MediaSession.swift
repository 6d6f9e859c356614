public import Audio
public import Core
internal import NIOCore

/// The sound of one leg: what is said there goes to the gate and the recorder, what the agent says comes from the playout, and
/// what others of the session say from the mixer.
///
/// Frames have the line's rate; the detector hears its own, and what was made for another line is brought to this one's. With
/// equal rates nothing is converted.
/// Isolation: reached from its loop only, by the tick and by the session whose executor that loop is. `tick` allocates nothing
/// but where the line's rate changed; events leave through the session.
public final class MediaSession {
  /// An open segment gets room this often.
  private static let roomEvery = CallSpan.milliseconds(500)
  /// Ticks without anything from the other side, a minute: longer than a telephone that sends nothing in silence is silent.
  private static let longestUnheard = 3_000

  private let port: any MediaPort
  private let detector: (any VoiceActivityDetector)?
  let loop: MediaLoop
  private var gate: SpeechGate
  private var onset = SoundOnset()
  private var recorder: UtteranceRecorder
  private var playout: Playout
  /// The rate of the line as it was last seen.
  private var lineRate: AudioRate
  /// The frame and the window under way.
  private var frame: FrameBuffer
  private let window: FrameBuffer
  /// Brings the line's frames to the detector; nil when the rates are equal.
  private var listening: FrameConverter?
  /// Brings what is played to the line; nil when the rates are equal.
  private var speaking: (playout: FrameBuffer, converter: FrameConverter)?
  private var windowFill = 0
  private var ticksUnheard = 0
  private var isHeard = false
  private var windowStart = CallInstant.zero
  private var roomDue = CallInstant.zero
  private var closedSegment: UtteranceRecorder.Segment?
  private var session: Session?
  private var leg = LegID("")
  private var mix: MixSeat?
  /// Sounds while nothing is said.
  private var ringback: RingbackTone?

  /// When the session is to be told that a guess at words is due; once. Nil: nobody wants one.
  var partialDue: CallInstant?
  /// Whether people talk here among themselves: nothing of it is listened to or kept.
  private(set) var isDeaf = false
  /// Whether the line is on hold: nothing is said, nothing is listened to.
  private(set) var isHeld = false

  /// The sound of a leg that is not connected yet.
  ///
  /// - Parameters:
  ///   - port: the line's frames; reached from the same loop.
  ///   - detector: tells voice, of any rate from 8,000 to 48,000 hertz; nil for a leg that is listened to by people only.
  ///   - loop: whose tick walks this session.
  public init(
    port: any MediaPort, detector: (any VoiceActivityDetector)?, loop: MediaLoop,
    thresholds: SpeechGate.Thresholds = SpeechGate.Thresholds()
  ) {
    self.port = port
    self.detector = detector
    self.loop = loop
    gate = SpeechGate(thresholds: thresholds)
    window = FrameBuffer(count: max(1, detector?.windowLength ?? 1))
    lineRate = port.rate
    recorder = UtteranceRecorder(rate: lineRate)
    playout = Playout(rate: lineRate)
    frame = FrameBuffer(rate: lineRate)
    listening = Self.converter(from: lineRate, to: detector)
  }

  private static func converter(from rate: AudioRate, to detector: (any VoiceActivityDetector)?) -> FrameConverter? {
    guard let detector, rate.hertz != detector.sampleRate else { return nil }
    return FrameConverter(from: rate, to: detector.sampleRate)
  }

  /// The rate that sound for this line is to have.
  var rate: AudioRate { port.rate }

  /// The loop that the session lives on.
  var eventLoop: any EventLoop { loop.eventLoop }

  /// What became of the audio so far.
  var report: MediaReport { port.report }

  /// Whether the caller speaks.
  var isVoiceOn: Bool { gate.isOpen }

  func start(for session: Session, leg: LegID) {
    self.session = session
    self.leg = leg
    loop.add(self)
  }

  func close() {
    loop.remove(self)
    mix?.leave()
    session = nil
  }

  /// One 20 ms step, at its planned instant of the loop's clock.
  /// - Parameter sends: false for a step that is made up too late: what is said waits, and the line's clock goes on.
  func tick(deadline: NIODeadline, sends: Bool = true) {
    guard let session else { return }
    let instant = session.clock.instant(of: deadline)
    followLine()
    hear(at: instant, session)
    if sends { say(at: instant, session) } else { port.skip(1) }
  }

  /// So many steps are over and cannot be made up: nothing of theirs is heard or said.
  func lose(ticks: Int) { port.skip(ticks) }

  /// Goes on at the line's rate after it was agreed on anew. What is being said keeps the rate that it was made for.
  private func followLine() {
    if port.rate != lineRate {
      lineRate = port.rate
      frame = FrameBuffer(rate: lineRate)
      recorder.change(to: lineRate)
      listening = Self.converter(from: lineRate, to: detector)
      windowFill = 0
      speaking = nil
      mix?.follow(lineRate)
      if ringback != nil { ringback = RingbackTone(rate: lineRate) }
    }
    guard playout.rate != lineRate else { return }
    if playout.change(to: lineRate) {
      speaking = nil
    } else if speaking == nil {
      speaking = (FrameBuffer(rate: playout.rate), FrameConverter(from: playout.rate, to: lineRate.hertz))
    }
  }

  private func hear(at instant: CallInstant, _ session: Session) {
    let buffer = frame.samples
    var span = buffer.mutableSpan
    watch(port.pull(into: &span, at: instant), session)
    while let key = port.nextKey() { deliver(.key(key), to: session) }
    if isHeld { mix?.leave() } else { mix?.put(buffer.span) }
    guard !isHeld, !isDeaf, let detector else { return }
    recorder.append(buffer.span, at: instant)
    let heard = listening?.convert(buffer.span) ?? buffer
    let start = instant - (listening?.lag ?? .zero)
    for index in heard.indices {
      if windowFill == 0 { windowStart = start + Self.span(of: index, detector) }
      window.samples[windowFill] = heard[index]
      windowFill += 1
      if windowFill == window.samples.count { judgeWindow(detector, session) }
    }
    if recorder.isOpen, instant >= roomDue {
      // Not with every frame: here the recorder makes room for what the segment may become.
      roomDue = instant + Self.roomEvery
      recorder.reserve()
    }
    if let due = partialDue, instant >= due {
      partialDue = nil
      deliver(.partialDue, to: session)
    }
  }

  /// How long so many of a detector's samples sound.
  private static func span(of samples: Int, _ detector: any VoiceActivityDetector) -> CallSpan {
    CallSpan(microseconds: Int64(samples) * 1_000_000 / Int64(detector.sampleRate))
  }

  /// Tells when the other side was heard first, and when it has sent nothing for too long.
  private func watch(_ pulled: PulledFrame, _ session: Session) {
    switch pulled {
    case .received, .concealed:
      ticksUnheard = 0
      guard !isHeard else { return }
      isHeard = true
      deliver(.heard, to: session)
    case .silence, .none:
      guard !isHeld else { return }
      ticksUnheard += 1
      if ticksUnheard == Self.longestUnheard { deliver(.unheard, to: session) }
    }
  }

  private func judgeWindow(_ detector: any VoiceActivityDetector, _ session: Session) {
    windowFill = 0
    let samples = UnsafeBufferPointer(window.samples)
    let level = samples.span.levelInDecibels
    let length = Self.span(of: samples.count, detector)
    // What comes back while the agent speaks may be the agent.
    if playout.isIdle { onset.step(level: level, start: windowStart, length: length) } else { onset.reset() }
    let event = gate.step(
      probability: detector.probability(of: samples.span), level: level, start: windowStart, length: length)
    if let event { take(event, session) }
  }

  private func take(_ event: SpeechGate.Event, _ session: Session) {
    switch event {
    case .speechStarted(let instant):
      recorder.open(at: onset.begin(ofVoiceAt: instant))
      deliver(.speechStarted(at: instant), to: session)
    case .speechEnded(let instant):
      closedSegment = recorder.close(at: instant + .milliseconds(200))
      onset.reset()
      deliver(.speechEnded(at: instant), to: session)
    }
  }

  private func say(at instant: CallInstant, _ session: Session) {
    let buffer = frame.samples
    if isHeld {
      buffer.update(repeating: 0)
    } else if let speaking {
      let made = speaking.playout.samples
      var span = made.mutableSpan
      playout.pull(into: &span, at: instant)
      let converted = speaking.converter.convert(made.span)
      for index in buffer.indices { buffer[index] = index < converted.count ? converted[index] : 0 }
    } else {
      var span = buffer.mutableSpan
      playout.pull(into: &span, at: instant)
    }
    if let mix, !isHeld {
      var span = buffer.mutableSpan
      mix.add(to: &span)
    }
    if ringback != nil, playout.isIdle, !isHeld {
      var span = buffer.mutableSpan
      ringback?.add(to: &span)
    }
    port.push(buffer.span, at: instant)
    while let report = playout.nextReport() { deliver(.playback(report.playback), to: session) }
  }

  private func deliver(_ event: MediaEvent, to session: Session) {
    session.assumeIsolated { [leg] in $0.media(event, of: leg) }
  }
}

// MARK: - For the session, on events

extension MediaSession {
  /// Puts the line on hold, or takes it back. Voice that is open ends with a hold.
  func hold(_ isHeld: Bool, at instant: CallInstant) {
    guard isHeld != self.isHeld else { return }
    self.isHeld = isHeld
    windowFill = 0
    if isHeld, let session, let event = gate.finish(at: instant) { take(event, session) }
  }

  /// Joins others of the session, who hear this leg and are heard on it as the mixer says.
  func join(_ mixer: Mixer, as seat: Mixer.Seat) { mix = MixSeat(seat, at: mixer, rate: lineRate) }

  /// Hears, and is heard by, nobody but us again.
  func unjoin() {
    mix?.leave()
    mix = nil
    ringback = nil
    isDeaf = false
  }

  /// Lets this side hear that somebody is rung, from the next frame on, or no more.
  func ring(_ rings: Bool) { ringback = rings ? RingbackTone(rate: lineRate) : nil }

  /// The other side is looked for from now on: `heard` is told once more, and `unheard` a minute from here.
  func watchAnew() {
    ticksUnheard = 0
    isHeard = false
  }

  /// From now on people talk here: voice that is open ends, and nothing more is listened to.
  func deafen(at instant: CallInstant) {
    isDeaf = true
    windowFill = 0
    if let session, let event = gate.finish(at: instant) { take(event, session) }
  }

  /// Thousandths of each sentence of an utterance that were played; nil when it is not queued.
  func played(of utterance: UtteranceID) -> [Int]? { playout.playedPermille(of: utterance) }

  /// The segment that just ended; once.
  func takeSegment() -> AudioClip? {
    recorder.reserve()
    defer { closedSegment = nil }
    return closedSegment?.clip
  }

  /// The segment that ended last could not be read and begins the next one.
  func takeBackSegment() { recorder.takeBack() }

  /// The open segment is read with the one before it, unless too much silence lies between; whether it is.
  func joinSegments() -> Bool { recorder.join() }

  /// The segment so far.
  func openSegment() -> AudioClip? { recorder.snapshot()?.clip }

  func open(_ utterance: UtteranceID, sentences: Int) {
    followLine()
    playout.begin(utterance, sentences: sentences)
  }

  /// Adds a sentence's sound. One that was made before the line changed its rate is brought to what is being played.
  func append(_ clip: AudioClip, to utterance: UtteranceID, sentence: Int) {
    let samples = (try? clip.resampled(to: playout.rate.hertz))?.samples ?? []
    playout.append(samples, to: utterance, sentence: sentence)
  }

  func pause(_ utterance: UtteranceID, at instant: CallInstant) { playout.pause(utterance, at: instant) }

  func resume(_ utterance: UtteranceID, at instant: CallInstant) { playout.resume(utterance, at: instant) }

  func stop(_ utterance: UtteranceID, at instant: CallInstant) { playout.stop(utterance, at: instant) }
}
