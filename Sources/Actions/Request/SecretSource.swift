import FoundationEssentials

/// Where `${NAME}` references of tools are resolved, at the time of each request, so that a rotated secret is used at once.
public protocol SecretSource: Sendable {
  /// The value of a name. Throws `actions.secret_missing` when there is none.
  func secret(_ name: String) throws(ActionsError) -> String
}

/// Secrets of the environment: `NAME` itself, or the content of the file that `NAME_FILE` names, without its last line break.
public struct EnvironmentSecrets: SecretSource {
  private let environment: [String: String]

  /// Secrets of an environment as it was when the process started.
  public init(_ environment: [String: String]) { self.environment = environment }

  /// The value of a name. A file is read anew each time.
  public func secret(_ name: String) throws(ActionsError) -> String {
    if let value = environment[name] { return value }
    if let path = environment[name + "_FILE"], let data = FileManager.default.contents(atPath: path) {
      var text = Substring(String(decoding: data, as: UTF8.self))
      while let last = text.last, last.isNewline { text.removeLast() }
      return String(text)
    }
    throw ActionsError(
      "secret_missing", "There is no value for ${\(name)}",
      hint: "Set \(name), or \(name)_FILE to the path of a file with it")
  }
}
