internal import Actions
internal import Assistant
internal import Calls
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
  private let resumes: String?
  private let beginsAnew: Bool
  private let takesCommands: Bool

  /// A chat with the assistant in a folder.
  /// - Parameters:
  ///   - resumes: the conversation to go on with, or `last`, the one that something happened in last; nil for a new one.
  ///   - beginsAnew: whether a new one begins when that cannot be gone on with.
  ///   - takesCommands: whether typed commands count, as in test cases: for authors only, since they fill slots and answer questions.
  public init(
    folder: String, configuration: ServerConfiguration, environment: [String: String], resumes: String? = nil,
    beginsAnew: Bool = false, takesCommands: Bool = false
  ) {
    self.folder = folder
    self.configuration = configuration
    self.environment = environment
    self.resumes = resumes
    self.beginsAnew = beginsAnew
    self.takesCommands = takesCommands
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
  ///   - warn: told why a new conversation begins instead of the one that was asked for.
  ///   - next: gives the caller's next message; nil ends the chat. Called off the loop.
  ///
  /// Throws `ServerError.conversation` with what is in the way of the conversation that was asked for, and begins none.
  public func run(
    show: @escaping @Sendable (String) -> Void, warn: @escaping @Sendable (String) -> Void = { _ in },
    next: @escaping @Sendable () async -> String?
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
        left = try await talk(
          configuration, storage, assistants, secrets, logger, show: show, warn: warn, next: next)
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
    _ logger: Logger, show: @escaping @Sendable (String) -> Void, warn: @escaping @Sendable (String) -> Void,
    next: @escaping @Sendable () async -> String?
  ) async throws -> Left {
    let resumes = try await resuming(in: storage)
    if resumes != nil { await assistants.settleOpenIntents(logger: logger) }
    let (sessions, session) = AsyncStream.makeStream(of: Session.self)
    let (over, end) = AsyncStream.makeStream(of: Result<CallID, any Error>.self)
    let begun = Mutex<Session?>(nil)
    let reception = Reception(
      configuration: configuration,
      switchboard: Switchboard(routes: assistants.routes(configuration), capacity: 1),
      services: SessionServices(
        journal: storage.store.journal, vault: storage.store.vault, recognizer: nil, reach: { _ in nil },
        policy: configuration.policy, takesCommands: takesCommands,
        logger: logger),
      holder: storage.store.holder, secrets: secrets, detectors: nil,
      suspended: SuspendedConversations(storage: storage), lateness: TickLateness(),
      logger: logger,
      began: { it in
        begun.withLock { $0 = it }
        session.yield(it)
      },
      ended: {
        end.yield(.success($0))
        end.finish()
      },
      refused: { [beginsAnew] error in
        guard !beginsAnew else { return warn("\(error); a new one begins") }
        end.yield(.failure(error))
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
    defer {
      session.finish()
      reading.cancel()
    }
    var outcome = Result<CallID, any Error>.success(CallID(""))
    for await it in over { outcome = it }
    let id = try outcome.get()
    guard let standing = await begun.withLock({ $0 })?.standing, standing.isSuspended else {
      return Left(call: id, ticket: nil)
    }
    return Left(
      call: id,
      ticket: ResumptionTickets(storage.masterKey).ticket(
        for: ConversationID(id.rawValue), attachments: standing.attachments))
  }

  /// The conversation that is asked for. Whether it can be gone on with is found out when it is read, once.
  private func resuming(in storage: StorageFloor) async throws -> Arrival.Resuming? {
    guard var id = resumes else { return nil }
    if id == "last" {
      guard let last = try await storage.store.reader.lastActive() else {
        throw ServerError(.unknownCall, "the journal holds no conversation")
      }
      id = last.rawValue
    }
    return Arrival.Resuming(ConversationID(id), beginsAnew: beginsAnew)
  }

  /// Without the pack the classifier works on letters instead of meaning: good enough to try flows.
  private static func embedder(_ configuration: ServerConfiguration) throws -> any Embedder {
    let pack = EnginePack(folder: configuration.pack)
    return try MiniLMEmbedder(
      configuration.engines.embedder, pack: pack, runtime: try pack.openRuntime(), pool: InferencePool(threads: 1))
  }
}
