import Actions
import Core
import Foundation
import Storage
import TestSupport
import Testing

extension RealBackEnds {
  /// A server killed while it makes a change: afterwards the ledger is settled by a probe, and the back end was changed at most
  /// once, as its own database says.
  @Suite struct KilledInvokerTests {
    /// Kills the process at a given point between intent and outcome.
    private struct KillingLedger: EffectLedger {
      let ledger: any EffectLedger
      let point: String

      func intend(_ intent: EffectIntent) async throws -> EffectState? {
        let state = try await ledger.intend(intent)
        if point == "after intent" { kill(getpid(), SIGKILL) }
        return state
      }

      func settle(_ key: String, _ outcome: ToolOutcome) async throws {
        if point == "before outcome" { kill(getpid(), SIGKILL) }
        try await ledger.settle(key, outcome)
        if point == "after outcome" { kill(getpid(), SIGKILL) }
      }

      func accept(_ key: String) async throws { try await ledger.accept(key) }

      func open() async throws -> [OpenEffect] { try await ledger.open() }
    }

    private static let move: [String: SlotValue] = ["order_number": .text("10473829"), "date": .text("2030-05-20")]

    @Test(arguments: ["after intent", "before outcome", "after outcome"] + (0..<8).map { "random \($0)" })
    func `killed in the middle of a change`(point: String) async throws {
      let shop = try await Shop()
      try await shop.order(#"{"delay_ms": 60, "method": "POST"}"#)
      let keyPath = shop.folder.path + "/vault.key"
      _ = try MasterKey.loadOrCreate(at: keyPath)
      let (folder, url) = (shop.folder.path, shop.url)
      await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String, url = url as String, point] in
        try await Self.change(folder, url, point)
      }
      let store = try SQLiteStore(path: folder + "/store.sqlite", masterKey: .load(at: keyPath))
      // What was sent may still be on its way to the commit.
      let report = try await HTTPToolInvoker.with(
        Shop.tools, url: url, ledger: store.ledger, vault: store.vault
      ) { await $0.settle(try await store.ledger.open()) }
      #expect(report.open.isEmpty)
      #expect(try await store.ledger.open().isEmpty)
      let changes = try await shop.rows("SELECT key FROM changes")
      #expect(changes.count <= 1)
      let requests = try await shop.rows("SELECT key FROM requests")
      #expect(requests.count == changes.count)
      switch point {
      case "after intent":
        #expect(changes.isEmpty)
        #expect(report.settled.map(\.outcome) == [.failed(.unreachable)])
      case "before outcome":
        #expect(changes.count == 1)
        #expect(report.settled.map(\.outcome) == [.completed(["delivery_date": .text("2030-05-20")])])
      case "after outcome":
        #expect(changes.count == 1)
        #expect(report.settled.isEmpty)
      default:
        for settled in report.settled {
          let happened = settled.outcome == .completed(["delivery_date": .text("2030-05-20")])
          #expect(happened || settled.outcome == .failed(.unreachable))
          #expect(changes.contains([settled.intent.key]) == happened)
        }
      }
      // The flow asks again after the restart: the same activation is the same change.
      try await HTTPToolInvoker.with(
        Shop.tools, url: url, ledger: store.ledger, vault: store.vault
      ) { _ = await $0.run("move_delivery", Self.move) }
      #expect(try await shop.rows("SELECT key FROM changes").count <= 1)
      try await store.close()
    }

    private static func change(_ folder: String, _ url: String, _ point: String) async throws {
      let store = try SQLiteStore(path: folder + "/store.sqlite", masterKey: .load(at: folder + "/vault.key"))
      if point.hasPrefix("random") {
        Thread.detachNewThread {
          usleep(UInt32.random(in: 0...120_000))
          kill(getpid(), SIGKILL)
        }
      }
      try await HTTPToolInvoker.with(
        Shop.tools, url: url, ledger: KillingLedger(ledger: store.ledger, point: point),
        vault: store.vault
      ) { _ = await $0.run("move_delivery", move) }
      try await Task.sleep(for: .seconds(5))
    }
  }
}
