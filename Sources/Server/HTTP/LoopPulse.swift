internal import NIOCore

/// Whether event loops still turn: each is given something to do, and time to do it.
struct LoopPulse: Sendable {
  let groups: [any EventLoopGroup]
  /// How long a loop may take. Far more than a beat of a loop that works, far less than what an orchestrator waits for.
  var patience = Duration.seconds(2)

  /// Returns within the patience, whatever the loops do. Not to be awaited on one of them.
  func isBeating() async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      for loop in groups.flatMap({ $0.makeIterator().map { $0 } }) {
        group.addTask { await beats(loop) }
      }
      return await group.allSatisfy { $0 }
    }
  }

  private func beats(_ loop: any EventLoop) async -> Bool {
    let (answers, continuation) = AsyncStream.makeStream(of: Bool.self)
    loop.execute { continuation.yield(true) }
    let timer = Task {
      try? await Task.sleep(for: patience)
      continuation.yield(false)
    }
    defer { timer.cancel() }
    for await answer in answers { return answer }
    return false
  }
}
