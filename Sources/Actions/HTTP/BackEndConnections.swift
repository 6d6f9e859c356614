import AsyncHTTPClient
public import Core
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

/// The bounds of requests to back ends.
public struct BackEndLimits: Hashable, Sendable {
  /// Requests at a time to one back end. Default 100.
  public var requests = 100
  /// How long a request may wait for its turn, before its own deadline begins. Shorter than what a conversation waits beyond
  /// a tool's deadlines. Default 4 s.
  public var longestWait = CallSpan.seconds(4)
  /// How long a connection may take to come about. Default 2 s.
  public var connecting = CallSpan.seconds(2)
  /// The longest answer that is read, in bytes. Default 256 KiB.
  public var largestAnswer = 256 * 1024

  /// The defaults.
  public init() {}
}

/// The connections to all back ends, shared by all assistants and their versions, so that a limit holds for a back end.
///
/// Sends requests, one connection attempt each, no redirects, and reads bounded answers within a deadline that covers all of
/// it. Safe from any thread. Owns two clients, so `shutdown` must be called.
///
/// Changing requests get a connection of their own: one that was idle may be closed by the other side in the very moment it
/// is reused, and then nobody knows whether the request was read.
public final class BackEndConnections: Sendable {
  private let reading: HTTPClient
  private let changing: HTTPClient
  private let gate: BackEndGate
  private let limits: BackEndLimits

  /// Connections that are opened when they are needed.
  public init(_ limits: BackEndLimits = BackEndLimits()) {
    self.limits = limits
    gate = BackEndGate(width: limits.requests)
    var configuration = HTTPClient.Configuration()
    // A secret goes to the host it is granted for: nobody is followed elsewhere.
    configuration.redirectConfiguration = .disallow
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = .nanoseconds(limits.connecting.microseconds * 1000)
    configuration.connectionPool.retryConnectionEstablishment = false
    // The gate lets so many through; nothing queues where it cannot be told from what was sent.
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = limits.requests
    reading = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    configuration.connectionPool.idleTimeout = .milliseconds(1)
    changing = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Closes connections. Nothing may be sent afterwards.
  public func shutdown() async throws {
    try await reading.shutdown()
    try await changing.shutdown()
  }

  /// Sends a request when its turn comes.
  ///
  /// - Parameter deadline: counts from when its turn has come.
  /// - Returns: how it went, and when its turn came.
  func send(
    _ request: PreparedRequest, isChanging: Bool, deadline: CallSpan
  ) async -> (result: ExchangeResult, sent: ContinuousClock.Instant) {
    guard await gate.enter(request.origin, until: .now + limits.longestWait.duration) else {
      return (.notSent("\(limits.requests) requests to this back end are under way"), .now)
    }
    defer { gate.leave(request.origin) }
    let sent = ContinuousClock.now
    let end = sent + deadline.duration
    let client = isChanging ? changing : reading
    let (message, limit) = (Self.message(request, isChanging: isChanging), limits.largestAnswer)
    let result = await withTaskGroup(of: ExchangeResult.self) { group in
      group.addTask { await Self.exchange(message, client, limit, end) }
      group.addTask {
        try? await Task.sleep(until: end, clock: .continuous)
        return .timedOut
      }
      let first = await group.next() ?? .timedOut
      group.cancelAll()
      return first
    }
    return (result, sent)
  }

  private static func message(_ request: PreparedRequest, isChanging: Bool) -> HTTPClientRequest {
    var message = HTTPClientRequest(url: request.url)
    message.method = HTTPMethod(rawValue: request.method)
    for (name, value) in request.headers { message.headers.add(name: name, value: value) }
    // A small coded body can be a very large one.
    message.headers.replaceOrAdd(name: "Accept-Encoding", value: "identity")
    if let body = request.body { message.body = .bytes(ByteBuffer(bytes: body)) }
    if isChanging { message.headers.replaceOrAdd(name: "Connection", value: "close") }
    return message
  }

  private static func exchange(
    _ request: HTTPClientRequest, _ client: HTTPClient, _ limit: Int, _ deadline: ContinuousClock.Instant
  ) async -> ExchangeResult {
    do {
      // The group's other task ends the exchange in time; this bound is the client's own, for connections it still opens.
      let answer = try await client.execute(
        request, timeout: .nanoseconds(nanoseconds(until: deadline) + 1_000_000_000))
      let body = try await answer.body.collect(upTo: limit)
      let coding = answer.headers[canonicalForm: "content-encoding"].first { $0.lowercased() != "identity" }
      let type = answer.headers.first(name: "content-type").map { $0.prefix { $0 != ";" && !$0.isWhitespace } }
      return .answered(
        HTTPAnswer(
          status: Int(answer.status.code), body: coding == nil ? Data(body.readableBytesView) : Data(),
          mediaType: type?.lowercased(), coding: coding.map { String($0) }))
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
