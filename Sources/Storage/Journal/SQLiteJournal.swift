public import Core

/// The journal of a server, on SQLite.
///
/// `append` takes a lock for a moment and returns; encoding and writing happen on the writer's queue. Safe from any thread.
public struct SQLiteJournal: Journal {
  private let writer: StoreWriter
  private let reader: SQLiteJournalReader

  init(writer: StoreWriter, reader: SQLiteJournalReader) {
    self.writer = writer
    self.reader = reader
  }

  /// Queues lines without waiting. A call's lines count from 0 without a gap and begin with `started`; a line that does not
  /// fit, or finds no room, is refused with all that follow of its call.
  public func append(_ entries: [JournalEntry]) { writer.append(entries) }

  /// Returns when all lines of the call appended before are synced to the disk. Throws `StorageError` when they could not be
  /// written (they stay queued and are tried again), and when a line or value of this call was refused.
  public func flush(_ call: CallID) async throws { try await writer.flush(call) }

  /// Forgets what is known of the call beside its lines, once they are written.
  public func close(_ call: CallID) { writer.close(call) }

  /// Writes a remark, synced, behind the last line of a call that nobody writes any more: no process that lives began it, or
  /// it was closed. Throws `storage.unknown_call`, or `storage.still_open` for a call of this process that is not closed.
  public func conclude(_ call: CallID, with remark: JournalRemark) async throws {
    try await writer.conclude(call, with: remark)
  }
}

extension SQLiteJournal: JournalReader {
  /// The calls there are, newest first, with all that was appended before.
  public func calls(limit: Int, before: CallID?) async throws -> [JournaledCall] {
    try? await writer.flush()
    return try await reader.calls(limit: limit, before: before)
  }

  /// How many calls there are, with those that were begun before.
  public func callCount() async throws -> Int {
    try? await writer.flush()
    return try await reader.callCount()
  }

  /// A call's journal with all that was appended before. Throws `storage.unknown_call`, or `storage.newer_schema`.
  public func read(_ call: CallID) async throws -> JournalReading {
    try? await writer.flush()
    return try await reader.read(call)
  }

  /// A call's lines from a position on. Throws `storage.unknown_call`, or `storage.newer_schema`.
  public func lines(of call: CallID, from sequence: Int) async throws -> [JournalEntry] {
    try? await writer.flush()
    return try await reader.lines(of: call, from: sequence)
  }

  /// A call's first line, its landmarks and its last line. Throws `storage.unknown_call`, or `storage.newer_schema`.
  public func landmarks(of call: CallID) async throws -> [JournalEntry] {
    try? await writer.flush()
    return try await reader.landmarks(of: call)
  }

  /// The call an event was written of last.
  public func lastActive() async throws -> CallID? {
    try? await writer.flush()
    return try await reader.lastActive()
  }
}
