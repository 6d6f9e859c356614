import Core
import Dispatch
import GRDB
import Synchronization

/// The one writer of a store: takes operations without waiting, writes them in order, many to a transaction, on a queue of
/// its own. A transaction is synced to the disk before anybody who waits for it is told (`synchronous = FULL`); all who wait
/// while one is written share the next (group commit).
///
/// A batch that fails stays at the head of the queue and is tried again; who waits for it is told the failure. Nothing that
/// was taken is ever dropped; what `StoreQueue` refuses concerns the call it is of, and no other.
final class StoreWriter: Sendable {
  typealias Operation = StoreQueue.Operation

  private struct Flush: Sendable {
    /// The number of the last operation it covers.
    let upTo: Int
    /// Whose lines and values are asked about; nil: only whether the disk took what was taken.
    let call: CallID?
    let finish: @Sendable (StorageError?) -> Void
  }

  private struct State {
    var queue: StoreQueue
    var flushes: [Flush] = []
    var isScheduled = false
    var isClosed = false
    var failure: StorageError?
  }

  private let database: DatabasePool
  private let options: StoreOptions
  private let queue = DispatchQueue(label: "repartee.storage.writer", qos: .userInitiated)
  private let state: Mutex<State>
  /// The row of this process in the table of runs.
  private let run: Int64
  /// Knows whose the values of a call are.
  private let binding: OwnerBinding
  /// Seals what is written.
  let seals: RowSeals
  /// Gives another key and box for a value whose key was deleted by another process since.
  private let renew: @Sendable (VaultValueRow) -> (VaultKeyRow, VaultValueRow)?

  init(
    database: DatabasePool, options: StoreOptions, run: Int64, binding: OwnerBinding, seals: RowSeals,
    renew: @escaping @Sendable (VaultValueRow) -> (VaultKeyRow, VaultValueRow)?
  ) {
    self.database = database
    self.options = options
    self.run = run
    self.binding = binding
    self.seals = seals
    self.renew = renew
    state = Mutex(State(queue: StoreQueue(options: options)))
  }

  // MARK: Taking

  /// Queues lines. When one is refused, so is what follows of its call, until the call is closed.
  func append(_ entries: [JournalEntry]) {
    let mustSchedule = state.withLock { state in
      guard !state.isClosed else {
        state.queue.countRefusedLines(entries.count)
        return false
      }
      for entry in entries { state.queue.take(entry) }
      return Self.schedule(&state)
    }
    if mustSchedule { schedule(after: options.gathering) }
  }

  /// Queues a wrapped key; values under it are taken after it. False when it was refused.
  func append(_ key: VaultKeyRow, of owner: DataOwner) -> Bool { appendToVault(.key(key, owner), owner) }

  /// Queues an encrypted value. False when it was refused.
  @discardableResult func append(_ value: VaultValueRow, of owner: DataOwner) -> Bool {
    appendToVault(.value(value, owner), owner)
  }

  private func appendToVault(_ operation: Operation, _ owner: DataOwner) -> Bool {
    let (isTaken, mustSchedule) = state.withLock { state in
      guard !state.isClosed else {
        state.queue.countRefusedValue()
        return (false, false)
      }
      let isTaken = state.queue.take(operation, of: owner)
      return (isTaken, isTaken && Self.schedule(&state))
    }
    if mustSchedule { schedule(after: options.gathering) }
    return isTaken
  }

  /// Forgets a call once its lines are written.
  func close(_ call: CallID) { state.withLock { $0.queue.close(call) } }

  /// Whether lines of a call were given in this process and it is not closed.
  func isOpen(_ call: CallID) -> Bool { state.withLock { $0.queue.isOpen(call) } }

