internal import Actions
internal import Assistant
internal import Calls
internal import Conversation
internal import Core
internal import Logging
internal import Storage
internal import Synchronization

/// The assistants of all numbers, ready to answer. Those that are published under a name are taken anew when another version
/// was made current; calls keep what they were given, and a version is let go with its last call.
final class AssistantFloor: Sendable {
  private struct Answering {
    let made: AssistantMaker.Made
    /// What made it current; nil for a folder.
    let publication: Publication?
    /// The record's state when that was read.
    var stamp: PublicationStore.Stamp?
  }
  /// A version that could not be taken. The reason may pass: it is tried again, each time after twice as many looks.
  private struct Refusal {
    let stamp: PublicationStore.Stamp
    let reason: String
    var looks = 0
    var wait = 1
  }
  private struct State {
    var answering: [ServerConfiguration.AssistantSource: Answering] = [:]
    var refused: [ServerConfiguration.AssistantSource: Refusal] = [:]
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
  /// - Parameter voices: who speaks; nil on lines without sound, whose callers are transferred to nobody.
  static func load(
    _ configuration: ServerConfiguration, voices: SpokenVoices?, embedder: (any Embedder)?,
    storage: StorageFloor, secrets: Secrets, logger: Logger
  ) async throws -> AssistantFloor {
    guard !configuration.numbers.isEmpty else {
      throw ServerError(
        .configuration, "no number has an assistant", hint: "write numbers: {\"*\": {assistant: Examples/shop}}")
    }
    var limits = BackEndLimits()
    limits.requests = configuration.limits.backEndRequests
    let floor = AssistantFloor(
      AssistantMaker(
        configuration: configuration, voices: voices, embedder: embedder, storage: storage, secrets: secrets,
        connections: BackEndConnections(limits), logger: logger))
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
  /// A version that cannot be taken is told once for each reason and tried again later; what answered goes on answering.
  func refresh() async -> Bool {
    var hasChanged = false
    for source in Set(maker.configuration.numbers.values) {
      guard let name = source.publishedName, let stamp = stamp(of: source), isDue(source, stamp),
        let known = state.withLock({ $0.answering[source]?.publication })
      else { continue }
      do {
        if try shelf.publications.current(name)?.version == known.version {
          state.withLock { state in
            state.answering[source]?.stamp = stamp
            state.refused[source] = nil
          }
          continue
        }
        try await take(source, stamp: stamp)
        hasChanged = true
        maker.logger.notice("a published version takes the next calls", metadata: ["assistant": "\(name)"])
      } catch {
        guard isNews(source, stamp, "\(error)") else { continue }
        maker.logger.error(
          "a published version cannot answer; the one before goes on, and it is tried again",
          metadata: ["assistant": "\(name)", "error": "\(error)"])
      }
    }
    return hasChanged
  }

  /// Whether a record has changed since what answers was taken, and a version that was refused may be tried again.
  private func isDue(_ source: ServerConfiguration.AssistantSource, _ stamp: PublicationStore.Stamp) -> Bool {
    state.withLock { state in
      guard state.answering[source]?.stamp != stamp else { return false }
      guard var refusal = state.refused[source], refusal.stamp == stamp else { return true }
      refusal.looks += 1
      state.refused[source] = refusal
      return refusal.looks >= refusal.wait
    }
  }

  /// Keeps why a version was refused. True when it was not for the same reason before.
  private func isNews(
    _ source: ServerConfiguration.AssistantSource, _ stamp: PublicationStore.Stamp, _ reason: String
  ) -> Bool {
    state.withLock { state in
      let before = state.refused[source].flatMap { $0.stamp == stamp ? $0 : nil }
      let wait = min(before.map { $0.wait * 2 } ?? 1, Self.longestWait)
      state.refused[source] = Refusal(stamp: stamp, reason: reason, wait: wait)
      return before?.reason != reason
    }
  }

  /// Looks between two tries, at most: a minute.
  private static let longestWait = 64

  private func take(_ source: ServerConfiguration.AssistantSource, stamp: PublicationStore.Stamp?) async throws {
    let taken = try shelf.take(source)
    if let publication = taken.publication, publication.version != taken.loaded.definition.version {
      maker.logger.notice(
        "the built-in patterns are others than when this was published; calls are journaled under the new version",
        metadata: ["published": "\(publication.version)", "now": "\(taken.loaded.definition.version)"])
    }
    let made = try await maker.make(taken.loaded, from: source)
    let before = state.withLock { state in
      state.refused[source] = nil
      return state.answering.updateValue(
        Answering(made: made, publication: taken.publication, stamp: stamp), forKey: source)
    }
    before?.made.preparing.cancel()
  }

  private func stamp(of source: ServerConfiguration.AssistantSource) -> PublicationStore.Stamp? {
    source.publishedName.flatMap { shelf.publications.stamp(of: $0) }
  }

  /// What a crash left behind: each intended change is probed by the version that asked for it, never asked for again.
  func settleOpenIntents(logger: Logger) async {
    let current = state.withLock { $0.answering.values.map(\.made.invoker) }
    await ChangeRecovery(maker: maker, shelf: shelf, current: current).run(logger: logger)
  }

  func shutdown() async {
    for answering in state.withLock({ Array($0.answering.values) }) { answering.made.preparing.cancel() }
    try? await maker.connections.shutdown()
  }
}

extension ServerConfiguration.AssistantSource {
  /// The name under which versions are published; nil for a folder.
  var publishedName: String? { if case .published(let name) = self { name } else { nil } }
}
