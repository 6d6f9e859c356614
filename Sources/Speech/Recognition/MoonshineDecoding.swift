internal import Inference

/// One hearing under way: rows of pieces that are written beside each other over the same audio. Belongs to one thread.
struct MoonshineDecoding {
  private let ports: MoonshineModel.DecoderPorts
  private let decoder: OnnxSession
  private var inputs: [OnnxTensor]
  /// The caches of the audio, the same for every row, by the number of rows.
  private var audio: [Int: [OnnxTensor]]
  private var outputs: [OnnxTensor]
  /// How many rows there are.
  private(set) var rows = 1

  /// Runs the first step: one row, nothing written.
  init(
    _ ports: MoonshineModel.DecoderPorts, _ decoder: OnnxSession, states: OnnxTensor, mask: OnnxTensor?
  ) throws(InferenceError) {
    self.ports = ports
    self.decoder = decoder
    let runtime = decoder.runtime
    inputs = [OnnxTensor](repeating: states, count: decoder.inputs.count)
    inputs[ports.pieces] = try OnnxTensor(runtime, [Int64(TokenVocabulary.begin)], shape: [1, 1])
    inputs[ports.usesCache] = try OnnxTensor(runtime, [false], shape: [1])
    if let place = ports.mask, let mask { inputs[place] = mask }
    for cache in ports.caches { inputs[cache.input] = try OnnxTensor(runtime, zeros: .float, shape: cache.shape) }
    outputs = try decoder.run(inputs)
    var audio: [OnnxTensor] = []
    for cache in ports.caches where cache.isOfEncoder {
      inputs[cache.input] = outputs[cache.output]
      audio.append(outputs[cache.output])
    }
    self.audio = [1: audio]
    inputs[ports.usesCache] = try OnnxTensor(runtime, [true], shape: [1])
  }

  /// Lends the scores of every next piece of a row.
  func scores<Result>(
    of row: Int, _ body: (Span<Float>) -> Result
  ) throws(InferenceError) -> Result {
    try outputs[ports.logits].read(as: Float.self) { all throws(InferenceError) in
      let width = all.count / rows
      return body(all.extracting(row * width..<(row + 1) * width))
    }
  }

  /// Goes on with one piece a row: each row continues one of the rows so far.
  mutating func advance(_ next: [(row: Int, piece: Int)]) throws(InferenceError) {
    let parents = next.map(\.row)
    let stay = parents.count == rows && parents.enumerated().allSatisfy { $0 == $1 }
    var heard = try audio(next.count).makeIterator()
    for cache in ports.caches {
      if cache.isOfEncoder {
        if let one = heard.next() { inputs[cache.input] = one }
      } else {
        let written = outputs[cache.output]
        inputs[cache.input] = stay ? written : try written.gathering(rows: parents)
      }
    }
    inputs[ports.pieces] = try OnnxTensor(decoder.runtime, next.map { Int64($0.piece) }, shape: [next.count, 1])
    rows = next.count
    outputs = try decoder.run(inputs)
  }

  private mutating func audio(_ count: Int) throws(InferenceError) -> [OnnxTensor] {
    if let known = audio[count] { return known }
    var made: [OnnxTensor] = []
    for one in audio[1] ?? [] { made.append(try one.gathering(rows: [Int](repeating: 0, count: count))) }
    audio[count] = made
    return made
  }
}
