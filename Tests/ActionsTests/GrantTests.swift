import Core
import TestSupport
import Testing

@testable import Actions

@Suite struct `What is granted of the environment` {
  private let host = HTTPOrigin("https://api.example.com")!

  @Test func `is found, and nothing else is even looked up`() throws {
    let secrets = GrantedSecrets(EnvironmentGrants(addresses: ["A"], secrets: ["S": [host]])) { name in
      #expect(["A", "S"].contains(name))
      return "value of \(name)"
    }
    #expect(try secrets.address("A") == "value of A")
    #expect(try secrets.secret("S", to: host) == "value of S")
    for refused in ["REPARTEE_VAULT_KEY", "S", "A_FILE"] {
      let error = #expect(throws: ActionsError.self) { try secrets.address(refused) }
      #expect(error?.code == "actions.not_granted")
    }
    for (name, to) in [("A", "https://api.example.com"), ("S", "http://api.example.com"), ("S", "https://example.com")]
    {
      let error = #expect(throws: ActionsError.self) { try secrets.secret(name, to: try #require(HTTPOrigin(to))) }
      #expect(error?.code == "actions.not_granted")
    }
  }

  @Test func `but not set is missing`() {
    let secrets = GrantedSecrets(EnvironmentGrants(addresses: ["A"])) { _ in nil }
    let error = #expect(throws: ActionsError.self) { try secrets.address("A") }
    #expect(error?.code == "actions.secret_missing")
  }

  @Test(arguments: [
    ("http://h", "http://h:80"), ("https://H.example/a?b", "https://h.example:443"),
    ("http://h:8090/", "http://h:8090"),
    ("http://[::1]:8090/x", "http://[::1]:8090"), ("http://[::1]", "http://[::1]:80"), ("http://h?q", "http://h:80"),
  ])
  func `an origin is scheme, host and port`(address: String, expected: String) {
    #expect(HTTPOrigin(address)?.description == expected)
  }

  @Test(arguments: [
    "", "h", "ftp://h", "http://", "http://user@h/", "http://a:b@h/", "http://h:/", "http://h:0/", "http://h:99999/",
    "http://h:8a/", "http://h%2e/", "http://h\\evil/", "http://a b/", "http://[::1/", "http://[]/", "http://h:80:90/",
    "http://\u{456}/", "http:///path", "http://:80/", "http://[g]/",
  ])
  func `what two readers could take for two hosts is none`(address: String) {
    #expect(HTTPOrigin(address) == nil)
  }

  /// The operator's address, and a secret for its host.
  private struct Granted: SecretSource {
    func address(_ name: String) throws(ActionsError) -> String { name == "URL" ? "http://shop:8090" : "http://shop/" }
    func secret(_ name: String, to origin: HTTPOrigin) throws(ActionsError) -> String {
      guard origin.description == "http://shop:8090" else { throw ActionsError("not_granted", name, hint: nil) }
      return "s/cret"
    }
  }

  private func prepare(
    _ url: String, _ arguments: [String: JSONValue] = [:], headers: [String: String] = [:]
  ) throws -> PreparedRequest {
    try PreparedRequest(
      ToolRequest(method: "GET", url: url, headers: headers),
      PreparedRequest.Values(arguments: arguments, key: nil, secrets: Granted()))
  }

  @Test func `a secret stands in headers, path and query of its own host, encoded in a URL`() throws {
    let request = try prepare("${URL}/a/${S}?k=${S}", headers: ["Authorization": "Bearer ${S}"])
    #expect(request.url == "http://shop:8090/a/s%2Fcret?k=s%2Fcret")
    #expect(request.origin.description == "http://shop:8090")
    #expect(request.headers.contains { $0 == ("Authorization", "Bearer s/cret") })
    #expect(try prepare("http://shop:8090/?k=${S}").url == "http://shop:8090/?k=s%2Fcret")
  }

  @Test(arguments: [
    "http://evil/${S}", "http://evil/?k=${S}", "https://shop:8090/${S}", "http://shop/${S}",
    "${URL}.evil/${S}", "${URL}@evil/${S}", "${URL}0/${S}", "http://shop:8090@evil/${S}", "http://${S}.evil/",
    "http://shop:8090.evil/${S}", "http://shop:8090${S}/",
  ])
  func `a secret goes nowhere else`(url: String) {
    #expect(throws: ActionsError.self) { try prepare(url) }
    #expect(throws: ActionsError.self) { try prepare("http://evil/", headers: ["X": "${S}"]) }
  }

  @Test(arguments: [".evil", "0", "-", "shop"]) func `an argument never moves the host`(value: String) {
    for url in ["http://shop{n}/", "${URL}{n}/", "http://{n}/", "{n}"] {
      #expect(throws: (any Error).self) { try prepare(url, ["n": .string(value)]) }
    }
  }

  @Test(arguments: ["http://{n}/", "http://a{n}/", "http://user@h/", "http://h:{n}/", "http://h${S}/"])
  func `a tool whose host is not written out is refused at once`(url: String) {
    let tool = ToolDefinition(
      name: "t", summary: "", request: ToolRequest(method: "GET", url: url),
      arguments: [ToolArgument(name: "n", slot: "n", type: .string)], results: [], changesState: false, source: .here)
    let error = #expect(throws: ActionsError.self) { try tool.check() }
    #expect(error?.code == "actions.bad_url")
  }
}
