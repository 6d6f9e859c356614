import NIOCore
import NIOPosix
import Synchronization

/// What arrives, in order, awaited with a deadline. Anybody puts; one task at a time takes.
final class Mailbox<Value: Sendable>: Sendable {
  private struct Waiter {
    var number: Int
    var continuation: CheckedContinuation<Value?, Never>
    var deadline: Scheduled<Void>
  }
  private struct State {
    var values: [Value] = []
    var waiter: Waiter?
    var lastNumber = 0
  }
  private let state = Mutex(State())

  func put(_ value: Value) {
    let waiter = state.withLock { state -> Waiter? in
      guard let waiter = state.waiter else {
        state.values.append(value)
        return nil
      }
      state.waiter = nil
      return waiter
    }
    waiter?.deadline.cancel()
    waiter?.continuation.resume(returning: value)
  }

  /// What has arrived and was not taken.
  var waiting: [Value] { state.withLock { $0.values } }

  /// The next value; nil when none comes in time.
  func next(within limit: TimeAmount = .minutes(2)) async -> Value? {
    await withCheckedContinuation { continuation in
      let ready = state.withLock { state -> Value? in
        if !state.values.isEmpty { return state.values.removeFirst() }
        state.lastNumber += 1
        let number = state.lastNumber
        let deadline = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: limit) { self.giveUp(number) }
        state.waiter = Waiter(number: number, continuation: continuation, deadline: deadline)
        return nil
      }
      if let ready { continuation.resume(returning: ready) }
    }
  }

  private func giveUp(_ number: Int) {
    let waiter = state.withLock { state -> Waiter? in
      guard let waiter = state.waiter, waiter.number == number else { return nil }
      state.waiter = nil
      return waiter
    }
    waiter?.continuation.resume(returning: nil)
  }
}
