import Core
import Foundation
import Governance
import TestSupport
import Testing

@testable import Actions

@Suite struct RequestTests {
  private struct NoSecrets: SecretSource {
    func address(_ name: String) throws(ActionsError) -> String {
      if name == "BASE" { return "http://shop/" }
      throw ActionsError("secret_missing", name, hint: nil)
    }
    func secret(_ name: String, to origin: HTTPOrigin) throws(ActionsError) -> String {
      if name == "TOKEN" { return "t/k" }
      if name == "BAD" { return "a\r\nX: y" }
      throw ActionsError("secret_missing", name, hint: nil)
    }
  }

  private func prepare(
    _ method: String = "GET", _ url: String, _ arguments: [String: JSONValue], headers: [String: String] = [:],
    isProbe: Bool = false
  ) throws -> PreparedRequest {
    try PreparedRequest(
      ToolRequest(method: method, url: url, headers: headers), isProbe: isProbe,
      PreparedRequest.Values(arguments: arguments, key: "k1", secrets: NoSecrets()))
  }

  @Test(arguments: [
    ("http://h/o/{n}", ["n": JSONValue.string("10473829")], "http://h/o/10473829"),
    ("http://h/o/{n}", ["n": .string("a/b?c#d e%&ü")], "http://h/o/a%2Fb%3Fc%23d%20e%25%26%C3%BC"),
    ("http://h/{n}?q={m}", ["n": .integer(5), "m": .string("x&y=1")], "http://h/5?q=x%26y%3D1"),
    ("http://h/?a={a}&b={b}", ["b": .bool(true)], "http://h/?b=true"),
    ("http://h/", ["z": .string("1"), "a": .number(2.5)], "http://h/?a=2.5&z=1"),
    ("${BASE}/o/{n}", ["n": .string("1")], "http://shop/o/1"),
    ("${BASE}requests/{idempotency_key}", [:], "http://shop/requests/k1"),
    ("http://h/{n", [:], "http://h/{n"),
  ])
  func `a URL is filled`(template: String, arguments: [String: JSONValue], expected: String) throws {
    #expect(try prepare("GET", template, arguments).url == expected)
  }

  @Test(arguments: [".", "..", "", "..."]) func `a value cannot climb or drop a path segment`(value: String) {
    #expect(throws: ArgumentFailure(.badArgument)) { try prepare("GET", "http://h/o/{n}/x", ["n": .string(value)]) }
  }

  @Test func `an absent argument in the path, and a list in a URL, are refused`() {
    #expect(throws: ArgumentFailure(.badArgument)) { try prepare("GET", "http://h/{n}", [:]) }
    #expect(throws: ArgumentFailure(.badArgument)) { try prepare("GET", "http://h/{n}", ["n": .array([])]) }
  }

  @Test func `arguments outside the URL make a canonical body`() throws {
    let request = try prepare(
      "POST", "http://h/{n}", ["n": .string("1"), "b": .string("ü/\""), "a": .integer(3), "l": .array([.bool(true)])])
    #expect(request.body.map { String(decoding: $0, as: UTF8.self) } == #"{"a":3,"b":"ü/\"","l":[true]}"#)
    #expect(request.headers.contains { $0 == ("Idempotency-Key", "k1") })
    #expect(request.headers.contains { $0 == ("Content-Type", "application/json") })
  }

  @Test func `a probe carries nothing but its URL`() throws {
    let request = try prepare("GET", "http://h/{idempotency_key}", ["a": .string("1")], isProbe: true)
    #expect(request.url == "http://h/k1")
    #expect(request.body == nil)
  }

