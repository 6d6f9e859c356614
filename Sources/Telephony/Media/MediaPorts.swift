internal import NIOCore
internal import Synchronization

/// Hands out even ports for RTP, round and round, so that a port rests after its call.
final class MediaPorts: Sendable {
  private struct State {
    var next: Int
    var taken: Set<UInt16> = []
  }
  private let first: Int
  private let last: Int
  private let state: Mutex<State>

  init(_ range: ClosedRange<UInt16>) {
    first = Int(range.lowerBound) + Int(range.lowerBound) % 2
    last = Int(range.upperBound)
    state = Mutex(State(next: first))
  }

  /// An even port whose successor is ours as well; nil when all are taken.
  func take() -> UInt16? {
    state.withLock { state in
      for _ in 0..<max(0, (last - first + 1) / 2) {
        let port = UInt16(state.next)
        state.next = state.next + 3 <= last ? state.next + 2 : first
        if state.taken.insert(port).inserted { return port }
      }
      return nil
    }
  }

  func release(_ port: UInt16) { state.withLock { _ = $0.taken.remove(port) } }
}
