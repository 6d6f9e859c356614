import Foundation
import Testing

@testable import Inference

/// The pack of this checkout, when it is there. These tests say so loudly when it is not.
enum InstalledPack {
  static let pack = EnginePack(
    environment: ProcessInfo.processInfo.environment, workingFolder: FileManager.default.currentDirectoryPath)
  static let isPresent: Bool = {
    let found = pack.installed.contains("onnxruntime") && pack.installed.contains("silero-vad")
    if !found { print("SKIPPED: no engine pack in \(pack.folder); tests with models do not run. Run: make pack") }
    return found
  }()
}

@Suite("The library of ONNX Runtime")
struct OnnxLibraryTests {
  @Test(arguments: ["/nowhere/libonnxruntime.so", "libm.so.6"])
  func `that is not there, or is another one, is an error with the loader's reason`(path: String) {
    let error = #expect(throws: InferenceError.self) { try OnnxRuntime(library: path) }
    #expect(error?.kind == .runtimeUnusable)
    #expect(error?.message.hasPrefix("ONNX Runtime cannot be opened (") == true)
  }
}

@Suite("Models on ONNX Runtime", .enabled(if: InstalledPack.isPresent, "needs the engine pack: make pack"))
struct OnnxTests {
  func session() throws -> OnnxSession {
    try OnnxSession(try InstalledPack.pack.openRuntime(), model: InstalledPack.pack.engine("silero-vad").file("model"))
  }

  @Test func `a model tells its inputs and outputs`() throws {
    let session = try session()
    #expect(session.runtime.version.hasPrefix("1."))
    #expect(session.inputs.map(\.name) == ["input", "state", "sr"])
    #expect(session.inputs.map(\.element) == [.float, .float, .int64])
    #expect(session.inputs[1].shape == [2, -1, 128])
    #expect(session.outputs.map(\.name) == ["output", "stateN"])
    #expect(throws: InferenceError(.modelUnusable, "the model has no input audio")) { try session.input("audio") }
  }

  @Test func `a free run and a prepared call give the same`() throws {
    let session = try session()
    let runtime = session.runtime
    let window = (0..<288).map { Float(($0 * 37) % 64) / 64 - 0.5 }
    let input = try OnnxTensor(runtime, window, shape: [1, 288])
    let state = try OnnxTensor(runtime, zeros: .float, shape: [2, 1, 128])
    let rate = try OnnxTensor(runtime, [8000 as Int64], shape: [])
    let free = try session.run([input, state, rate])
    #expect(free.map(\.shape) == [[1, 1], [2, 1, 128]])
    let output = try OnnxTensor(runtime, zeros: .float, shape: [1, 1])
    let next = try OnnxTensor(runtime, zeros: .float, shape: [2, 1, 128])
    let call = try OnnxCall(session, inputs: [input, state, rate], outputs: [output, next])
    try call.run()
    let probabilities = try [free[0], output].map {
      try $0.read(as: Float.self) { span throws(InferenceError) in span[0] }
    }
    #expect(probabilities[0] == probabilities[1])
    #expect(probabilities[0] > 0 && probabilities[0] < 1)
    try call.run()
    #expect(try output.read(as: Float.self) { span throws(InferenceError) in span[0] } == probabilities[0])
  }

  @Test func `wrong tensors are errors, not crashes`() throws {
    let session = try session()
    let runtime = session.runtime
    let input = try OnnxTensor(runtime, zeros: .float, shape: [1, 288])
    let state = try OnnxTensor(runtime, zeros: .float, shape: [2, 1, 128])
    #expect(throws: InferenceError.self) { try session.run([input, state]) }
    #expect(throws: InferenceError.self) { try session.run([input, state, state]) }
    #expect(throws: InferenceError.self) { try OnnxTensor(runtime, [1, 2, 3] as [Float], shape: [2]) }
    #expect(throws: InferenceError.self) { try OnnxTensor(runtime, zeros: .float, shape: [-1]) }
    #expect(throws: InferenceError.self) { try input.read(as: Int64.self) { _ in } }
  }

  @Test func `a file that is no model is an error that says what to do`() throws {
    let runtime = try InstalledPack.pack.openRuntime()
    let broken = FileManager.default.temporaryDirectory.appendingPathComponent("broken-\(UUID().uuidString).onnx")
    defer { try? FileManager.default.removeItem(at: broken) }
    try Data("not a model".utf8).write(to: broken)
    for path in [broken.path, "/nowhere/model.onnx"] {
      let error = #expect(throws: InferenceError.self) { try OnnxSession(runtime, model: path) }
      #expect(error?.kind == .modelUnusable)
      #expect(error?.hint?.hasSuffix("run: make pack") == true)
    }
  }
}
