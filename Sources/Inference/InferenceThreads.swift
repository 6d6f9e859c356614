internal import Dispatch
internal import Synchronization

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
  private let time: InferenceTime

  init(capacity: Int, time: InferenceTime) {
    self.time = time
    state = Mutex(State(queue: InferenceQueue(capacity: capacity)))
  }

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
      // What watches the deadline may have looked for the work before it came here.
      if job.ticket.deadline <= time.now() {
        state.statistics.expired += 1
        return [(job, Self.tooLate)]
      }
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

  /// Nobody waits for the work any more: it fails now if it waits.
  func cancel(_ id: UInt64) {
    takeOut(id) { $0.cancelled += 1 }?.fail(InferenceError(.cancelled, "nobody waits for this any more"))
  }

  /// The work's deadline has passed: it fails now if it waits; when it runs its ticket knows.
  func expire(_ id: UInt64) { takeOut(id) { $0.expired += 1 }?.fail(Self.tooLate) }

  private static let tooLate = InferenceError(.deadlineExceeded, "the deadline passed while the work waited")

  private func takeOut(_ id: UInt64, count: (inout InferencePool.Statistics) -> Void) -> Job? {
    state.withLock { state in
      guard state.queue.remove(id) else { return nil }
      count(&state.statistics)
      refreshPressure(&state)
      return state.jobs.removeValue(forKey: id)
    }
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
      let (entry, late) = state.queue.pop(now: time.now())
      let expired = state.take(late)
      state.statistics.expired += expired.count
      let next = entry.flatMap { state.jobs.removeValue(forKey: $0.id) }
      if next != nil { state.idle -= 1 }
      refreshPressure(&state)
      return (next, expired)
    }
    for job in expired { job.fail(Self.tooLate) }
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
