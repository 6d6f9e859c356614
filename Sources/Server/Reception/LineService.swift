internal import Calls
internal import Core
internal import Logging
internal import ServiceLifecycle

/// A door as a service: takes calls, says farewell to legs of an earlier run, drains and closes.
struct LineService: Service, CustomStringConvertible {
  let door: any LegSource
  let reception: Reception
  let switchboard: Switchboard
  let farewells: Farewells
  /// Calls of earlier runs, listed before anybody can call: none of this run is among them.
  let left: [LeftLine]
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
    let port = try await door.open { reception.take($0) }
    ready(port)
    async let farewells: Void = farewells.say(to: left)
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
    await farewells
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
}
