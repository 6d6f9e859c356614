import AsyncHTTPClient
import Core
import FoundationEssentials
import Governance
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How one request went.
enum ExchangeResult: Sendable {
  /// A whole answer.
  case answered(status: Int, body: Data)
  /// An answer whose body is longer than allowed.
  case tooLarge
  /// It surely never left: no connection came about.
  case notSent(String)
  /// The connection ended without a whole answer; the request may have been read.
  case lost(String)
  /// No whole answer in time; the request may have been read.
  case timedOut
}

/// Sends requests, one connection attempt each, no redirects, and reads bounded answers within a deadline that covers all of
/// it. Owns two clients, so `shutdown` must be called.
///
/// Changing requests get a connection of their own: one that was idle may be closed by the other side in the very moment it
/// is reused, and then nobody knows whether the request was read.
struct HTTPExchange: Sendable {
  private let reading: HTTPClient
  private let changing: HTTPClient
  private let largestAnswer: Int

  init(largestAnswer: Int) {
    self.largestAnswer = largestAnswer
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.httpVersion = .http1Only
    configuration.connectionPool.retryConnectionEstablishment = false
    reading = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    configuration.connectionPool.idleTimeout = .milliseconds(1)
    changing = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  func shutdown() async throws {
    try await reading.shutdown()
    try await changing.shutdown()
  }

  func send(_ request: PreparedRequest, isChanging: Bool, deadline: ContinuousClock.Instant) async -> ExchangeResult {
    var message = HTTPClientRequest(url: request.url)
    message.method = HTTPMethod(rawValue: request.method)
    for (name, value) in request.headers { message.headers.add(name: name, value: value) }
    if let body = request.body { message.body = .bytes(ByteBuffer(bytes: body)) }
    let client = isChanging ? changing : reading
    if isChanging { message.headers.replaceOrAdd(name: "Connection", value: "close") }
    let (prepared, limit) = (message, largestAnswer)
    return await withTaskGroup(of: ExchangeResult.self) { group in
      group.addTask { await Self.exchange(prepared, client, limit, deadline) }
      group.addTask {
        try? await Task.sleep(until: deadline, clock: .continuous)
        return .timedOut
      }
      let first = await group.next() ?? .timedOut
      group.cancelAll()
      return first
    }
  }

  private static func exchange(
    _ request: HTTPClientRequest, _ client: HTTPClient, _ limit: Int, _ deadline: ContinuousClock.Instant
  ) async -> ExchangeResult {
    do {
      // The group's other task ends the exchange in time; this bound is the client's own, for connections it still opens.
      let answer = try await client.execute(
        request, timeout: .nanoseconds(nanoseconds(until: deadline) + 1_000_000_000))
      let body = try await answer.body.collect(upTo: limit)
      return .answered(status: Int(answer.status.code), body: Data(body.readableBytesView))
    } catch is NIOTooManyBytesError {
      return .tooLarge
    } catch {
      let text = Redactor.redact(String(describing: error))
      return neverLeft(error) ? .notSent(text) : .lost(text)
    }
  }

  /// Errors that come before the first byte of a request.
  private static func neverLeft(_ error: any Error) -> Bool {
    if error is NIOConnectionError { return true }
    // Nothing but connecting is refused; other numbers may also end a connection that was in use.
    if let error = error as? IOError { return error.errnoCode == ECONNREFUSED }
    guard let error = error as? HTTPClientError else { return false }
    let early: [HTTPClientError] = [
      .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .invalidURL, .emptyHost, .emptyScheme,
      .alreadyShutdown,
    ]
    return early.contains(error)
  }

  private static func nanoseconds(until deadline: ContinuousClock.Instant) -> Int64 {
    let (seconds, attoseconds) = max(.zero, ContinuousClock.now.duration(to: deadline)).components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
