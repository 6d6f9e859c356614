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
      ("/coded/gzip/r", .failed(.badAnswer), 1), ("/coded/deflate/r", .failed(.badAnswer), 1),
      ("/coded/gzip/bomb?more=50000000", .failed(.badAnswer), 1), ("/parts/r", .failed(.badAnswer), 1),
      ("/headers/r", .failed(.unreachable), 2),
      ("/answer/202/r?body=%7B%22value%22:%22x%22%7D", .failed(.badAnswer), 1),
      ("/answer/204/r", .failed(.badAnswer), 1), ("/answer/304/r", .failed(.backEndError), 1),
      ("/answer/206/r?body=%7B%22value%22:%22x%22%7D", .failed(.badAnswer), 1),
      ("/answer/200/page?body=%3Chtml%3E&type=text/html", .failed(.badAnswer), 1),
      ("/answer/200/php?body=%7B%22value%22:%22x%22%7D&type=text/html", .completed(["value": .text("x")]), 1),
      ("/answer/200/bom?body=%EF%BB%BF%7B%22value%22:%22x%22%7D", .completed(["value": .text("x")]), 1),
      ("/answer/200/two?body=%7B%22value%22:%22x%22,%22value%22:%22y%22%7D", .failed(.badAnswer), 1),
      ("/answer/200/latin?body=%7B%22value%22:%22%5Cud800%22%7D", .failed(.badAnswer), 1),
    ])
    func `a reading tool comes to an honest end`(path: String, expected: ToolOutcome, requests: Int) async throws {
      let (outcome, count) = try await run(tool(path))
      #expect(outcome == expected)
      #expect(count == requests)
    }

    @Test(arguments: [
      "huge", "endless", "slow", "silent", "close", "cut", "garbage", "redirect", "answer/500", "answer/504",
      "answer/202", "answer/204", "coded/gzip", "parts", "headers",
    ])
    func `a change is asked for once, whatever comes back, and without a probe nobody knows`(path: String) async throws
    {
      let ledger = MemoryLedger()
      let (outcome, count) = try await run(tool("/\(path)/c", changes: true), ledger: ledger)
      #expect(outcome == .unknown)
      #expect(count == 1)
      #expect(try await ledger.open().count == 1)
    }

    @Test(arguments: [1, 4])
    func `what was accepted is looked for until it is done, however often there is no trace of it`(
      probes: Int
    ) async throws {
      let ledger = MemoryLedger()
      let probe = "/later/accepted\(probes)?after=\(probes)"
      let (outcome, count) = try await run(
        tool("/answer/202/a\(probes)", changes: true, probe: probe), ledger: ledger)
      #expect(outcome == .completed(["value": .text("done")]))
      #expect(count == 1)
    }

    @Test func `what was accepted and never shows up is not said to have failed, nor asked for again`() async throws {
      let ledger = MemoryLedger()
      let accepting = tool("/answer/202/never", changes: true, probe: "/answer/404/never")
      let start = ContinuousClock.now
      let first = try await run(accepting, ledger: ledger, deadline: .milliseconds(200))
      #expect(first == (.unknown, 1))
      #expect(start.duration(to: .now) < .seconds(2))
      #expect(try await ledger.open().map(\.isAccepted) == [true])
      // The same again, and a restart: a 404 still proves nothing.
      #expect(try await run(accepting, ledger: ledger, deadline: .milliseconds(200)) == (.unknown, 1))
      let url = try await Self.shared.value.url
      let report = try await HTTPToolInvoker.with([accepting], url: url, ledger: ledger) {
        await $0.settle(try await ledger.open())
      }
      #expect(report.open.map(\.reason) == [.underWay])
    }

    @Test func `a probe that says a change is under way makes a missing trace prove nothing`() async throws {
      let ledger = MemoryLedger()
      let body = "%7B%22status%22:202,%22response%22:%7B%7D%7D"
      let (outcome, _) = try await run(
        tool("/close/u", changes: true, probe: "/answer/200/u?body=\(body)"), ledger: ledger,
        deadline: .milliseconds(200))
      #expect(outcome == .unknown)
      #expect(try await ledger.open().map(\.isAccepted) == [true])
    }

    @Test(arguments: [
      ("/answer/200/w?body=&type=text/html", true), ("/answer/204/w", true),
      ("/answer/200/w?body=OK&type=text/plain", true),
      ("/answer/200/w?body=%7B%7D", true), ("/answer/200/w?body=%3Chtml%3E&type=text/html", false), ("/parts/w", false),
      ("/coded/gzip/w", false),
    ])
    func `a change without declared results is not believed to a page or to what cannot be read`(
      path: String, isDone: Bool
    ) async throws {
      let tool = ToolDefinition(
        name: "t", summary: "", request: ToolRequest(method: "POST", url: "${BASE}" + path), arguments: [], results: [],
        deadline: .seconds(1), changesState: true, source: .here)
      #expect(try await run(tool).0 == (isDone ? .completed([:]) : .unknown))
    }

    @Test func `a secret goes to its host, and not where that host sends it`() async throws {
      let url = try await Self.shared.value.url
      let tool = ToolDefinition(
        name: "t", summary: "",
        request: ToolRequest(method: "GET", url: "${BASE}/redirect/s", headers: ["Authorization": "${TOKEN}"]),
        arguments: [], results: [], deadline: .seconds(1), changesState: false, source: .here)
      try await HTTPToolInvoker.with([tool], url: url) { invoker in
        #expect(await invoker.run("t", [:], changes: false) == .failed(.backEndError))
      }
      // Another port is another host.
      let elsewhere = ToolDefinition(
        name: "t", summary: "",
        request: ToolRequest(method: "GET", url: "http://127.0.0.1:1/", headers: ["Authorization": "${TOKEN}"]),
        arguments: [], results: [], deadline: .seconds(1), changesState: false, source: .here)
      let problems = Mutex<[String]>([])
      try await HTTPToolInvoker.with(
        [elsewhere], url: url, observe: { exchange in problems.withLock { $0 += [exchange.problem].compactMap { $0 } } }
      ) { invoker in
        #expect(await invoker.run("t", [:], changes: false) == .failed(.unreachable))
      }
      #expect(problems.withLock { $0 }.first?.contains("actions.not_granted") == true)
    }

    @Test func `a change that did not get its turn was not sent, has failed, and is not asked about`() async throws {
      let url = try await Self.shared.value.url
      var limits = BackEndLimits()
      limits.requests = 1
      limits.longestWait = .milliseconds(100)
      let steps = Mutex<[ToolExchange.Step]>([])
      let ledger = MemoryLedger()
      try await HTTPToolInvoker.with(
        [tool("/silent/q", changes: true, probe: "/answer/404/q")], url: url, ledger: ledger, limits: limits,
        observe: { exchange in steps.withLock { $0.append(exchange.step) } }
      ) { invoker in
        async let first = invoker.run("t", [:], activation: 1, deadline: .milliseconds(1500))
        while ledger.keys.isEmpty { await Task.yield() }
        try await Task.sleep(for: .milliseconds(50))
        #expect(await invoker.run("t", [:], activation: 2, deadline: .milliseconds(1500)) == .failed(.unreachable))
        #expect(steps.withLock { $0 } == [.request])
        #expect(ledger.outcome(ledger.keys[1]) == .failed(.unreachable))
        _ = await first
      }
      let data = try await URLSession.shared.data(from: URL(string: url + "/count?of=/silent/q")!).0
      #expect(try JSONDecoder().decode([String: Int].self, from: data)["count"] == 1)
    }

    @Test func `a request that waits for its turn has its whole deadline from then on`() async throws {
      let url = try await Self.shared.value.url
      var limits = BackEndLimits()
      limits.requests = 1
      try await HTTPToolInvoker.with([tool("/silent/d"), other("/slowly/d?ms=250")], url: url, limits: limits) {
        invoker in
        async let first = invoker.run("t", [:], changes: false, deadline: .milliseconds(400))
        try await Task.sleep(for: .milliseconds(50))
        #expect(
          await invoker.run("other", [:], changes: false, deadline: .milliseconds(400))
            == .completed(["value": .text("here")]))
        #expect(await first == .failed(.timedOut))
      }
    }

    @Test func `sixty requests of one back end go side by side`() async throws {
      let url = try await Self.shared.value.url
      try await HTTPToolInvoker.with([tool("/together/t?of=60")], url: url) { invoker in
        let outcomes = await withTaskGroup(of: ToolOutcome.self) { group in
          for _ in 0..<60 { group.addTask { await invoker.run("t", [:], changes: false, deadline: .seconds(5)) } }
          return await group.reduce(into: [ToolOutcome]()) { $0.append($1) }
        }
        #expect(outcomes == Array(repeating: .completed(["value": .text("here")]), count: 60))
      }
    }

    private func other(_ path: String) -> ToolDefinition {
      ToolDefinition(
        name: "other", summary: "", request: ToolRequest(method: "GET", url: "${BASE}" + path), arguments: [],
        results: [ToolField(path: "value", type: .string, slot: "value")], deadline: .seconds(1), changesState: false,
        source: .here)
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
