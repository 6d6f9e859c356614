public import Core

/// Makes "voice began" and "voice ended" of a detector's probabilities, once each, dated by the audio. Pure.
///
/// ```
/// quiet ──voice──▶ starting ── 90 ms──▶ speaking ──no voice──▶ stopping ──200 ms──▶ quiet
///   ▲                 │                    ▲                      │
///   └───60 ms no voice┘                    └────────voice─────────┘
/// ```
/// A window counts as voice when its probability is high enough (more is asked of a beginning than of going on) and
/// its level is over the floor. So the end is dated back to the last window with energy, however long the detector
/// lags.
public struct SpeechGate: Hashable, Sendable {
  /// What the gate asks for.
  public struct Thresholds: Hashable, Sendable {
    /// Voice that must last before speech began.
    public var start: CallSpan
    /// Dips that a beginning may have, together: the end of a short word is not the end of voice.
    public var dip: CallSpan
    /// Silence that must last before speech ended.
    public var stop: CallSpan
    /// Probability that begins voice, or takes it up again.
    public var activate: Float
    /// Probability under which voice pauses.
    public var release: Float
    /// Level in dBov under which nothing is voice.
    public var floor: Float

    /// The usual values: 90 ms with dips under 60 ms, 200 ms, 0.5, 0.35, -50 dBov.
    public init(
      start: CallSpan = .milliseconds(90), dip: CallSpan = .milliseconds(60), stop: CallSpan = .milliseconds(200),
      activate: Float = 0.5,
      release: Float = 0.35, floor: Float = -50
    ) {
      self.start = start
      self.dip = dip
      self.stop = stop
      self.activate = activate
      self.release = release
      self.floor = floor
    }
  }

  /// What the gate found.
  public enum Event: Hashable, Sendable {
    /// Voice began at this instant of the audio; known `start` later.
    case speechStarted(at: CallInstant)
    /// Voice ended at this instant of the audio; known `stop` later.
    case speechEnded(at: CallInstant)
  }

  /// Where the gate stands.
  public enum State: Hashable, Sendable {
    case quiet
    /// Voice since an instant, too short yet, with so much in it that was none.
    case starting(since: CallInstant, dips: CallSpan)
    case speaking
    /// No voice since an instant, too short yet.
    case stopping(since: CallInstant)
  }

  public private(set) var state = State.quiet
  /// May be changed between windows.
  public var thresholds: Thresholds

  /// A gate at rest.
  public init(thresholds: Thresholds = Thresholds()) { self.thresholds = thresholds }

  /// Whether speech began and has not ended.
  public var isOpen: Bool {
    switch state {
    case .quiet, .starting: false
    case .speaking, .stopping: true
    }
  }

  /// Takes the next window of audio; windows come in order, may be of any length.
  /// - Parameters:
  ///   - probability: of voice, 0 to 1.
  ///   - level: of the window, in dBov.
  ///   - start: instant of its first sample.
  public mutating func step(probability: Float, level: Float, start: CallInstant, length: CallSpan) -> Event? {
    let isLoud = level >= thresholds.floor
    let begins = isLoud && probability >= thresholds.activate
    let goesOn = isLoud && probability >= thresholds.release
    let end = start + length
    switch state {
    case .quiet:
      guard begins else { return nil }
      state = .starting(since: start, dips: .zero)
      return confirmStart(since: start, dips: .zero, now: end)
    case .starting(let since, let dips):
      guard goesOn else {
        state = dips + length >= thresholds.dip ? .quiet : .starting(since: since, dips: dips + length)
        return nil
      }
      return confirmStart(since: since, dips: dips, now: end)
    case .speaking:
      guard !goesOn else { return nil }
      state = .stopping(since: start)
      return confirmStop(since: start, now: end)
    case .stopping(let since):
      guard !begins else {
        state = .speaking
        return nil
      }
      return confirmStop(since: since, now: end)
    }
  }

  /// The audio is over: ends speech that is open.
  public mutating func finish(at instant: CallInstant) -> Event? {
    defer { state = .quiet }
    switch state {
    case .quiet, .starting: return nil
    case .speaking: return .speechEnded(at: instant)
    case .stopping(let since): return .speechEnded(at: since)
    }
  }

  private mutating func confirmStart(since: CallInstant, dips: CallSpan, now: CallInstant) -> Event? {
    guard now - since - dips >= thresholds.start else { return nil }
    state = .speaking
    return .speechStarted(at: since)
  }

  private mutating func confirmStop(since: CallInstant, now: CallInstant) -> Event? {
    guard now - since >= thresholds.stop else { return nil }
    state = .quiet
    return .speechEnded(at: since)
  }
}
