internal import Core
internal import FoundationEssentials
internal import Inference

/// A Piper voice on ONNX Runtime and the numbers it gives to phonemes. Shared by threads.
final class PiperVoice: Sendable {
  let sampleRate: Int
  private let session: OnnxSession
  private let ids: [Unicode.Scalar: [Int64]]
  private let lengthScale: Float
  private let noise: Float
  private let durationNoise: Float
  private let inputNames: [String]

  /// Loads the voice; blocks for some hundred milliseconds. Throws when the files are not a Piper voice for phonemes.
  init(model: String, configuration: [UInt8], runtime: OnnxRuntime) throws {
    let settings: PiperConfiguration
    do {
      settings = try JSONDecoder().decode(PiperConfiguration.self, from: Data(configuration))
    } catch {
      throw SpeechError(.engineUnusable, "the voice's configuration cannot be read")
    }
    sampleRate = settings.audio.sample_rate
    lengthScale = settings.inference.length_scale
    noise = settings.inference.noise_scale
    durationNoise = settings.inference.noise_w
    var ids: [Unicode.Scalar: [Int64]] = [:]
    for (symbol, numbers) in settings.phoneme_id_map {
      if let scalar = symbol.unicodeScalars.first, symbol.unicodeScalars.count == 1 { ids[scalar] = numbers }
    }
    guard ids["^"] != nil, ids["$"] != nil, ids["_"] != nil, ids["ə"] != nil, sampleRate > 0 else {
      throw SpeechError(.engineUnusable, "the voice does not speak phonemes of the phonetic alphabet")
    }
    self.ids = ids
    session = try OnnxSession(runtime, model: model)
    inputNames = session.inputs.map(\.name)
    guard inputNames.allSatisfy({ ["input", "input_lengths", "scales", "sid"].contains($0) }) else {
      throw SpeechError(.engineUnusable, "the voice model has other inputs than expected")
    }
  }

  /// The numbers of a sentence: begin, each symbol followed by a blank, end. Unknown symbols are passed over.
  func numbers(of phonemes: String) -> [Int64] {
    let blank = ids["_"] ?? []
    var numbers = (ids["^"] ?? []) + blank
    for scalar in phonemes.unicodeScalars {
      if let known = ids[scalar] { numbers += known + blank }
    }
    return numbers + (ids["$"] ?? [])
  }

  /// One sentence as shaped samples at the voice's rate. `rate` is in thousandths of the voice's own speed.
  func speak(_ phonemes: String, rate: Int) throws(InferenceError) -> [Int16] {
    let numbers = numbers(of: phonemes)
    let runtime = session.runtime
    var inputs: [OnnxTensor] = []
    for name in inputNames {
      switch name {
      case "input": inputs.append(try OnnxTensor(runtime, numbers, shape: [1, numbers.count]))
      case "input_lengths": inputs.append(try OnnxTensor(runtime, [Int64(numbers.count)], shape: [1]))
      case "scales":
        let scales = [noise, lengthScale * 1000 / Float(rate), durationNoise]
        inputs.append(try OnnxTensor(runtime, scales, shape: [3]))
      default: inputs.append(try OnnxTensor(runtime, [0 as Int64], shape: [1]))
      }
    }
    let output = try session.run(inputs)[0]
    return try output.read(as: Float.self) { samples throws(InferenceError) in
      SpeechShaper.shaped(samples, sampleRate: sampleRate)
    }
  }
}

/// The parts of a voice's JSON that are used; the names are the file's.
private struct PiperConfiguration: Decodable {
  struct Audio: Decodable { var sample_rate: Int }
  struct Inference: Decodable {
    var noise_scale: Float
    var length_scale: Float
    var noise_w: Float
  }

  var audio: Audio
  var inference: Inference
  var phoneme_id_map: [String: [Int64]]
}
