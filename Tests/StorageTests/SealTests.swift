import Core
import GRDB
import Storage
import Testing

/// What a chain without a key cannot tell: heads of calls and entries of the ledger that were changed so that everything fits.
@Suite struct `A seal` {
  private static let owner = SampleCall().owner
  private static let intent = EffectIntent(
    key: "key-1", call: "call-1", effect: EffectID(1), tool: "move", arguments: ["day": .text("2030-05-20")],
    origin: EffectOrigin(
      assistant: AssistantVersion(name: "shop", contentHash: "00ff"), node: "node-1", backEnd: "http://b", owner: owner)
  )

  /// A call with a person who was identified, another one, and two changes, one settled and one open.
  private func files() async throws -> TemporaryStore {
    let files = try TemporaryStore()
    let store = try files.open()
    let call = SampleCall()
    let records: [JournalRecord] = [
      call.started, .event(.connected), .event(.identified("ada")), .event(.hungUp(by: .caller)),
    ]
    store.journal.append(records.enumerated().map { call.line($0.offset, $0.element) })
    store.journal.append(SampleCall("call-2").lines(6))
    _ = try await store.ledger.intend(Self.intent)
    try await store.ledger.accept("key-1")
    try await store.ledger.settle("key-1", .completed(["status": .text("moved")]))
    _ = try await store.ledger.intend(
      EffectIntent(key: "key-2", call: "call-2", effect: EffectID(1), tool: "move", arguments: [:]))
    try await store.close()
    return files
  }

  private func reading(_ call: CallID, _ files: TemporaryStore, withKey: Bool = true) async throws -> JournalReading {
    try await SQLiteStoreReader(path: files.path, masterKey: withKey ? files.masterKey : nil).journal.read(call)
  }

  private func seals(_ files: TemporaryStore) async throws -> [CallID: Seal] {
    let reader = try SQLiteStoreReader(path: files.path, masterKey: files.masterKey)
    return Dictionary(uniqueKeysWithValues: try await reader.journal.calls(limit: 9).map { ($0.call, $0.seal) })
  }

  private static let all = ["calls", "effects", "runs", "vault_keys", "vault_values", "vault_erasures"]

  /// Tables of which rows were taken away or put in.
  private func miscounted(_ files: TemporaryStore) async throws -> [String]? {
    let reader = try SQLiteStoreReader(path: files.path, masterKey: files.masterKey)
    return try await reader.tables()?.filter(\.isMiscounted).map(\.name)
  }

  private func effects(_ files: TemporaryStore, withKey: Bool = true) async throws -> [Seal] {
    let reader = try SQLiteStoreReader(path: files.path, masterKey: withKey ? files.masterKey : nil)
    return try await reader.ledger.effects(of: "call-1").map(\.seal) + reader.ledger.effects(of: "call-2").map(\.seal)
  }

  @Test func `is whole where nothing was touched, and not looked at without the key`() async throws {
    let files = try await files()
    #expect(try await seals(files) == ["call-1": .whole, "call-2": .whole])
    #expect(try await effects(files) == [.whole, .whole])
    #expect(try await effects(files, withKey: false) == [.unchecked, .unchecked])
    for (withKey, seal) in [(true, Seal.whole), (false, .unchecked)] {
      let reading = try await reading("call-1", files, withKey: withKey)
      #expect(reading.seal == seal && !reading.isAltered)
    }
    #expect(try await miscounted(files) == [])
    #expect(try await SQLiteStoreReader(path: files.path, masterKey: nil).tables() == nil)
  }

  @Test func `is looked at by who wants no values, and under another file's key by nobody`() async throws {
    let files = try await files()
    let reader = try SQLiteStoreReader(path: files.path, masterKey: files.masterKey, reveals: false)
    #expect(try await reader.journal.read("call-1").seal == .whole)
    #expect(reader.person("x", of: "shop") == nil)
    let other = try SQLiteStoreReader(path: files.path, masterKey: .ephemeral(), reveals: false)
    #expect(try await other.journal.read("call-1").seal == .unchecked)
  }

  @Test func `tells a tail that was cut off though head and length were set to fit`() async throws {
    let files = try await files()
    try files.tamper(
      """
      DELETE FROM journal WHERE call = 2 AND sequence >= 4;
      UPDATE calls SET lines = 4, ended_at_us = NULL,
        head = (SELECT digest FROM journal WHERE call = 2 AND sequence = 3) WHERE id = 2;
      """)
    let reading = try await reading("call-2", files)
    #expect(reading.firstBroken == nil && reading.entries.count == 4)
    #expect(reading.seal == .broken && reading.isAltered)
    #expect(try await seals(files) == ["call-1": .whole, "call-2": .broken])
  }

