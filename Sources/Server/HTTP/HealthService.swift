internal import Calls
internal import Core
internal import Foundation
internal import Hummingbird
internal import Logging
internal import ServiceLifecycle

/// `/healthz`: the event loops turn, whatever the disk does, so that nobody kills live calls for it. `/readyz`: new calls are
/// taken, and what they do can be written down. On loopback unless configured otherwise; shows no caller's data.
struct HealthService: Service, CustomStringConvertible {
  let listener: ServerConfiguration.Listener
  let switchboard: Switchboard
  /// Whether what calls do can be written down.
  let isStorageWell: @Sendable () -> Bool
  let pulse: LoopPulse
  let lateness: TickLateness
  let logger: Logger
  /// Told once, when it can be asked.
  let listening: @Sendable () -> Void
  /// What logs call it; nothing of what it holds.
  var description: String { "health" }

  func run() async throws {
    let router = Router()
    router.get("healthz") { _, _ in answer(isGood: await isAlive()) }
    router.get("readyz") { _, _ in answer(isGood: isReady) }
    let application = Application(
      router: router,
      configuration: ApplicationConfiguration(address: .hostname(listener.address, port: Int(listener.port))),
      onServerRunning: { _ in listening() }, logger: logger)
    do {
      try await application.runService(gracefulShutdownSignals: [])
    } catch {
      throw ServerError(
        .listener, "cannot listen for HTTP on \(listener.address):\(listener.port)",
        hint: "stop the other program, or set http.port (REPARTEE_HTTP_PORT)")
    }
  }

  /// Whether the process should go on living.
  func isAlive() async -> Bool { await pulse.isBeating() }

  /// Whether it should be given calls.
  var isReady: Bool { isStorageWell() && !switchboard.isDraining }

  private func answer(isGood: Bool) -> Response {
    let figures = lateness.figures
    let body: [String: Int] = [
      "calls": switchboard.count, "ticks": figures.ticks, "late_ticks": figures.late,
      "tick_lateness_p50_us": figures.p50, "tick_lateness_p95_us": figures.p95, "tick_lateness_p99_us": figures.p99,
      "tick_lateness_max_us": figures.worst,
    ]
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let bytes = (try? encoder.encode(body)) ?? Data()
    return Response(
      status: isGood ? .ok : .serviceUnavailable, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
