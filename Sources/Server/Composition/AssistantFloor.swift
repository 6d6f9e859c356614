internal import Actions
internal import Assistant
internal import Calls
internal import Conversation
internal import Core
internal import Foundation
internal import Logging
internal import Storage
internal import Understanding

/// The assistants of all numbers, ready to answer.
struct AssistantFloor: Sendable {
  private let published: [String: PublishedAssistant]
  private let invokers: [HTTPToolInvoker]
  private let preparing: Task<Void, Never>

  var versions: [AssistantVersion] {
    published.values.map(\.prepared.definition.version).sorted { $0.name < $1.name }
  }

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
    var published: [String: PublishedAssistant] = [:]
    var invokers: [HTTPToolInvoker] = []
    var ahead: [(Voice, [String])] = []
    do {
      for folder in Set(configuration.numbers.values).sorted() {
        let loaded: LoadedAssistant
        do {
          loaded = try AssistantLoader.load(folder: folder)
        } catch {
          throw ServerError(.assistant, "\(folder): \(error.message)", hint: error.hint)
        }
        for problem in loaded.problems {
          logger.warning("\(problem)", metadata: ["assistant": "\(folder)"])
        }
        let definition = loaded.definition
        let invoker = try HTTPToolInvoker(
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
        invokers.append(invoker)
        let voice = voices.map { Voice($0.0, fallback: $0.1, rate: definition.persona.ratePercent * 10) }
        let understander = try await EmbeddedUnderstander(
          assistant: definition, embedder: embedder,
          cache: EmbeddingCache(folder: configuration.data + "/embeddings"))
        published[folder] = PublishedAssistant(
          prepared: PreparedAssistant(definition), understander: understander, tools: invoker, voice: voice)
        if let voice { ahead.append((voice, ConstantSentences.of(definition))) }
      }
    } catch {
      for invoker in invokers { try? await invoker.shutdown() }
      throw error
    }
    let work = ahead
    // Prompts without variables are synthesised while the server already answers; the first callers wait for theirs.
    let preparing = Task(priority: .background) { for (voice, sentences) in work { await voice.prepare(sentences) } }
    return AssistantFloor(published: published, invokers: invokers, preparing: preparing)
  }

  func routes(_ configuration: ServerConfiguration) -> [String: Switchboard.Route] {
    configuration.numbers.compactMapValues { folder in
      published[folder].map { Switchboard.Route(tenant: configuration.tenant, assistant: $0) }
    }
  }

  /// What a crash left behind: each intended change is probed, never asked for again.
  func settleOpenIntents(logger: Logger) async {
    for invoker in invokers {
      do {
        let report = try await invoker.settleOpenIntents()
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
    preparing.cancel()
    for invoker in invokers { try? await invoker.shutdown() }
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
