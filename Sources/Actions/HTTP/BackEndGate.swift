import Synchronization

/// Lets a bounded number of requests at a time go to each back end; the others wait in order, and know that they were not sent.
///
/// Safe from any thread.
final class BackEndGate: Sendable {
  private struct Queue {
    var inside = 0
    var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
  }
  private struct State {
    var queues: [HTTPOrigin: Queue] = [:]
    var lastTicket = 0
  }

  private let width: Int
  private let state = Mutex(State())

  init(width: Int) { self.width = width }

  /// Waits for a place, which `leave` gives back. False when none came free in time or the task was cancelled.
  func enter(_ origin: HTTPOrigin, until end: ContinuousClock.Instant) async -> Bool {
    let ticket = state.withLock { state -> Int? in
      if admit(origin, &state) { return nil }
      state.lastTicket += 1
      return state.lastTicket
    }
    guard let ticket else { return true }
    let clock = Task {
      guard (try? await Task.sleep(until: end, clock: .continuous)) != nil else { return }
      self.giveUp(ticket, origin)
    }
    defer { clock.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let decided = state.withLock { state -> Bool? in
          // Who gives up before the place in the queue is taken finds nobody there: it is seen here.
          if Task.isCancelled || ContinuousClock.now >= end { return false }
          if admit(origin, &state) { return true }
          state.queues[origin, default: Queue()].waiting.append((ticket, continuation))
          return nil
        }
        if let decided { continuation.resume(returning: decided) }
      }
    } onCancel: {
      giveUp(ticket, origin)
    }
  }

  /// Gives a place to who waits longest.
  func leave(_ origin: HTTPOrigin) {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard var queue = state.queues[origin] else { return nil }
      defer { state.queues[origin] = queue.inside == 0 ? nil : queue }
      guard queue.waiting.isEmpty else { return queue.waiting.removeFirst().continuation }
      queue.inside -= 1
      return nil
    }
    next?.resume(returning: true)
  }

  /// How many wait for a place.
  func waiting(_ origin: HTTPOrigin) -> Int { state.withLock { $0.queues[origin]?.waiting.count ?? 0 } }

  private func admit(_ origin: HTTPOrigin, _ state: inout State) -> Bool {
    guard state.queues[origin]?.inside ?? 0 < width else { return false }
    state.queues[origin, default: Queue()].inside += 1
    return true
  }

  private func giveUp(_ ticket: Int, _ origin: HTTPOrigin) {
    let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard let place = state.queues[origin]?.waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
      return state.queues[origin]?.waiting.remove(at: place).continuation
    }
    continuation?.resume(returning: false)
  }
}
