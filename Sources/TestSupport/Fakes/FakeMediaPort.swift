public import Audio
public import Core
internal import Synchronization

/// A port whose caller speaks at a constant level when told to, and which tells whether the agent sounds. Told and asked from
/// anywhere; allocates nothing per frame.
public final class FakeMediaPort: MediaPort, Sendable {
  private struct State {
    var rate = AudioRate.narrowband
    var callerLevel: Int16 = 0
    var isMute = false
    var keys: [Character] = []
    var soundingFrames = 0
    var peak: Int16 = 0
    var pushes = 0
    var pulls = 0
    var skips = 0
  }
  private let state = Mutex(State())

  /// A silent port.
  public init() {}

  /// The rate of the line; may be changed as a line's does.
  public var rate: AudioRate {
    get { state.withLock { $0.rate } }
    set { state.withLock { $0.rate = newValue } }
  }
  /// The level of the caller's samples; 0 for silence.
  public var callerLevel: Int16 {
    get { state.withLock { $0.callerLevel } }
    set { state.withLock { $0.callerLevel = newValue } }
  }
  /// Whether nothing comes at all: no sound, and no silence either.
  public var isMute: Bool {
    get { state.withLock { $0.isMute } }
    set { state.withLock { $0.isMute = newValue } }
  }
  /// Keys to come.
  public func press(_ keys: String) { state.withLock { $0.keys += Array(keys) } }
  /// Frames of the agent in which anything sounded.
  public var soundingFrames: Int { state.withLock { $0.soundingFrames } }
  /// The loudest sample of the agent's last frame.
  public var peak: Int16 { state.withLock { $0.peak } }
  /// Frames sent.
  public var pushes: Int { state.withLock { $0.pushes } }
  /// Frames taken.
  public var pulls: Int { state.withLock { $0.pulls } }

  /// Ticks in which nothing was sent because they came too late.
  public var skips: Int { state.withLock { $0.skips } }

  public func pull(into frame: inout MutableSpan<Int16>, at instant: CallInstant) -> PulledFrame {
    let (level, isMute) = state.withLock { state in
      state.pulls += 1
      return (state.callerLevel, state.isMute)
    }
    for index in frame.indices { frame[index] = index & 1 == 0 ? level : -level }
    return isMute ? .silence : .received
  }

  public func push(_ frame: Span<Int16>, at instant: CallInstant) {
    var peak: Int16 = 0
    for index in frame.indices { peak = max(peak, frame[index]) }
    state.withLock { state in
      state.pushes += 1
      state.peak = peak
      if peak > 0 { state.soundingFrames += 1 }
    }
  }

  public func skip(_ frames: Int) { state.withLock { $0.skips += frames } }

  public func nextKey() -> Character? { state.withLock { $0.keys.isEmpty ? nil : $0.keys.removeFirst() } }

  public var report: MediaReport { MediaReport() }
}

/// Takes loud windows for voice.
public final class ScriptedDetector: VoiceActivityDetector {
  public let sampleRate = 8_000
  public let windowLength: Int

  /// A detector of windows of 32 ms, or of so many samples.
  public init(windowLength: Int = 256) { self.windowLength = windowLength }

  public func probability(of window: Span<Int16>) -> Float {
    for index in window.indices where window[index] > 500 { return 0.95 }
    return 0.02
  }

  public func reset() {}
}
