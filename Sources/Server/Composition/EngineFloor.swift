internal import Core
internal import Foundation
internal import Inference
internal import Logging
internal import Speech
internal import Understanding

/// The engines of the pack, loaded side by side on one bounded pool.
struct EngineFloor: Sendable {
  /// Ends a start that hangs; one on a busy machine waits.
  private static let loadingTime = Duration.seconds(600)

  let pool: InferencePool
  let recognizer: any SpeechRecognizer
  let voices: SpokenVoices
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
      try MiniLMEmbedder(configuration.engines.embedder, pack: pack, runtime: runtime, pool: pool)
    }
    let loaded = try await speech
    logger.info(
      "engines loaded",
      metadata: [
        "recognizer": "\(loaded.recognizer.identity)", "voice": "\(loaded.synthesizer.identity)",
        "voice_activity": "\(loaded.detectors.identity)",
      ])
    let fallback = try FliteSynthesizer(pool: pool)
    let voices = SpokenVoices(
      standard: loaded.synthesizer, id: configuration.engines.voice, fallback: fallback,
      available: SpokenVoices.available(in: pack)
    ) { id in
      guard id != "flite-kal" else { return fallback }
      return try await pool.run(.ordinary, deadline: .now + loadingTime) { _ in
        try PiperSynthesizer(engine: try pack.engine(id), runtime: runtime, pool: pool)
      }
    }
    return EngineFloor(
      pool: pool, recognizer: loaded.recognizer, voices: voices, detectors: loaded.detectors,
      embedder: try await embedder)
  }
}
