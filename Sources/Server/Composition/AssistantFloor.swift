internal import Actions
internal import Assistant
internal import Calls
internal import Conversation
internal import Core
internal import Logging
internal import Storage
internal import Synchronization

/// The assistants of all numbers, ready to answer. Those that are published under a name are taken anew when another version
/// was made current; calls keep what they were given.
final class AssistantFloor: Sendable {
  private struct Answering {
    let made: AssistantMaker.Made
    /// What made it current; nil for a folder.
    let publication: Publication?
    /// The record's state when that was read.
    var stamp: PublicationStore.Stamp?
  }
  private struct State {
    var answering: [ServerConfiguration.AssistantSource: Answering] = [:]
    /// Of every version that has answered: calls may still be on it, and its tools go on until the server stops.
    var made: [AssistantMaker.Made] = []
  }

  private let maker: AssistantMaker
  private let shelf: AssistantShelf
  private let state = Mutex(State())

  private init(_ maker: AssistantMaker) {
    self.maker = maker
    shelf = AssistantShelf(maker.configuration)
  }

  var versions: [AssistantVersion] {
    state.withLock { $0.answering.values.map(\.made.published.prepared.definition.version) }.sorted {
      $0.name < $1.name
    }
  }

  /// Whether a new version may come while the server runs.
  var followsPublications: Bool { maker.configuration.numbers.values.contains { $0.publishedName != nil } }

  /// Reads, checks and trains the assistants of all numbers.
  ///
  /// - Parameter voices: who speaks and who steps in; nil on lines without sound.
  static func load(
    _ configuration: ServerConfiguration, voices: (any SpeechSynthesizer, any SpeechSynthesizer)?,
    embedder: (any Embedder)?, storage: StorageFloor, secrets: Secrets, logger: Logger
  ) async throws -> AssistantFloor {
    guard !configuration.numbers.isEmpty else {
      throw ServerError(
        .configuration, "no number has an assistant", hint: "write numbers: {\"*\": {assistant: Examples/shop}}")
    }
    let floor = AssistantFloor(
      AssistantMaker(
        configuration: configuration, voices: voices, embedder: embedder, storage: storage, secrets: secrets,
        logger: logger))
    do {
      for source in Set(configuration.numbers.values).sorted(by: { "\($0)" < "\($1)" }) {
        try await floor.take(source, stamp: floor.stamp(of: source))
      }
    } catch {
      await floor.shutdown()
      throw error
    }
    return floor
  }

  func routes(_ configuration: ServerConfiguration) -> [String: Switchboard.Route] {
    state.withLock { state in
      configuration.numbers.compactMapValues { source in
        state.answering[source].map {
          Switchboard.Route(tenant: configuration.tenant, assistant: $0.made.published)
        }
      }
    }
  }

  /// Takes what was made current since. True when something else answers now. One task at a time; no event loop.
  ///
  /// A version that cannot be taken is told once, and what answered goes on answering.
  func refresh() async -> Bool {
    var hasChanged = false
    for source in Set(maker.configuration.numbers.values) {
      guard let name = source.publishedName, let stamp = stamp(of: source) else { continue }
      let known = state.withLock { state -> Publication? in
        guard let answering = state.answering[source], answering.stamp != stamp else { return nil }
        state.answering[source]?.stamp = stamp
        return answering.publication
      }
      guard let known else { continue }
      do {
        guard try shelf.publications.current(name)?.version != known.version else { continue }
        try await take(source, stamp: stamp)
        hasChanged = true
        maker.logger.notice("a published version takes the next calls", metadata: ["assistant": "\(name)"])
      } catch {
        maker.logger.error(
          "a published version cannot answer; the one before goes on",
          metadata: ["assistant": "\(name)", "error": "\(error)"])
      }
    }
    return hasChanged
  }

  private func take(_ source: ServerConfiguration.AssistantSource, stamp: PublicationStore.Stamp?) async throws {
    let taken = try shelf.take(source)
    if let publication = taken.publication, publication.version != taken.loaded.definition.version {
      maker.logger.notice(
        "the built-in patterns are others than when this was published; calls are journaled under the new version",
        metadata: ["published": "\(publication.version)", "now": "\(taken.loaded.definition.version)"])
    }
    let made = try await maker.make(taken.loaded, from: source)
    state.withLock { state in
      state.made.append(made)
      state.answering[source] = Answering(made: made, publication: taken.publication, stamp: stamp)
    }
  }

  private func stamp(of source: ServerConfiguration.AssistantSource) -> PublicationStore.Stamp? {
    source.publishedName.flatMap { shelf.publications.stamp(of: $0) }
  }

  /// What a crash left behind: each intended change is probed, never asked for again.
  func settleOpenIntents(logger: Logger) async {
    for made in state.withLock(\.made) {
      do {
        let report = try await made.invoker.settleOpenIntents()
        for settled in report.settled {
          logger.notice(
            "a change of an earlier run is settled",
            metadata: ["tool": "\(settled.intent.tool)", "call": "\(settled.intent.call)"])
        }
        for intent in report.open {
          logger.error(
            "nobody knows whether a change happened; a person must look",
            metadata: ["tool": "\(intent.tool)", "call": "\(intent.call)"])
        }
      } catch {
        logger.error("open changes could not be looked up", metadata: ["error": "\(error)"])
      }
    }
  }

  func shutdown() async {
    for made in state.withLock(\.made) {
      made.preparing.cancel()
      try? await made.invoker.shutdown()
    }
  }
}

extension ServerConfiguration.AssistantSource {
  /// The name under which versions are published; nil for a folder.
  var publishedName: String? { if case .published(let name) = self { name } else { nil } }
}
