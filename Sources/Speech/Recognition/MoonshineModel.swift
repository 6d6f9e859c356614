internal import Core
internal import Glibc
internal import Inference

/// Moonshine's encoder and decoder on ONNX Runtime.
///
/// Shared by threads; everything that changes lives in a `MoonshineDecoding`.
final class MoonshineModel: Sendable {
  /// What one pass gave: pieces of words and how probable each was, the end mark not included.
  struct Transcript: Sendable {
    var tokens: [Int] = []
    var logProbabilities: [Float] = []
    /// How probable its end was; 0 when it was cut.
    var ending: Float = 0

    /// The logarithm of its probability, as a whole.
    var score: Float { logProbabilities.reduce(ending, +) }
  }

  static let sampleRate = 16000

  /// Where the decoder takes and gives what.
  struct DecoderPorts: Sendable {
    struct Cache: Sendable {
      var input: Int
      var output: Int
      var shape: [Int]
      /// Computed from the audio in the first step and the same ever after.
      var isOfEncoder: Bool
    }
    var pieces: Int
    var states: Int
    var mask: Int?
    var usesCache: Int
    var logits: Int
    var caches: [Cache]
  }

  let vocabulary: TokenVocabulary
  let digitPieces: DigitPieces
  private let encoder: OnnxSession
  private let decoder: OnnxSession
  private let encoderAudio: Int
  private let encoderMask: Int?
  private let decoderMask: Int?
  private let ports: DecoderPorts

  /// Loads both parts; blocks for some hundred milliseconds. Throws when the files are not a Moonshine model.
  init(encoder encoderPath: String, decoder decoderPath: String, vocabulary: [UInt8], runtime: OnnxRuntime) throws {
    self.vocabulary = try TokenVocabulary(vocabulary)
    digitPieces = DigitPieces(self.vocabulary)
    // Shapes differ from run to run, so memory kept for the next run would only pile up.
    let encoder = try OnnxSession(runtime, model: encoderPath, arena: false)
    let decoder = try OnnxSession(runtime, model: decoderPath, arena: false)
    self.encoder = encoder
    self.decoder = decoder
    encoderAudio = try encoder.input("input_values")
    encoderMask = encoder.inputs.firstIndex { $0.name == "attention_mask" }
    decoderMask = decoder.inputs.firstIndex { $0.name == "encoder_attention_mask" }
    let past = "past_key_values"
    let caches = try decoder.inputs.enumerated().filter { $0.element.name.hasPrefix(past) }.map { index, port in
      guard port.shape.count == 4, port.shape[1] > 0, port.shape[3] > 0 else {
        throw SpeechError(.engineUnusable, "the recogniser's decoder has a cache of an unexpected shape")
      }
      return DecoderPorts.Cache(
        input: index, output: try decoder.output("present" + port.name.dropFirst(past.count)),
        shape: [1, port.shape[1], 0, port.shape[3]], isOfEncoder: port.name.contains(".encoder."))
    }
    ports = DecoderPorts(
      pieces: try decoder.input("input_ids"), states: try decoder.input("encoder_hidden_states"), mask: decoderMask,
      usesCache: try decoder.input("use_cache_branch"), logits: try decoder.output("logits"), caches: caches)
  }

  /// Hears 16 kHz samples of -1 to 1: what decoding begins with.
  func begin(_ samples: [Float], ticket: InferenceTicket) throws(InferenceError) -> MoonshineDecoding {
    try ticket.checkpoint()
    let runtime = encoder.runtime
    let audio = try OnnxTensor(runtime, samples, shape: [1, samples.count])
    let mask =
      encoderMask == nil && decoderMask == nil
      ? nil : try OnnxTensor(runtime, [Int64](repeating: 1, count: samples.count), shape: [1, samples.count])
    let states = try encoder.run(encoder.inputs.indices.map { $0 == encoderMask ? mask ?? audio : audio })[0]
    return try MoonshineDecoding(ports, decoder, states: states, mask: mask)
  }
}
