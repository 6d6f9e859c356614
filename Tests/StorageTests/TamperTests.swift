import Core
import GRDB
import Storage
import Testing

/// Every way to change a journal behind its back is found, and where.
@Suite struct TamperTests {
  private static let lines = SampleCall().lines(6)

  private func broken(after sql: String) async throws -> Int? {
    let files = try TemporaryStore()
    let store = try files.open()
    store.journal.append(Self.lines)
    store.journal.append(SampleCall("call-2").lines(6))
    try await store.close()
    try files.tamper(sql)
    let reader = try SQLiteStoreReader(path: files.path, masterKey: nil)
    #expect(try await reader.journal.read("call-2").firstBroken == nil)
    return try await reader.journal.read("call-1").firstBroken
  }

  @Test func `an untouched journal is whole`() async throws {
    #expect(try await broken(after: "SELECT 1") == nil)
  }

  @Test(arguments: Array(lines.indices)) func `an altered payload is found`(position: Int) async throws {
    let found = try await broken(
      after: """
        UPDATE journal SET payload = CAST(replace(CAST(payload AS TEXT), '"kind"', '"kind" ') AS BLOB)
        WHERE call = 1 AND sequence = \(position)
        """)
    #expect(found == position)
  }

  @Test(arguments: Array(lines.indices)) func `a payload that is no JSON is found`(position: Int) async throws {
    let found = try await broken(
      after: "UPDATE journal SET payload = x'00ff' WHERE call = 1 AND sequence = \(position)")
    #expect(found == position)
  }

  @Test(arguments: Array(lines.indices))
  func `a line that cannot be read is told, and all others are given`(position: Int) async throws {
    let files = try TemporaryStore()
    let store = try files.open()
    store.journal.append(Self.lines)
    try await store.close()
    try files.tamper(
      """
      UPDATE journal SET payload = x'00ff' WHERE sequence = \(position);
      UPDATE journal SET schema = 99 WHERE sequence = \(position + 1);
      """)
    let reader = try SQLiteStoreReader(path: files.path, masterKey: nil).journal
    let reading = try await reader.read("call-1")
    let gone = [position, position + 1].filter(Self.lines.indices.contains)
    #expect(reading.unreadable.map(\.line) == gone && reading.isAltered)
    #expect(reading.unreadable.first?.reason.isEmpty == false)
    #expect(reading.unreadable.dropFirst().allSatisfy { $0.reason.contains("99") })
    #expect(reading.entries.map(\.sequence) == Self.lines.indices.filter { !gone.contains($0) })
    let error = await #expect(throws: StorageError.self) { try await reader.lines(of: "call-1", from: position) }
    #expect(error?.code == "storage.line_unreadable" && error?.message.contains("Line \(position) ") == true)
  }

  @Test(arguments: Array(lines.indices)) func `a deleted line is found`(position: Int) async throws {
    let found = try await broken(after: "DELETE FROM journal WHERE call = 1 AND sequence = \(position)")
    #expect(found == position)
  }

  @Test(arguments: Array(lines.indices)) func `a deleted line is found though the rest closed ranks`(position: Int)
    async throws
  {
    let found = try await broken(
      after: """
        DELETE FROM journal WHERE call = 1 AND sequence = \(position);
        UPDATE journal SET sequence = sequence - 1 WHERE call = 1 AND sequence > \(position);
        """)
    #expect(found == position)
  }

  @Test func `swapped lines are found`() async throws {
    let found = try await broken(
      after: """
        UPDATE journal SET sequence = 100 WHERE call = 1 AND sequence = 2;
        UPDATE journal SET sequence = 2 WHERE call = 1 AND sequence = 4;
        UPDATE journal SET sequence = 4 WHERE call = 1 AND sequence = 100;
        """)
    #expect(found == 2)
  }

  @Test(arguments: [
    "instant_us = instant_us + 1", "kind = 'event.connected'", "conversation = 'talk-2'", "digest = zeroblob(32)",
  ])
  func `an altered column is found`(change: String) async throws {
    #expect(try await broken(after: "UPDATE journal SET \(change) WHERE call = 1 AND sequence = 3") == 3)
  }

  @Test func `another assistant's name on a call is found`() async throws {
    let found = try await broken(
      after: """
        INSERT INTO assistants (id, name, content_hash) VALUES (9, 'other', 'x');
        UPDATE journal SET assistant = 9 WHERE call = 1;
        """)
    #expect(found == 0)
  }

  @Test func `lines of another call do not pass for this call's`() async throws {
    let found = try await broken(
      after: """
        DELETE FROM journal WHERE call = 1;
        INSERT INTO journal SELECT 1, sequence, conversation, instant_us, kind, schema, assistant, payload, digest
        FROM journal WHERE call = 2;
        """)
    #expect(found == 0)
  }
}
