internal import Histogram
public import NIOCore
internal import Synchronization

/// The 20 ms tick of one event loop: walks the calls that live on it and measures how late it comes.
///
/// The deadlines count from the start, never from now: a late tick is followed by the next one in time. A loop that was blocked
/// catches up without a burst, as `BeatClock` says; what was not sent is counted in each call's report.
/// Isolation: everything runs on the loop.
public final class MediaLoop {
  /// The distance of two beats.
  public static let interval = BeatClock.interval

  let eventLoop: any EventLoop
  private var sessions: [MediaSession] = []
  private var clock = BeatClock(origin: .uptimeNanoseconds(0))
  private var scheduled: Scheduled<Void>?
  private var isBeating = false
  /// Whether the sockets were given a turn before missed beats are made up.
  private var hasYielded = false
  private let lateness: TickLateness

  /// A tick that runs while there are sessions. Create it on the loop.
  public init(loop: any EventLoop, lateness: TickLateness) {
    eventLoop = loop
    self.lateness = lateness
  }

  func add(_ session: MediaSession) {
    sessions.append(session)
    guard scheduled == nil, !isBeating else { return }
    clock = BeatClock(origin: eventLoop.now)
    schedule(at: clock.next)
  }

  func remove(_ session: MediaSession) {
    sessions.removeAll { $0 === session }
    guard sessions.isEmpty else { return }
    scheduled?.cancel()
    scheduled = nil
  }

  private func schedule(at deadline: NIODeadline) {
    scheduled = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in self?.wake() }
  }

  private func wake() {
    let now = eventLoop.now
    // Packets that came while the loop was blocked are read before silence is made of them.
    if !hasYielded, now - clock.next > Self.interval * 2 {
      hasYielded = true
      return schedule(at: now + .milliseconds(1))
    }
    hasYielded = false
    scheduled = nil
    beat(at: now)
    if !sessions.isEmpty { schedule(at: clock.next) }
  }

  /// All beats that are due.
  func beat(at now: NIODeadline) {
    let due = clock.take(at: now)
    isBeating = true
    defer { isBeating = false }
    if due.lost > 0 { for session in sessions { session.lose(ticks: due.lost) } }
    for beat in due.beats {
      let deadline = clock.deadline(of: beat)
      lateness.record(now - deadline)
      let sends = due.sends(beat)
      // By index: a session may end its call, and with it its place, during its own tick.
      var index = 0
      while index < sessions.count {
        let session = sessions[index]
        session.tick(deadline: deadline, sends: sends)
        if index < sessions.count, sessions[index] === session { index += 1 }
      }
    }
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
