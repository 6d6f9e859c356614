import Core
import Dispatch
import GRDB
import Synchronization

/// The one writer of a store: takes operations without waiting, writes them in order, many to a transaction, on a queue of
/// its own. A transaction is synced to the disk before anybody who waits for it is told (`synchronous = FULL`); all who wait
/// while one is written share the next (group commit).
///
/// A batch that fails stays at the head of the queue and is tried again; who waits for it is told the failure. Nothing that
/// was taken is ever dropped: when the queue is full, new lines are refused, and the journals of their calls end there.
final class StoreWriter: Sendable {
  /// Something to write.
  enum Operation: Sendable {
    case line(JournalEntry)
    case key(VaultKeyRow)
    case value(VaultValueRow)
    /// Work of the ledger or the vault. `finish` is told how it went, after the sync; it is not tried again.
    case work(@Sendable (Database) throws -> Void, finish: @Sendable (StorageError?) -> Void)
  }

  private struct Flush: Sendable {
    /// The number of the last operation it covers.
    let upTo: Int
    let finish: @Sendable (StorageError?) -> Void
  }

  private struct State {
    var waiting: [Operation] = []
    /// The number of the first waiting operation; operations are counted from 0 as they are taken.
    var first = 0
    var flushes: [Flush] = []
    var isScheduled = false
    var isClosed = false
    var failure: StorageError?
    var refusedCalls: Set<CallID> = []
    var refusedLines = 0
    var refusedValues = 0
    var next: Int { first + waiting.count }
  }

  private let database: DatabasePool
  private let options: StoreOptions
  private let queue = DispatchQueue(label: "repartee.storage.writer", qos: .userInitiated)
  private let state = Mutex(State())

  init(database: DatabasePool, options: StoreOptions) {
    self.database = database
    self.options = options
  }

  // MARK: Taking

  /// Queues lines. Those of a call that was refused one are refused, until its hang-up has come by.
  func append(_ entries: [JournalEntry]) {
    let mustSchedule = state.withLock { state in
      for entry in entries {
        if state.isClosed || state.waiting.count >= options.capacity || state.refusedCalls.contains(entry.call) {
          Self.refuse(entry, &state)
        } else {
          state.waiting.append(.line(entry))
        }
      }
      return Self.schedule(&state)
    }
    if mustSchedule { schedule(after: options.gathering) }
  }

  /// Queues a wrapped key; values under it are taken after it.
  func append(_ key: VaultKeyRow) { appendToVault(.key(key)) }

  /// Queues an encrypted value.
  func append(_ value: VaultValueRow) { appendToVault(.value(value)) }

  private func appendToVault(_ operation: Operation) {
    let mustSchedule = state.withLock { state in
      guard !state.isClosed, state.waiting.count < options.capacity * 4 else {
        state.refusedValues += 1
        return false
      }
      state.waiting.append(operation)
      return Self.schedule(&state)
    }
    if mustSchedule { schedule(after: options.gathering) }
  }

  /// Writes work after everything taken before, and returns after the sync.
  func perform<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws(StorageError)
    -> Value
  {
    let result: Result<Value, StorageError> = await withCheckedContinuation { continuation in
      let box = ResultBox<Value>()
      let operation = Operation.work(
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
        state.waiting.append(operation)
        _ = Self.schedule(&state)
        return true
      }
      if isTaken { schedule(after: .zero) } else { continuation.resume(returning: .failure(.closed)) }
    }
    return try result.get()
  }

  /// Returns after the sync that covers everything taken before.
  func flush() async throws(StorageError) {
    let failure: StorageError? = await withCheckedContinuation { continuation in
      let answer: (isKnown: Bool, failure: StorageError?) = state.withLock { state in
        if state.isClosed { return (true, .closed) }
        if state.waiting.isEmpty { return (true, Self.refusal(state)) }
        state.flushes.append(Flush(upTo: state.next, finish: { continuation.resume(returning: $0) }))
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
        failure: state.failure, pending: state.waiting.count, refusedCalls: state.refusedCalls.sorted(),
        refusedLines: state.refusedLines, refusedValues: state.refusedValues)
    }
  }

  private static func refusal(_ state: State) -> StorageError? {
    if state.refusedValues > 0 { return .valuesRefused }
    return state.refusedCalls.isEmpty ? nil : .linesRefused
  }

  /// Refuses a line and, with it, what follows of its call.
  private static func refuse(_ entry: JournalEntry, _ state: inout State) {
    state.refusedLines += 1
    if entry.record.isEnd {
      state.refusedCalls.remove(entry.call)
    } else {
      state.refusedCalls.insert(entry.call)
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
      let batch: [Operation] = state.withLock { state in
        state.isScheduled = !state.waiting.isEmpty
        return Array(state.waiting.prefix(options.largestBatch))
      }
      guard !batch.isEmpty else { return }
      let results = write(batch)
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

  private func write(_ batch: [Operation]) -> Written {
    do {
      return try database.writeWithoutTransaction { database in
        var failedWorks: [Int: StorageError] = [:]
        var misfits: [JournalEntry] = []
        try database.inTransaction(.immediate) {
          var journal = JournalBatch(database)
          for (position, operation) in batch.enumerated() {
            switch operation {
            case .line(let entry):
              if try !journal.add(entry) { misfits.append(entry) }
            case .key(let row):
              try row.insert(database)
            case .value(let row):
              try row.insert(database)
            case .work(let work, _):
              do {
                try database.inSavepoint {
                  try work(database)
                  return .commit
                }
              } catch let error as StorageError {
                failedWorks[position] = error
              }
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

  /// Tells who waits, and returns whether to go on at once.
  private func finish(_ batch: [Operation], _ written: Written) -> Bool {
    switch written {
    case .all(let failedWorks, let misfits):
      let (done, refusal): ([Flush], StorageError?) = state.withLock { state in
        state.failure = nil
        state.waiting.removeFirst(batch.count)
        state.first += batch.count
        for entry in misfits { Self.refuse(entry, &state) }
        let done = state.flushes.filter { $0.upTo <= state.first }
        state.flushes.removeAll { $0.upTo <= state.first }
        return (done, Self.refusal(state))
      }
      for (position, operation) in batch.enumerated() {
        if case .work(_, let finish) = operation { finish(failedWorks[position]) }
      }
      for flush in done { flush.finish(refusal) }
      return true
    case .none(let failure):
      let (works, flushes, isClosed): ([Operation], [Flush], Bool) = state.withLock { state in
        state.failure = failure
        let isWork: (Operation) -> Bool = { if case .work = $0 { true } else { false } }
        let works = state.waiting.filter(isWork)
        state.waiting.removeAll(where: isWork)
        defer { state.flushes = [] }
        return (works, state.flushes, state.isClosed)
      }
      for case .work(_, let finish) in works { finish(failure) }
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
