import Core
import GRDB
import Storage
import Testing

/// What stands beside calls and ledger and tells of them: runs, keys, values, erasures, and the form of the file.
@Suite struct `A seal of a table` {
  private static let names = ["calls", "effects", "runs", "vault_keys", "vault_values", "vault_erasures"]

  /// A call of somebody, one of nobody, one that was erased; two processes.
  private func files() async throws -> TemporaryStore {
    let files = try TemporaryStore()
    let store = try files.open()
    for name: CallID in ["call-1", "call-2", "call-3"] {
      let call = SampleCall(name)
      let said = store.vault.protect("words of \(name)", label: .speech, owner: call.owner, ordinal: 0)
      store.journal.append([call.line(0, call.started), call.line(1, .event(.digit(said)))])
      try await store.journal.flush(name)
      if name == "call-1" { store.journal.append([call.line(2, .event(.identified("ada")))]) }
    }
    try await store.vault.erase(SampleCall("call-3").owner)
    try await store.close()
    try await files.open().close()
    return files
  }

  private func reader(_ files: TemporaryStore) throws -> SQLiteStoreReader {
    try SQLiteStoreReader(path: files.path, masterKey: files.masterKey)
  }

  private func altered(_ files: TemporaryStore) async throws -> [String] {
    try await reader(files).tables()?.filter { $0.altered > 0 }.map(\.name) ?? []
  }

  private func miscounted(_ files: TemporaryStore) async throws -> [String] {
    try await reader(files).tables()?.filter(\.isMiscounted).map(\.name) ?? []
  }

  @Test func `is whole where nothing was touched`() async throws {
    let files = try await files()
    let tables = try await reader(files).tables()
    #expect(tables?.map(\.name) == Self.names)
    #expect(tables?.allSatisfy { $0.altered == 0 && $0.earlier == 0 && !$0.isMiscounted } == true)
    #expect(try await reader(files).foreignForms().isEmpty)
    #expect(try await reader(files).erasure(of: SampleCall("call-3").owner) == .whole)
    #expect(try await reader(files).erasure(of: SampleCall("call-2").owner) == nil)
  }

  @Test(arguments: [
    ("UPDATE vault_values SET label = 'name'", "vault_values"),
    ("UPDATE vault_values SET box = zeroblob(40)", "vault_values"),
    ("UPDATE vault_values SET token = 'x' WHERE owner LIKE 'call%'", "vault_values"),
    ("UPDATE vault_values SET owner = 'call/shop/call-9' WHERE owner LIKE 'call%'", "vault_values"),
    ("UPDATE vault_values SET seal = NULL", "vault_values"),
    ("UPDATE vault_keys SET created_at_ms = created_at_ms + 1", "vault_keys"),
    ("UPDATE vault_keys SET wrapped = zeroblob(60)", "vault_keys"),
    ("UPDATE vault_keys SET made_for = NULL WHERE made_for IS NOT NULL", "vault_keys"),
    ("UPDATE vault_keys SET seal = NULL", "vault_keys"),
    ("UPDATE vault_erasures SET erased_at_ms = 1", "vault_erasures"),
    ("UPDATE vault_erasures SET owner = 'call/shop/call-2'", "vault_erasures"),
    ("UPDATE runs SET node = 'other' WHERE id = 2", "runs"),
    ("UPDATE runs SET started_at_ms = 1 WHERE id = 2", "runs"),
    ("UPDATE runs SET seal = (SELECT seal FROM runs WHERE id = 1) WHERE id = 2", "runs"),
  ])
  func `tells a column that was changed`(sql: String, table: String) async throws {
    let files = try await files()
    try files.tamper(sql)
    #expect(try await altered(files) == [table])
    #expect(try await miscounted(files) == [])
  }

  @Test(arguments: [
    ("DELETE FROM runs WHERE id = 2", ["runs"]),
    ("DELETE FROM vault_values WHERE owner LIKE 'call%'", ["vault_values"]),
    ("DELETE FROM vault_keys WHERE owner LIKE 'call/%/call-3'", ["vault_keys"]),
    ("DELETE FROM vault_erasures", ["vault_erasures"]),
    (
      """
      INSERT INTO vault_erasures (owner, erased_at_ms) VALUES ('call/shop/call-2', 9);
      DELETE FROM vault_values WHERE owner = 'call/shop/call-2';
      DELETE FROM vault_keys WHERE owner = 'call/shop/call-2';
      """, ["vault_keys", "vault_values", "vault_erasures"]
    ),
  ])
  func `tells rows that were taken away or put in, also after more was written`(sql: String, tables: [String])
    async throws
  {
    let files = try await files()
    try files.tamper(sql)
    #expect(try await miscounted(files) == tables)
    let store = try files.open()
    let call = SampleCall("call-4")
    let said = store.vault.protect("more", label: .speech, owner: call.owner, ordinal: 0)
    store.journal.append([call.line(0, call.started), call.line(1, .event(.digit(said)))])
    try await store.journal.flush("call-4")
    try await store.vault.erase(call.owner)
    try await store.close()
    #expect(try await miscounted(files) == tables)
  }

