import Core
import Foundation
import GRDB
import Storage
import Testing

@Suite struct VaultTests {
  private let owner = DataOwner.call("shop", "call-1")
  private let card = "4111111111111111"

  @Test func `a value comes back by its token, for its owner only`() async throws {
    let store = try TemporaryStore().open()
    let value = store.vault.protect(card, label: .card, owner: owner, ordinal: 0)
    #expect(value.revealed == card)
    #expect(value.token.label == .card)
    #expect(value.token.id.count == 32)
    #expect(try await store.vault.reveal(value.token, owner: owner) == card)
    #expect(try await store.vault.reveal(value.token, owner: .call("shop", "call-2")) == nil)
    #expect(try await store.vault.reveal(value.token, owner: .call("other", "call-1")) == nil)
  }

  @Test func `one value has one token; another label, ordinal, value or owner has another`() async throws {
    let vault = try TemporaryStore().open().vault
    let tokens = [
      vault.protect("5", label: .secret, owner: owner, ordinal: 0),
      vault.protect("5", label: .secret, owner: owner, ordinal: 1),
      vault.protect("5", label: .card, owner: owner, ordinal: 0),
      vault.protect("6", label: .secret, owner: owner, ordinal: 0),
      vault.protect("5", label: .secret, owner: .person("shop", "p"), ordinal: 0),
      vault.protect("", label: .secret, owner: owner, ordinal: 0),
    ].map(\.token.id)
    #expect(Set(tokens).count == tokens.count)
    #expect(vault.protect("5", label: .secret, owner: owner, ordinal: 0).token.id == tokens[0])
  }

  @Test func `label and value cannot be shifted into each other`() async throws {
    let vault = try TemporaryStore().open().vault
    let one = vault.protect("bc", label: DataLabel(rawValue: "a"), owner: owner, ordinal: 0)
    let other = vault.protect("c", label: DataLabel(rawValue: "ab"), owner: owner, ordinal: 0)
    #expect(one.token.id != other.token.id)
  }