  /// Writes work after everything taken before, in one transaction with what of it waits, and returns after the sync.
  ///
  /// - Parameter call: whose lines and values the work depends on; it is not done when one of them was refused.
  func perform<Value: Sendable>(
    after call: CallID? = nil, _ work: @escaping @Sendable (Database) throws -> Value
  ) async throws(StorageError) -> Value {
    let result: Result<Value, StorageError> = await withCheckedContinuation { continuation in
      let box = ResultBox<Value>()
      let operation = Operation.work(
        after: call,
        { database in
          let value = try work(database)
          box.value.withLock { $0 = value }
        },
        finish: { failure in
          if let failure { return continuation.resume(returning: .failure(failure)) }
          guard let value = box.value.withLock({ $0 }) else {
            return continuation.resume(returning: .failure(StorageError("unavailable", "The database cannot be used")))
          }
          continuation.resume(returning: .success(value))
        })
      let isTaken = state.withLock { state in
        guard !state.isClosed else { return false }
        state.queue.take(work: operation)
        _ = Self.schedule(&state)
        return true
      }
      if isTaken { schedule(after: .zero) } else { continuation.resume(returning: .failure(.closed)) }
    }
    return try result.get()
  }

  /// Writes a remark, synced, behind the last line of a call that is not open in this process.
  func conclude(_ call: CallID, with remark: JournalRemark) async throws(StorageError) {
    try await perform { database in try self.conclude(call, with: remark, in: database) }
  }

  /// The same as part of other work.
  func conclude(_ call: CallID, with remark: JournalRemark, in database: Database) throws {
    guard !isOpen(call) else { throw StorageError.stillOpen }
    var journal = JournalBatch(database, run: run, binding: binding, seals: seals)
    try journal.add(remark, to: call)
    try journal.finish()
  }

  /// Returns after the sync that covers everything taken before.
  ///
  /// - Parameter call: throws also when a line or value of this call was refused; nil asks about none.
  func flush(_ call: CallID? = nil) async throws(StorageError) {
    let failure: StorageError? = await withCheckedContinuation { continuation in
      let answer: (isKnown: Bool, failure: StorageError?) = state.withLock { state in
        if state.isClosed { return (true, .closed) }
        if state.queue.waiting.isEmpty { return (true, call.flatMap(state.queue.refusal)) }
        state.flushes.append(
          Flush(upTo: state.queue.next, call: call, finish: { continuation.resume(returning: $0) }))
        _ = Self.schedule(&state)
        return (false, nil)
      }
      if answer.isKnown { continuation.resume(returning: answer.failure) } else { schedule(after: .zero) }
    }
    if let failure { throw failure }
  }

  /// Takes nothing more, writes what was taken, and says whether that went well.
  func close() async throws(StorageError) {
    let failure: StorageError?
    do {
      try await flush()
      failure = nil
    } catch {
      failure = error
    }
    state.withLock { $0.isClosed = true }
    queue.sync {}
    if let failure { throw failure }
  }

  var health: StoreHealth {
    state.withLock { state in
      StoreHealth(
        failure: state.failure, pending: state.queue.waiting.count, isFull: state.queue.isFull,
        refusedCalls: state.queue.refusedCalls, refusedLines: state.queue.refusedLines,
        refusedValues: state.queue.refusedValues)
    }
  }

  /// Whether the caller has to schedule a drain.
  private static func schedule(_ state: inout State) -> Bool {
    defer { state.isScheduled = true }
    return !state.isScheduled
  }

  // MARK: Writing

