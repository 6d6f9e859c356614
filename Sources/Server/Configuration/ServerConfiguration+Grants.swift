import Assistant

extension ServerConfiguration {
  /// Reads `addresses` and `secrets`: which names of the environment each assistant may use. What the server keeps for itself
  /// is granted to nobody.
  mutating func takeGrants(_ map: YAMLMap) {
    for item in map["addresses"]?.items("addresses, each with its name and assistant") ?? [] {
      guard let entry = item.map("an address", keys: ["name", "assistant"]),
        let name = grantable(entry), let assistant = entry.required("assistant")?.name("an assistant")
      else { continue }
      let grant = AddressGrant(name: name, assistant: assistant)
      if addresses.contains(grant) {
        item.error(.duplicateName, "`\(name)` is granted to `\(assistant)` twice", hint: "write it once")
      }
      addresses.append(grant)
    }
    for item in map["secrets"]?.items("secrets, each with its name, assistant and hosts") ?? [] {
      guard let entry = item.map("a secret", keys: ["name", "assistant", "hosts"]),
        let name = grantable(entry), let assistant = entry.required("assistant")?.name("an assistant"),
        let hosts = entry.required("hosts", hint: "such as `hosts: [api.example.com]` or `[127.0.0.1:8090]`")?
          .items("hosts, such as api.example.com or 127.0.0.1:8090")
      else { continue }
      if hosts.isEmpty {
        entry["hosts"]?.error(
          .wrongValue, "there is no host, so `\(name)` may be sent to nobody",
          hint: "such as `hosts: [api.example.com]` or `[127.0.0.1:8090]`; or remove the secret")
      }
      let known = hosts.compactMap { host -> String? in
        guard let text = host.text() else { return nil }
        if !Self.origins(of: text).isEmpty { return text }
        host.error(
          .wrongValue, "`\(text)` is no host", hint: "such as `api.example.com`, or `127.0.0.1:8090` with a port")
        return nil
      }
      secrets.append(SecretGrant(name: name, assistant: assistant, hosts: known))
    }
  }

  /// The name of a grant; nil, with the reason told, when it is the server's own.
  private func grantable(_ entry: YAMLMap) -> String? {
    guard let reader = entry.required("name"), let name = reader.text() else { return nil }
    let own = Set(sip.passwords.map(\.secret))
    guard !name.hasPrefix("REPARTEE_"), !own.contains(name), !own.contains(name + "_FILE") else {
      reader.error(
        .wrongValue, "`\(name)` is the server's own and granted to no assistant",
        hint: "give the tool a secret of its own")
      return nil
    }
    return name
  }
}