  @Test(arguments: [
    "call = 'call-3'", "conversation = 'talk-2'", "tenant = 'other'", "person = 'bob'", "person = NULL",
    "assistant = (SELECT max(id) FROM assistants)", "started_at_ms = started_at_ms - 1", "ended_at_us = NULL",
    "lines = 5", "head = zeroblob(32)", "run = NULL", "activity = 7", "seal = NULL", "seal = x''",
    "seal = (SELECT seal FROM calls WHERE id = 2)", "id = 9",
  ])
  func `tells each column of a head that was changed`(change: String) async throws {
    let files = try await files()
    try files.tamper(
      """
      INSERT INTO assistants (name, content_hash) VALUES ('other', 'x');
      UPDATE calls SET \(change) WHERE id = 1;
      UPDATE journal SET call = (SELECT id FROM calls WHERE id NOT IN (1, 2)) WHERE call = 1 AND 1 NOT IN (SELECT id FROM calls);
      """)
    let name: CallID = change.hasPrefix("call =") ? "call-3" : "call-1"
    #expect(try await reading(name, files).seal == .broken)
    #expect(try await seals(files) == [name: .broken, "call-2": .whole])
  }

  @Test(arguments: [
    ("tenant = 'other'", "tenant"), ("person = 'bob'", "person"), ("person = NULL", "person"),
    ("conversation = 'talk-2'", "conversation"), ("started_at_ms = 0", "started_at_ms"),
    ("ended_at_us = NULL", "ended_at_us"), ("assistant = (SELECT max(id) FROM assistants)", "assistant"),
  ])
  func `is not needed to see a head that tells otherwise than its lines`(change: String, column: String) async throws {
    let files = try await files()
    try files.tamper(
      """
      INSERT INTO assistants (name, content_hash) VALUES ('other', 'x');
      UPDATE calls SET \(change) WHERE id = 1;
      """)
    let reading = try await reading("call-1", files, withKey: false)
    #expect(reading.disagreements == [column] && reading.isAltered)
    #expect(try await !self.reading("call-2", files, withKey: false).isAltered)
  }

