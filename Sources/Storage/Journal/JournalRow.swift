import Core
import Crypto
import FoundationEssentials

/// A line of a journal as it is stored.
struct JournalRow: Hashable, Sendable {
  let call: CallID
  let sequence: Int
  let conversation: ConversationID
  let instant: CallInstant
  /// `started`, `event.transcript`, `effect.speak`, `remark.latency`, ...: for people and indexes.
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
      kind: entry.record.kind, schema: CanonicalJSON.schema, assistant: assistant, payload: payload)
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
      record: try JournalSchema.read(payload, schema: schema))
  }
}

/// Reads what was written under every schema there has been; the forms are Core's (`Core/Wire`).
enum JournalSchema {
  static func read<Value: Decodable>(_ payload: Data, as type: Value.Type = Value.self, schema: Int) throws -> Value {
    guard schema <= CanonicalJSON.schema else { throw StorageError.newerSchema(schema) }
    return try CanonicalJSON.decode(type, from: payload)
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
