import Core
import Crypto
import FoundationEssentials

/// A line of a journal as it is stored.
struct JournalRow: Hashable, Sendable {
  let call: CallID
  let sequence: Int
  let conversation: ConversationID
  let instant: CallInstant
  /// `started`, `event.transcript`, `effect.speak`, `remark.latency`, ...: for people and indexes, derived from the payload.
  let kind: String
  let schema: Int
  let assistant: AssistantVersion
  /// Canonical JSON of the record.
  let payload: Data

  /// The digest before a call's first line.
  static let genesis = Data(repeating: 0, count: SHA256.byteCount)

  /// A line under the present schema. Throws when the record has no JSON form (a number that is not finite).
  init(_ entry: JournalEntry, assistant: AssistantVersion) throws {
    let payload = try CanonicalJSON.encode(entry.record)
    self.init(
      call: entry.call, sequence: entry.sequence, conversation: entry.conversation, instant: entry.instant,
      kind: Self.kind(of: payload), schema: CanonicalJSON.schema, assistant: assistant, payload: payload)
  }

  init(
    call: CallID, sequence: Int, conversation: ConversationID, instant: CallInstant, kind: String, schema: Int,
    assistant: AssistantVersion, payload: Data
  ) {
    self.call = call
    self.sequence = sequence
    self.conversation = conversation
    self.instant = instant
    self.kind = kind
    self.schema = schema
    self.assistant = assistant
    self.payload = payload
  }

  /// SHA-256 over the digest of the line before and every column of this one. Texts are preceded by their length and
  /// integers have eight bytes, both big-endian, so no two rows have the same bytes.
  func digest(after previous: Data) -> Data {
    var hasher = SHA256()
    hasher.update(data: previous)
    hasher.update(integer: Int64(schema))
    hasher.update(text: call.rawValue)
    hasher.update(integer: Int64(sequence))
    hasher.update(text: conversation.rawValue)
    hasher.update(integer: instant.microseconds)
    hasher.update(text: kind)
    hasher.update(text: assistant.name)
    hasher.update(text: assistant.contentHash)
    hasher.update(integer: Int64(payload.count))
    hasher.update(data: payload)
    return Data(hasher.finalize())
  }

  /// The line as a value, read by the reader of its schema. Throws `storage.newer_schema` for one we do not know.
  func entry() throws -> JournalEntry {
    JournalEntry(
      conversation: conversation, call: call, sequence: sequence, instant: instant,
      record: try JournalSchema.record(payload, schema: schema))
  }

  /// The name of the record's case, and of the case within: `{"event":{"_0":{"connected":` is `event.connected`.
  static func kind(of payload: Data) -> String {
    let names = payload.split(separator: UInt8(ascii: "\""), maxSplits: 6).prefix(6)
      .map { String(decoding: $0, as: UTF8.self) }
    guard names.count > 1 else { return "" }
    guard ["event", "effect", "remark"].contains(names[1]), names.count > 5 else { return names[1] }
    return names[1] + "." + names[5]
  }
}

/// One reader for each schema of journal rows there has been.
enum JournalSchema {
  static func record(_ payload: Data, schema: Int) throws -> JournalRecord {
    switch schema {
    case 1: try CanonicalJSON.decode(JournalRecord.self, from: payload)
    default: throw StorageError.newerSchema(schema)
    }
  }
}

extension SHA256 {
  fileprivate mutating func update(integer: Int64) {
    withUnsafeBytes(of: integer.bigEndian) { update(bufferPointer: $0) }
  }
  fileprivate mutating func update(text: String) {
    update(integer: Int64(text.utf8.count))
    update(data: Array(text.utf8))
  }
}
