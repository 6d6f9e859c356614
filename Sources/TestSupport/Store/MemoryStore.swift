public import Core
internal import Synchronization

/// What memory stores share as processes share a disk: what is durable.
public final class MemoryDisk: Sendable {
  struct Call {
    var entries: [JournalEntry] = []
    /// The store that began it, or went on with it last.
    var store: Int

    /// Whether it has no end, or goes on behind one.
    var isOpen: Bool {
      let last = entries.last { $0.record.isEnd || $0.record.isBeginningAgain }
      return !(last?.record.isEnd ?? false)
    }
  }

  struct Effect {
    let intent: EffectIntent
    var outcome: ToolOutcome?
    var isAccepted = false

    var isOpen: Bool { outcome == nil || outcome == .unknown }
  }

  struct Durable {
    var calls: [CallID: Call] = [:]
    /// In the order they began.
    var order: [CallID] = []
    /// The call an event was written of last.
    var lastActive: CallID?
    var values: [DataOwner: [SensitiveToken: String]] = [:]
    /// Whose calls are: known at their start, or identified.
    var persons: [DataOwner: DataOwner] = [:]
    var effects: [Effect] = []
    var stores = 0
    var living: Set<Int> = []

    /// Whose the values are that were protected for an owner.
    func holder(of owner: DataOwner) -> DataOwner { persons[owner] ?? owner }

    /// Takes note of whose a call is, the first time that is said.
    mutating func learn(from line: JournalEntry) {
      guard case .started(let start, _)? = calls[line.call]?.entries.first?.record else { return }
      let own = DataOwner.call(start.tenant, line.call)
      let person: PersonID? =
        switch line.record {
        case .started: start.person
        case .event(.identified(let person)): person
        default: nil
        }
      guard let person, persons[own] == nil else { return }
      let owner = DataOwner.person(start.tenant, person)
      persons[own] = owner
      values[owner, default: [:]].merge(values.removeValue(forKey: own) ?? [:]) { $1 }
    }
  }

  let durable = Mutex(Durable())

  /// An empty disk.
  public init() {}
}

/// A store in memory that keeps what the role promises, and nothing else: no encryption, no chain, no bounds. What was not
/// flushed is not on its disk.
public final class MemoryStore: Store {
  private struct Waiting {
    var lines: [JournalEntry] = []
    var values: [(DataOwner, SensitiveToken, String)] = []
    /// Where the next line of a call begun here belongs.
    var next: [CallID: Int] = [:]
    var refused: Set<CallID> = []
    var isClosed = false
  }

  /// Why a store refuses.
  public enum Refusal: Error, Hashable {
    case closed, linesRefused, unknownCall, stillOpen, unknownEffect, alreadySettled
  }

  let disk: MemoryDisk
  let number: Int
  private let waiting = Mutex(Waiting())

  /// A store on a disk; what is durable there is there.
  public init(on disk: MemoryDisk) {
    self.disk = disk
    number = disk.durable.withLock { durable in
      durable.stores += 1
      durable.living.insert(durable.stores)
      return durable.stores
    }
  }

  public var journal: MemoryStore { self }
  public var reader: MemoryStore { self }
  public var vault: MemoryStore { self }
  public var ledger: MemoryStore { self }
  public var ledgerReader: MemoryStoreLedgerReader { MemoryStoreLedgerReader(disk: disk) }
  public var holder: CallHolder { CallHolder(node: "memory", lease: "\(number)") }
  public var isWell: Bool { !waiting.withLock { $0.isClosed } }

  /// What is known of the calls begun here, in a stroke.
  struct Standing {
    let refused: Set<CallID>
    let open: Set<CallID>
  }

  /// Makes durable what was given, with something more in the same stroke.
  func commit<Value>(_ more: (inout MemoryDisk.Durable, Standing) throws -> Value) throws -> Value {
    try waiting.withLock { waiting in
      guard !waiting.isClosed else { throw Refusal.closed }
      return try disk.durable.withLock { durable in
        for (owner, token, value) in waiting.values {
          durable.values[durable.holder(of: owner), default: [:]][token] = value
        }
        for line in waiting.lines {
          if durable.calls[line.call] == nil { durable.order.append(line.call) }
          durable.calls[line.call, default: MemoryDisk.Call(store: number)].entries.append(line)
          if case .event = line.record { durable.lastActive = line.call }
          if line.record.isBeginningAgain { durable.calls[line.call]?.store = number }
          durable.learn(from: line)
        }
        waiting.values = []
        waiting.lines = []
        return try more(&durable, Standing(refused: waiting.refused, open: Set(waiting.next.keys)))
      }
    }
  }

