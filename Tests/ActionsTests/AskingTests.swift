import Actions
import Core
import Foundation
import FoundationNetworking
import Storage
import Synchronization
import TestSupport
import Testing

extension RealBackEnds {
  /// What is asked of a back end, how often, and what is told of it afterwards.
  @Suite struct AskingTests {
    private static let shared = Task {
      try await PythonPeer.start(PythonPeer.root + "/Tests/ActionsTests/Fixtures/hostile.py")
    }

    private func tool(_ path: String, changes: Bool = false) -> ToolDefinition {
      ToolDefinition(
        name: "t", summary: "", request: ToolRequest(method: changes ? "POST" : "GET", url: "${BASE}" + path),
        arguments: [], results: [ToolField(path: "value", type: .string, slot: "value")], deadline: .seconds(1),
        changesState: changes, source: .here)
    }

    private func asked(_ path: String) async throws -> Int {
      let url = try await Self.shared.value.url
      let data = try await URLSession.shared.data(from: URL(string: url + "/count?of=" + path)!).0
      return try JSONDecoder().decode([String: Int].self, from: data)["count"] ?? 0
    }

    @Test func `a second try is not begun when the deadline leaves no time for its pause`() async throws {
      let steps = Mutex<[ToolExchange.Step]>([])
      try await HTTPToolInvoker.with(
        [tool("/x")], url: "http://127.0.0.1:1", observe: { exchange in steps.withLock { $0.append(exchange.step) } }
      ) { invoker in
        _ = await invoker.run("t", [:], changes: false, deadline: .milliseconds(19))
      }
      #expect(steps.withLock { $0 } == [.request])
    }

    @Test func `a flow that calls a tool's work a change makes it one, whatever the tool says of itself`() async throws
    {
      let url = try await Self.shared.value.url
      let ledger = MemoryLedger()
      try await HTTPToolInvoker.with([tool("/close/flow")], url: url, ledger: ledger) { invoker in
        #expect(await invoker.run("t", [:], changes: true) == .unknown)
      }
      #expect(try await asked("/close/flow") == 1)
      #expect(ledger.intents.count == 1)
    }

    @Test func `a change whose key has lost a part to erasure is not asked for`() async throws {
      let url = try await Self.shared.value.url
      let ledger = MemoryLedger()
      let erased = SlotValue.sensitive(Sensitive(token: SensitiveToken(label: .identifier, id: "gone"), value: nil))
      try await HTTPToolInvoker.with([tool("/answer/200/erased", changes: true)], url: url, ledger: ledger) { invoker in
        let invocation = ToolInvocation(
          effect: EffectID(1), tool: "t", activation: FlowActivation(1), arguments: [:], changesState: true,
          deadline: .seconds(1), idempotency: [.text("2512"), erased])
        #expect(await invoker.invoke(invocation, in: HTTPToolInvoker.context) == .failed(.badArgument))
      }
      #expect(ledger.intents.isEmpty)
    }

    @Test func `a list of labelled values that a change gave is told again in clear, from a store that holds tokens`()
      async throws
    {
      let url = try await Self.shared.value.url
      let folder = try TemporaryFolder()
      let store = try SQLiteStore(path: folder.path + "/store.sqlite", masterKey: .ephemeral())
      let body = "%7B%22lines%22:%5B%2212 Mill Lane%22,%22Bristol%22%5D%7D".replacing(" ", with: "%20")
      let tool = ToolDefinition(
        name: "t", summary: "", request: ToolRequest(method: "POST", url: "${BASE}/answer/200/lines?body=" + body),
        arguments: [], results: [ToolField(path: "lines", type: .array, slot: "address")], deadline: .seconds(1),
        changesState: true, source: .here)
      try await HTTPToolInvoker.with([tool], url: url, ledger: store.ledger, vault: store.vault) { invoker in
        for _ in 1...2 {
          guard case .completed(let slots) = await invoker.run("t", [:]), case .list(let lines)? = slots["address"]
          else {
            Issue.record("no list")
            return
          }
          #expect(lines.map(\.revealedText) == ["12 Mill Lane", "Bristol"])
        }
      }
      #expect(try await asked("/answer/200/lines") == 1)
      try await store.close()
    }
  }
}
