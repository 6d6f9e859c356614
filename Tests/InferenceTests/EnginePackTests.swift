import Foundation
import TestSupport
import Testing

@testable import Inference

@Suite("The engine pack")
struct EnginePackTests {
  private let folder: TemporaryFolder
  let pack: EnginePack
  let home: URL

  init() throws {
    folder = try TemporaryFolder()
    home = URL(filePath: folder.path + "/tiny")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    pack = EnginePack(folder: folder.path)
  }

  static let record = """
    {"id": "tiny", "kind": "vad", "engine": "silero", "title": "Tiny", "licence": "MIT", "default": true,
     "sources": [{"package": "tiny", "version": "1.2.0"}],
     "files": [{"role": "model", "path": "model.onnx", "bytes": 5, "sha256": "00"}]}
    """

  func install(record: String = record, model: String? = "model") throws {
    try record.write(to: home.appendingPathComponent("engine.json"), atomically: true, encoding: .utf8)
    try model?.write(to: home.appendingPathComponent("model.onnx"), atomically: true, encoding: .utf8)
  }

  func code(_ body: () throws -> Void) -> InferenceError.Kind? {
    do { try body() } catch { return (error as? InferenceError)?.kind }
    return nil
  }

  @Test func `an installed engine has its kind, version and paths`() throws {
    try install()
    let engine = try pack.engine("tiny")
    #expect(engine.kind == "vad" && engine.family == "silero" && engine.version == "1.2.0")
    #expect(try engine.file("model") == home.path + "/model.onnx")
    #expect(code { _ = try engine.file("decoder") } == .engineDamaged)
    #expect(pack.installed == ["tiny"])
  }

  @Test func `a missing engine says what to run`() {
    #expect(throws: InferenceError(.engineMissing, "the engine tiny is not in \(pack.folder)")) {
      try pack.engine("tiny")
    }
  }

  @Test func `a damaged engine is told from a missing one`() throws {
    try install(record: "{")
    #expect(code { _ = try pack.engine("tiny") } == .engineDamaged)
    try install(model: "short or long, but not five")
    #expect(code { _ = try pack.engine("tiny") } == .engineDamaged)
    try FileManager.default.removeItem(at: home.appendingPathComponent("model.onnx"))
    try install(model: nil)
    #expect(code { _ = try pack.engine("tiny") } == .engineDamaged)
  }

  @Test func `the environment names the folder, else it lies beside`() {
    #expect(EnginePack(environment: ["REPARTEE_PACK": "/srv/pack"], workingFolder: "/x").folder == "/srv/pack")
    #expect(EnginePack(environment: ["REPARTEE_PACK": ""], workingFolder: "/x").folder == "/x/.pack")
  }

  @Test func `a library that is none is refused with a reason`() throws {
    try install()
    #expect(code { _ = try OnnxRuntime(library: home.path + "/model.onnx") } == .runtimeUnusable)
    #expect(code { _ = try OnnxRuntime(library: home.path + "/nothing.so") } == .runtimeUnusable)
    #expect(code { _ = try OnnxRuntime(library: "libm.so.6") } == .runtimeUnusable)
  }
}