  @Test func `is not missed where lines tell of several persons, joins and ends`() async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    let call = SampleCall()
    let attachment = Attachment(
      call: "call-9", leg: "leg-2", channel: .voice, calledAddress: "100", utcOffsetSeconds: 0,
      epochMilliseconds: 1_900_000_100_000)
    let records: [JournalRecord] = [
      call.started, .event(.identified("ada")), .event(.identified("bob")), .event(.hungUp(by: .caller)),
      .event(.attached(attachment)),
    ]
    store.journal.append(records.enumerated().map { call.line($0.offset, $0.element) })
    try await store.close()
    let reading = try await reading("call-1", files)
    #expect(
      reading.disagreements.isEmpty && reading.seal == .whole, "the first person stands, and the end is taken back")
  }

  @Test(arguments: [
    "use = 'chat'", "node = 'other'", "process = 1", "run = 'other'", "started_at_ms = 0",
  ])
  func `tells a run that was changed under its calls`(change: String) async throws {
    let files = try await files()
    try files.tamper("UPDATE runs SET \(change)")
    #expect(try await seals(files) == ["call-1": .broken, "call-2": .broken])
  }

  @Test(arguments: [
    "key = 'key-3'", "call = 'call-2'", "schema = 1", "is_open = 1", "intended_at_ms = 1", "settled_at_ms = 1",
    "assistant = 'other'", "content_hash = 'x'", "node = 'x'", "back_end = 'x'", "is_accepted = 0", "seal = NULL",
    "outcome = NULL", "outcome = CAST(replace(CAST(outcome AS TEXT), 'moved', 'taken') AS BLOB)", "outcome = x'00'",
    "intent = CAST(replace(CAST(intent AS TEXT), '05-20', '06-20') AS BLOB)",
  ])
  func `tells each column of the ledger that was changed`(change: String) async throws {
    let files = try await files()
    try files.tamper("UPDATE effects SET \(change) WHERE key = 'key-1'")
    #expect(try await effects(files) == [.broken, .whole])
  }

  @Test func `tells an entry of the ledger that cannot be read any more by its call`() async throws {
    let files = try await files()
    try files.tamper("UPDATE effects SET intent = x'00' WHERE key = 'key-1'")
    let reader = try SQLiteStoreReader(path: files.path, masterKey: files.masterKey)
    let error = await #expect(throws: StorageError.self) { try await reader.ledger.effects(of: "call-1") }
    #expect(error?.code == "storage.effect_unreadable" && error?.message.contains("call-1") == true)
  }

  @Test func `is not made anew for what was altered when it is written on`() async throws {
    let files = try await files()
    try files.tamper(
      """
      UPDATE calls SET started_at_ms = started_at_ms - 1 WHERE id = 2;
      UPDATE effects SET intended_at_ms = 1 WHERE key = 'key-2';
      """)
    let store = try files.open()
    try await store.journal.conclude("call-2", with: .expired)
    try await store.ledger.accept("key-2")
    try await store.ledger.settle("key-2", .refused("no"))
    try await store.journal.conclude("call-1", with: .expired)
    try await store.close()
    #expect(try await seals(files) == ["call-1": .whole, "call-2": .broken])
    #expect(try await effects(files) == [.whole, .broken])
  }

  @Test func `of an earlier state does not fit a later one`() async throws {
    let files = try await files()
    try files.tamper("CREATE TABLE kept AS SELECT seal FROM calls WHERE id = 2")
    let store = try files.open()
    try await store.journal.conclude("call-2", with: .expired)
    try await store.close()
    #expect(try await seals(files)["call-2"] == .whole)
    try files.tamper("UPDATE calls SET seal = (SELECT seal FROM kept) WHERE id = 2")
    #expect(try await seals(files)["call-2"] == .broken)
  }

  @Test(arguments: [
    ("DELETE FROM journal WHERE call = 2; DELETE FROM calls WHERE id = 2;", ["calls"]),
    ("DELETE FROM effects WHERE key = 'key-2'", ["effects"]),
    (
      """
      DELETE FROM journal WHERE call = 2; DELETE FROM calls WHERE id = 2;
      UPDATE store_marks SET value = CAST(x'0000000000000001' || substr(value, 9) AS BLOB) WHERE name = 'count of calls';
      """, ["calls"]
    ),
    ("DELETE FROM store_marks WHERE name LIKE 'count%'", all),
    ("UPDATE store_marks SET value = x'0000000000000001' WHERE name LIKE 'count%'", all),
    (
      """
      DELETE FROM effects WHERE key = 'key-3';
      UPDATE store_marks SET value = (SELECT value FROM store_marks WHERE name = 'count of calls')
      WHERE name = 'count of effects';
      """, ["effects"]
    ),
  ])
  func `over how many there are tells calls and changes that were taken away`(sql: String, tables: [String])
    async throws
  {
    let files = try await files()
    let before = try files.open()
    _ = try await before.ledger.intend(
      EffectIntent(key: "key-3", call: "call-2", effect: EffectID(2), tool: "move", arguments: [:]))
    try await before.close()
    try files.tamper(sql)
    let store = try files.open()
    store.journal.append(SampleCall("call-4").lines(1))
    _ = try await store.ledger.intend(
      EffectIntent(key: "key-4", call: "call-4", effect: EffectID(1), tool: "move", arguments: [:]))
    try await store.close()
    #expect(try await miscounted(files) == tables)
  }

  /// The file as a release that knew no seals left it.
  private func earlier() async throws -> TemporaryStore {
    let files = try await files()
    try files.tamper(EarlierForm.beforeSeals)
    return files
  }

  @Test func `is not missed in files of earlier releases, before and after they are brought up to date`() async throws {
    let files = try await earlier()
    let all: [CallID: Seal] = ["call-1": .earlier, "call-2": .earlier]
    #expect(try await seals(files) == all)
    #expect(try await effects(files) == [.earlier, .earlier])
    #expect(try await miscounted(files) == [])
    let store = try files.open()
    #expect(try await seals(files) == all)
    try await store.journal.conclude("call-1", with: .expired)
    try await store.ledger.settle("key-2", .refused("no"))
    store.journal.append(SampleCall("call-3").lines(1))
    try await store.close()
    #expect(try await seals(files) == all.merging(["call-3": .whole]) { $1 })
    #expect(try await effects(files) == [.earlier, .earlier])
    let reading = try await reading("call-1", files)
    #expect(!reading.isAltered && reading.entries.count == 5)
    #expect(try await miscounted(files) == [])
  }

  @Test(arguments: ["seal = NULL", "seal = x''", "started_at_ms = 0", "seal = (SELECT seal FROM calls WHERE id = 1)"])
  func `that was taken away does not look like none of an earlier release`(change: String) async throws {
    let files = try await earlier()
    let store = try files.open()
    store.journal.append(SampleCall("call-3").lines(1))
    try await store.close()
    try files.tamper(
      "UPDATE calls SET \(change) WHERE id IN (2, 3); UPDATE effects SET seal = NULL WHERE key = 'key-2'")
    #expect(try await seals(files) == ["call-1": .earlier, "call-2": .broken, "call-3": .broken])
    #expect(try await effects(files) == [.earlier, .broken])
  }

  @Test func `is made under the right key or not at all`() async throws {
    let files = try await earlier()
    #expect(throws: StorageError.self) { _ = try SQLiteStore(path: files.path, masterKey: .ephemeral()) }
    try await files.open().close()
    #expect(try await seals(files) == ["call-1": .earlier, "call-2": .earlier])
  }
}
