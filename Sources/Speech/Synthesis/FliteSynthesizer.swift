public import Core
public import Inference

/// Flite's voice "kal": always there, needs no pack, sounds like a machine.
public struct FliteSynthesizer: SpeechSynthesizer {
  public let identity = EngineIdentity(name: "flite-kal", version: "2.2")
  public let sampleRate = 8000

  private let english: FliteEnglish
  private let pool: InferencePool

  /// Loads flite's tables. Throws when memory runs out.
  public init(pool: InferencePool) throws {
    english = try FliteEnglish.loaded()
    self.pool = pool
  }

  public func synthesize(
    _ text: String, voice settings: VoiceSettings, deadline: ContinuousClock.Instant
  ) async throws -> AudioClip {
    let english = english
    return try await pool.run(settings.isAwaited ? .firstSentence : .ordinary, deadline: deadline) { ticket in
      try ticket.checkpoint()
      let clip = try english.speak(text, stretch: 1000 / Float(settings.rate))
      let samples = clip.samples.map { Float($0) / 32768 }
      return AudioClip(
        samples: SpeechShaper.shaped(samples.span, sampleRate: clip.sampleRate), sampleRate: clip.sampleRate)
    }
  }
}
