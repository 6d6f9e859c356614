import Actions
import Core
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

extension RealBackEnds {
  /// The whole way to a real back end, judged by its database.
  @Suite struct ShopTests {
    private let move: [String: SlotValue] = ["order_number": .text("10473829"), "date": .text("2030-05-20")]
    private let moved = ToolOutcome.completed(["delivery_date": .text("2030-05-20")])

    private func moves(_ shop: Shop) async throws -> Int {
      try await shop.rows("SELECT * FROM changes WHERE what = 'delivery_moved'").count
    }

    @Test func `an order is read; what is labelled comes back behind a token`() async throws {
      let shop = try await Shop()
      try await HTTPToolInvoker.with(Shop.tools, url: shop.url) { invoker in
        let outcome = await invoker.run("order_status", ["order_number": .text("10473829")], changes: false)
        guard case .completed(let slots) = outcome else {
          Issue.record("\(outcome)")
          return
        }
        #expect(slots["status"] == .text("shipped"))
        guard case .sensitive(let address)? = slots["address"] else {
          Issue.record("the address is not behind a token")
          return
        }
        #expect(address.token.label == .address)
        #expect(address.revealed == "12 Mill Lane, Bristol")
        #expect(
          await invoker.run("order_status", ["order_number": .text("99999999")], changes: false)
            == .refused("order_not_found"))
        #expect(
          await invoker.run("order_status", ["order_number": .text("1234")], changes: false) == .failed(.badArgument))
        #expect(await invoker.run("no_such_tool", [:]) == .failed(.forbidden))
      }
    }

    @Test func `a change happens once; the same again gets its outcome without a request`() async throws {
      let shop = try await Shop()
      let ledger = MemoryLedger()
      try await HTTPToolInvoker.with(Shop.tools, url: shop.url, ledger: ledger) { invoker in
        #expect(await invoker.run("move_delivery", move) == moved)
        try await shop.order(#"{"status": 500}"#)
        #expect(await invoker.run("move_delivery", move) == moved)
      }
      #expect(try await moves(shop) == 1)
      #expect(try await shop.rows("SELECT key FROM requests") == [[ledger.keys[0]]])
    }

    @Test func `a deliberate second activation is a second change`() async throws {
      let shop = try await Shop()
      try await HTTPToolInvoker.with(Shop.tools, url: shop.url) { invoker in
        for activation in 1...2 { #expect(await invoker.run("move_delivery", move, activation: activation) == moved) }
      }
      #expect(try await shop.rows("SELECT key FROM requests").count == 2)
    }

    @Test func `twenty at once with one key are one request`() async throws {
      let shop = try await Shop()
      try await shop.order(#"{"delay_ms": 100}"#)
      let steps = Mutex<[ToolExchange.Step]>([])
      try await HTTPToolInvoker.with(
        Shop.tools, url: shop.url, observe: { exchange in steps.withLock { $0.append(exchange.step) } }
      ) { invoker in
        await withTaskGroup(of: ToolOutcome.self) { group in
          for _ in 0..<20 { group.addTask { await invoker.run("move_delivery", move) } }
          for await outcome in group { #expect(outcome == moved) }
        }
      }
      #expect(try await moves(shop) == 1)
      let requests = steps.withLock { $0.count { $0 == .request } }
      #expect(requests == 1 && steps.withLock { $0.count } < 20, "the others waited for it and asked nobody")
    }

    @Test func `an answer lost after the commit is found by the probe`() async throws {
      let shop = try await Shop()
      try await shop.order(#"{"drop_after_commit": true, "times": 1, "method": "POST"}"#)
      try await HTTPToolInvoker.with(Shop.tools, url: shop.url) { invoker in
        #expect(await invoker.run("move_delivery", move) == moved)
      }
      #expect(try await moves(shop) == 1)
    }

    @Test func `a request lost before the commit surely did not happen`() async throws {
      let shop = try await Shop()
      try await shop.order(#"{"drop_before_commit": true, "times": 1, "method": "POST"}"#)
      let ledger = MemoryLedger()
      try await HTTPToolInvoker.with(Shop.tools, url: shop.url, ledger: ledger) { invoker in
        #expect(await invoker.run("move_delivery", move, deadline: .milliseconds(200)) == .failed(.unreachable))
        #expect(await invoker.run("move_delivery", move, deadline: .milliseconds(200)) == .failed(.unreachable))
      }
      #expect(try await moves(shop) == 0)
      #expect(try await ledger.open().isEmpty)
    }

    @Test func `a change that commits after the deadline is found, not repeated`() async throws {
      let shop = try await Shop()
      try await shop.order(#"{"delay_ms": 1300, "method": "POST"}"#)
      try await HTTPToolInvoker.with(Shop.tools, url: shop.url) { invoker in
        #expect(await invoker.run("move_delivery", move, deadline: .seconds(1)) == moved)
      }
      #expect(try await moves(shop) == 1)
    }

    @Test func `a refusal is settled, and stays one`() async throws {
      let shop = try await Shop()
      let late: [String: SlotValue] = ["order_number": .text("42703859"), "date": .text("2030-05-20")]
      try await HTTPToolInvoker.with(Shop.tools, url: shop.url) { invoker in
        #expect(await invoker.run("move_delivery", late) == .refused("order_delivered"))
        #expect(await invoker.run("move_delivery", late) == .refused("order_delivered"))
      }
      #expect(try await shop.rows("SELECT * FROM requests").count == 1)
    }

    @Test func `a caller that goes away does not stop a change half way`() async throws {
      let shop = try await Shop()
      try await shop.order(#"{"delay_ms": 150, "method": "POST"}"#)
      let ledger = MemoryLedger()
      try await HTTPToolInvoker.with(Shop.tools, url: shop.url, ledger: ledger) { invoker in
        let task = Task { await invoker.run("move_delivery", move) }
        while ledger.keys.isEmpty { await Task.yield() }
        task.cancel()
        #expect(await task.value == moved)
      }
      #expect(ledger.outcome(ledger.keys[0]) == moved)
      #expect(try await moves(shop) == 1)
    }

    @Test func `without a durable intent no request leaves`() async throws {
      let shop = try await Shop()
      let ledger = MemoryLedger()
      ledger.breakDown()
      let told = Mutex<[ToolExchange.Step]>([])
      try await HTTPToolInvoker.with(
        Shop.tools, url: shop.url, ledger: ledger, observe: { exchange in told.withLock { $0.append(exchange.step) } }
      ) { invoker in
        #expect(await invoker.run("move_delivery", move) == .failed(.forbidden))
      }
      #expect(try await shop.rows("SELECT * FROM requests").isEmpty)
      #expect(told.withLock { $0 } == [.intent], "and it is told as what it is")
    }

    @Test func `a line that the journal refused stops the change of its call`() async throws {
      let shop = try await Shop()
      let store = try SQLiteStore(path: shop.folder.path + "/store.sqlite", masterKey: .ephemeral())
      let call = HTTPToolInvoker.context.call
      store.journal.append([
        JournalEntry(conversation: "talk-1", call: call, sequence: 7, instant: .zero, record: .event(.connected))
      ])
      try await HTTPToolInvoker.with(Shop.tools, url: shop.url, ledger: store.ledger, vault: store.vault) { invoker in
        #expect(await invoker.run("move_delivery", move) == .failed(.forbidden))
      }
      #expect(try await shop.rows("SELECT * FROM requests").isEmpty)
      store.journal.close(call)
      try await HTTPToolInvoker.with(Shop.tools, url: shop.url, ledger: store.ledger, vault: store.vault) { invoker in
        #expect(await invoker.run("move_delivery", move) == moved)
      }
      try await store.close()
    }

    @Test func `an intent left by a crash is probed first, and asked only when it surely did not happen`() async throws
    {
      for alreadyHappened in [false, true] {
        let shop = try await Shop()
        let ledger = MemoryLedger()
        let steps = Mutex<[ToolExchange.Step]>([])
        try await HTTPToolInvoker.with(
          Shop.tools, url: shop.url, ledger: ledger,
          observe: { exchange in steps.withLock { $0.append(exchange.step) } }
        ) { invoker in
          if alreadyHappened {
            // Another process made the change and died before it could say so.
            try await HTTPToolInvoker.with(Shop.tools, url: shop.url) { _ = await $0.run("move_delivery", move) }
          }
          let clear: [String: JSONValue] = ["order_number": .string("10473829"), "date": .string("2030-05-20")]
          let key = IdempotencyKey.derive(
            serverKey: HTTPToolInvoker.testKey, conversation: "talk-1", activation: FlowActivation(1),
            tool: "move_delivery",
            arguments: clear)
          _ = try await ledger.intend(
            EffectIntent(key: key, call: "call-1", effect: EffectID(1), tool: "move_delivery", arguments: move))
          #expect(await invoker.run("move_delivery", move) == moved)
        }
        #expect(try await moves(shop) == 1)
        #expect(steps.withLock { $0.first } == .probe)
        #expect(steps.withLock { $0.contains(.request) } == !alreadyHappened)
      }
    }

    @Test func `a store's ledger and vault keep an address out of the file, and give it back`() async throws {
      let shop = try await Shop()
      let path = shop.folder.path + "/store.sqlite"
      let store = try SQLiteStore(path: path, masterKey: .ephemeral())
      let address = store.vault.protect(
        "5 New Street, Bristol", label: .address, owner: HTTPToolInvoker.context.owner, ordinal: 0)
      let change: [String: SlotValue] = ["order_number": .text("10473829"), "address": .sensitive(address)]
      try await HTTPToolInvoker.with(Shop.tools, url: shop.url, ledger: store.ledger, vault: store.vault) { invoker in
        for _ in 0..<2 {
          guard case .completed(let slots) = await invoker.run("change_address", change),
            case .sensitive(let value)? = slots["address"]
          else {
            Issue.record("not completed with a token")
            return
          }
          #expect(value.revealed == "5 New Street, Bristol")
        }
      }
      try await store.journal.flush("call-1")
      for name in ["store.sqlite", "store.sqlite-wal"] {
        let data = try Data(contentsOf: URL(fileURLWithPath: shop.folder.path + "/" + name))
        #expect(data.range(of: Data("New Street".utf8)) == nil)
      }
      #expect(
        try await shop.rows("SELECT address FROM orders WHERE number = '10473829'") == [["5 New Street, Bristol"]])
      try await store.close()
    }
  }
}
