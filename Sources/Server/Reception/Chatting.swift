internal import Actions
internal import Assistant
internal import Calls
internal import Conversation
public import Core
internal import Foundation
internal import Inference
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Storage
internal import Synchronization
internal import Understanding

/// An assistant on a keyboard: the same flows, tools, journal and replay as on the telephone, written instead of spoken.
public struct Chatting: Sendable {
  private let folder: String
  private let configuration: ServerConfiguration
  private let environment: [String: String]

  /// A chat with the assistant in a folder.
  public init(folder: String, configuration: ServerConfiguration, environment: [String: String]) {
    self.folder = folder
    self.configuration = configuration
    self.environment = environment
  }

  /// Talks until the agent hangs up or there are no more messages. Returns the call's id.
  ///
  /// - Parameters:
  ///   - show: told what the agent says.
  ///   - next: gives the caller's next message; nil ends the chat. Called off the loop.
  public func run(
    show: @escaping @Sendable (String) -> Void, next: @escaping @Sendable () async -> String?
  ) async throws -> CallID {
    // First, so that a mistyped folder leaves no data folder and no key behind.
    _ = try AssistantShelf(configuration).take(.folder(folder))
    var configuration = configuration
    configuration.numbers = ["*": .folder(folder)]
    let logger = Logger(label: "repartee") { JSONLogHandler(label: $0, level: .error) }
    let storage = try StorageFloor.open(configuration, for: .chat)
    let secrets = Secrets(environment)
    let embedder = try? Self.embedder(configuration)
    let assistants = try await AssistantFloor.load(
      configuration, voices: nil, embedder: embedder, storage: storage, secrets: secrets, logger: logger)
    guard let route = assistants.routes(configuration)["*"] else {
      throw ServerError(.assistant, "\(folder) was not loaded")
    }
    let services = CallServices(
      journal: storage.store.journal, vault: storage.store.vault, recognizer: nil, address: { _ in nil },
      logger: logger)
    let (over, continuation) = AsyncStream.makeStream(of: Void.self)
    let line = KeyboardLine(show: show)
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    var generator = SystemRandomNumberGenerator()
    let id = CallID("t" + String(generator.next(), radix: 36))
    let now = Date()
    let start = CallStart(
      tenant: configuration.tenant, conversation: ConversationID(id.rawValue), call: id, leg: LegID(id.rawValue),
      channel: .chat, calledAddress: "*",
      clock: WallClock(
        epochMilliseconds: Int64(now.timeIntervalSince1970 * 1000),
        utcOffsetSeconds: configuration.utcOffsetSeconds ?? TimeZone.current.secondsFromGMT(for: now)),
      seed: generator.next(), holder: storage.store.holder)
    let call = Call(start: start, assistant: route.assistant, line: line, services: services, loop: loop) { _ in
      continuation.finish()
    }
    line.attach(call)
    await call.begin(media: nil, lineIdentity: nil)
    let reading = Task {
      await call.untilListening()
      while let text = await next() {
        guard !Task.isCancelled else { return }
        await call.message(text)
      }
      await call.line(.ended(by: .caller))
    }
    for await _ in over {}
    reading.cancel()
    await assistants.shutdown()
    try await storage.store.close()
    return id
  }

  /// Without the pack the classifier works on letters instead of meaning: good enough to try flows.
  private static func embedder(_ configuration: ServerConfiguration) throws -> any Embedder {
    let pack = EnginePack(folder: configuration.pack)
    return try MiniLMEmbedder(
      configuration.engines.embedder, pack: pack, runtime: try pack.openRuntime(), pool: InferencePool(threads: 1))
  }
}

/// A line of one keyboard.
private final class KeyboardLine: TextLine {
  private let display: @Sendable (String) -> Void
  private let call = Mutex<Call?>(nil)

  init(show: @escaping @Sendable (String) -> Void) { display = show }

  func attach(_ call: Call) { self.call.withLock { $0 = call } }

  func show(_ text: String) { display(text) }
  func answer() { report(.connected) }
  func reject(_ reason: LineRejection) { report(.ended(by: .agent)) }
  func hangUp() { report(.ended(by: .agent)) }
  func transfer(to uri: String, ringTimeout: CallSpan) { report(.transferFinished(.unreachable)) }

  private func report(_ event: LineEvent) {
    guard let call = call.withLock({ $0 }) else { return }
    call.loop.execute { call.assumeIsolated { $0.line(event) } }
  }
}
