import Actions
import Core
import Foundation
import FoundationNetworking
import Storage
import Synchronization
import TestSupport

/// The example shop's back end, its tools, and what its database says.
final class Shop: Sendable {
  let url: String
  let folder: TemporaryFolder
  private let peer: PythonPeer

  init() async throws {
    folder = try TemporaryFolder()
    peer = try await PythonPeer.start(
      PythonPeer.root + "/Examples/shop/backend/shop.py",
      ["--database", folder.path + "/shop.sqlite", "--port", "0", "--seed", "--today", "2030-05-14", "--faults"])
    url = peer.url
  }

  /// What the following requests suffer; see the back end's README.
  func order(_ faults: String) async throws {
    var request = URLRequest(url: URL(string: url + "/faults")!)
    request.httpMethod = "POST"
    request.httpBody = Data(faults.utf8)
    _ = try await URLSession.shared.data(for: request)
  }

  /// Rows of the back end's database, read beside it.
  func rows(_ query: String) async throws -> [[String]] {
    let program = """
      import json, sqlite3, sys
      rows = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True).execute(sys.argv[2]).fetchall()
      print(json.dumps([[str(v) for v in row] for row in rows]))
      """
    let arguments = ["python3", "-c", program, folder.path + "/shop.sqlite", query]
    return try await blocking {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = arguments
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      return try JSONDecoder().decode([[String]].self, from: output.firstLine())
    }
  }

  static let tools: [ToolDefinition] = {
    let number = ToolArgument(name: "order_number", slot: "order_number", type: .string, pattern: "[0-9]{8}")
    let refusals = ["order_not_found", "order_delivered", "order_out_for_delivery", "order_cancelled", "date_in_past"]
    func change(_ name: ActionName, _ path: String, _ argument: ToolArgument, _ result: ToolField) -> ToolDefinition {
      ToolDefinition(
        name: name, summary: "", request: ToolRequest(method: "POST", url: "${SHOP_URL}/orders/{order_number}/" + path),
        arguments: [number, argument], results: [result], refusals: refusals, deadline: .milliseconds(400),
        changesState: true, probe: ToolRequest(method: "GET", url: "${SHOP_URL}/requests/{idempotency_key}"),
        source: .here)
    }
    return [
      ToolDefinition(
        name: "order_status", summary: "",
        request: ToolRequest(method: "GET", url: "${SHOP_URL}/orders/{order_number}"), arguments: [number],
        results: [
          ToolField(
            path: "order.status", type: .string,
            values: ["processing", "shipped", "out_for_delivery", "delivered", "cancelled"], slot: "status"),
          ToolField(path: "order.address", type: .string, slot: "address"),
        ], refusals: refusals, deadline: .milliseconds(400), changesState: false, source: .here),
      change(
        "move_delivery", "delivery", ToolArgument(name: "date", slot: "date", type: .string),
        ToolField(path: "order.delivery_date", type: .string, slot: "delivery_date")),
      change(
        "change_address", "address", ToolArgument(name: "address", slot: "address", type: .string),
        ToolField(path: "order.address", type: .string, slot: "address")),
    ]
  }()
}

extension SourceLocation {
  static let here = SourceLocation(file: "tools.yml", line: 1, column: 1)
}

/// A ledger of one process's memory that may be told to fail.
final class MemoryLedger: EffectLedger {
  struct Broken: Error {}
  private struct Book {
    var intents: [EffectIntent] = []
    var outcomes: [String: ToolOutcome] = [:]
    var accepted: Set<String> = []
    var isBroken = false
  }
  private let book = Mutex(Book())

  func breakDown() { book.withLock { $0.isBroken = true } }
  var intents: [EffectIntent] { book.withLock { $0.intents } }
  var keys: [String] { intents.map(\.key) }
  func outcome(_ key: String) -> ToolOutcome? { book.withLock { $0.outcomes[key] } }

  func intend(_ intent: EffectIntent) async throws -> EffectState? {
    try book.withLock { book in
      if book.isBroken { throw Broken() }
      if let outcome = book.outcomes[intent.key], outcome != .unknown { return .settled(outcome) }
      if book.accepted.contains(intent.key) { return .accepted }
      if book.intents.contains(where: { $0.key == intent.key }) { return .intended }
      book.intents.append(intent)
      return nil
    }
  }

  func accept(_ key: String) async throws { book.withLock { _ = $0.accepted.insert(key) } }

  func settle(_ key: String, _ outcome: ToolOutcome) async throws {
    try book.withLock { book in
      if book.isBroken { throw Broken() }
      book.outcomes[key] = outcome
    }
  }

  func open() async throws -> [OpenEffect] {
    book.withLock { book in
      book.intents.filter { book.outcomes[$0.key] == nil || book.outcomes[$0.key] == .unknown }
        .map { OpenEffect($0, isAccepted: book.accepted.contains($0.key)) }
    }
  }
}

extension HTTPToolInvoker {
  static let testKey = [UInt8](repeating: 7, count: 32)
  static let version = AssistantVersion(name: "shop", contentHash: "a1")
  static let context = ToolContext(call: "call-1", conversation: "talk-1", owner: .call("shop", "call-1"))

  /// An invoker with quick pauses; its connections are shut down by `with`. `BASE` and `SHOP_URL` are the back end's address,
  /// `TOKEN` is a secret for it.
  static func with<Value>(
    _ tools: [ToolDefinition], url: String, of version: AssistantVersion = version,
    ledger: any EffectLedger = MemoryLedger(), vault: any Vault = MemoryVault(),
    limits: BackEndLimits = BackEndLimits(),
    observe: @escaping @Sendable (ToolExchange) -> Void = { _ in },
    _ body: (HTTPToolInvoker) async throws -> Value
  ) async throws -> Value {
    var options = InvokerOptions()
    options.pause = .milliseconds(20)
    options.longestPause = .milliseconds(100)
    let connections = BackEndConnections(limits)
    let grants = EnvironmentGrants(
      addresses: ["SHOP_URL", "BASE"], secrets: HTTPOrigin(url).map { ["TOKEN": [$0]] } ?? [:])
    let environment = ["SHOP_URL": url, "BASE": url, "TOKEN": "s3cret"]
    let invoker = try HTTPToolInvoker(
      tools: tools, of: version, protection: SlotProtection(["address": .address]),
      services: ActionServices(
        ledger: ledger, vault: vault, secrets: GrantedSecrets(grants) { environment[$0] }, serverKey: testKey,
        connections: connections, node: "here"),
      options: options, observe: observe)
    let result: Result<Value, any Error>
    do {
      result = .success(try await body(invoker))
    } catch {
      result = .failure(error)
    }
    try await connections.shutdown()
    return try result.get()
  }

  func run(
    _ tool: ActionName, _ arguments: [String: SlotValue], activation: Int = 1, changes: Bool = true,
    deadline: CallSpan = .seconds(1)
  ) async -> ToolOutcome {
    await invoke(
      ToolInvocation(
        effect: EffectID(1), tool: tool, activation: FlowActivation(activation), arguments: arguments,
        changesState: changes, deadline: deadline), in: Self.context)
  }
}
