internal import Assistant
internal import Core
internal import Foundation
internal import Inference
internal import Signalling
internal import Storage

extension ServerConfiguration {
  /// Throws when a start would be refused for what the configuration says of this machine: folders and a key file that cannot be used, two
  /// services on one port. Changes nothing. A start asks the same before anything else.
  public func requireUsable() throws(ServerError) {
    var problems: [String] = []
    if let problem = Self.problem(ofFolder: data) { problems.append("data: " + problem) }
    var isDirectory: ObjCBool = false
    if FileManager.default.fileExists(atPath: pack, isDirectory: &isDirectory), !isDirectory.boolValue {
      problems.append("pack: \(pack) is no folder")
    }
    if let problem = keyProblem { problems.append("vault_key: " + problem) }
    if sip.listener.port != 0, sip.listener.port == http.port, Self.overlap(sip.listener.address, http.address) {
      problems.append("sip.port and http.port are both \(http.port)")
    }
    guard problems.isEmpty else {
      throw ServerError(
        .configuration, problems.joined(separator: "\n"),
        hint: "mend the configuration, or what of the environment overrides it")
    }
  }

  /// Why files cannot be made in a folder that is there, or that would be made.
  private static func problem(ofFolder path: String) -> String? {
    let files = FileManager.default
    var place = URL(fileURLWithPath: path).standardizedFileURL.path
    var isDirectory: ObjCBool = false
    while !files.fileExists(atPath: place, isDirectory: &isDirectory), place != "/" {
      place = URL(fileURLWithPath: place).deletingLastPathComponent().path
    }
    if !isDirectory.boolValue { return "\(path) cannot be a folder: \(place) is a file" }
    return files.isWritableFile(atPath: place) ? nil : "\(path) cannot be written: this user may not write to \(place)"
  }

  /// Why the vault's key cannot be read, where there must be one, or made.
  private var keyProblem: String? {
    let path = StorageFloor.keyPath(self)
    let files = FileManager.default
    guard files.fileExists(atPath: path) || files.fileExists(atPath: StorageFloor.path(self)) else {
      guard vaultKey != nil else { return nil }
      let home = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
      return files.isWritableFile(atPath: home) || home == URL(fileURLWithPath: data).standardizedFileURL.path
        ? nil : "\(path) cannot be made: there is no folder \(home) that this user may write to"
    }
    do {
      _ = try MasterKey.load(at: path)
      return nil
    } catch {
      return "\(error)"
    }
  }

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

  /// Whether two numeric addresses listen at one place.
  private static func overlap(_ one: String, _ other: String) -> Bool {
    one == other || [one, other].contains { IPAddress($0)?.isUnspecified ?? false }
  }
}
