internal import FoundationEssentials
internal import Glibc

/// The folder that `make pack` fills: for each engine a folder with its files and the record it was installed from.
public struct EnginePack: Hashable, Sendable {
  /// Where the pack lies.
  public let folder: String

  /// A pack at a folder, which is not looked at yet.
  public init(folder: String) { self.folder = folder }

  /// The pack named by `REPARTEE_PACK`, else `.pack` in the folder given.
  public init(environment: [String: String], workingFolder: String) {
    folder = environment["REPARTEE_PACK"].flatMap { $0.isEmpty ? nil : $0 } ?? workingFolder + "/.pack"
  }

  /// One engine, installed and with all its files in their right sizes.
  ///
  /// Contents are hashed when the pack is made, not at each start. Throws `engineMissing` or `engineDamaged`, both with
  /// what to do.
  public func engine(_ id: String) throws(InferenceError) -> InstalledEngine {
    let home = folder + "/" + id
    guard let data = FileManager.default.contents(atPath: home + "/engine.json") else {
      throw InferenceError(.engineMissing, "the engine \(id) is not in \(folder)")
    }
    guard let record = try? JSONDecoder().decode(EngineRecord.self, from: data), record.id == id else {
      throw InferenceError(
        .engineDamaged, "the record of the engine \(id) cannot be read")
    }
    var files: [String: String] = [:]
    for file in record.files {
      let path = home + "/" + file.path
      var status = stat()
      guard stat(path, &status) == 0, status.st_size == file.bytes else {
        throw InferenceError(.engineDamaged, "\(path) is missing or has another size")
      }
      files[file.role] = path
    }
    return InstalledEngine(
      id: record.id, kind: record.kind, family: record.engine, title: record.title,
      version: record.sources.first?.version ?? "", language: record.language, licence: record.licence, files: files)
  }

  /// The ids of all engines in the pack, sorted; empty when there is no pack.
  public var installed: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { FileManager.default.fileExists(atPath: folder + "/" + $0 + "/engine.json") }.sorted()
  }

  /// Opens ONNX Runtime from the pack; about a tenth of a second.
  public func openRuntime() throws(InferenceError) -> OnnxRuntime {
    try OnnxRuntime(library: try engine("onnxruntime").file("library"))
  }
}

/// An engine of the pack, ready to be loaded.
public struct InstalledEngine: Hashable, Sendable {
  /// Its id in the manifest, such as `moonshine-base-en`.
  public let id: String
  /// What it is for: `runtime`, `vad`, `recognizer`, `voice` or `embedder`.
  public let kind: String
  /// Which code runs it, such as `moonshine` or `piper`.
  public let family: String
  /// What people call it.
  public let title: String
  /// The version of the package it came from.
  public let version: String
  /// A language tag, where it is bound to a language.
  public let language: String?
  /// Its licence in a few words.
  public let licence: String
  /// Absolute paths by role, such as `encoder`.
  public let files: [String: String]

  init(
    id: String, kind: String, family: String, title: String, version: String, language: String?, licence: String,
    files: [String: String]
  ) {
    self.id = id
    self.kind = kind
    self.family = family
    self.title = title
    self.version = version
    self.language = language
    self.licence = licence
    self.files = files
  }

  /// The same engine with other files, for models that lie outside of a pack.
  public init(copying engine: InstalledEngine, files: [String: String]) {
    self = InstalledEngine(
      id: engine.id, kind: engine.kind, family: engine.family, title: engine.title, version: engine.version,
      language: engine.language, licence: engine.licence, files: files)
  }

  /// The path of a file by its role. Throws `engineDamaged` when the engine has no such file.
  public func file(_ role: String) throws(InferenceError) -> String {
    guard let path = files[role] else {
      throw InferenceError(.engineDamaged, "the engine \(id) has no file for the role \(role)")
    }
    return path
  }
}

private struct EngineRecord: Decodable {
  struct File: Decodable {
    var role: String
    var path: String
    var bytes: Int
  }
  struct Source: Decodable { var version: String }

  var id: String
  var kind: String
  var engine: String
  var title: String
  var licence: String
  var language: String?
  var files: [File]
  var sources: [Source]
}
