import Synchronization

@testable import Inference

/// A clock that a test moves on.
final class ManualTime: Sendable {
  private struct Sleeper {
    let id: Int
    let due: ContinuousClock.Instant
    let continuation: CheckedContinuation<Void, any Error>
  }
  private struct State {
    var now = ContinuousClock.now
    var sleepers: [Sleeper] = []
    var cancelled: Set<Int> = []
    var lastID = 0
  }
  private let state = Mutex(State())

  var now: ContinuousClock.Instant { state.withLock(\.now) }

  var inference: InferenceTime {
    InferenceTime(now: { [self] in now }, sleep: { [self] in try await sleep(until: $0) })
  }

  /// Waits until so many sleep, then moves on and wakes who is due.
  func advance(by duration: Duration, sleepers: Int) async {
    while state.withLock({ $0.sleepers.count }) < sleepers { await Task.yield() }
    let due = state.withLock { state in
      state.now += duration
      let due = state.sleepers.filter { $0.due <= state.now }
      state.sleepers.removeAll { $0.due <= state.now }
      return due
    }
    for sleeper in due { sleeper.continuation.resume() }
  }

  private func sleep(until due: ContinuousClock.Instant) async throws {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isOver = state.withLock { state in
          guard state.now < due, !state.cancelled.contains(id) else { return true }
          state.sleepers.append(Sleeper(id: id, due: due, continuation: continuation))
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        state.cancelled.insert(id)
        defer { state.sleepers.removeAll { $0.id == id } }
        return state.sleepers.first { $0.id == id }
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }
}
