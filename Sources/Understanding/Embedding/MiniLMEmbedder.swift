public import Core
internal import FoundationEssentials
public import Inference

/// Sentence vectors of all-MiniLM-L6-v2 through ONNX Runtime: mean over tokens, unit length, 384 numbers.
///
/// One sentence a run, so a vector depends on its own text alone. Runs on the inference pool: a single text as urgent as the
/// words of a turn, several as ordinary work. A turn's own deadline cancels what it waits for; a start waits.
public struct MiniLMEmbedder: Embedder {
  public let identity: String
  private let session: OnnxSession
  private let pool: InferencePool
  private let tokenizer: WordPiece
  private let places: (ids: Int, mask: Int, types: Int, output: Int)
  private static let longest = 128
  /// For one text. Ends what hangs; on a busy machine a start takes its time.
  private static let patience = Duration.seconds(600)

  /// Loads the model from the pack; blocks for some tenths of a second. Throws `InferenceError` when the pack lacks it, or
  /// `UnderstandingError` when it is another model.
  ///
  /// - Parameter id: the engine's id in the pack.
  public init(
    _ id: String = "minilm-l6-v2", pack: EnginePack, runtime: OnnxRuntime, pool: InferencePool
  ) throws {
    let engine = try pack.engine(id)
    guard engine.family == "minilm" else {
      throw UnderstandingError(.modelUnusable, "\(engine.id) is no sentence embedder but \(engine.family)")
    }
    guard let vocabulary = FileManager.default.contents(atPath: try engine.file("vocabulary")) else {
      throw UnderstandingError(.vocabularyUnusable, "the vocabulary of \(engine.id) cannot be read")
    }
    tokenizer = try WordPiece(vocabulary: String(decoding: vocabulary, as: UTF8.self))
    session = try OnnxSession(runtime, model: try engine.file("model"), threads: 1, arena: false)
    places = (
      try session.input("input_ids"), try session.input("attention_mask"), try session.input("token_type_ids"),
      try session.output("last_hidden_state")
    )
    guard session.inputs.count == 3 else {
      throw UnderstandingError(.modelUnusable, "\(engine.id) takes \(session.inputs.count) inputs, not 3")
    }
    identity = engine.id + "@" + engine.version
    self.pool = pool
  }

  /// Unit vectors of the texts. Throws what the pool and the runtime throw.
  public func embed(_ texts: [String]) async throws -> [[Float]] {
    var vectors: [[Float]] = []
    for text in texts {
      vectors.append(
        try await pool.run(texts.count == 1 ? .final : .ordinary, deadline: .now + Self.patience) { _ in
          try vector(of: text)
        })
    }
    return vectors
  }

  public func knows(_ word: String) -> Bool { tokenizer.contains(word) }

  private func vector(of text: String) throws -> [Float] {
    let ids = tokenizer.ids(of: text, limit: Self.longest).map { Int64($0) }
    let shape = [1, ids.count]
    let runtime = session.runtime
    var inputs: [Int: OnnxTensor] = [:]
    inputs[places.ids] = try OnnxTensor(runtime, ids, shape: shape)
    inputs[places.mask] = try OnnxTensor(runtime, [Int64](repeating: 1, count: ids.count), shape: shape)
    inputs[places.types] = try OnnxTensor(runtime, [Int64](repeating: 0, count: ids.count), shape: shape)
    let hidden = try session.run(inputs.sorted { $0.key < $1.key }.map(\.value))[places.output]
    guard hidden.shape.count == 3, hidden.shape[1] == ids.count, let width = hidden.shape.last, width > 0 else {
      throw UnderstandingError(.modelUnusable, "the embedder gives an output of another shape")
    }
    var mean = [Float](repeating: 0, count: width)
    try hidden.read(as: Float.self) { values in
      for token in 0..<ids.count {
        for column in 0..<width { mean[column] += values[token * width + column] }
      }
    }
    return FeatureVector.unit(mean)
  }
}
