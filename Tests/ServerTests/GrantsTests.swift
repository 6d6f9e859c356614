import Actions
import Assistant
import Core
import Foundation
import Storage
import Testing

@testable import Server

@Suite struct `What a configuration grants of the environment` {
  private func read(_ text: String) throws -> ServerConfiguration {
    let path = NSTemporaryDirectory() + "repartee-" + UUID().uuidString + ".yml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return try ServerConfiguration.read(file: path)
  }

  @Test func `is granted to one assistant, and secrets to hosts`() throws {
    let configuration = try read(
      """
      addresses:
        - {name: SHOP_URL, assistant: shop}
      secrets:
        - {name: SHOP_TOKEN, assistant: shop, hosts: ["127.0.0.1:8090", api.example.com]}
        - {name: SHOP_TOKEN, assistant: shop, hosts: ["[::1]:80"]}
        - {name: OTHER, assistant: bank, hosts: [bank.example.com]}
      """)
    let shop = configuration.grants(for: "shop")
    #expect(shop.addresses == ["SHOP_URL"])
    #expect(
      Set(shop.secrets["SHOP_TOKEN"]?.map(\.description) ?? []) == [
        "http://127.0.0.1:8090", "https://127.0.0.1:8090", "https://api.example.com:443", "http://[::1]:80",
        "https://[::1]:80",
      ])
    #expect(shop.secrets["OTHER"] == nil)
    #expect(configuration.grants(for: "clinic") == EnvironmentGrants())
    #expect(ServerConfiguration().grants(for: "shop") == EnvironmentGrants())
  }

  @Test(arguments: [
    ("addresses: [{name: REPARTEE_VAULT_KEY, assistant: a}]", "is the server's own"),
    ("secrets: [{name: REPARTEE_VAULT_KEY, assistant: a, hosts: [h]}]", "is the server's own"),
    (
      "sip: {users: {u: {password: \"${PBX}\"}}}\nsecrets: [{name: PBX, assistant: a, hosts: [h]}]",
      "is the server's own"
    ),
    ("secrets: [{name: T, assistant: a}]", "no `hosts`"), ("secrets: [{name: T, hosts: [h]}]", "no `assistant`"),
    ("secrets: [{name: T, assistant: a, hosts: [\"https://h/\"]}]", "is no host"),
    ("secrets: [{name: T, assistant: a, hosts: [\"u@h\"]}]", "is no host"),
    ("secrets: [{name: T, assistant: a, hosts: [\"h/path\"]}]", "is no host"),
    ("addresses: [{name: T, assistant: a, hosts: [h]}]", "hosts"),
    ("limits: {back_end_requests: 0}", "back_end_requests"),
    ("secrets: [{name: T, assistant: a, hosts: []}]", "secrets[0].hosts: there is no host"),
    ("addresses: [{name: T, assistant: a}, {name: T, assistant: a}]", "addresses[1]: `T` is granted to `a` twice"),
    ("tenant: ../x", "tenant: `../x` is no name of a tenant"),
    ("numbers: {\"1\": {assistant: a}, \"1\": {assistant: b}}", "1"),
  ]) func `is told what is wrong`(text: String, message: String) {
    #expect { try read(text) } throws: { "\($0)".contains(message) }
  }

  @Test func `an assistant that asks for more does not answer, and the message says where and what to add`()
    async throws
  {
    let desk = try Desk()
    var configuration = desk.configuration
    configuration.addresses = []
    try """
    base: ${DESK_URL}
    headers: {Authorization: "Bearer ${REPARTEE_VAULT_KEY}"}
    tools:
      look: {description: Looks., request: "GET /look", changes_state: false}

    """.write(toFile: desk.folder + "/tools.yml", atomically: true, encoding: .utf8)
    let loaded = try AssistantLoader.load(folder: desk.folder)
    let problems = configuration.ungranted(in: loaded).sorted { $0.location.file < $1.location.file }
    #expect(problems.allSatisfy { $0.code == .notGranted && $0.severity == .error })
    let texts = problems.map(\.description)
    #expect(texts.count == 3)
    #expect(
      texts.contains {
        $0.contains("assistant.yml:") && $0.contains("destinations.support") && $0.contains("SUPPORT_URI")
      })
    #expect(
      texts.contains {
        $0.contains("tools.yml:1:") && $0.contains("addresses: [{name: DESK_URL, assistant: desk}]")
      })
    #expect(
      texts.contains {
        $0.contains("tools.yml:2:") && $0.contains("headers.Authorization") && $0.contains("REPARTEE_VAULT_KEY")
          && $0.contains("secrets: [{name: REPARTEE_VAULT_KEY, assistant: desk")
      })
    // Neither checking nor publishing nor starting goes past it.
    #expect(configuration.check(folder: desk.folder).status != .publishable)
    guard case .refused = try Publishing(configuration).publish(folder: desk.folder) else {
      Issue.record("published")
      return
    }
    configuration.numbers = ["*": .folder(desk.folder)]
    let storage = try StorageFloor.open(configuration, for: .serve)
    await #expect {
      _ = try await AssistantFloor.load(
        configuration, voices: nil, embedder: nil, storage: storage, secrets: Secrets([:]), logger: desk.silent)
    } throws: {
      "\($0)".contains("tools.yml:2:") && "\($0)".contains("REPARTEE_VAULT_KEY")
    }
    try await storage.store.close()
    #expect(
      Examination(configuration, environment: [:]).findings().contains {
        !$0.isGood && $0.advice?.contains("DESK_URL") == true
      })
  }

  @Test func `every example is granted what it asks for by its own configuration, and nothing more`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    for example in ["shop", "bank", "clinic"] {
      let folder = root + "/Examples/" + example
      let configuration = try ServerConfiguration.read(file: folder + "/server.yml")
      let loaded = try AssistantLoader.load(folder: folder)
      #expect(configuration.ungranted(in: loaded).isEmpty, "\(example)")
      #expect(Set(configuration.addresses.map(\.name)) == Set(loaded.references.map(\.name)))
      #expect(!ServerConfiguration().ungranted(in: loaded).isEmpty)
    }
  }

  @Test func `an address for transfers is resolved only when it is granted, from a variable or a file`() throws {
    let path = NSTemporaryDirectory() + "repartee-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "sip:nurse@h\n".write(toFile: path, atomically: true, encoding: .utf8)
    let secrets = Secrets(["SUPPORT_URI": "sip:s@h", "NURSE_URI_FILE": path, "REPARTEE_VAULT_KEY": "k"])
    #expect(secrets.resolve("${SUPPORT_URI}", granted: ["SUPPORT_URI"]) == "sip:s@h")
    #expect(secrets.resolve("${NURSE_URI}", granted: ["NURSE_URI"]) == "sip:nurse@h")
    #expect(secrets.resolve("sip:${REPARTEE_VAULT_KEY}@evil", granted: ["SUPPORT_URI"]) == nil)
    #expect(secrets.resolve("sip:fixed@h", granted: []) == "sip:fixed@h")
    #expect(secrets.resolve("${GONE}", granted: ["GONE"]) == nil)
  }
}
