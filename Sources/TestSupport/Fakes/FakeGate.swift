internal import Synchronization

/// Lets those who come wait while it is closed. Open at first.
public final class FakeGate: Sendable {
  private let state = Mutex<(isClosed: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

  /// A gate that is open.
  public init() {}

  /// Lets everybody wait from now on.
  public func close() { state.withLock { $0.isClosed = true } }

  /// Lets everybody go on.
  public func open() {
    let waiting = state.withLock { state in
      state.isClosed = false
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Returns when it is open.
  public func pass() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if state.isClosed { state.waiting.append(continuation) }
        return !state.isClosed
      }
      if isOpen { continuation.resume() }
    }
  }
}