  @Test func `tells an erasure nobody made from one that was, also when its owner gets a name`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let (forged, erased) = (SampleCall("call-1"), SampleCall("call-2"))
    for call in [forged, erased] { store.journal.append([call.line(0, call.started)]) }
    try await store.journal.flush("call-2")
    try files.tamper("INSERT INTO vault_erasures (owner, erased_at_ms) VALUES (?, 9)", [forged.owner.key])
    try await store.vault.erase(erased.owner)
    #expect(try await reader(files).erasure(of: forged.owner) == .broken)
    #expect(try await reader(files).erasure(of: erased.owner) == .whole)
    store.journal.append([forged.line(1, .event(.identified("ada"))), erased.line(1, .event(.identified("bob")))])
    try await store.close()
    #expect(try await reader(files).erasure(of: .person("shop", "ada")) == .broken)
    #expect(try await reader(files).erasure(of: .person("shop", "bob")) == .whole)
    #expect(try await SQLiteStoreReader(path: files.path, masterKey: nil).erasure(of: erased.owner) == .unchecked)
  }

  @Test(arguments: [
    ("UPDATE store_marks SET value = x'0102030405060708' WHERE name = 'master_key'", 1, false),
    ("DELETE FROM store_marks WHERE name = 'master_key'", 0, true),
    (
      """
      UPDATE store_marks SET value = x'01' WHERE name LIKE 'count%';
      UPDATE store_marks SET value = x'0102030405060708' WHERE name = 'master_key'
      """, 1, false
    ), ("INSERT INTO store_marks (name, value) VALUES ('spy', x'00')", 1, nil),
  ])
  func `tells a mark of the key that was altered from another key`(sql: String, rows: Int, isTakenAway: Bool?)
    async throws
  {
    let files = try await files()
    try files.tamper(sql)
    let marks = try #require(try await reader(files).tables()?.first { $0.name == "store_marks" })
    #expect(marks.altered == rows && marks.isMiscounted == (isTakenAway ?? false))
    #expect(try await SQLiteStoreReader(path: files.path, masterKey: nil).tables() == nil)
    guard isTakenAway != nil else { return try await files.open().close() }
    let error = #expect(throws: StorageError.self) { try files.open() }
    #expect(error?.code == "storage.mark_altered" && error?.hint?.contains("--verify") == true, "\(error as Any)")
    let other = #expect(throws: StorageError.self) { try SQLiteStore(path: files.path, masterKey: .ephemeral()) }
    #expect(other?.code == "storage.wrong_master_key")
    let reading = #expect(throws: StorageError.self) {
      try SQLiteStoreReader(path: files.path, masterKey: .ephemeral())
    }
    #expect(reading?.code == "storage.wrong_master_key")
  }

  @Test func `is asked when the table of marks is gone`() async throws {
    let files = try await files()
    try files.tamper("DROP TABLE store_marks")
    #expect(try await miscounted(files) == Self.names + ["store_marks"])
    #expect(try await reader(files).foreignForms() == ["table store_marks"])
    let error = #expect(throws: StorageError.self) { try files.open() }
    #expect(error?.code == "storage.mark_altered")
  }

  @Test func `has no mark yet in a file whose making was cut short`() async throws {
    let files = try TemporaryStore()
    try await files.open().close()
    try files.tamper(
      "DELETE FROM store_marks WHERE name = 'master_key'; DELETE FROM runs; DELETE FROM store_marks WHERE name = 'count of runs'"
    )
    try await files.open().close()
    #expect(throws: StorageError.self) { try SQLiteStore(path: files.path, masterKey: .ephemeral()) }
  }

  @Test(arguments: [
    ("CREATE TRIGGER spy AFTER INSERT ON effects BEGIN DELETE FROM vault_values; END", "trigger spy"),
    ("CREATE VIEW spy AS SELECT * FROM calls", "view spy"), ("CREATE TABLE spy (x)", "table spy"),
    ("DROP INDEX calls_open", "index calls_open"),
    ("ALTER TABLE runs ADD COLUMN spy TEXT", "table runs"),
  ])
  func `does not cover the form of the file, which is looked at`(sql: String, name: String) async throws {
    let files = try await files()
    try files.tamper(sql)
    #expect(try await reader(files).foreignForms() == [name])
  }

  @Test func `is missing in files of earlier releases, which go on, and is told as that`() async throws {
    let files = try await files()
    try files.tamper(EarlierForm.beforeSealsOfRunsAndVault)
    func earlier() async throws -> [Int]? { try await reader(files).tables()?.map(\.earlier) }
    let rows = [0, 0, 2, 3, 2, 1]
    #expect(try await earlier() == rows)
    #expect(try await altered(files) == [])
    #expect(try await miscounted(files) == [])
    #expect(try await reader(files).erasure(of: SampleCall("call-3").owner) == .earlier)
    #expect(try await reader(files).foreignForms().isEmpty)
    let store = try files.open()
    #expect(try await earlier() == rows)
    store.journal.append([
      SampleCall("call-2").line(2, .event(.identified("bob"))),
      SampleCall("call-3").line(2, .event(.identified("cleo"))),
    ])
    try await store.close()
    #expect(try await earlier() == [0, 0, 2, 3, 2, 2])
    #expect(try await altered(files) == [])
    #expect(try await miscounted(files) == [])
    #expect(try await reader(files).erasure(of: .person("shop", "cleo")) == .earlier)
    try files.tamper("UPDATE vault_values SET label = 'name'; UPDATE vault_erasures SET seal = NULL")
    #expect(try await altered(files) == ["vault_values", "vault_erasures"])
  }
}
