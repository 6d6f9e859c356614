internal import Assistant
internal import Core
internal import Foundation
internal import Inference
internal import Logging
internal import Signalling
internal import Storage
internal import Telephony

extension ServerConfiguration {
  /// What a start would refuse on this machine, whatever else runs on it.
  func problems(environment: [String: String]) -> [ConfigurationProblem] {
    let secrets = secretProblems(Secrets(environment))
    let here = folderProblems() + addressProblems() + engineProblems() + assistantProblems() + secrets
    return here + (secrets.isEmpty ? telephonyProblems(Secrets(environment)) : [])
  }

  private func folderProblems() -> [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    if let refusal = WritableFolder.refusal(of: data) {
      problems.append(
        problem("data", refusal, hint: "name a folder on a disk that this user may write (REPARTEE_DATA)"))
    }
    if let refusal = keyRefusal {
      problems.append(
        problem("vault_key", refusal, hint: "restore it from its copy, or name the right one (REPARTEE_VAULT_KEY_FILE)")
      )
    }
    return problems
  }

  private func addressProblems() -> [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    for (key, listener) in [("sip", sip.listener), ("http", http)] {
      guard let code = PortProbe.refusal(.udp, address: listener.address, port: 0) else { continue }
      problems.append(
        problem(
          key + ".address", "nobody can listen on \(listener.address): \(String(cString: strerror(code)))",
          hint: "an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all"))
    }
    if sip.listener.port != 0, sip.listener.port == http.port, Self.overlap(sip.listener.address, http.address) {
      problems.append(
        problem("http.port", "sip.port and http.port are both \(http.port)", hint: "give one of them another port"))
    }
    return problems
  }

  /// The folders of assistants; what is in them is looked at when they are read.
  private func assistantProblems() -> [ConfigurationProblem] {
    guard !numbers.isEmpty else {
      return [
        problem(
          "numbers", "no number has an assistant",
          hint: "write numbers: {\"*\": {assistant: FOLDER}}, such as Examples/shop")
      ]
    }
    return numbers.sorted { $0.key < $1.key }.compactMap { number, source in
      guard case .folder(let folder) = source else { return nil }
      var isDirectory: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory)
      guard !isThere || !isDirectory.boolValue else { return nil }
      return problem(
        "numbers.\(number).assistant", isThere ? "\(folder) is no folder" : "there is no folder \(folder)",
        hint: folder.hasPrefix("/")
          ? "name the folder that holds assistant.yml"
          : "name the folder that holds assistant.yml, from \(FileManager.default.currentDirectoryPath)")
    }
  }

  private func secretProblems(_ secrets: Secrets) -> [ConfigurationProblem] {
    sip.passwords.compactMap { key, name in
      secrets.refusal(of: name).map { refusal in
        problem(key, refusal, hint: "set \(name), or \(name)_FILE to the path of a file with it")
      }
    }
  }

  private func telephonyProblems(_ secrets: Secrets) -> [ConfigurationProblem] {
    do {
      try telephony(secrets, logger: Logger(label: "judging") { _ in SwiftLogNoOpLogHandler() }).requireUsable()
      return []
    } catch let error as any CodedError {
      return [problem("sip", error.message, hint: error.hint ?? "mend it and start again")]
    } catch {
      return []
    }
  }

  /// Why the vault's key cannot be read, where there must be one, or made.
  private var keyRefusal: String? {
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
      return error.message
    }
  }

  /// Whether two numeric addresses listen at one place.
  private static func overlap(_ one: String, _ other: String) -> Bool {
    one == other || [one, other].contains { IPAddress($0)?.isUnspecified ?? false }
  }
}
