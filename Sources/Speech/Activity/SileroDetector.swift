public import Core
public import Inference

/// Silero's network over one stream of 8 kHz audio: a shared session, a small state of its own.
///
/// A window takes about a tenth of a millisecond on the calling thread. Belongs to one loop.
public final class SileroDetector: VoiceActivityDetector {
  public let sampleRate = 8000
  public let windowLength = 256

  /// Windows the network failed on; loudness answered for it.
  public private(set) var failures = 0

  /// The network sees the end of the window before as well.
  private static let contextLength = 32
  private static let stateShape = [2, 1, 128]

  private let call: OnnxCall
  private let input: OnnxTensor
  private let state: OnnxTensor
  private let output: OnnxTensor
  private let nextState: OnnxTensor
  private let standIn = EnergyDetector(sampleRate: 8000)

  /// A detector on a loaded model. Throws when it is not the model this code knows.
  init(session: OnnxSession) throws {
    let runtime = session.runtime
    guard session.inputs.map(\.name) == ["input", "state", "sr"], session.outputs.map(\.name) == ["output", "stateN"]
    else { throw SpeechError(.engineUnusable, "the voice activity model has other inputs than expected") }
    input = try OnnxTensor(runtime, zeros: .float, shape: [1, Self.contextLength + 256])
    state = try OnnxTensor(runtime, zeros: .float, shape: Self.stateShape)
    output = try OnnxTensor(runtime, zeros: .float, shape: [1, 1])
    nextState = try OnnxTensor(runtime, zeros: .float, shape: Self.stateShape)
    let rate = try OnnxTensor(runtime, [8000 as Int64], shape: [])
    call = try OnnxCall(session, inputs: [input, state, rate], outputs: [output, nextState])
  }

  public func probability(of window: Span<Int16>) -> Float {
    guard window.count == windowLength else { return 0 }
    let loudness = standIn.probability(of: window)
    do {
      try input.write(as: Float.self) { samples in
        let end = samples.count - Self.contextLength
        for index in 0..<Self.contextLength { samples[index] = samples[end + index] }
        for index in window.indices { samples[Self.contextLength + index] = Float(window[index]) / 32768 }
      }
      try call.run()
      try nextState.read(as: Float.self) { next throws(InferenceError) in
        try state.write(as: Float.self) { current in
          for index in next.indices { current[index] = next[index] }
        }
      }
      return try output.read(as: Float.self) { result throws(InferenceError) in result[0] }
    } catch {
      failures += 1
      return loudness
    }
  }

  public func reset() {
    // The tensors are floats made above, so writing floats into them cannot fail.
    for tensor in [input, state] {
      try? tensor.write(as: Float.self) { values in
        for index in values.indices { values[index] = 0 }
      }
    }
    standIn.reset()
  }
}

/// Loads Silero once and gives a detector to each call.
public struct SileroDetectorSource: VoiceActivityDetectorSource {
  public let identity: EngineIdentity
  private let session: OnnxSession

  /// Loads the model; some tens of milliseconds, blocking.
  public init(engine: InstalledEngine, runtime: OnnxRuntime) throws {
    guard engine.family == "silero" else {
      throw SpeechError(.wrongEngine, "\(engine.id) is no Silero detector but \(engine.family)")
    }
    identity = EngineIdentity(name: engine.id, version: engine.version)
    session = try OnnxSession(runtime, model: try engine.file("model"))
    _ = try SileroDetector(session: session)
  }

  public func makeDetector() throws -> any VoiceActivityDetector { try SileroDetector(session: session) }
}
