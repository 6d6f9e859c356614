internal import Glibc

/// Runs model inference on a fixed number of threads of its own, the most urgent first, with a bounded waiting line.
///
/// Never blocks an event loop or Swift's cooperative pool: callers await. The threads run at a lower scheduling weight
/// than the rest of the process, so that audio ticks stay punctual beside them. Waiting work ends with an error when its
/// deadline passes, also while every thread is busy, its task is cancelled, or it is dropped for more urgent work.
public final class InferencePool: Sendable {
  /// Figures since the start of the pool.
  public struct Statistics: Hashable, Sendable {
    /// Work that ran to its end, also with an error of its own.
    public internal(set) var completed = 0
    /// Work that lost its place in the full line, or found none.
    public internal(set) var dropped = 0
    /// Work whose deadline passed while it waited.
    public internal(set) var expired = 0
    /// Work whose task was cancelled while it waited.
    public internal(set) var cancelled = 0
    /// Work that waits now.
    public internal(set) var waiting = 0
    /// Threads at work now.
    public internal(set) var busy = 0
  }

  private let shared: InferenceThreads
  private let time: InferenceTime

  /// Starts the threads.
  ///
  /// - Parameters:
  ///   - threads: how many run at once; one for each core that may be lost to inference.
  ///   - capacity: how many may wait.
  ///   - niceness: added to the threads' nice value; 0 competes evenly with the event loops.
  public convenience init(threads: Int, capacity: Int = 64, niceness: Int = 5) {
    self.init(threads: threads, capacity: capacity, niceness: niceness, time: .continuous)
  }

  init(threads: Int, capacity: Int = 64, niceness: Int = 5, time: InferenceTime) {
    self.time = time
    shared = InferenceThreads(capacity: capacity, time: time)
    for _ in 0..<max(1, threads) {
      let shared = shared
      startThread {
        // 0 means the calling thread; a refusal leaves the weight as it was, which is harmless.
        if niceness > 0 { _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, Int32(clamping: niceness)) }
        shared.work()
      }
    }
  }

  deinit { shared.close() }

  /// Figures of this moment.
  public var statistics: Statistics { shared.statistics }

  /// Runs `body` on a thread of the pool and gives its result or its error.
  ///
  /// `body` calls `checkpoint()` of its ticket between steps. A result that is finished after the deadline is given all
  /// the same. Throws `InferenceError` with `dropped`, `deadlineExceeded`, `cancelled`, `preempted` or `closed`, or what
  /// `body` throws.
  public func run<Value: Sendable>(
    _ priority: InferencePriority, deadline: ContinuousClock.Instant,
    _ body: @escaping @Sendable (InferenceTicket) throws -> Value
  ) async throws -> Value {
    let ticket = InferenceTicket(priority: priority, deadline: deadline, pressure: shared.pressure, now: time.now)
    let id = shared.nextID()
    let watch = Task { [shared, time] in
      try await time.sleep(deadline)
      shared.expire(id)
    }
    defer { watch.cancel() }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        shared.submit(
          InferenceThreads.Job(
            id: id, ticket: ticket,
            perform: { continuation.resume(with: Result { try body(ticket) }) },
            fail: { continuation.resume(throwing: $0) }))
      }
    } onCancel: {
      ticket.cancel()
      shared.cancel(id)
    }
  }

  /// Lets running work finish, fails what waits with `closed`, and ends the threads.
  public func close() { shared.close() }
}

/// Starts a detached thread that runs `body` once.
private func startThread(_ body: @escaping @Sendable () -> Void) {
  final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let box = Unmanaged.passRetained(Box(body))
  let status = pthread_create(
    &thread, nil,
    { argument in
      guard let argument else { return nil }
      // pthread_create passes on the box that was retained above.
      Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
      return nil
    }, box.toOpaque())
  if status == 0 { pthread_detach(thread) } else { box.release() }
}
