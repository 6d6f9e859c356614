internal import Calls
internal import Core
internal import Logging
internal import ServiceLifecycle

/// A door as a service: says goodbye for legs of an earlier run, takes calls, drains and closes.
struct LineService: Service, CustomStringConvertible {
  let door: any LegSource
  let reception: Reception
  let switchboard: Switchboard
  let storage: StorageFloor
  let drain: CallSpan
  let logger: Logger
  /// Ends when calls may be taken.
  let mayStart: AsyncStream<Void>
  /// What logs call it; nothing of what it holds.
  var description: String { "line" }
  let ready: @Sendable (UInt16) -> Void

  func run() async throws {
    for await _ in mayStart {}
    try Task.checkCancellation()
    // Before anybody can call: no call of this run is among them.
    let left = await storage.leftLines(logger: logger)
    let port = try await door.open { reception.take($0) }
    await sayGoodbyes(left)
    ready(port)
    await untilAskedToStop()
    logger.notice("draining", metadata: ["calls": "\(switchboard.count)"])
    switchboard.drain()
    door.drain()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await switchboard.untilEmpty() }
      group.addTask {
        try? await Task.sleep(for: drain.duration)
        // Whoever is still on the line after the time given is let go.
        switchboard.hangUpAll()
      }
      await group.next()
      group.cancelAll()
    }
    await door.close()
  }

  private func untilAskedToStop() async {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    await withGracefulShutdownHandler {
      for await _ in stream {}
    } onGracefulShutdown: {
      continuation.finish()
    }
  }

  /// A crash leaves callers in a dialog that nobody serves: each is told BYE, from what its journal kept, and its journal gets
  /// an end, so that it is ended once.
  private func sayGoodbyes(_ left: [LeftLine]) async {
    for line in left {
      logger.notice("ending a call that a crash left open", metadata: ["call": "\(line.call)"])
      if let identity = line.identity { door.release(identity: identity) }
      do {
        try await storage.store.conclude(line.call, with: .abandoned)
      } catch {
        logger.error(
          "a call of an earlier run could not be closed", metadata: ["call": "\(line.call)", "error": "\(error)"])
      }
    }
  }
}