  @Test func `headers take secrets, and none that would break a line`() throws {
    let request = try prepare(
      "GET", "http://h/", [:], headers: ["Authorization": "Bearer ${TOKEN}", "accept": "text/plain"])
    #expect(request.headers.contains { $0 == ("Authorization", "Bearer t/k") })
    #expect(request.headers.count { $0.name.lowercased() == "accept" } == 1)
    #expect(throws: ActionsError.self) { try prepare("GET", "http://h/", [:], headers: ["X": "${BAD}"]) }
    #expect(throws: ActionsError.self) { try prepare("GET", "http://h/", [:], headers: ["X": "${NONE}"]) }
    #expect(throws: ActionsError.self) { try prepare("GET", "file:///etc/{n}", ["n": .string("passwd")]) }
  }

  @Test func `a declaration that cannot work is refused with its place`() throws {
    func tool(
      method: String = "GET", url: String = "http://h/", argument: ToolArgument? = nil, probe: ToolRequest? = nil
    ) -> ToolDefinition {
      ToolDefinition(
        name: "t", summary: "", request: ToolRequest(method: method, url: url), arguments: argument.map { [$0] } ?? [],
        results: [], changesState: false, probe: probe, source: SourceLocation(file: "tools.yml", line: 4, column: 2))
    }
    let wrong: [(ToolDefinition, String)] = [
      (tool(method: "FETCH"), "actions.bad_method"), (tool(url: "shop/x"), "actions.bad_url"),
      (tool(url: "http://h/{n}"), "actions.unknown_place"),
      (tool(argument: ToolArgument(name: "n", slot: "n", type: .string, pattern: "[0-9")), "actions.bad_pattern"),
      (tool(argument: ToolArgument(name: "n", slot: "n", type: .integer, pattern: "[0-9]")), "actions.bad_pattern"),
      (tool(probe: ToolRequest(method: "POST", url: "http://h/")), "actions.bad_probe"),
    ]
    for (tool, code) in wrong {
      let error = #expect(throws: ActionsError.self) { try tool.check() }
      #expect(error?.code == code)
      #expect(error?.message.hasPrefix("tools.yml:4:2") == true)
    }
    try tool().check()
    for tool in Shop.tools { try tool.check() }
  }
}

@Suite struct IdempotencyKeyTests {
  private func key(
    _ conversation: ConversationID = "c", _ activation: Int = 1, _ tool: ActionName = "t",
    _ arguments: [String: JSONValue] = ["a": .string("1"), "b": .integer(2)], secret: UInt8 = 1
  ) -> String {
    IdempotencyKey.derive(
      serverKey: [UInt8](repeating: secret, count: 32), conversation: conversation,
      activation: FlowActivation(activation),
      tool: tool, arguments: arguments)
  }

  @Test func `a key is the same in every process`() {
    #expect(key() == "88a493cf8d23596d6c4a4c78c4d98e9f0fb1985db858193032dc490f92699f45")
    #expect(key().count == 64)
    #expect(key("c", 1, "t", ["b": .integer(2), "a": .string("1")]) == key())
  }

  @Test func `every part of a request counts, and parts cannot be shifted into each other`() {
    let others = [
      key("d"), key("c", 2), key("c", 1, "u"), key("c", 1, "t", ["a": .string("1")]),
      key("c", 1, "t", ["a": .string("2"), "b": .integer(2)]), key("c", 1, "t", ["a": .integer(1), "b": .integer(2)]),
      key(secret: 2), key("c1", 1, "t"), key("c", 11, "t"), key("c", 1, "1t"), key("", 1, "t"),
    ]
    #expect(Set(others + [key()]).count == others.count + 1)
  }

  @Test func `an author's parts stand in place of journey and arguments, within one conversation`() {
    func own(_ parts: [String], _ conversation: ConversationID = "c", _ tool: ActionName = "t") -> String {
      IdempotencyKey.derive(
        serverKey: [UInt8](repeating: 1, count: 32), conversation: conversation, tool: tool, parts: parts)
    }
    #expect(own(["a", "1"]) == own(["a", "1"]))
    let others = [
      own(["a", "1"]), own(["a1"]), own(["1", "a"]), own(["a", "1"], "d"), own(["a", "1"], "c", "u"), key(),
    ]
    #expect(Set(others).count == others.count)
  }
}
