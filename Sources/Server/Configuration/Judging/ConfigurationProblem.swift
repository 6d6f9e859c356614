/// What a start would refuse of a configuration: where it says it, what is wrong, and what to do.
struct ConfigurationProblem: Sendable, CustomStringConvertible {
  /// The path of keys, such as `sip.users.alice.password`.
  let key: String
  /// File, line and column, or a name of the environment; nil for a default.
  let origin: String?
  /// What is wrong.
  let message: String
  /// What to do.
  let hint: String

  /// One line.
  var description: String { (origin.map { $0 + ": error: " } ?? "") + "\(key): \(message). \(hint)" }
}

extension ServerConfiguration {
  /// A problem of the value under a key, with where that comes from.
  func problem(_ key: String, _ message: String, hint: String) -> ConfigurationProblem {
    ConfigurationProblem(key: key, origin: origins[key], message: message, hint: hint)
  }

  /// Throws when a start would be refused for what the configuration says: folders, key, addresses, secrets, engines, assistants'
  /// folders. Changes nothing. A start asks the same before anything else; what others hold at the moment it asks then alone.
  public func requireUsable(environment: [String: String]) throws(ServerError) {
    try Self.refuse(problems(environment: environment))
  }

  /// Throws when what a start needs of this machine is not there now: ports that others hold, a pack that nobody made.
  func requireReadyMachine() throws(ServerError) { try Self.refuse(problemsNow()) }

  private static func refuse(_ problems: [ConfigurationProblem]) throws(ServerError) {
    guard !problems.isEmpty else { return }
    throw ServerError(.configuration, problems.map(\.description).joined(separator: "\n"))
  }
}