  public func callsLeft() async throws -> [CallID] {
    disk.durable.withLock { durable in
      durable.order.filter { id in
        guard let call = durable.calls[id] else { return false }
        return call.isOpen && call.store != number
          && !durable.living.contains(call.store)
      }
    }
  }

  public func callsEndedInChange() async throws -> [CallID] {
    disk.durable.withLock { durable in
      durable.order.filter { id in
        guard let call = durable.calls[id], !call.isOpen, call.store != number, !durable.living.contains(call.store)
        else { return false }
        return call.entries.reduce(0) { balance, entry in
          switch entry.record {
          case .effect(.work(.invoke)): balance + 1
          case .event(.finished(.tool, _)), .remark(.settled): balance - 1
          default: balance
          }
        } > 0
      }
    }
  }

  public func isFree(_ call: CallID) async throws -> Bool {
    disk.durable.withLock { durable in
      guard let found = durable.calls[call] else { return false }
      return !found.isOpen || !durable.living.contains(found.store)
    }
  }

  public func conclude(_ call: CallID, with remark: JournalRemark) async throws {
    try commit { durable, standing in
      guard !standing.open.contains(call) else { throw Refusal.stillOpen }
      try Self.conclude(call, with: remark, in: &durable)
    }
  }

  static func conclude(_ call: CallID, with remark: JournalRemark, in durable: inout MemoryDisk.Durable) throws {
    guard let last = durable.calls[call]?.entries.last else { throw Refusal.unknownCall }
    durable.calls[call]?.entries.append(
      JournalEntry(
        conversation: last.conversation, call: call, sequence: last.sequence + 1, instant: last.instant,
        record: .remark(remark)))
  }

  public func close() async throws {
    defer {
      waiting.withLock { $0.isClosed = true }
      disk.durable.withLock { _ = $0.living.remove(number) }
    }
    try commit { _, _ in }
  }
}

extension MemoryStore: Journal {
  public func append(_ entries: [JournalEntry]) {
    waiting.withLock { waiting in
      for entry in entries {
        let durable = disk.durable.withLock { $0.calls[entry.call]?.entries.count ?? 0 }
        let next = waiting.next[entry.call] ?? durable
        var isStart = false
        if case .started = entry.record { isStart = true }
        guard !waiting.isClosed, !waiting.refused.contains(entry.call), entry.sequence == next, isStart == (next == 0)
        else {
          waiting.refused.insert(entry.call)
          waiting.next[entry.call] = next
          continue
        }
        waiting.next[entry.call] = next + 1
        waiting.lines.append(entry)
      }
    }
  }

  public func flush(_ call: CallID) async throws {
    try commit { _, standing in
      if standing.refused.contains(call) { throw Refusal.linesRefused }
    }
  }

  public func close(_ call: CallID) {
    waiting.withLock { waiting in
      waiting.refused.remove(call)
      waiting.next[call] = nil
    }
  }
}

extension MemoryStore: Vault {
  public func protect(_ value: String, label: DataLabel, owner: DataOwner, ordinal: Int) -> Sensitive<String> {
    let id = Self.opaque("\(owner.key) \(label.rawValue) \(ordinal) \(value)")
    let token = SensitiveToken(label: label, id: "m" + id)
    waiting.withLock { $0.values.append((owner, token, value)) }
    return Sensitive(token: token, value: value)
  }

  public func reveal(_ token: SensitiveToken, owner: DataOwner) async throws -> String? {
    try commit { durable, _ in
      var text = ""
      for part in token.parts {
        switch part {
        case .literal(let piece): text += piece
        case .value(let id):
          guard let piece = durable.values[durable.holder(of: owner)]?[SensitiveToken(label: token.label, id: id)]
          else { return nil }
          text += piece
        }
      }
      return text
    }
  }

  public func person(_ value: String, of tenant: TenantID) -> PersonID { Self.pseudonym(value, of: tenant) }

  static func pseudonym(_ value: String, of tenant: TenantID) -> PersonID {
    PersonID("p" + opaque("\(tenant) \(value)"))
  }

  /// Opaque, and the same in every process: what a keyed hash is in a store for real.
  private static func opaque(_ text: String) -> String {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
    return String(hash, radix: 36)
  }

  public func erase(_ owner: DataOwner) async throws {
    try commit { durable, _ in durable.values[durable.holder(of: owner)] = nil }
  }
}
