internal import Histogram
public import NIOCore
internal import Synchronization

/// The 20 ms tick of one event loop: walks the calls that live on it, measures how late it comes, never loses a beat.
///
/// The next deadline is counted from the start, never from now: a late tick is followed by the next one in time. When the loop
/// was blocked for longer than a frame, the beats that were missed are made up one after the other.
/// Isolation: `add`, `remove` and the beat run on the loop; `figures` may be read from anywhere.
public final class MediaLoop {
  /// The distance of two beats.
  public static let interval = TimeAmount.milliseconds(20)

  private let loop: any EventLoop
  private var sessions: [MediaSession] = []
  private var origin: NIODeadline?
  private var beats: Int64 = 0
  private var scheduled: Scheduled<Void>?
  private var isBeating = false
  private let lateness: TickLateness

  /// A tick that runs while there are sessions. Create it on the loop.
  public init(loop: any EventLoop, lateness: TickLateness) {
    self.loop = loop
    self.lateness = lateness
  }

  func add(_ session: MediaSession) {
    sessions.append(session)
    guard scheduled == nil, !isBeating else { return }
    origin = loop.now
    beats = 0
    schedule()
  }

  func remove(_ session: MediaSession) {
    sessions.removeAll { $0 === session }
    guard sessions.isEmpty else { return }
    scheduled?.cancel()
    scheduled = nil
  }

  private func schedule() {
    guard let origin else { return }
    beats += 1
    let due = origin + Self.interval * beats
    scheduled = loop.assumeIsolated().scheduleTask(deadline: due) { [weak self] in self?.beat(due) }
  }

  private func beat(_ due: NIODeadline) {
    lateness.record(loop.now - due)
    scheduled = nil
    isBeating = true
    // By index: a session may end its call, and with it its place, during its own tick.
    var index = 0
    while index < sessions.count {
      let session = sessions[index]
      session.tick(deadline: due)
      if index < sessions.count, sessions[index] === session { index += 1 }
    }
    isBeating = false
    if !sessions.isEmpty { schedule() }
  }
}

/// How late ticks came, over all loops.
public final class TickLateness: Sendable {
  /// A copy of the figures, in microseconds.
  public struct Figures: Sendable {
    /// Beats.
    public let ticks: Int
    /// Beats more than one frame late.
    public let late: Int
    /// Medians and tails, microseconds.
    public let p50: Int
    public let p95: Int
    public let p99: Int
    public let worst: Int
  }

  private struct State: Sendable {
    var histogram = Histogram<UInt32>(highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: .two)
    var ticks = 0
    var late = 0
  }
  private let state = Mutex(State())

  /// Nothing measured yet.
  public init() {}

  func record(_ lateness: TimeAmount) {
    let microseconds = UInt64(max(0, lateness.nanoseconds / 1000))
    state.withLock { state in
      state.ticks += 1
      if lateness > MediaLoop.interval { state.late += 1 }
      state.histogram.record(min(microseconds, 60_000_000))
    }
  }

  /// The figures so far.
  public var figures: Figures {
    state.withLock { state in
      func at(_ percentile: Double) -> Int { Int(state.histogram.valueAtPercentile(percentile)) }
      return Figures(
        ticks: state.ticks, late: state.late, p50: at(50), p95: at(95), p99: at(99), worst: Int(state.histogram.max))
    }
  }
}
