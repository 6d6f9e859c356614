public import Core
internal import FoundationEssentials
public import Inference

/// A Piper voice that reads English by flite's pronunciation, run on this machine.
///
/// Nothing can be heard before a whole sentence is made, so a short first sentence is heard soonest.
public struct PiperSynthesizer: SpeechSynthesizer {
  public let identity: EngineIdentity
  public let sampleRate: Int

  private let voice: PiperVoice
  private let english: FliteEnglish
  private let pool: InferencePool

  /// Silence between two sentences of one text.
  private static let sentencePauseMilliseconds = 220

  /// Loads the voice; blocks for some hundred milliseconds.
  public init(engine: InstalledEngine, runtime: OnnxRuntime, pool: InferencePool) throws {
    guard engine.family == "piper" else {
      throw SpeechError(.wrongEngine, "\(engine.id) is no Piper voice but \(engine.family)")
    }
    let path = try engine.file("configuration")
    guard let configuration = FileManager.default.contents(atPath: path) else {
      throw SpeechError(.engineUnusable, "\(path) cannot be read")
    }
    identity = EngineIdentity(name: engine.id, version: engine.version)
    voice = try PiperVoice(model: try engine.file("model"), configuration: Array(configuration), runtime: runtime)
    english = try FliteEnglish.loaded()
    sampleRate = voice.sampleRate
    self.pool = pool
  }

  public func synthesize(
    _ text: String, voice settings: VoiceSettings, deadline: ContinuousClock.Instant
  ) async throws -> AudioClip {
    let (voice, english) = (voice, english)
    return try await pool.run(settings.isAwaited ? .firstSentence : .ordinary, deadline: deadline) { ticket in
      let pause = [Int16](repeating: 0, count: voice.sampleRate * Self.sentencePauseMilliseconds / 1000)
      var samples: [Int16] = []
      for sentence in PhonemeWriter.sentences(of: try english.read(text)) {
        try ticket.checkpoint()
        if !samples.isEmpty { samples += pause }
        samples += try voice.speak(sentence, rate: settings.rate)
      }
      return AudioClip(samples: samples, sampleRate: voice.sampleRate)
    }
  }

  /// Speaks a word that nobody hears, so that the first caller does not wait for the first run.
  func warmUp(deadline: ContinuousClock.Instant) async throws {
    _ = try await synthesize("Hello.", voice: VoiceSettings(), deadline: deadline)
  }
}
