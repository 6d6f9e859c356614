internal import Dispatch
internal import Glibc
internal import Synchronization

/// Runs model inference on a fixed number of threads of its own, the most urgent first, with a bounded waiting line.
///
/// Never blocks an event loop or Swift's cooperative pool: callers await. The threads run at a lower scheduling weight
/// than the rest of the process, so that audio ticks stay punctual beside them. Waiting work ends with an error when its
/// deadline passes (noticed when a thread becomes free), its task is cancelled, or it is dropped for more urgent work.
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

  /// Starts the threads.
  ///
  /// - Parameters:
  ///   - threads: how many run at once; one for each core that may be lost to inference.
  ///   - capacity: how many may wait.
  ///   - niceness: added to the threads' nice value; 0 competes evenly with the event loops.
  public init(threads: Int, capacity: Int = 64, niceness: Int = 5) {
    shared = InferenceThreads(capacity: capacity)
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
    let ticket = InferenceTicket(priority: priority, deadline: deadline, pressure: shared.pressure)
    let id = shared.nextID()
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

/// The waiting line and the threads' loop, apart from the pool so that a pool nobody holds ends its threads.
final class InferenceThreads: Sendable {
  struct Job: Sendable {
    var id: UInt64
    var ticket: InferenceTicket
    var perform: @Sendable () -> Void
    var fail: @Sendable (InferenceError) -> Void
  }

  private struct State {
    var queue: InferenceQueue
    var jobs: [UInt64: Job] = [:]
    var idle = 0
    var threads = 0
    var isClosed = false
    var statistics = InferencePool.Statistics()

    mutating func take(_ ids: [UInt64]) -> [Job] { ids.compactMap { jobs.removeValue(forKey: $0) } }
  }

  let pressure = InferencePressure()
  private let state: Mutex<State>
  private let wake = DispatchSemaphore(value: 0)
  private let lastID = Atomic<UInt64>(0)

  init(capacity: Int) { state = Mutex(State(queue: InferenceQueue(capacity: capacity))) }

  func nextID() -> UInt64 { lastID.wrappingAdd(1, ordering: .relaxed).newValue }

  var statistics: InferencePool.Statistics {
    state.withLock { state in
      var figures = state.statistics
      figures.waiting = state.queue.count
      figures.busy = state.threads - state.idle
      return figures
    }
  }

  func submit(_ job: Job) {
    let failed: [(Job, InferenceError)] = state.withLock { state in
      if state.isClosed { return [(job, InferenceError(.closed, "the inference pool is shut down"))] }
      if job.ticket.wasCancelled { return [(job, InferenceError(.cancelled, "nobody waits for this any more"))] }
      let entry = InferenceQueue.Entry(id: job.id, priority: job.ticket.priority, deadline: job.ticket.deadline)
      let admission = state.queue.push(entry)
      if admission != .refused { state.jobs[job.id] = job }
      refreshPressure(&state)
      switch admission {
      case .accepted: return []
      case .displaced(let id):
        state.statistics.dropped += 1
        return state.take([id]).map { ($0, InferenceError(.dropped, "more urgent work took its place")) }
      case .refused:
        state.statistics.dropped += 1
        return [(job, InferenceError(.dropped, "the inference pool is full"))]
      }
    }
    for (job, error) in failed { job.fail(error) }
    wake.signal()
  }

  func cancel(_ id: UInt64) {
    let job: Job? = state.withLock { state in
      guard state.queue.remove(id) else { return nil }
      state.statistics.cancelled += 1
      refreshPressure(&state)
      return state.jobs.removeValue(forKey: id)
    }
    job?.fail(InferenceError(.cancelled, "nobody waits for this any more"))
  }

  func close() {
    let (waiting, threads) = state.withLock { state in
      state.isClosed = true
      let waiting = state.take(state.queue.removeAll())
      refreshPressure(&state)
      return (waiting, state.threads)
    }
    for job in waiting { job.fail(InferenceError(.closed, "the inference pool is shut down")) }
    for _ in 0..<max(1, threads) { wake.signal() }
  }

  /// The loop of one thread; returns after `close()`.
  func work() {
    state.withLock { state in
      state.threads += 1
      state.idle += 1
    }
    while true {
      let isClosed = state.withLock(\.isClosed)
      if isClosed { break }
      wake.wait()
      runNext()
    }
    wake.signal()  // the next thread that still waits
  }

  private func runNext() {
    let (next, expired): (Job?, [Job]) = state.withLock { state in
      let (entry, late) = state.queue.pop(now: .now)
      let expired = state.take(late)
      state.statistics.expired += expired.count
      let next = entry.flatMap { state.jobs.removeValue(forKey: $0.id) }
      if next != nil { state.idle -= 1 }
      refreshPressure(&state)
      return (next, expired)
    }
    for job in expired { job.fail(InferenceError(.deadlineExceeded, "the deadline passed while the work waited")) }
    guard let next else { return }
    next.perform()
    state.withLock { state in
      state.idle += 1
      state.statistics.completed += 1
      refreshPressure(&state)
    }
  }

  private func refreshPressure(_ state: inout State) {
    pressure.set(urgent: state.queue.urgentCount, idle: state.idle)
  }
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
