internal import Actions
internal import Assistant
internal import Calls
internal import Conversation
internal import Core
internal import Logging
internal import Storage
internal import Understanding

/// Makes assistants ready to answer: understanding trained, tools connected, a voice.
struct AssistantMaker: Sendable {
  let configuration: ServerConfiguration
  /// Who speaks and who steps in; nil on lines without sound.
  let voices: (any SpeechSynthesizer, any SpeechSynthesizer)?
  let embedder: (any Embedder)?
  let storage: StorageFloor
  let secrets: Secrets
  let logger: Logger

  /// An assistant, with what its maker has to close or do later.
  struct Made: Sendable {
    let published: PublishedAssistant
    let invoker: HTTPToolInvoker
    /// Prompts without variables, synthesised while the server already answers; the first callers wait for theirs.
    let preparing: Task<Void, Never>
  }

  /// Checks are done; this takes as long as training does, and no event loop.
  func make(_ loaded: LoadedAssistant, from source: ServerConfiguration.AssistantSource) async throws -> Made {
    for problem in loaded.problems { logger.warning("\(problem)", metadata: ["assistant": "\(source)"]) }
    let definition = loaded.definition
    let invoker = try invoker(of: definition)
    do {
      let voice = voices.map { Voice($0.0, fallback: $0.1, rate: definition.persona.ratePercent * 10) }
      let understander = try await EmbeddedUnderstander(
        assistant: definition, embedder: embedder, cache: EmbeddingCache(folder: configuration.data + "/embeddings"))
      let published = PublishedAssistant(
        prepared: PreparedAssistant(definition), understander: understander, tools: invoker, voice: voice)
      let preparing = Task(priority: .background) { [sentences = ConstantSentences.of(definition)] in
        if let voice { await voice.prepare(sentences) }
      }
      return Made(published: published, invoker: invoker, preparing: preparing)
    } catch {
      try? await invoker.shutdown()
      throw error
    }
  }

  private func invoker(of definition: AssistantDefinition) throws -> HTTPToolInvoker {
    let logger = logger
    return try HTTPToolInvoker(
      tools: Array(definition.tools.values), labels: definition.slots.compactMapValues(\.label),
      ledger: storage.store.ledger, vault: CallVaults(vault: storage.store.vault, tenant: configuration.tenant),
      secrets: EnvironmentSecrets(secrets.environment),
      serverKey: storage.masterKey.derived(for: "tools.idempotency")
    ) { exchange in
      guard let problem = exchange.problem else { return }
      logger.warning(
        "a tool's request went wrong",
        metadata: [
          "tool": "\(exchange.tool)", "call": "\(exchange.call)", "step": "\(exchange.step.rawValue)",
          "problem": "\(problem)",
        ])
    }
  }
}

/// The vault as tools see it: a call's values belong to the call.
private struct CallVaults: CallVault {
  let vault: SQLiteVault
  let tenant: TenantID

  func protect(_ value: String, label: DataLabel, of call: CallID) -> Sensitive<String> {
    vault.protect(value, label: label, owner: .call(tenant, call), ordinal: 0)
  }

  func reveal(_ token: SensitiveToken, of call: CallID) async throws -> String? {
    try await vault.reveal(token, owner: .call(tenant, call))
  }
}
