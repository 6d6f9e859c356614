internal import Assistant
internal import Core
internal import Foundation
internal import Inference

extension ServerConfiguration {
  /// An engine that a start loads.
  struct WantedEngine {
    /// The key that names it, or `pack` for what every pack has.
    let key: String
    let id: String
    /// What it has to be for.
    let kind: String
    /// What has to be among its files.
    let roles: [String]
  }

  /// The engines of the pack that a start loads.
  var wantedEngines: [WantedEngine] {
    [
      WantedEngine(key: "pack", id: "onnxruntime", kind: "runtime", roles: ["library"]),
      WantedEngine(key: "engines.detector", id: engines.detector, kind: "vad", roles: ["model"]),
      WantedEngine(
        key: "engines.recognizer", id: engines.recognizer, kind: "recognizer",
        roles: ["encoder", "decoder", "tokenizer"]),
      WantedEngine(key: "engines.voice", id: engines.voice, kind: "voice", roles: ["model", "configuration"]),
      WantedEngine(key: "engines.embedder", id: engines.embedder, kind: "embedder", roles: ["model", "vocabulary"]),
    ].filter { $0.id != "flite-kal" || $0.kind != "voice" }
  }

  /// Engines that are not in the pack, not whole or for something else; none where there is no pack yet.
  func engineProblems() -> [ConfigurationProblem] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: pack, isDirectory: &isDirectory) else { return [] }
    guard isDirectory.boolValue else {
      return [problem("pack", "\(pack) is no folder", hint: Self.packHint)]
    }
    let folder = EnginePack(folder: pack)
    return wantedEngines.compactMap { wanted in
      do {
        let engine = try folder.engine(wanted.id)
        guard engine.kind == wanted.kind else {
          let others = folder.installed.filter { (try? folder.engine($0))?.kind == wanted.kind }
          return problem(
            wanted.key, "`\(wanted.id)` is a \(engine.kind), no \(wanted.kind)",
            hint: others.isEmpty
              ? Self.packHint : "one of \(others.joined(separator: ", "))")
        }
        for role in wanted.roles { _ = try engine.file(role) }
        return nil
      } catch let error as InferenceError {
        return problem(wanted.key, error.message, hint: error.hint ?? Self.packHint)
      } catch {
        return nil
      }
    }
  }

  static let packHint = "run: make pack, or name the folder that it made (REPARTEE_PACK)"

  /// The voice that an assistant names and that is not there; nothing where there is no pack to look into.
  func missingVoice(of loaded: LoadedAssistant) -> [AssistantProblem] {
    let pack = EnginePack(folder: pack)
    guard let id = loaded.definition.persona.voice, !pack.installed.isEmpty else { return [] }
    let known = Set(SpokenVoices.available(in: pack) + [engines.voice])
    guard !known.contains(id) else { return [] }
    return [
      AssistantProblem(
        .error, .unknownName, at: SourceLocation(file: "assistant.yml", line: 1, column: 1), key: "persona.voice",
        "there is no voice `\(id)` in \(pack.folder)",
        hint: "one of \(known.sorted().joined(separator: ", ")); or leave it out for the server's own")
    ]
  }
}