  private func schedule(after pause: Duration) {
    let (seconds, attoseconds) = pause.components
    let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
    if nanoseconds == 0 {
      queue.async { self.drain() }
    } else {
      queue.asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) { self.drain() }
    }
  }

  /// Writes batches until nothing waits. Runs on the writer's queue only.
  private func drain() {
    while true {
      let (batch, broken): ([Operation], Set<CallID>) = state.withLock { state in
        state.isScheduled = !state.queue.waiting.isEmpty
        return (Array(state.queue.waiting.prefix(options.largestBatch)), state.queue.broken)
      }
      guard !batch.isEmpty else { return }
      let results = write(batch, broken)
      if !finish(batch, results) { return }
    }
  }

  /// What became of a batch.
  private enum Written {
    /// It is durable. Works that failed by themselves, and lines that did not fit their journal, are named by position.
    case all(failedWorks: [Int: StorageError], misfits: [JournalEntry])
    /// Nothing of it was written.
    case none(StorageError)
  }

  /// - Parameter broken: calls of which a line did not fit in an earlier batch.
  private func write(_ batch: [Operation], _ broken: Set<CallID>) -> Written {
    do {
      return try database.writeWithoutTransaction { database in
        var failedWorks: [Int: StorageError] = [:]
        var misfits: [JournalEntry] = []
        try database.inTransaction(.immediate) {
          failedWorks = [:]
          misfits = []
          var broken = broken
          var journal = JournalBatch(database, run: run, binding: binding, seals: seals)
          for (position, operation) in batch.enumerated() {
            switch operation {
            case .line(let entry):
              guard try broken.contains(entry.call) || !journal.add(entry) else { continue }
              broken.insert(entry.call)
              misfits.append(entry)
            case .key(let row, let owner):
              try binding.current(row, of: owner, in: database).insert(database, seals)
            case .value(let row, let owner):
              try insert(row, of: owner, database)
            case .work(let call, let work, _):
              if let refusal = call.flatMap({ refusal(of: $0, broken) }) {
                failedWorks[position] = refusal
                continue
              }
              // What it does to a journal begins where this batch is.
              try journal.finish()
              do {
                try database.inSavepoint {
                  try work(database)
                  return .commit
                }
              } catch  where StorageError.isOfOneOperation(error) {
                failedWorks[position] = .of(error)
              }
              journal = JournalBatch(database, run: run, binding: binding, seals: seals)
            }
          }
          try journal.finish()
          return .commit
        }
        return .all(failedWorks: failedWorks, misfits: misfits)
      }
    } catch {
      return .none(.of(error))
    }
  }

  /// Why nothing can be promised to a call, the lines of this batch that did not fit included.
  private func refusal(of call: CallID, _ broken: Set<CallID>) -> StorageError? {
    broken.contains(call) ? .linesRefused : state.withLock { $0.queue.refusal(of: call) }
  }

  private func insert(_ row: VaultValueRow, of owner: DataOwner, _ database: Database) throws {
    guard try !row.insert(database, seals), let (key, value) = renew(row) else { return }
    try binding.current(key, of: owner, in: database).insert(database, seals)
    _ = try value.insert(database, seals)
  }

  /// Tells who waits, and returns whether to go on at once.
  private func finish(_ batch: [Operation], _ written: Written) -> Bool {
    switch written {
    case .all(let failedWorks, let misfits):
      let done: [(Flush, StorageError?)] = state.withLock { state in
        state.failure = nil
        // A call that was closed is asked about before it is forgotten.
        let asked = state.flushes.map { flush in (flush, flush.call.flatMap(state.queue.refusal)) }
        state.queue.remove(batch.count, misfits: misfits)
        let reached = state.queue.first
        state.flushes.removeAll { $0.upTo <= reached }
        return asked.filter { $0.0.upTo <= reached }.map { flush, before in
          (flush, before ?? flush.call.flatMap(state.queue.refusal))
        }
      }
      for (position, operation) in batch.enumerated() {
        if case .work(_, _, let finish) = operation { finish(failedWorks[position]) }
      }
      for (flush, refusal) in done { flush.finish(refusal) }
      return true
    case .none(let failure):
      let (works, flushes, isClosed): ([Operation], [Flush], Bool) = state.withLock { state in
        state.failure = failure
        let works = state.queue.removeWork()
        defer { state.flushes = [] }
        return (works, state.flushes, state.isClosed)
      }
      for case .work(_, _, let finish) in works { finish(failure) }
      for flush in flushes { flush.finish(failure) }
      if !isClosed { schedule(after: options.retryPause) }
      return false
    }
  }
}

/// Where a transaction leaves what it found for the task that waits.
private final class ResultBox<Value: Sendable>: Sendable {
  let value = Mutex<Value?>(nil)
}
