internal import Core
internal import Glibc
internal import Inference

/// Moonshine's encoder and decoder on ONNX Runtime, with greedy decoding.
///
/// Shared by threads; everything that changes lives in `decode`'s own tensors.
final class MoonshineModel: Sendable {
  /// What one pass gave: pieces of words and how probable each was, the end mark not included.
  struct Transcript: Sendable {
    var tokens: [Int] = []
    var logProbabilities: [Float] = []
  }

  static let sampleRate = 16000

  private struct Cache {
    var input: Int
    var output: Int
    var shape: [Int]
    /// Computed from the audio in the first step and the same ever after.
    var isOfEncoder: Bool
  }

  let vocabulary: TokenVocabulary
  private let encoder: OnnxSession
  private let decoder: OnnxSession
  private let encoderAudio: Int
  private let encoderMask: Int?
  private let decoderIDs: Int
  private let decoderStates: Int
  private let decoderMask: Int?
  private let decoderUsesCache: Int
  private let logits: Int
  private let caches: [Cache]

  /// Loads both parts; blocks for some hundred milliseconds. Throws when the files are not a Moonshine model.
  init(encoder encoderPath: String, decoder decoderPath: String, vocabulary: [UInt8], runtime: OnnxRuntime) throws {
    self.vocabulary = try TokenVocabulary(vocabulary)
    // Shapes differ from run to run, so memory kept for the next run would only pile up.
    let encoder = try OnnxSession(runtime, model: encoderPath, arena: false)
    let decoder = try OnnxSession(runtime, model: decoderPath, arena: false)
    self.encoder = encoder
    self.decoder = decoder
    encoderAudio = try encoder.input("input_values")
    encoderMask = encoder.inputs.firstIndex { $0.name == "attention_mask" }
    decoderIDs = try decoder.input("input_ids")
    decoderStates = try decoder.input("encoder_hidden_states")
    decoderMask = decoder.inputs.firstIndex { $0.name == "encoder_attention_mask" }
    decoderUsesCache = try decoder.input("use_cache_branch")
    logits = try decoder.output("logits")
    let past = "past_key_values"
    caches = try decoder.inputs.enumerated().filter { $0.element.name.hasPrefix(past) }.map { index, port in
      guard port.shape.count == 4, port.shape[1] > 0, port.shape[3] > 0 else {
        throw SpeechError(.engineUnusable, "the recogniser's decoder has a cache of an unexpected shape")
      }
      return Cache(
        input: index, output: try decoder.output("present" + port.name.dropFirst(past.count)),
        shape: [1, port.shape[1], 0, port.shape[3]], isOfEncoder: port.name.contains(".encoder."))
    }
  }

  /// Writes down what is said in 16 kHz samples of -1 to 1, at most `limit` pieces.
  func decode(_ samples: [Float], limit: Int, ticket: InferenceTicket) throws(InferenceError) -> Transcript {
    let runtime = encoder.runtime
    try ticket.checkpoint()
    let audio = try OnnxTensor(runtime, samples, shape: [1, samples.count])
    let mask =
      encoderMask == nil && decoderMask == nil
      ? nil : try OnnxTensor(runtime, [Int64](repeating: 1, count: samples.count), shape: [1, samples.count])
    let states = try encoder.run(encoder.inputs.indices.map { $0 == encoderMask ? mask ?? audio : audio })[0]

    let token = try OnnxTensor(runtime, [Int64(TokenVocabulary.begin)], shape: [1, 1])
    let usesCache = try OnnxTensor(runtime, [false], shape: [1])
    var inputs = [OnnxTensor](repeating: states, count: decoder.inputs.count)
    inputs[decoderIDs] = token
    inputs[decoderUsesCache] = usesCache
    if let decoderMask, let mask { inputs[decoderMask] = mask }
    for cache in caches { inputs[cache.input] = try OnnxTensor(runtime, zeros: .float, shape: cache.shape) }

    var transcript = Transcript()
    var loops = RepetitionGuard()
    var isFirst = true
    while transcript.tokens.count < limit {
      try ticket.checkpoint()
      let outputs = try decoder.run(inputs)
      let (best, logProbability) = try outputs[logits].read(as: Float.self) { scores throws(InferenceError) in
        isFirst ? Self.beginning(of: scores) : Self.best(of: scores)
      }
      guard best != TokenVocabulary.end else { break }
      transcript.tokens.append(best)
      transcript.logProbabilities.append(logProbability)
      if let kept = loops.take(best) {
        transcript.tokens.removeLast(transcript.tokens.count - kept)
        transcript.logProbabilities.removeLast(transcript.logProbabilities.count - kept)
        break
      }
      for cache in caches where isFirst || !cache.isOfEncoder { inputs[cache.input] = outputs[cache.output] }
      try token.write(as: Int64.self) { $0[0] = Int64(best) }
      if isFirst { try usesCache.write(as: Bool.self) { $0[0] = true } }
      isFirst = false
    }
    return transcript
  }

  /// The share of the likeliest piece over which audio that seems to end at once holds speech all the same. Measured: speech
  /// that begins in the middle of a word has 0.07 and more, noise, tones and coughs less than 0.04.
  private static let leastBeginning: Float = 0.05

  /// As `best(of:)`, for the first piece: an end is only taken when there is no other likely piece.
  static func beginning(of scores: Span<Float>) -> (token: Int, logProbability: Float) {
    let (token, logProbability) = best(of: scores)
    guard token == TokenVocabulary.end else { return (token, logProbability) }
    let other = best(of: scores, besides: token)
    let share = expf(scores[other.token] - scores[token] + logProbability)
    return share >= leastBeginning ? other : (token, logProbability)
  }

  /// The index of the largest score and the logarithm of its share.
  static func best(of scores: Span<Float>, besides left: Int? = nil) -> (token: Int, logProbability: Float) {
    var best = 0
    var highest = -Float.infinity
    for index in scores.indices where scores[index] > highest && index != left {
      highest = scores[index]
      best = index
    }
    // What lies far below adds nothing to the sum.
    var sum: Float = 0
    for index in scores.indices where scores[index] > highest - 16 && index != left {
      sum += expf(scores[index] - highest)
    }
    return (best, -logf(sum))
  }
}
