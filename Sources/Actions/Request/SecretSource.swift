/// Where `${NAME}` references of tools are resolved, at the time of each request, so that a rotated secret is used at once.
public protocol SecretSource: Sendable {
  /// The address that a name stands for, where a URL begins with it. Throws `actions.not_granted` or `actions.secret_missing`.
  func address(_ name: String) throws(ActionsError) -> String
  /// A secret that goes to an origin. Throws `actions.not_granted` or `actions.secret_missing`.
  func secret(_ name: String, to origin: HTTPOrigin) throws(ActionsError) -> String
}

/// Which names of the server's environment an assistant may use, as the server's configuration says. An assistant's author
/// chooses names and hosts; whoever runs the server chooses which of them meet.
public struct EnvironmentGrants: Hashable, Sendable {
  /// Names whose values are addresses.
  public var addresses: Set<String>
  /// Names whose values are secrets, each with the only origins it may be sent to.
  public var secrets: [String: Set<HTTPOrigin>]

  /// Nothing is granted unless it is said.
  public init(addresses: Set<String> = [], secrets: [String: Set<HTTPOrigin>] = [:]) {
    self.addresses = addresses
    self.secrets = secrets
  }
}

/// Names of an environment as far as they are granted.
public struct GrantedSecrets: SecretSource {
  private let grants: EnvironmentGrants
  private let value: @Sendable (String) -> String?

  /// - Parameter value: the environment's value of a name; asked for granted names only, each time anew.
  public init(_ grants: EnvironmentGrants, value: @escaping @Sendable (String) -> String?) {
    self.grants = grants
    self.value = value
  }

  public func address(_ name: String) throws(ActionsError) -> String {
    guard grants.addresses.contains(name) else {
      throw ActionsError(
        "not_granted", "${\(name)} is not granted to this assistant as an address",
        hint: "add it to `addresses` in the server's configuration")
    }
    return try known(name)
  }

  public func secret(_ name: String, to origin: HTTPOrigin) throws(ActionsError) -> String {
    guard grants.secrets[name]?.contains(origin) == true else {
      throw ActionsError(
        "not_granted", "${\(name)} is not granted to this assistant for the host it would go to",
        hint: "add the host to `secrets` in the server's configuration")
    }
    return try known(name)
  }

  private func known(_ name: String) throws(ActionsError) -> String {
    guard let value = value(name) else {
      throw ActionsError(
        "secret_missing", "There is no value for ${\(name)}",
        hint: "Set \(name), or \(name)_FILE to the path of a file with it")
    }
    return value
  }
}
