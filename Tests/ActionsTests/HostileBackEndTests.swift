import Actions
import Core
import Foundation
import FoundationNetworking
import Synchronization
import Testing

extension RealBackEnds {
  /// Answers that no schema foresees, over real sockets.
  @Suite struct HostileBackEndTests {
    private static let shared = Task {
      try await PythonPeer.start(PythonPeer.root + "/Tests/ActionsTests/Fixtures/hostile.py")
    }

    private func tool(_ path: String, changes: Bool = false, probe: String? = nil) -> ToolDefinition {
      ToolDefinition(
        name: "t", summary: "", request: ToolRequest(method: changes ? "POST" : "GET", url: "${BASE}" + path),
        arguments: [],
        results: [ToolField(path: "value", type: .string, slot: "value")], refusals: ["gone"], deadline: .seconds(1),
        changesState: changes, probe: probe.map { ToolRequest(method: "GET", url: "${BASE}" + $0) }, source: .here)
    }

    private func run(
      _ tool: ToolDefinition, ledger: any EffectLedger = MemoryLedger(), deadline: CallSpan? = nil
    ) async throws -> (ToolOutcome, Int) {
      let url = try await Self.shared.value.url
      return try await HTTPToolInvoker.with([tool], url: url, ledger: ledger) { invoker in
        let isSlow = ["/silent", "/slow"].contains { tool.request.url.contains($0) }
        let outcome = await invoker.run(
          "t", [:], changes: tool.changesState, deadline: deadline ?? .milliseconds(isSlow ? 300 : 1000))
        let path = tool.request.url.dropFirst("${BASE}".count).prefix { $0 != "?" }
        let data = try await URLSession.shared.data(from: URL(string: url + "/count?of=" + path)!).0
        return (outcome, try JSONDecoder().decode([String: Int].self, from: data)["count"] ?? 0)
      }
    }

    @Test(arguments: [
      ("/huge/r", ToolOutcome.failed(.badAnswer), 1), ("/endless/r", .failed(.badAnswer), 1),
      ("/slow/r", .failed(.timedOut), 1), ("/silent/r", .failed(.timedOut), 1), ("/close/r", .failed(.unreachable), 2),
      ("/cut/r", .failed(.unreachable), 2), ("/garbage/r", .failed(.unreachable), 2),
      ("/redirect/r", .failed(.backEndError), 1),
      ("/flaky/r", .completed(["value": .text("here")]), 2), ("/answer/200/r?body=%7B", .failed(.badAnswer), 1),
      ("/answer/200/s?body=%7B%22value%22:1%7D", .failed(.badAnswer), 1), ("/answer/500/r", .failed(.backEndError), 1),
      ("/answer/404/r?body=%7B%22error%22:%7B%22code%22:%22gone%22%7D%7D", .refused("gone"), 1),
    ])
    func `a reading tool comes to an honest end`(path: String, expected: ToolOutcome, requests: Int) async throws {
      let (outcome, count) = try await run(tool(path))
      #expect(outcome == expected)
      #expect(count == requests)
    }

    @Test(arguments: [
      "huge", "endless", "slow", "silent", "close", "cut", "garbage", "redirect", "answer/500", "answer/504",
    ])
    func `a change is asked for once, whatever comes back, and without a probe nobody knows`(path: String) async throws
    {
      let ledger = MemoryLedger()
      let (outcome, count) = try await run(tool("/\(path)/c", changes: true), ledger: ledger)
      #expect(outcome == .unknown)
      #expect(count == 1)
      #expect(try await ledger.open().count == 1)
    }

    @Test(arguments: ["huge", "silent", "close", "cut", "answer/502"])
    func `a probe that finds the change settles it, though it is found late`(path: String) async throws {
      let ledger = MemoryLedger()
      let probe = "/later/\(path)?after=2"
      let (outcome, count) = try await run(tool("/\(path)/p", changes: true, probe: probe), ledger: ledger)
      let sureAtOnce = path == "huge"
      #expect(outcome == (sureAtOnce ? .failed(.badAnswer) : .completed(["value": .text("done")])))
      #expect(count == 1)
      #expect(try await ledger.open().isEmpty)
    }

    @Test func `a probe that never finds the change says it failed, but not before twice the deadline`() async throws {
      let start = ContinuousClock.now
      let (outcome, count) = try await run(
        tool("/close/n", changes: true, probe: "/answer/404/n"), deadline: .milliseconds(300))
      #expect(outcome == .failed(.unreachable))
      #expect(start.duration(to: .now) >= .milliseconds(600))
      #expect(count == 1)
    }

    @Test func `a probe that stumbles is asked again, one that keeps stumbling leaves the outcome unknown`()
      async throws
    {
      #expect(
        try await run(tool("/close/s", changes: true, probe: "/stumbling/a?after=2")).0
          == .completed(["value": .text("done")]))
      #expect(try await run(tool("/close/t", changes: true, probe: "/stumbling/b?after=9")).0 == .unknown)
    }

    @Test func `a 4xx is a failure at once, a refusal is a refusal`() async throws {
      #expect(try await run(tool("/answer/422/d", changes: true)).0 == .failed(.backEndError))
      let refused = tool("/answer/409/d?body=%7B%22error%22:%7B%22code%22:%22gone%22%7D%7D", changes: true)
      #expect(try await run(refused).0 == .refused("gone"))
    }

    @Test func `where nobody listens, nothing was sent, and that is known at once`() async throws {
      for changes in [false, true] {
        let ledger = MemoryLedger()
        try await HTTPToolInvoker.with([tool("/x", changes: changes)], url: "http://127.0.0.1:1", ledger: ledger) {
          invoker in
          #expect(await invoker.run("t", [:], changes: changes) == .failed(.unreachable))
        }
        #expect(try await ledger.open().isEmpty)
      }
    }

    @Test func `reports of requests hold no address, argument or secret`() async throws {
      let url = try await Self.shared.value.url
      let seen = Mutex<[ToolExchange]>([])
      let tool = ToolDefinition(
        name: "t", summary: "",
        request: ToolRequest(method: "GET", url: "${BASE}/echo/{n}", headers: ["Authorization": "Bearer ${TOKEN}"]),
        arguments: [ToolArgument(name: "n", slot: "n", type: .string)],
        results: [
          ToolField(path: "headers.authorization", type: .string, slot: "sent"),
          ToolField(path: "target", type: .string, slot: "to"),
        ], deadline: .seconds(1), changesState: false, source: .here)
      try await HTTPToolInvoker.with([tool], url: url, observe: { exchange in seen.withLock { $0.append(exchange) } }) {
        invoker in
        let outcome = await invoker.run("t", ["n": .text("12 Mill Lane")], changes: false, deadline: .seconds(1))
        #expect(outcome == .completed(["sent": .text("Bearer s3cret"), "to": .text("/echo/12%20Mill%20Lane")]))
      }
      let text = String(describing: seen.withLock { $0 })
      for clear in ["Mill", "s3cret", "127.0.0.1", "echo"] { #expect(!text.contains(clear)) }
    }
  }
}