  @Test func `tokens differ under another store's key`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let before = store.vault.protect("Ada", label: .name, owner: owner, ordinal: 0)
    #expect(try TemporaryStore().open().vault.protect("Ada", label: .name, owner: owner, ordinal: 0) != before)
  }

  @Test func `an owner of before gets a key without a look at the database, and older values stay readable`()
    async throws
  {
    let files = try TemporaryStore()
    let store = try files.open()
    let before = store.vault.protect("Ada", label: .name, owner: owner, ordinal: 0)
    try await store.close()
    let again = try files.open()
    let after = again.vault.protect("Ada", label: .name, owner: owner, ordinal: 0)
    #expect(after != before, "a key of its own: nothing was read")
    for token in [before.token, after.token] {
      #expect(try await again.vault.reveal(token, owner: owner) == "Ada")
    }
  }

  @Test func `what is said after another process erased the owner is kept, under a new key`() async throws {
    let files = try TemporaryStore()
    let server = try files.open()
    let before = server.vault.protect("Ada", label: .name, owner: owner, ordinal: 0)
    try await server.journal.flush("call-1")
    let command = try files.open()
    try? await command.vault.erase(owner)
    try await command.close()
    #expect(try await server.vault.reveal(before.token, owner: owner) == nil)

    let after = ["Ben", "Cleo"].map { server.vault.protect($0, label: .name, owner: owner, ordinal: 0) }
    try await server.journal.flush("call-1")
    let later = server.vault.protect("Ada", label: .name, owner: owner, ordinal: 0)
    #expect(later != before)
    for (value, text) in zip(after + [later], ["Ben", "Cleo", "Ada"]) {
      #expect(try await server.vault.reveal(value.token, owner: owner) == text)
    }
    #expect(try await server.vault.reveal(before.token, owner: owner) == nil)
    try await server.close()
    #expect(try await files.open().vault.reveal(after[0].token, owner: owner) == "Ben")
  }

  @Test func `joined values are revealed from their parts`() async throws {
    let store = try TemporaryStore().open()
    let parts = "10473829".enumerated().map {
      store.vault.protect(String($0.element), label: .identifier, owner: owner, ordinal: $0.offset)
    }
    let whole = Sensitive.joining(parts, label: .identifier)
    #expect(try await store.vault.reveal(whole.token, owner: owner) == "10473829")
    let date = Sensitive.joining(
      [.literal("2030-", label: .identifier)] + whole.keys[..<2] + [.literal("-", label: .identifier)]
        + whole.keys[4..<6],
      label: .identifier)
    #expect(date.revealed == "2030-10-38")
    #expect(
      try await store.vault.reveal(date.token, owner: owner) == "2030-10-38", "text between the keys stands for itself")
  }

  @Test func `a value is stored before any line that names it`() async throws {
    let files = try TemporaryStore()
    let store = try files.open(StoreOptions(gathering: .zero, largestBatch: 3))
    let call = SampleCall()
    let reader = try SQLiteStoreReader(path: files.path, masterKey: files.masterKey)
    store.journal.append([call.line(0, call.started)])
    for sequence in 1...200 {
      let digit = store.vault.protect("\(sequence)", label: .secret, owner: owner, ordinal: sequence)
      store.journal.append([call.line(sequence, .event(.digit(digit)))])
      if sequence == 20 { try await store.journal.flush("call-1") }
      guard sequence % 10 == 0, sequence >= 20 else { continue }
      for entry in try await reader.journal.read("call-1").entries {
        guard case .event(.digit(let value)) = entry.record else { continue }
        #expect(try await reader.reveal(value.token, owner: owner) == "\(entry.sequence)")
      }
    }
  }

  @Test func `no clear value reaches the disk, neither while written nor after close`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let call = SampleCall()
    store.journal.append([call.line(0, call.started)])
    let clear = [card, "Ada Winter of Mill Lane", "12 Mill Lane, Bristol"]
    for (index, text) in clear.enumerated() {
      let value = store.vault.protect(text, label: .address, owner: owner, ordinal: 0)
      let heard = Heard(text: value, confidence: .certain, wordCount: 3, kind: .content, ending: .open)
      store.journal.append([call.line(index + 1, .event(.transcript(heard)))])
    }
    let argument = SlotValue.sensitive(store.vault.protect(card, label: .card, owner: owner, ordinal: 0))
    _ = try await store.ledger.intend(
      EffectIntent(key: "k", call: "call-1", effect: EffectID(1), tool: "pay", arguments: ["card": argument]))
    try await store.ledger.settle("k", .completed(["card": argument]))
    try await store.journal.flush("call-1")
    #expect(try files.holds("timer") == false && files.holds("transcript"), "the search itself finds what is there")
    for text in clear { #expect(try !files.holds(text)) }
    try await store.close()
    for text in clear { #expect(try !files.holds(text)) }
    #expect(try files.holds("transcript"))
  }

  @Test func `after erasing, values are gone, the chain stays whole, and reading counts them`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let call = SampleCall()
    let name = store.vault.protect("Ada", label: .name, owner: owner, ordinal: 0)
    let digits = (0..<3).map { store.vault.protect("7", label: .identifier, owner: owner, ordinal: $0) }
    let person = store.vault.protect("Ben", label: .name, owner: .person("shop", "p"), ordinal: 0)
    let slots: [SlotName: SlotValue] = [
      "name": .sensitive(name), "number": .sensitive(.joining(digits, label: .identifier)), "other": .text("a:b"),
      "day": .sensitive(.joining([.literal("2030-", label: .identifier)] + digits, label: .identifier)),
    ]
    store.journal.append([
      call.line(0, call.started), call.line(1, .event(.digit(digits[0]))),
      call.line(2, .event(.finished(.tool(EffectID(1)), .tool(.completed(slots))))),
    ])
    try await store.journal.flush("call-1")
    #expect(try await store.journal.read("call-1").erased == 0)
    try await store.vault.erase(owner)
    let reading = try await store.journal.read("call-1")
    #expect(reading.firstBroken == nil)
    #expect(reading.erased == 4)
    #expect(reading.entries.count == 3)
    #expect(try await store.vault.reveal(name.token, owner: owner) == nil)
    #expect(try await store.vault.reveal(Sensitive.joining(digits, label: .identifier).token, owner: owner) == nil)
    #expect(try await store.vault.reveal(person.token, owner: .person("shop", "p")) == "Ben")
  }

  @Test func `erasing leaves no copy of the wrapped key on the disk`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    _ = store.vault.protect("Ada", label: .name, owner: owner, ordinal: 0)
    try await store.journal.flush("call-1")
    let database = try DatabaseQueue(path: files.path)
    let rows = try await database.read {
      try Row.fetchAll($0, sql: "SELECT wrapped FROM vault_keys").map { $0[0] as Data }
    }
    let boxes = try await database.read {
      try Row.fetchAll($0, sql: "SELECT box FROM vault_values").map { $0[0] as Data }
    }
    try database.close()
    func found() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: files.folder).count { name in
        let data = try Data(contentsOf: URL(fileURLWithPath: files.folder + "/" + name))
        return (rows + boxes).contains { data.range(of: $0) != nil }
      }
    }
    #expect(rows.count == 1 && boxes.count == 1)
    #expect(try found() > 0)
    try await store.vault.erase(owner)
    #expect(try found() == 0)
  }

  @Test func `an erased owner can be known anew, under other tokens`() async throws {
    let store = try TemporaryStore().open()
    let before = store.vault.protect("Ada", label: .name, owner: owner, ordinal: 0)
    try await store.vault.erase(owner)
    let after = store.vault.protect("Ada", label: .name, owner: owner, ordinal: 0)
    #expect(after != before)
    #expect(try await store.vault.reveal(after.token, owner: owner) == "Ada")
    #expect(try await store.vault.reveal(before.token, owner: owner) == nil)
  }

  @Test func `an altered or missing value is told apart from an erased one`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let one = store.vault.protect("Ada", label: .name, owner: owner, ordinal: 0)
    let two = store.vault.protect("Ben", label: .name, owner: owner, ordinal: 0)
    try await store.journal.flush("call-1")
    try files.tamper("UPDATE vault_values SET box = zeroblob(length(box)) WHERE token = ?", [one.token.id])
    try files.tamper("DELETE FROM vault_values WHERE token = ?", [two.token.id])
    for (token, code) in [(one.token, "storage.value_damaged"), (two.token, "storage.value_missing")] {
      let error = await #expect(throws: StorageError.self) { try await store.vault.reveal(token, owner: owner) }
      #expect(error?.code == code)
    }
  }

  @Test func `values moved between owners or tokens do not open`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let one = store.vault.protect("Ada", label: .name, owner: owner, ordinal: 0)
    let two = store.vault.protect("Ben", label: .name, owner: owner, ordinal: 0)
    try await store.journal.flush("call-1")
    try files.tamper(
      "UPDATE vault_values SET box = (SELECT box FROM vault_values WHERE token = ?) WHERE token = ?",
      [one.token.id, two.token.id])
    await #expect(throws: StorageError.self) { try await store.vault.reveal(two.token, owner: owner) }
  }
}
