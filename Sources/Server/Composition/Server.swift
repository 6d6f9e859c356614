internal import Calls
internal import Conversation
internal import Core
internal import Foundation
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import Storage
internal import Telephony
internal import UnixSignals

/// The server: everything composed, from the configuration to the ready line, and back to an orderly stop.
public struct Server: Sendable {
  /// The loop that reads what strangers send; audio and HTTP have others. Lives as long as the process.
  private static let signalling = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  /// The loops of calls and their audio alone, one for each core.
  private static let media = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)

  private let configuration: ServerConfiguration
  private let environment: [String: String]
  private let logger: Logger

  /// A server that is not started.
  ///
  /// - Parameter environment: where secrets are looked up, by name or by `NAME_FILE`.
  public init(configuration: ServerConfiguration, environment: [String: String]) {
    self.configuration = configuration
    self.environment = environment
    let level = configuration.logLevel
    logger = Logger(label: "repartee") { JSONLogHandler(label: $0, level: level) }
  }

  /// Starts, prints the ready line, serves until SIGTERM or SIGINT, drains and stops.
  ///
  /// Throws a coded error when something needed is missing; nothing stays half-started.
  public func run() async throws {
    let started = ContinuousClock.now
    let secrets = Secrets(environment)
    // Before the data folder is made or touched: a mistake of an author is told without.
    try configuration.requireUsable(environment: environment)
    try AssistantShelf(configuration).check(configuration, secrets)
    // Before engines load: what another program holds is told at once.
    try configuration.requireReadyMachine()
    let storage = try StorageFloor.open(configuration, for: .serve)
    do {
      let engines = try await EngineFloor.load(configuration, logger: logger)
      let assistants = try await AssistantFloor.load(
        configuration, voices: engines.voices, embedder: engines.embedder, storage: storage, secrets: secrets,
        logger: logger)
      do {
        try await serve(storage: storage, engines: engines, assistants: assistants, secrets: secrets, since: started)
      } catch {
        await assistants.shutdown()
        throw error
      }
      await assistants.shutdown()
    } catch {
      try? await storage.store.close()
      throw error
    }
    try await storage.store.close()
  }

  /// From everything loaded to an orderly stop.
  private func serve(
    storage: StorageFloor, engines: EngineFloor, assistants: AssistantFloor, secrets: Secrets,
    since started: ContinuousClock.Instant
  ) async throws {
    // Before anybody can call: no call of this run is among them.
    let left = await storage.leftLines(logger: logger)
    await assistants.settleOpenIntents(logger: logger)
    let switchboard = Switchboard(routes: assistants.routes(configuration), capacity: configuration.limits.calls)
    let lateness = TickLateness()
    let endpoint = SIPEndpoint(
      try configuration.telephony(secrets, logger: logger),
      loops: TelephonyLoops(signalling: Self.signalling, media: Self.media), logger: logger)
    let reception = Reception(
      configuration: configuration, switchboard: switchboard, services: services(storage, engines, endpoint),
      holder: storage.store.holder, secrets: secrets,
      detectors: engines.detectors, suspended: SuspendedConversations(storage: storage), lateness: lateness,
      logger: logger)
    // The port of HTTP first: whoever reads the ready line can rely on it.
    let (mayStart, listening) = AsyncStream.makeStream(of: Void.self)
    let health = HealthService(
      listener: configuration.http, switchboard: switchboard,
      isStorageWell: { storage.store.isWell }, pulse: LoopPulse(groups: [MultiThreadedEventLoopGroup.singleton]),
      lateness: lateness, logger: logger,
      listening: { listening.finish() })
    let door = SIPDoor(endpoint: endpoint, tickets: ResumptionTickets(storage.masterKey))
    let line = LineService(
      door: door, reception: reception, switchboard: switchboard,
      farewells: Farewells(
        door: door, switchboard: switchboard, storage: storage, loops: Self.media, logger: logger),
      left: left,
      drain: configuration.limits.drain, logger: logger, mayStart: mayStart
    ) { port in
      ReadyLine(configuration: configuration, port: port, assistants: assistants.versions, started: started).print()
    }
    let watch = PublicationWatch(configuration: configuration, assistants: assistants, switchboard: switchboard)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [.init(service: health)] + (assistants.followsPublications ? [.init(service: watch)] : [])
          + [.init(service: line)],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }

  private func services(
    _ storage: StorageFloor, _ engines: EngineFloor, _ endpoint: SIPEndpoint
  ) -> SessionServices {
    SessionServices(
      journal: journal(storage), vault: storage.store.vault, recognizer: engines.recognizer,
      reach: { _ in nil }, policy: configuration.policy,
      bridging: Bridging(dialler: SIPDialler(endpoint: endpoint)) { [places = configuration.sip.places] in
        places[$0]?.listener
      }, logger: logger)
  }

  private func journal(_ storage: StorageFloor) -> any Journal {
    guard let file = configuration.transcript else { return storage.store.journal }
    return TranscriptJournal(storage.store.journal, file: file, policy: configuration.policy)
  }
}
