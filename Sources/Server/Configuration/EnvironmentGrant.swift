internal import Actions
public import Assistant
internal import Core

/// A name of the environment that an assistant may use as an address: its tools' URLs begin with it, or calls are transferred
/// to it.
public struct AddressGrant: Hashable, Sendable {
  /// The name.
  public let name: String
  /// The assistant's name.
  public let assistant: String
}

/// A name of the environment whose value an assistant may send, and to whom.
public struct SecretGrant: Hashable, Sendable {
  /// The name.
  public let name: String
  /// The assistant's name.
  public let assistant: String
  /// The only hosts it goes to: `host:port`, or `host` for HTTPS on its own port.
  public let hosts: [String]
}

extension ServerConfiguration {
  /// Checks a folder, and that this server grants what it asks of the environment. Never fails: what cannot be read is in the
  /// report.
  ///
  /// - Parameter environment: where tools' addresses are looked up; nil: they are not known yet.
  public func check(folder: String, environment: [String: String]? = nil) -> CheckReport {
    AssistantCheck.run(folder: folder) { loaded in
      ungranted(in: loaded) + missingVoice(of: loaded)
        + (environment.map { unreachable(from: loaded, Secrets($0)) } ?? [])
        + (namedLabels.isEmpty || publishes ? [] : strayLabels(among: readableAssistants + [loaded]))
    }
  }

  /// The back ends of an assistant whose granted address is not set, or none that tools can ask.
  func unreachable(from loaded: LoadedAssistant, _ secrets: Secrets) -> [AssistantProblem] {
    let granted = grants(for: loaded.definition.version.name).addresses
    var told: Set<String> = []
    return loaded.references.compactMap { reference in
      guard reference.use == .backEnd, granted.contains(reference.name), told.insert(reference.name).inserted else {
        return nil
      }
      let value = secrets.value(reference.name)
      guard value.flatMap({ HTTPOrigin($0) }) == nil else { return nil }
      let what = value == nil ? "is not set" : "is no address that begins with http:// or https://"
      return AssistantProblem(
        .error, .wrongValue, at: reference.location, key: reference.key,
        "`${\(reference.name)}`, where this tool's back end is, \(what)",
        hint: "set \(reference.name) in the server's environment, such as http://127.0.0.1:8090")
    }
  }

  /// What an assistant may take from the environment.
  func grants(for assistant: String) -> EnvironmentGrants {
    var grants = EnvironmentGrants(addresses: Set(addresses.filter { $0.assistant == assistant }.map(\.name)))
    for grant in secrets where grant.assistant == assistant {
      grants.secrets[grant.name, default: []].formUnion(grant.hosts.flatMap(Self.origins))
    }
    return grants
  }

  /// The origins that a host in a grant names: HTTPS, and HTTP only where a port is written. Empty when it is no host.
  static func origins(of host: String) -> [HTTPOrigin] {
    guard let secure = HTTPOrigin("https://" + host), !host.contains("/"), !host.contains("?"), !host.contains("#")
    else { return [] }
    let hasPort = host.drop { $0 != "]" }.isEmpty ? host.contains(":") : host.hasSuffix(":\(secure.port)")
    return [secure] + (hasPort ? [HTTPOrigin("http://" + host)].compactMap { $0 } : [])
  }

  /// The references of an assistant that its server does not grant, each with what to add where. Empty when it may answer.
  ///
  /// - Parameter transfers: whether its calls can be transferred.
  func ungranted(in loaded: LoadedAssistant, transfers: Bool = true) -> [AssistantProblem] {
    let assistant = loaded.definition.version.name
    let grants = grants(for: assistant)
    return loaded.references.compactMap { reference in
      let (what, entry): (String, String)
      switch reference.use {
      case .destination where !transfers: return nil
      case .backEnd, .destination:
        guard !grants.addresses.contains(reference.name) else { return nil }
        what = "as an address"
        entry = "addresses: [{name: \(reference.name), assistant: \(assistant)}]"
      case .secret:
        guard grants.secrets[reference.name] == nil else { return nil }
        what = "as a secret"
        entry = "secrets: [{name: \(reference.name), assistant: \(assistant), hosts: [its back end's host:port]}]"
      }
      return AssistantProblem(
        .error, .notGranted, at: reference.location, key: reference.key,
        "`${\(reference.name)}` is not granted to the assistant `\(assistant)` \(what)",
        hint: "whoever runs the server adds to its configuration (--config FILE): \(entry)")
    }
  }
}
