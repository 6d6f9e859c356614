import Core
import Foundation
import GRDB
import Storage
import Testing

/// Callers who are known later: what happens to keys, values and the queue when a call is bound to its person.
@Suite struct `A caller who is identified` {
  private let ada = DataOwner.person("shop", "ada")

  /// A call with a value before and one after it is bound, flushed.
  private func bound(
    _ store: SQLiteStore, _ call: SampleCall = SampleCall(), to person: PersonID = "ada", words: String = "my words"
  ) async throws -> [Sensitive<String>] {
    let before = store.vault.protect(words, label: .speech, owner: call.owner, ordinal: 0)
    store.journal.append([
      call.line(0, call.started), call.line(1, .event(.digit(before))), call.line(2, .event(.identified(person))),
    ])
    let after = store.vault.protect(words, label: .speech, owner: call.owner, ordinal: 1)
    store.journal.append([call.line(3, .event(.digit(after)))])
    try await store.journal.flush(call.call)
    return [before, after]
  }

  @Test func `has their keys wrapped anew, and their tokens as they were`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let call = SampleCall()
    let early = store.vault.protect("early", label: .name, owner: call.owner, ordinal: 0)
    store.journal.append([call.line(0, call.started), call.line(1, .event(.digit(early)))])
    try await store.journal.flush(call.call)
    let before = try files.rows("SELECT owner, wrapped FROM vault_keys")
    store.journal.append([call.line(2, .event(.identified("ada")))])
    try await store.journal.flush(call.call)
    let after = try files.rows("SELECT owner, wrapped FROM vault_keys")
    #expect(before.map { $0[0] } == [call.owner.key] && after.map { $0[0] } == [ada.key])
    #expect(before[0][1] as Data != after[0][1] as Data)
    #expect(try files.rows("SELECT owner FROM vault_values").map { $0[0] } == [ada.key])
    #expect(try files.rows("SELECT person FROM calls").map { $0[0] } == ["ada"])
    #expect(store.vault.protect("early", label: .name, owner: call.owner, ordinal: 0) == early)
    try await store.journal.flush(call.call)
    // The key opens for whom it is wrapped, and for nobody else.
    try files.tamper("UPDATE vault_keys SET wrapped = ?", [before[0][1] as Data])
    let error = await #expect(throws: StorageError.self) { try await store.vault.reveal(early.token, owner: ada) }
    #expect(error?.code == "storage.value_damaged")
  }

  @Test func `keeps all keys, those of earlier calls and their own, and the next process finds them`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let own = store.vault.protect("own", label: .name, owner: ada, ordinal: 0)
    let first = try await bound(store, SampleCall("one"), words: "first")
    let second = try await bound(store, SampleCall("two"), words: "second")
    let other = try await bound(store, SampleCall("three"), to: "bob", words: "other")
    try await store.close()
    let next = try files.open()
    let values = [(own, "own"), (first[0], "first"), (first[1], "first"), (second[0], "second"), (second[1], "second")]
    for (value, text) in values {
      for owner in [ada, SampleCall("one").owner, SampleCall("two").owner] {
        #expect(try await next.vault.reveal(value.token, owner: owner) == text)
      }
    }
    #expect(try await next.vault.reveal(other[0].token, owner: .person("shop", "bob")) == "other")
    let reader = try SQLiteStoreReader(path: files.path, masterKey: files.masterKey)
    let reach = try await reader.reach(of: "ada", tenant: "shop")
    #expect(reach.calls == ["one", "two"] && reach.values == 5)
    #expect(try await reader.reach(of: "ada", tenant: "other") == reader.reach(of: "nobody", tenant: "shop"))
    #expect(try await reader.reach(of: "nobody", tenant: "shop").calls.isEmpty)
    #expect(try await reader.reveal(first[0].token, owner: ada) == "first")
  }

  @Test func `is named alike by every process with the master key, and by none with another`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let name = store.vault.person("4823 Mill Lane", of: "shop")
    let reader = try SQLiteStoreReader(path: files.path, masterKey: files.masterKey)
    #expect(reader.person("4823 Mill Lane", of: "shop") == name)
    #expect(try SQLiteStoreReader(path: files.path, masterKey: nil).person("4823 Mill Lane", of: "shop") == nil)
    #expect(try TemporaryStore().open().vault.person("4823 Mill Lane", of: "shop") != name)
    #expect(name.rawValue.count == 32)
    _ = try await bound(store, to: name)
    #expect(try files.holds(name.rawValue) && !files.holds("4823 Mill Lane"))
  }

  @Test func `cannot be in a file of an earlier release, which is read as it is`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let value = store.vault.protect("my words", label: .speech, owner: SampleCall().owner, ordinal: 0)
    try await store.close()
    try files.tamper("ALTER TABLE vault_keys DROP COLUMN made_for")
    let reader = try SQLiteStoreReader(path: files.path, masterKey: files.masterKey)
    #expect(try await reader.reveal(value.token, owner: SampleCall().owner) == "my words")
  }

  /// A step of binding that the database refuses.
  @Test(arguments: [
    "BEFORE UPDATE OF owner ON vault_keys", "BEFORE UPDATE OF owner ON vault_values",
    "BEFORE UPDATE OF person ON calls",
    "BEFORE INSERT ON journal WHEN NEW.kind = 'event.identified'",
  ])
  func `is bound whole or not at all`(_ step: String) async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let call = SampleCall()
    let value = store.vault.protect("my words", label: .speech, owner: call.owner, ordinal: 0)
    let lines = [call.line(0, call.started), call.line(1, .event(.digit(value)))]
    store.journal.append(lines)
    try await store.journal.flush(call.call)
    try files.tamper("CREATE TRIGGER stop \(step) BEGIN SELECT RAISE(ABORT, 'no'); END")
    store.journal.append([call.line(2, .event(.identified("ada")))])
    let error = await #expect(throws: StorageError.self) { try await store.journal.flush(call.call) }
    #expect(error?.code == "storage.lines_refused")
    try files.tamper("DROP TRIGGER stop")
    #expect(try files.rows("SELECT owner FROM vault_keys").map { $0[0] } == [call.owner.key])
    #expect(try files.rows("SELECT owner FROM vault_values").map { $0[0] } == [call.owner.key])
    #expect(try files.rows("SELECT person FROM calls WHERE person IS NOT NULL").isEmpty)
    #expect(try await store.journal.read(call.call).entries == lines)
    #expect(try await store.vault.reveal(value.token, owner: call.owner) == "my words")
  }

  @Test func `is bound also when a key of the call is damaged, so that all can be erased`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let call = SampleCall()
    let value = store.vault.protect("my words", label: .speech, owner: call.owner, ordinal: 0)
    store.journal.append([call.line(0, call.started), call.line(1, .event(.digit(value)))])
    try await store.journal.flush(call.call)
    try files.tamper("UPDATE vault_keys SET wrapped = zeroblob(length(wrapped))")
    store.journal.append([call.line(2, .event(.identified("ada")))])
    try await store.journal.flush(call.call)
    await #expect(throws: StorageError.self) { try await store.vault.reveal(value.token, owner: ada) }
    try await store.vault.erase(ada)
    #expect(try files.rows("SELECT token FROM vault_values").isEmpty)
    #expect(try await store.vault.reveal(value.token, owner: call.owner) == nil)
  }

  @Test func `was erased before as a call stays erased, and what came later is theirs`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let call = SampleCall()
    let gone = store.vault.protect("gone", label: .speech, owner: call.owner, ordinal: 0)
    store.journal.append([call.line(0, call.started), call.line(1, .event(.digit(gone)))])
    try await store.journal.flush(call.call)
    try await store.vault.erase(call.owner)
    let kept = store.vault.protect("kept", label: .speech, owner: call.owner, ordinal: 0)
    store.journal.append([call.line(2, .event(.digit(kept))), call.line(3, .event(.identified("ada")))])
    try await store.journal.flush(call.call)
    for owner in [call.owner, ada] {
      #expect(try await store.vault.reveal(gone.token, owner: owner) == nil, "erased, not missing")
      #expect(try await store.vault.reveal(kept.token, owner: owner) == "kept")
    }
    #expect(try await store.journal.read(call.call).erased == 1)
  }

  @Test func `leaves no copy of keys or values on the disk when erased`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let call = SampleCall()
    let early = store.vault.protect("early", label: .name, owner: call.owner, ordinal: 0)
    store.journal.append([call.line(0, call.started), call.line(1, .event(.digit(early)))])
    try await store.journal.flush(call.call)
    let first = try files.rows("SELECT wrapped FROM vault_keys UNION ALL SELECT box FROM vault_values")
    store.journal.append([call.line(2, .event(.identified("ada")))])
    _ = store.vault.protect("late", label: .name, owner: call.owner, ordinal: 0)
    try await store.journal.flush(call.call)
    let second = try files.rows("SELECT wrapped FROM vault_keys UNION ALL SELECT box FROM vault_values")
    let secrets = (first + second).map { $0[0] as Data }
    #expect(secrets.count == 5)
    #expect(try files.copies(of: secrets) > 0)
    try await store.vault.erase(ada)
    #expect(try files.copies(of: secrets) == 0)
  }

  @Test func `and of whom a value finds no room is refused with their running calls`() async throws {
    let files = try TemporaryStore()
    let store = try files.open(StoreOptions(capacity: 10, gathering: .seconds(600)))
    let (call, other) = (SampleCall("one"), SampleCall("two"))
    _ = try await bound(store, call)
    store.journal.append([other.line(0, other.started)])
    try await store.journal.flush(other.call)
    // 40 values may wait.
    for number in 0..<60 { _ = store.vault.protect("\(number)", label: .name, owner: ada, ordinal: 0) }
    let error = await #expect(throws: StorageError.self) { try await store.journal.flush(call.call) }
    #expect(error?.code == "storage.values_refused")
    try await store.journal.flush(other.call)
    #expect(store.health.refusedCalls == [call.call])
    store.journal.close(call.call)
    #expect(store.health.refusedCalls.isEmpty)
  }

  @Test func `and who was known before keeps their calls, whatever a tool says`() async throws {
    let store = try TemporaryStore().open(StoreOptions(capacity: 10, gathering: .seconds(600)))
    let call = SampleCall("one")
    _ = try await bound(store, call)
    store.journal.append([call.line(4, .event(.identified("bob")))])
    for number in 0..<60 {
      _ = store.vault.protect("\(number)", label: .name, owner: .person("shop", "bob"), ordinal: 0)
    }
    try await store.journal.flush(call.call)
    #expect(store.health.refusedCalls.isEmpty, "the first person stands in the queue, too")
  }
}

extension TemporaryStore {
  /// What is in the file, read behind the store's back.
  func rows(_ sql: String) throws -> [Row] {
    let database = try DatabaseQueue(path: path)
    defer { try? database.close() }
    return try database.read { try Row.fetchAll($0, sql: sql) }
  }

  /// In how many files of the store any of these bytes are.
  func copies(of secrets: [Data]) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: folder).count { name in
      let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
      return secrets.contains { data.range(of: $0) != nil }
    }
  }
}
