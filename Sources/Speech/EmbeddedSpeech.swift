public import Core
public import Inference

/// The engines of the pack that hear and speak, loaded and warm.
public struct EmbeddedSpeech: Sendable {
  /// Which engines of the pack are wanted, by their ids in `Engines/manifest.json`.
  public struct Choice: Hashable, Sendable {
    /// The voice activity detector.
    public var detector: String
    /// The recogniser; `moonshine-tiny-en` is the lighter one.
    public var recognizer: String
    /// The voice; `flite-kal` is linked in and needs no pack.
    public var voice: String

    /// A choice; without arguments what a plain `make pack` installs.
    public init(
      detector: String = "silero-vad", recognizer: String = "moonshine-base-en", voice: String = "piper-joe-en-us"
    ) {
      self.detector = detector
      self.recognizer = recognizer
      self.voice = voice
    }
  }

  /// Gives a detector to each call.
  public let detectors: any VoiceActivityDetectorSource
  /// Writes down what callers say.
  public let recognizer: any SpeechRecognizer
  /// Speaks.
  public let synthesizer: any SpeechSynthesizer

  /// Loads the chosen engines side by side on the pool's threads and runs each once. Throws the first failure, with what
  /// to do; nothing of another choice is taken instead.
  public static func load(
    _ choice: Choice = Choice(), from pack: EnginePack, runtime: OnnxRuntime, pool: InferencePool,
    deadline: ContinuousClock.Instant
  ) async throws -> EmbeddedSpeech {
    async let recognizer = pool.run(.final, deadline: deadline) { _ in
      try MoonshineRecognizer(engine: try pack.engine(choice.recognizer), runtime: runtime, pool: pool)
    }
    async let synthesizer = pool.run(.final, deadline: deadline) { _ -> any SpeechSynthesizer in
      choice.voice == "flite-kal"
        ? try FliteSynthesizer(pool: pool)
        : try PiperSynthesizer(engine: try pack.engine(choice.voice), runtime: runtime, pool: pool)
    }
    async let detectors = pool.run(.final, deadline: deadline) { _ in
      try SileroDetectorSource(engine: try pack.engine(choice.detector), runtime: runtime)
    }
    let loaded = EmbeddedSpeech(
      detectors: try await detectors, recognizer: try await recognizer, synthesizer: try await synthesizer)
    async let heard: Void? = (loaded.recognizer as? MoonshineRecognizer)?.warmUp(deadline: deadline)
    async let spoken: Void? = (loaded.synthesizer as? PiperSynthesizer)?.warmUp(deadline: deadline)
    _ = try await (heard, spoken)
    return loaded
  }

  private init(
    detectors: any VoiceActivityDetectorSource, recognizer: any SpeechRecognizer, synthesizer: any SpeechSynthesizer
  ) {
    self.detectors = detectors
    self.recognizer = recognizer
    self.synthesizer = synthesizer
  }
}
