internal import Core
internal import Foundation
internal import Inference
internal import Logging
internal import Speech
internal import Understanding

/// The engines of the pack, loaded side by side on one bounded pool.
struct EngineFloor: Sendable {
  private static let loadingTime = Duration.seconds(120)

  let pool: InferencePool
  let recognizer: any SpeechRecognizer
  let synthesizer: any SpeechSynthesizer
  let fallbackSynthesizer: any SpeechSynthesizer
  let detectors: any VoiceActivityDetectorSource
  let embedder: any Embedder

  static func load(_ configuration: ServerConfiguration, logger: Logger) async throws -> EngineFloor {
    let pack = EnginePack(folder: configuration.pack)
    let runtime = try pack.openRuntime()
    let pool = InferencePool(threads: configuration.engines.threads)
    let choice = EmbeddedSpeech.Choice(
      detector: configuration.engines.detector, recognizer: configuration.engines.recognizer,
      voice: configuration.engines.voice)
    let deadline = ContinuousClock.now + loadingTime
    async let speech = EmbeddedSpeech.load(choice, from: pack, runtime: runtime, pool: pool, deadline: deadline)
    async let embedder = pool.run(.final, deadline: deadline) { _ in
      try MiniLMEmbedder(pack: pack, runtime: runtime, pool: pool)
    }
    let loaded = try await speech
    logger.info(
      "engines loaded",
      metadata: [
        "recognizer": "\(loaded.recognizer.identity)", "voice": "\(loaded.synthesizer.identity)",
        "voice_activity": "\(loaded.detectors.identity)",
      ])
    return EngineFloor(
      pool: pool, recognizer: loaded.recognizer, synthesizer: loaded.synthesizer,
      fallbackSynthesizer: try FliteSynthesizer(pool: pool), detectors: loaded.detectors, embedder: try await embedder)
  }
}
