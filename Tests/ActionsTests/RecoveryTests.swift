import Actions
import Core
import Foundation
import FoundationNetworking
import Synchronization
import TestSupport
import Testing

extension RealBackEnds {
  /// What a crash left open is asked about with the tool that was used, or not at all.
  @Suite struct RecoveryTests {
    private static let shared = Task {
      try await PythonPeer.start(PythonPeer.root + "/Tests/ActionsTests/Fixtures/hostile.py")
    }
    private let shop = AssistantVersion(name: "shop", contentHash: "a1")

    /// A tool whose back end knows the change, or does not.
    private func book(knows: Bool, _ tag: String) -> ToolDefinition {
      let body = "%7B%22value%22:%22done%22%7D"
      return ToolDefinition(
        name: "book", summary: "", request: ToolRequest(method: "POST", url: "${BASE}/answer/200/\(tag)"),
        arguments: [],
        results: [ToolField(path: "value", type: .string, slot: "value")], deadline: .milliseconds(100),
        changesState: true,
        probe: ToolRequest(
          method: "GET", url: "${BASE}/answer/\(knows ? "200/\(tag)?body=\(body)" : "404/\(tag)")"), source: .here)
    }

    private func left(
      _ version: AssistantVersion, at url: String, accepted: Bool = false, tool: ActionName = "book"
    ) async throws -> MemoryLedger {
      let ledger = MemoryLedger()
      let backEnd = try #require(HTTPOrigin(url)).description
      _ = try await ledger.intend(
        EffectIntent(
          key: "k", call: "call-1", effect: EffectID(1), tool: tool, arguments: [:],
          origin: EffectOrigin(assistant: version, node: "here", backEnd: backEnd, owner: .call("shop", "call-1"))))
      if accepted { try await ledger.accept("k") }
      return ledger
    }

    private func settle(
      _ ledger: MemoryLedger, with tools: [ToolDefinition], of version: AssistantVersion
    ) async throws -> SettlementReport {
      let url = try await Self.shared.value.url
      return try await HTTPToolInvoker.with(tools, url: url, of: version, ledger: ledger) {
        await $0.settle(try await ledger.open())
      }
    }

    private func asked(_ path: String) async throws -> Int {
      let url = try await Self.shared.value.url
      let data = try await URLSession.shared.data(from: URL(string: url + "/count?of=" + path)!).0
      return try JSONDecoder().decode([String: Int].self, from: data)["count"] ?? 0
    }

    @Test func `another assistant's tool of the same name asks nobody and settles nothing`() async throws {
      let ledger = try await left(shop, at: try await Self.shared.value.url)
      let clinic = AssistantVersion(name: "clinic", contentHash: "a1")
      let report = try await settle(ledger, with: [book(knows: false, "clinic")], of: clinic)
      #expect(report.open.map(\.reason) == [.noSuchVersion])
      #expect(ledger.outcome("k") == nil)
      #expect(try await asked("/answer/404/clinic") == 0)
      let own = try await settle(ledger, with: [book(knows: true, "shop")], of: shop)
      #expect(own.settled.map(\.outcome) == [.completed(["value": .text("done")])])
    }

    @Test func `another version's tool settles nothing, though its name is the same`() async throws {
      let ledger = try await left(shop, at: try await Self.shared.value.url)
      let new = AssistantVersion(name: "shop", contentHash: "b2")
      #expect(
        try await settle(ledger, with: [book(knows: false, "v2")], of: new).open.map(\.reason) == [.noSuchVersion])
      #expect(ledger.outcome("k") == nil)
    }

    @Test func `an address that leads elsewhere now settles nothing`() async throws {
      let ledger = try await left(shop, at: "http://127.0.0.1:1")
      let report = try await settle(ledger, with: [book(knows: false, "moved")], of: shop)
      #expect(report.open.map(\.reason) == [.otherBackEnd])
      #expect(try await asked("/answer/404/moved") == 0)
      #expect(ledger.outcome("k") == nil)
    }

    @Test func `a tool that is gone, or has no probe, settles nothing`() async throws {
      let url = try await Self.shared.value.url
      #expect(try await settle(left(shop, at: url), with: [], of: shop).open.map(\.reason) == [.noProbe])
      let blind = ToolDefinition(
        name: "book", summary: "", request: ToolRequest(method: "POST", url: "${BASE}/x"), arguments: [], results: [],
        changesState: true, source: .here)
      #expect(try await settle(left(shop, at: url), with: [blind], of: shop).open.map(\.reason) == [.noProbe])
    }

    @Test func `a value that is only a token in the book is asked about in clear`() async throws {
      let url = try await Self.shared.value.url
      let (ledger, vault, owner) = (MemoryLedger(), MemoryVault(), DataOwner.call("shop", "call-1"))
      let name = vault.protect("mill-lane", label: .address, owner: owner, ordinal: 0)
      _ = try await ledger.intend(
        EffectIntent(
          key: "k", call: "call-1", effect: EffectID(1), tool: "book",
          arguments: ["n": .sensitive(Sensitive(token: name.token, value: nil))],
          origin: EffectOrigin(
            assistant: shop, node: "here", backEnd: try #require(HTTPOrigin(url)).description, owner: owner)))
      let tool = ToolDefinition(
        name: "book", summary: "", request: ToolRequest(method: "POST", url: "${BASE}/answer/200/{n}"),
        arguments: [ToolArgument(name: "n", slot: "n", type: .string, receives: .address)], results: [],
        deadline: .milliseconds(100), changesState: true,
        probe: ToolRequest(method: "GET", url: "${BASE}/answer/200/{n}"), source: .here)
      let report = try await HTTPToolInvoker.with([tool], url: url, of: shop, ledger: ledger, vault: vault) {
        await $0.settle(try await ledger.open())
      }
      #expect(report.settled.map(\.outcome) == [.completed([:])])
      #expect(try await asked("/answer/200/mill-lane") == 1)
    }

    @Test func `an intent that does not say who asked stays open`() async throws {
      let ledger = MemoryLedger()
      let old = #"{"arguments":{},"call":"call-1","effect":1,"key":"k","tool":"book"}"#
      _ = try await ledger.intend(try CanonicalJSON.decode(EffectIntent.self, from: Data(old.utf8)))
      #expect(try await settle(ledger, with: [book(knows: false, "old")], of: shop).open.map(\.reason) == [.noOrigin])
      #expect(ledger.outcome("k") == nil)
    }

    @Test func `what the back end knows nothing of has failed, unless it had taken it on`() async throws {
      let url = try await Self.shared.value.url
      let failed = try await settle(left(shop, at: url), with: [book(knows: false, "gone")], of: shop)
      #expect(failed.settled.map(\.outcome) == [.failed(.unreachable)])
      let accepted = try await settle(left(shop, at: url, accepted: true), with: [book(knows: false, "on")], of: shop)
      #expect(accepted.open.map(\.reason) == [.underWay])
    }

    @Test func `an intent says which version asked whom, from where and for whom`() async throws {
      let url = try await Self.shared.value.url
      let ledger = MemoryLedger()
      try await HTTPToolInvoker.with([book(knows: true, "intent")], url: url, of: shop, ledger: ledger) {
        _ = await $0.run("book", [:])
      }
      let origin = ledger.intents.first?.origin
      #expect(origin?.assistant == shop && origin?.node == "here" && origin?.owner == .call("shop", "call-1"))
      #expect(origin?.backEnd == HTTPOrigin(url)?.description)
    }
  }
}
