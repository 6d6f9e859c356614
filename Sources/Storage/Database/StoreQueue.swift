import Core
import GRDB

/// What waits to be written, in the order it was taken, and which calls were refused something.
///
/// A value: the writer keeps it under its lock. Refusal is a call's own: a line that finds the queue or the call's share of it
/// full, or that does not fit its journal, ends the journal of that call, and its flushes fail until it is closed.
struct StoreQueue: Sendable {
  /// Something to write.
  enum Operation: Sendable {
    case line(JournalEntry)
    case key(VaultKeyRow, DataOwner)
    case value(VaultValueRow, DataOwner)
    /// Work of the ledger or the vault, done unless something of the call it depends on was refused. `finish` is told how it
    /// went, after the sync; it is not tried again.
    case work(
      after: CallID?, @Sendable (Database) throws -> Void, finish: @Sendable (StorageError?) -> Void)

    var isWork: Bool { if case .work = self { true } else { false } }
  }

  /// What is known of a call that is not closed, or of which something waits.
  private struct Account {
    var lines = 0
    var values = 0
    /// Whether lines were given: such an account stays until the call is closed.
    var hasBegun = false
    var isClosed = false
    var refusal: StorageError?
    /// Known from its start, or from its values.
    var tenant: TenantID?
    /// The person whose the call's values are, when that is known: from its start, or since they were identified.
    var person: DataOwner?
  }

  private let options: StoreOptions
  private(set) var waiting: [Operation] = []
  /// The number of the first waiting operation; operations are counted from 0 as they are taken.
  private(set) var first = 0
  private(set) var refusedLines = 0
  private(set) var refusedValues = 0
  private var accounts: [CallID: Account] = [:]
  /// Calls of which a line did not fit their journal: what still waits of them is refused, too.
  private(set) var broken: Set<CallID> = []
  /// Known persons of whom a value was refused; their running calls are refused with it.
  private var refusedPersons: Set<DataOwner> = []

  init(options: StoreOptions) { self.options = options }

  /// The number of the next operation.
  var next: Int { first + waiting.count }
  /// Whether new lines find no room, whichever call they are of.
  var isFull: Bool { waiting.count >= options.capacity }
  /// Calls that were refused something and are not closed.
  var refusedCalls: [CallID] { accounts.keys.filter { refusal(of: $0) != nil }.sorted() }

  /// Why nothing can be promised to the call; nil when all that was given of it was taken.
  func refusal(of call: CallID) -> StorageError? {
    guard let account = accounts[call] else { return nil }
    if let refusal = account.refusal { return refusal }
    return account.person.map(refusedPersons.contains) == true ? .valuesRefused : nil
  }

  /// Whether lines of the call were given and it is not closed: its journal belongs to who gives them.
  func isOpen(_ call: CallID) -> Bool { accounts[call].map { $0.hasBegun && !$0.isClosed } ?? false }

  // MARK: Taking

  mutating func take(_ entry: JournalEntry) {
    var account = accounts[entry.call] ?? Account()
    account.hasBegun = true
    account.isClosed = false
    switch entry.record {
    case .started(let start, _):
      account.tenant = start.tenant
      account.person = start.person.map { .person(start.tenant, $0) }
    case .event(.identified(let person)):
      account.person = account.person ?? account.tenant.map { .person($0, person) }
    default: break
    }
    if isFull || account.lines >= options.callCapacity || account.refusal != nil {
      refusedLines += 1
      account.refusal = account.refusal ?? .linesRefused
    } else {
      account.lines += 1
      waiting.append(.line(entry))
    }
    accounts[entry.call] = account
  }

  /// A wrapped key or an encrypted value. False when there was no room; its owner's calls are refused then.
  mutating func take(_ operation: Operation, of owner: DataOwner) -> Bool {
    guard case .call(let tenant, let call) = owner else {
      let hasRoom = waiting.count < options.capacity * 4
      if hasRoom {
        waiting.append(operation)
      } else {
        refusedValues += 1
        refusedPersons.insert(owner)
      }
      return hasRoom
    }
    var account = accounts[call] ?? Account()
    account.tenant = tenant
    let hasRoom = waiting.count < options.capacity * 4 && account.values < options.callCapacity * 4
    if hasRoom {
      account.values += 1
      waiting.append(operation)
    } else {
      refusedValues += 1
      account.refusal = account.refusal ?? .valuesRefused
    }
    accounts[call] = account
    return hasRoom
  }

  mutating func take(work operation: Operation) { waiting.append(operation) }

  /// A line that came too late to be taken.
  mutating func countRefusedLines(_ count: Int) { refusedLines += count }

  /// A value that came too late to be taken.
  mutating func countRefusedValue() { refusedValues += 1 }

  /// Forgets a call as soon as nothing of it waits.
  mutating func close(_ call: CallID) {
    guard var account = accounts[call] else { return }
    account.isClosed = true
    accounts[call] = account
    forget(call)
  }

  // MARK: Written

  /// The first operations are durable, but for the lines that did not fit.
  mutating func remove(_ count: Int, misfits: [JournalEntry]) {
    for entry in misfits {
      refusedLines += 1
      if accounts[entry.call]?.refusal == nil { accounts[entry.call]?.refusal = .linesRefused }
      broken.insert(entry.call)
    }
    let written = waiting.prefix(count)
    waiting.removeFirst(count)
    first += count
    for operation in written {
      switch operation {
      case .line(let entry):
        accounts[entry.call]?.lines -= 1
        forget(entry.call)
      case .key(_, .call(_, let call)), .value(_, .call(_, let call)):
        accounts[call]?.values -= 1
        forget(call)
      case .key, .value, .work: break
      }
    }
  }

  /// Gives up the work that waits: it is told the failure, and is not tried again.
  mutating func removeWork() -> [Operation] {
    let works = waiting.filter(\.isWork)
    waiting.removeAll(where: \.isWork)
    return works
  }

  /// A call that is closed, or never had a line, is forgotten when nothing of it waits.
  private mutating func forget(_ call: CallID) {
    guard let account = accounts[call], account.lines == 0, account.values == 0 else { return }
    guard account.isClosed || (!account.hasBegun && account.refusal == nil) else { return }
    accounts[call] = nil
    broken.remove(call)
    guard let person = account.person, !accounts.values.contains(where: { $0.person == person }) else { return }
    refusedPersons.remove(person)
  }
}
