public import Audio
public import Core
internal import NIOCore

/// The sound of one leg: what is said there goes to the gate and the recorder, what the agent says comes from the playout, and
/// what others of the session say from the mixer.
///
/// Isolation: reached from its loop only, by the tick and by the session whose executor that loop is. `tick` allocates nothing;
/// events leave through the session.
public final class MediaSession {
  /// Guesses at words begin this long after voice began, and then come at growing distances.
  private static let firstPartial = CallSpan.milliseconds(500)
  private static let partialEvery = CallSpan.milliseconds(600)

  private let port: any MediaPort
  private let detector: (any VoiceActivityDetector)?
  let loop: MediaLoop
  private var gate: SpeechGate
  private var onset = SoundOnset()
  private var recorder = UtteranceRecorder()
  private var playout = Playout()
  /// The frame and the window under way.
  private let frame = FrameBuffer()
  private let window: FrameBuffer
  private var windowFill = 0
  private var windowStart = CallInstant.zero
  private var nextPartial: CallInstant?
  private var closedSegment: UtteranceRecorder.Segment?
  private var session: Session?
  private var leg = LegID("")
  private var mix: Mix?

  /// Whether people talk here among themselves: nothing of it is listened to or kept.
  private(set) var isDeaf = false
  /// Whether the line is on hold: nothing is said, nothing is listened to.
  private(set) var isHeld = false

  /// The sound of a leg that is not connected yet.
  ///
  /// - Parameters:
  ///   - port: the line's frames; reached from the same loop.
  ///   - detector: tells voice, at the line's rate; nil for a leg that is listened to by people only.
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
  }

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
    if let mix { mix.mixer.leave(mix.seat) }
    session = nil
  }

  /// One 20 ms step, at its planned instant of the loop's clock.
  /// - Parameter sends: false for a step that is made up too late: what is said waits, and the line's clock goes on.
  func tick(deadline: NIODeadline, sends: Bool = true) {
    guard let session else { return }
    let instant = session.clock.instant(of: deadline)
    hear(at: instant, session)
    if sends { say(at: instant, session) } else { port.skip(1) }
  }

  /// So many steps are over and cannot be made up: nothing of theirs is heard or said.
  func lose(ticks: Int) { port.skip(ticks) }

  private func hear(at instant: CallInstant, _ session: Session) {
    let buffer = frame.samples
    var span = buffer.mutableSpan
    _ = port.pull(into: &span, at: instant)
    while let key = port.nextKey() { deliver(.key(key), to: session) }
    if let mix { if isHeld { mix.mixer.leave(mix.seat) } else { mix.mixer.put(buffer.span, from: mix.seat) } }
    guard !isHeld, !isDeaf, let detector else { return }
    recorder.append(buffer.span, at: instant)
    for index in buffer.indices {
      if windowFill == 0 { windowStart = instant + AudioFrame.span(of: index) }
      window.samples[windowFill] = buffer[index]
      windowFill += 1
      if windowFill == window.samples.count { judgeWindow(detector, session) }
    }
    if let due = nextPartial, instant >= due {
      let spoken = recorder.openSpan
      nextPartial = instant + max(Self.partialEvery, CallSpan(microseconds: min(spoken.microseconds / 4, 1_000_000)))
      // An event, not a frame: here the recorder makes room for what the segment may become.
      recorder.reserve()
      deliver(.partialDue, to: session)
    }
  }

  private func judgeWindow(_ detector: any VoiceActivityDetector, _ session: Session) {
    windowFill = 0
    let samples = UnsafeBufferPointer(window.samples)
    let level = samples.span.levelInDecibels
    let length = AudioFrame.span(of: samples.count)
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
      nextPartial = instant + Self.firstPartial
      deliver(.speechStarted(at: instant), to: session)
    case .speechEnded(let instant):
      nextPartial = nil
      closedSegment = recorder.close(at: instant + .milliseconds(200))
      onset.reset()
      deliver(.speechEnded(at: instant), to: session)
    }
  }

  private func say(at instant: CallInstant, _ session: Session) {
    let buffer = frame.samples
    if isHeld {
      buffer.update(repeating: 0)
    } else {
      var span = buffer.mutableSpan
      playout.pull(into: &span, at: instant)
      if let mix { mix.mixer.add(to: &span, for: mix.seat) }
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
  func join(_ mixer: Mixer, as seat: Mixer.Seat) { mix = Mix(mixer: mixer, seat: seat) }

  /// From now on people talk here: voice that is open ends, and nothing more is listened to.
  func deafen(at instant: CallInstant) {
    isDeaf = true
    nextPartial = nil
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

  /// The segment so far.
  func openSegment() -> AudioClip? { recorder.snapshot()?.clip }

  func open(_ utterance: UtteranceID, sentences: Int) { playout.begin(utterance, sentences: sentences) }

  func append(_ clip: AudioClip, to utterance: UtteranceID, sentence: Int) {
    playout.append(clip.samples, to: utterance, sentence: sentence)
  }

  func pause(_ utterance: UtteranceID, at instant: CallInstant) { playout.pause(utterance, at: instant) }

  func resume(_ utterance: UtteranceID, at instant: CallInstant) { playout.resume(utterance, at: instant) }

  func stop(_ utterance: UtteranceID, at instant: CallInstant) { playout.stop(utterance, at: instant) }
}

/// A leg's seat at a mixer.
private struct Mix {
  let mixer: Mixer
  let seat: Mixer.Seat
}
