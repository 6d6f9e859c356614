internal import Synchronization

/// Lets those who come wait while it is closed, also when they are given up. Open at first.
public final class FakeGate: Sendable {
  private struct State {
    var isClosed = false
    var lastVisitor: UInt64 = 0
    var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var givenUp: Set<UInt64> = []
  }
  private let state = Mutex(State())

  /// A gate that is open.
  public init() {}

  /// How many wait whom somebody still waits for.
  public var held: Int { state.withLock { state in state.waiting.keys.count { !state.givenUp.contains($0) } } }

  /// Lets everybody wait from now on.
  public func close() { state.withLock { $0.isClosed = true } }

  /// Lets everybody go on.
  public func open() {
    let waiting = state.withLock { state in
      state.isClosed = false
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Returns when it is open.
  public func pass() async {
    let visitor = state.withLock { state in
      state.lastVisitor += 1
      return state.lastVisitor
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOpen = state.withLock { state in
          if state.isClosed { state.waiting[visitor] = continuation }
          return !state.isClosed
        }
        if isOpen { continuation.resume() }
      }
    } onCancel: {
      state.withLock { _ = $0.givenUp.insert(visitor) }
    }
  }
}
