internal import Synchronization

/// What running work knows of its order: its deadline, whether anybody still wants it, whether others are more urgent.
///
/// Work that takes more than a few milliseconds calls `checkpoint()` between its steps.
public final class InferenceTicket: Sendable {
  /// How urgent the work is.
  public let priority: InferencePriority
  /// When its result is of no more use.
  public let deadline: ContinuousClock.Instant

  private let isCancelled = Atomic(false)
  private let pressure: InferencePressure
  private let now: @Sendable () -> ContinuousClock.Instant

  init(
    priority: InferencePriority, deadline: ContinuousClock.Instant, pressure: InferencePressure,
    now: @escaping @Sendable () -> ContinuousClock.Instant
  ) {
    self.now = now
    self.priority = priority
    self.deadline = deadline
    self.pressure = pressure
  }

  /// A ticket for work that runs outside of any pool: it never has to give way.
  public convenience init(deadline: ContinuousClock.Instant) {
    self.init(priority: .final, deadline: deadline, pressure: InferencePressure(), now: { .now })
  }

  /// Throws when the work should stop: `cancelled`, `deadlineExceeded`, or `preempted` (a partial while more urgent work
  /// finds no free thread).
  public func checkpoint() throws(InferenceError) {
    if isCancelled.load(ordering: .relaxed) { throw InferenceError(.cancelled, "nobody waits for this any more") }
    if now() >= deadline {
      throw InferenceError(.deadlineExceeded, "the deadline passed while the work ran")
    }
    if priority == .partial, pressure.isHigh { throw InferenceError(.preempted, "more urgent work waits") }
  }

  var wasCancelled: Bool { isCancelled.load(ordering: .acquiring) }

  func cancel() { isCancelled.store(true, ordering: .releasing) }
}

/// Whether urgent work waits for want of a thread; written under the pool's lock, read by running partials.
final class InferencePressure: Sendable {
  private let waiting = Atomic(0)

  var isHigh: Bool { waiting.load(ordering: .relaxed) > 0 }

  func set(urgent: Int, idle: Int) { waiting.store(urgent - idle, ordering: .relaxed) }
}
