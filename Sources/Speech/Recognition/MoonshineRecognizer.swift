internal import Audio
public import Core
internal import FoundationEssentials
internal import Glibc
public import Inference

/// Moonshine, English, run on this machine: base or tiny, as the engine of the pack says.
///
/// Partials decode the open utterance anew, so their cost grows with its length; whoever asks for them lengthens the
/// interval as the utterance grows.
public struct MoonshineRecognizer: SpeechRecognizer {
  public let identity: EngineIdentity

  private let model: MoonshineModel
  private let pool: InferencePool

  /// Shorter clips are padded with silence on both sides: a lone "eight" is understood better with air around it.
  private static let shortest = MoonshineModel.sampleRate
  /// Longer clips are cut at quiet places and put together again.
  private static let longest = 28 * MoonshineModel.sampleRate
  /// More pieces than a hurried speaker makes of a second of speech.
  private static let piecesPerSecond = 10
  /// A reading less sure than this is tried again with so many samples of silence on each side, at most twice.
  private static let doubtful = Confidence(permille: 500)
  private static let hopeless = Confidence(permille: 150)
  private static let moreAir = [MoonshineModel.sampleRate / 5, MoonshineModel.sampleRate * 2 / 5]
  /// Quieter clips (peak of full scale) hold nothing to be heard.
  private static let quietest: Float = 0.002

  /// Loads the model; blocks for up to a second.
  public init(engine: InstalledEngine, runtime: OnnxRuntime, pool: InferencePool) throws {
    guard engine.family == "moonshine" else {
      throw SpeechError(.wrongEngine, "\(engine.id) is no Moonshine recogniser but \(engine.family)")
    }
    let tokenizer = try engine.file("tokenizer")
    guard let vocabulary = FileManager.default.contents(atPath: tokenizer) else {
      throw SpeechError(.engineUnusable, "\(tokenizer) cannot be read")
    }
    identity = EngineIdentity(name: engine.id, version: engine.version)
    model = try MoonshineModel(
      encoder: try engine.file("encoder"), decoder: try engine.file("decoder"), vocabulary: Array(vocabulary),
      runtime: runtime)
    self.pool = pool
  }

  public func recognize(
    _ audio: AudioClip, mode: RecognitionMode, expecting context: RecognitionContext,
    deadline: ContinuousClock.Instant
  ) async throws -> Recognition {
    let model = model
    return try await pool.run(mode == .final ? .final : .partial, deadline: deadline) { ticket in
      try Self.recognize(audio, mode, expecting: context, with: model, ticket: ticket)
    }
  }

  /// Runs the model once over a second of silence, so that the first caller does not wait for its first run.
  func warmUp(deadline: ContinuousClock.Instant) async throws {
    let model = model
    try await pool.run(.final, deadline: deadline) { ticket in
      _ = try model.write([Float](repeating: 0, count: Self.shortest), limit: 4, ticket: ticket)
    }
  }

  private static func recognize(
    _ audio: AudioClip, _ mode: RecognitionMode, expecting context: RecognitionContext, with model: MoonshineModel,
    ticket: InferenceTicket
  ) throws -> Recognition {
    let samples = try audio.resampled(to: MoonshineModel.sampleRate).samples.map { Float($0) / 32768 }
    guard samples.contains(where: { abs($0) > quietest }) else {
      return Recognition(text: "", confidence: .none, duration: audio.duration)
    }
    // A guess at what goes on is made without the context, which costs more than it tells of half an answer.
    let context = mode == .final ? context : .open
    if let digits = context.digits, samples.count <= longest {
      return try digitRecognition(of: samples, digits, duration: audio.duration, with: model, ticket: ticket)
    }
    let phrases = context.phrases.isEmpty ? nil : PhraseBonus(context.phrases, vocabulary: model.vocabulary)
    var best = try recognition(
      of: samples, leaningTo: phrases, duration: audio.duration, with: model, ticket: ticket)
    guard mode == .final else { return best }
    // A short clip that was hardly understood is often understood with more air around it, and so is a long one of which
    // nothing was: there the decoder ran away.
    let isShort = samples.count < 2 * shortest
    for count in isShort ? moreAir : Array(moreAir.prefix(1)) where best.confidence < (isShort ? doubtful : hopeless) {
      let air = [Float](repeating: 0, count: count)
      let again = try recognition(
        of: air + samples + air, leaningTo: phrases, duration: audio.duration, with: model, ticket: ticket)
      if again.confidence > best.confidence { best = again }
    }
    return best
  }

  private static func recognition(
    of samples: [Float], leaningTo phrases: PhraseBonus?, duration: CallSpan, with model: MoonshineModel,
    ticket: InferenceTicket
  ) throws -> Recognition {
    var transcript = MoonshineModel.Transcript()
    let window = MoonshineModel.sampleRate / 10
    for piece in ClipSplitter.split(samples, longest: longest, window: window) {
      let part =
        if let phrases {
          try model.write(padded(piece), leaningTo: phrases, limit: limit(piece.count), ticket: ticket)
        } else {
          try model.write(padded(piece), limit: limit(piece.count), ticket: ticket)
        }
      transcript.tokens += part.tokens
      transcript.logProbabilities += part.logProbabilities
    }
    return recognition(of: transcript, vocabulary: model.vocabulary, duration: duration)
  }

  static func limit(_ samples: Int) -> Int { samples * piecesPerSecond / MoonshineModel.sampleRate + 10 }

  static func padded(_ samples: ArraySlice<Float>) -> [Float] {
    guard samples.count < shortest else { return Array(samples) }
    let before = (shortest - samples.count) / 2
    let after = shortest - samples.count - before
    return [Float](repeating: 0, count: before) + samples + [Float](repeating: 0, count: after)
  }

  /// Text, words and confidence of a pass. Punctuation has no say in the confidence.
  static func recognition(
    of transcript: MoonshineModel.Transcript, vocabulary: TokenVocabulary, duration: CallSpan
  ) -> Recognition {
    var words: [(tokens: [Int], scores: [Float])] = []
    for (token, score) in zip(transcript.tokens, transcript.logProbabilities) {
      if words.isEmpty || vocabulary.startsWord(token) { words.append(([], [])) }
      words[words.count - 1].tokens.append(token)
      if vocabulary.isSpoken(token) { words[words.count - 1].scores.append(score) }
    }
    let spoken = words.flatMap(\.scores)
    let text = vocabulary.text(of: transcript.tokens)
    return Recognition(
      text: text, confidence: text.isEmpty ? .none : RecognitionConfidence.confidence(spoken),
      words: words.compactMap { word in
        let text = vocabulary.text(of: word.tokens)
        guard !text.isEmpty, let weakest = word.scores.min() else { return nil }
        return Recognition.Word(text: text, confidence: Confidence(Double(expf(weakest))))
      },
      duration: duration)
  }
}
