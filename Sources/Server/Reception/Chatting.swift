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
internal import Understanding

/// An assistant on a keyboard: the same flows, tools, journal and replay as on the telephone, written instead of spoken.
public struct Chatting: Sendable {
  private let folder: String
  private let configuration: ServerConfiguration
  private let environment: [String: String]
  private let resumes: String?

  /// A chat with the assistant in a folder.
  /// - Parameter resumes: the conversation to go on with, or `last`; nil for a new one.
  public init(
    folder: String, configuration: ServerConfiguration, environment: [String: String], resumes: String? = nil
  ) {
    self.folder = folder
    self.configuration = configuration
    self.environment = environment
    self.resumes = resumes
  }

  /// What a chat leaves.
  public struct Left: Sendable {
    /// The conversation, as commands name it.
    public let call: CallID
    /// What a telephone shows to go on with it, behind `;conversation=`; nil when it is over.
    public let ticket: String?
  }

  /// Talks until the agent hangs up or there are no more messages.
  ///
  /// - Parameters:
  ///   - show: told what the agent says.
  ///   - next: gives the caller's next message; nil ends the chat. Called off the loop.
  public func run(
    show: @escaping @Sendable (String) -> Void, next: @escaping @Sendable () async -> String?
  ) async throws -> Left {
    // First, so that a mistyped folder leaves no data folder and no key behind.
    _ = try AssistantShelf(configuration).take(.folder(folder))
    var configuration = configuration
    configuration.numbers = ["*": .folder(folder)]
    let logger = Logger(label: "repartee") { JSONLogHandler(label: $0, level: .error) }
    let storage = try StorageFloor.open(configuration, for: .chat)
    let secrets = Secrets(environment)
    do {
      let assistants = try await AssistantFloor.load(
        configuration, voices: nil, embedder: try? Self.embedder(configuration), storage: storage, secrets: secrets,
        logger: logger)
      let left: Left
      do {
        left = try await talk(configuration, storage, assistants, secrets, logger, show: show, next: next)
      } catch {
        await assistants.shutdown()
        throw error
      }
      await assistants.shutdown()
      try await storage.store.close()
      return left
    } catch {
      try? await storage.store.close()
      throw error
    }
  }

  private func talk(
    _ configuration: ServerConfiguration, _ storage: StorageFloor, _ assistants: AssistantFloor, _ secrets: Secrets,
    _ logger: Logger, show: @escaping @Sendable (String) -> Void, next: @escaping @Sendable () async -> String?
  ) async throws -> Left {
    let suspended = SuspendedConversations(storage: storage)
    let routes = assistants.routes(configuration)
    let resumes = try await conversation(in: storage, suspended, routes["*"])
    if resumes != nil { await assistants.settleOpenIntents(logger: logger) }
    let (sessions, session) = AsyncStream.makeStream(of: Session.self)
    let (over, end) = AsyncStream.makeStream(of: CallID.self)
    let reception = Reception(
      configuration: configuration, switchboard: Switchboard(routes: routes, capacity: 1),
      services: SessionServices(
        journal: storage.store.journal, vault: storage.store.vault, recognizer: nil, reach: { _ in nil },
        policy: configuration.policy,
        logger: logger),
      holder: storage.store.holder, secrets: secrets, detectors: nil, suspended: suspended, lateness: TickLateness(),
      logger: logger,
      began: { session.yield($0) },
      ended: {
        end.yield($0)
        end.finish()
      })
    let door = KeyboardDoor(on: MultiThreadedEventLoopGroup.singleton.next(), resumes: resumes, show: show)
    _ = try await door.open { reception.take($0) }
    let reading = Task {
      for await session in sessions {
        await session.untilListening()
        while let text = await next() {
          guard !Task.isCancelled else { return }
          await session.message(text)
        }
        await door.close()
      }
    }
    var id = CallID("")
    for await ended in over { id = ended }
    session.finish()
    reading.cancel()
    let conversation = ConversationID(id.rawValue)
    var ticket: String?
    if let route = routes["*"],
      (try? await suspended.resumption(of: conversation, tenant: route.tenant, assistant: route.assistant.prepared))
        != nil
    {
      ticket = ResumptionTickets(storage.masterKey).ticket(for: conversation)
    }
    return Left(call: id, ticket: ticket)
  }

  /// The conversation to go on with, found to be one that can be: who asked for it is told here why not.
  private func conversation(
    in storage: StorageFloor, _ suspended: SuspendedConversations, _ route: Switchboard.Route?
  ) async throws -> ConversationID? {
    guard let resumes else { return nil }
    guard let route else { throw ServerError(.assistant, "\(folder) was not loaded") }
    var id = resumes
    if id == "last" {
      guard let newest = try await storage.store.reader.calls(limit: 1).first else {
        throw ServerError(.unknownCall, "the journal holds no conversation")
      }
      id = newest.call.rawValue
    }
    _ = try await suspended.resumption(
      of: ConversationID(id), tenant: route.tenant, assistant: route.assistant.prepared)
    return ConversationID(id)
  }

  /// Without the pack the classifier works on letters instead of meaning: good enough to try flows.
  private static func embedder(_ configuration: ServerConfiguration) throws -> any Embedder {
    let pack = EnginePack(folder: configuration.pack)
    return try MiniLMEmbedder(
      configuration.engines.embedder, pack: pack, runtime: try pack.openRuntime(), pool: InferencePool(threads: 1))
  }
}
