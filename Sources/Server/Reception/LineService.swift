internal import Calls
internal import Core
internal import Foundation
internal import Logging
internal import ServiceLifecycle
internal import Storage
internal import Telephony

/// The telephone side as a service: says goodbye for calls of an earlier run, takes calls, drains and closes.
struct LineService: Service, CustomStringConvertible {
  let endpoint: SIPEndpoint
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
    let port = try await endpoint.start { reception.take($0) }
    await sayGoodbyes()
    ready(port)
    await untilAskedToStop()
    logger.notice("draining", metadata: ["calls": "\(switchboard.count)"])
    switchboard.drain()
    endpoint.drain(true)
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
    await endpoint.stop()
  }

  private func untilAskedToStop() async {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    await withGracefulShutdownHandler {
      for await _ in stream {}
    } onGracefulShutdown: {
      continuation.finish()
    }
  }

  /// A crash leaves callers in a dialog that nobody serves: each is told BYE, from what its journal kept.
  private func sayGoodbyes() async {
    do {
      for call in try await storage.store.journal.calls(limit: 1000) where !call.hasEnded {
        let reading = try await storage.store.journal.read(call.call)
        guard case .started(let start, _)? = reading.entries.first?.record else { continue }
        let owner = start.person.map { DataOwner.person(start.tenant, $0) } ?? .call(start.tenant, start.call)
        for case .remark(.lineIdentity(let identity)) in reading.entries.map(\.record) {
          guard let text = try await storage.store.vault.reveal(identity.token, owner: owner) else { continue }
          logger.notice("ending a call that a crash left open", metadata: ["call": "\(call.call)"])
          endpoint.recover(text)
        }
        close(reading, start)
      }
    } catch {
      logger.error("calls of an earlier run could not be looked up", metadata: ["error": "\(error)"])
    }
  }

  /// Writes the end of such a call, so that it is ended once.
  private func close(_ reading: JournalReading, _ start: CallStart) {
    guard let last = reading.entries.last else { return }
    storage.store.journal.append([
      JournalEntry(
        conversation: start.conversation, call: start.call, sequence: last.sequence + 1, instant: last.instant,
        record: .remark(.abandoned))
    ])
  }
}
