internal import NIOCore
internal import Synchronization

/// Hands out even ports for RTP, round and round, so that a port rests after its call.
final class MediaPorts: Sendable {
  private struct State {
    var next: UInt16
    var taken: Set<UInt16> = []
  }
  private let range: ClosedRange<UInt16>
  private let state: Mutex<State>

  init(_ range: ClosedRange<UInt16>) {
    self.range = range
    state = Mutex(State(next: range.lowerBound + range.lowerBound % 2))
  }

  /// An even port whose successor is ours as well; nil when all are taken.
  func take() -> UInt16? {
    state.withLock { state in
      let first = range.lowerBound + range.lowerBound % 2
      let count = (Int(range.upperBound) - Int(first) + 1) / 2
      for _ in 0..<max(0, count) {
        let port = state.next
        state.next = Int(port) + 3 <= Int(range.upperBound) ? port + 2 : first
        if state.taken.insert(port).inserted { return port }
      }
      return nil
    }
  }

  func release(_ port: UInt16) { state.withLock { _ = $0.taken.remove(port) } }
}
