internal import Actions
internal import Assistant
internal import Audio
internal import Calls
internal import Conversation
internal import Core
internal import Foundation
internal import Logging
internal import Signalling
internal import Storage
internal import Understanding

/// Makes assistants ready to answer: understanding trained, tools connected, a voice.
struct AssistantMaker: Sendable {
  let configuration: ServerConfiguration
  /// Who speaks; nil on lines without sound.
  let voices: SpokenVoices?
  let embedder: (any Embedder)?
  let storage: StorageFloor
  let secrets: Secrets
  let connections: BackEndConnections
  let logger: Logger

  /// An assistant, with what its maker has to stop or do later. Let go with its last call.
  struct Made: Sendable {
    let published: PublishedAssistant
    let invoker: HTTPToolInvoker
    /// Prompts without variables, synthesised while the server already answers; the first callers wait for theirs.
    let preparing: Task<Void, Never>
  }

  /// Checks are done; this takes as long as training does, and no event loop.
  ///
  /// Throws `ServerError` when the server's configuration does not grant what the assistant asks of the environment, or has
  /// not the voice it names.
  func make(_ loaded: LoadedAssistant, from source: ServerConfiguration.AssistantSource) async throws -> Made {
    let ungranted = configuration.ungranted(in: loaded, transfers: voices != nil)
    guard ungranted.isEmpty else {
      throw ServerError(.assistant, ungranted.map(\.description).joined(separator: "\n"))
    }
    for problem in loaded.problems { logger.warning("\(problem)", metadata: ["assistant": "\(source)"]) }
    let definition = loaded.definition
    let invoker = try invoker(of: definition, as: definition.version)
    let speaker = try await voices?.voice(of: definition)
    let voice = voices.flatMap { voices in
      speaker.map {
        Voice(
          $0, fallback: voices.fallback, rate: definition.persona.ratePercent * 10,
          lines: configuration.sip.codecs.contains(where: \.isWideband) ? AudioRate.allCases : [.narrowband])
      }
    }
    let understander = try await EmbeddedUnderstander(
      assistant: definition, embedder: embedder, cache: EmbeddingCache(folder: configuration.data + "/embeddings"))
    let published = PublishedAssistant(
      prepared: PreparedAssistant(definition), understander: understander, tools: invoker, voice: voice)
    let preparing = Task(priority: .background) { [sentences = ConstantSentences.of(definition)] in
      if let voice { await voice.prepare(sentences) }
    }
    return Made(published: published, invoker: invoker, preparing: preparing)
  }

  /// What runs an assistant's tools.
  ///
  /// - Parameter version: under which its changes are written down.
  func invoker(of definition: AssistantDefinition, as version: AssistantVersion) throws -> HTTPToolInvoker {
    let (logger, secrets) = (logger, secrets)
    let services = ActionServices(
      ledger: storage.store.ledger, vault: storage.store.vault,
      secrets: GrantedSecrets(configuration.grants(for: version.name)) { secrets.value($0) },
      serverKey: storage.masterKey.derived(for: "tools.idempotency"), connections: connections,
      node: storage.store.holder.node, policy: configuration.policy)
    return try HTTPToolInvoker(
      tools: Array(definition.tools.values), of: version, protection: SlotProtection(definition), services: services
    ) { exchange in
      guard let problem = exchange.problem else { return }
      guard exchange.step != .intent else {
        logger.error(
          "the journal cannot be written; a change was not asked for",
          metadata: ["tool": "\(exchange.tool)", "call": "\(exchange.call)", "problem": "\(problem)"])
        return
      }
      logger.warning(
        "a tool's request went wrong",
        metadata: [
          "tool": "\(exchange.tool)", "call": "\(exchange.call)", "step": "\(exchange.step.rawValue)",
          "problem": "\(problem)",
        ])
    }
  }
}
