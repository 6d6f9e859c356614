import Core
import Synchronization
import TestSupport

/// What a store can do wrong.
enum StoreFault: String, CaseIterable, Sendable {
  case losesALine, exchangesLines, saysAltered, flushesNothing, forgetsRefusals, forgetsARefusalOnceTold
  case refusesEverybody, refusesForEver, isUnwellByOneCall, keepsWhatFollowsAGap
  case listsOldestFirst, listsWithoutLimit, listsFromTheNewest, listsItselfBehindItself, countsTwoCalls,
    listsAllAsEnded, listsNoLength, readsWhatIsNot, dropsUnknownKinds
  case givesOneTokenForAllOrdinals, givesOneTokenForAllOwners, givesOneTokenForAllLabels, givesAnotherTokenEachTime
  case showsTheValueInItsToken, revealsToAnybody, revealsNoJoinedValue, losesValues, revealsInJournals
  case namesAnotherPersonEachTime, namesOnePersonForAllTenants, namesOnePersonForAllValues, showsTheValueInItsPerson
  case bindsNobody, bindsAtOnce, bindsTheLast, leavesWhatWasBefore, leavesWhatComesAfter, bindsForEverybody
  case forgetsTheCall, erasesTheCallOnly, erasesOneCallOfAPerson
  case revealsAfterErasure, erasesEverybody, countsNothingErased, erasesLines
  case takesAnOldKeyForNew, takesAllKeysForOld, forgetsAcceptance, intendsWithoutLines, intendsWithoutValues
  case intendsThoughRefused, writesRefusedIntents, refusesIntentsOfEverybody
  case takesTheLastOutcome, closesUnknown, opensNewestFirst, forgetsTheOrigin, settlesWhatIsNot, acceptsWhatIsNot
  case writesNoLateLine, writesLateLinesTwice, writesIntoOpenCalls
  case readsNoOutcome, readsEffectsBackwards, listsNoCallsOfTheBook, saysNothingIsUnderWay, saysAllIsUnderWay
  case takesCallsOfTheLiving, leavesNoCalls, leavesNewestFirst, opensIntentsOfTheLiving, keepsIntentsOfTheGone
  case takesEndedCallsOfTheLiving, leavesNoEndedCalls, takesEveryEndedCall
  case freesEverything, freesNothing, freesWhatIsGoneOnWith, keepsWhatItRemarksOn
  case concludesOpenCalls, concludesNobody, concludesNothing
  case losesWhatWaitsOnClosing, flushesWhenClosed, intendsWhenClosed, goesOnWithNothing, sharesItsLease
  case followsFromTheStart, followsFromTheNext, followsAnybody
  case losesLandmarks, givesEverythingAsLandmarks, takesTheNewestForTheLast
}

/// A store in memory with one fault.
final class FaultyStore: Store {
  struct Protected {
    let value: String
    let label: DataLabel
    let owner: DataOwner
    let ordinal: Int
  }

  struct State {
    var calls: Set<CallID> = []
    var told: Set<CallID> = []
    var isClosed = false
    var wasRefused = false
    var minted = 0
    var next: [CallID: Int] = [:]
    var values: [SensitiveToken: String] = [:]
    var persons: [CallID: [PersonID]] = [:]
    /// Values of calls, with whether a person was named before they were given.
    var given: [SensitiveToken: (call: CallID, isLate: Bool)] = [:]
    var owners: Set<DataOwner> = []
    var intents: [EffectIntent] = []
    var heldLines: [JournalEntry] = []
    var heldValues: [Protected] = []
  }

  let store: MemoryStore
  let fault: StoreFault
  let state = Mutex(State())

  init(_ store: MemoryStore, _ fault: StoreFault) {
    self.store = store
    self.fault = fault
  }

  var journal: FaultyStore { self }
  var reader: FaultyStore { self }
  var vault: FaultyStore { self }
  var ledger: FaultyStore { self }
  var ledgerReader: FaultyStore { self }
  var holder: CallHolder {
    fault == .sharesItsLease ? CallHolder(node: store.holder.node, lease: "one") : store.holder
  }
  var isWell: Bool { fault == .isUnwellByOneCall ? !state.withLock { $0.wasRefused } : store.isWell }

  func callsLeft() async throws -> [CallID] {
    switch fault {
    case .takesCallsOfTheLiving: try await store.calls(limit: 99).filter { !$0.hasEnded }.map(\.call)
    case .leavesNoCalls: []
    case .keepsWhatItRemarksOn:
      try await store.callsLeft().filter { call in state.withLock { !$0.calls.contains(call) } }
    case .leavesNewestFirst: try await store.callsLeft().reversed()
    default: try await store.callsLeft()
    }
  }

  func callsEndedInChange() async throws -> [CallID] {
    switch fault {
    case .takesEndedCallsOfTheLiving:
      try await store.calls(limit: 99).filter { $0.hasEnded && $0.call != "told" }.map(\.call).reversed()
    case .takesEveryEndedCall:
      try await store.callsEndedInChange().isEmpty
        ? [] : store.calls(limit: 99).filter(\.hasEnded).map(\.call).reversed()
    case .leavesNoEndedCalls: []
    default: try await store.callsEndedInChange()
    }
  }

  func isFree(_ call: CallID) async throws -> Bool {
    switch fault {
    case .freesEverything: true
    case .freesNothing: false
    case .freesWhatIsGoneOnWith: try await store.read(call).entries.contains(where: \.record.isEnd)
    default: try await store.isFree(call)
    }
  }

  func conclude(_ call: CallID, with remark: JournalRemark) async throws {
    if fault == .concludesOpenCalls { store.close(call) }
    if fault == .keepsWhatItRemarksOn { state.withLock { _ = $0.calls.insert(call) } }
    if fault == .concludesNobody, call == "nobody" { return }
    if fault == .concludesNothing, try await store.callsLeft().contains(call) { return }
    try await store.conclude(call, with: remark)
  }

  func close() async throws {
    giveHeld()
    state.withLock { $0.isClosed = true }
    if fault != .losesWhatWaitsOnClosing { try await store.close() }
  }

  /// Gives what a fault keeps back longer than it may.
  func giveHeld() {
    let (lines, values) = state.withLock { state in
      defer { (state.heldLines, state.heldValues) = ([], []) }
      return (state.heldLines, state.heldValues)
    }
    for it in values { _ = store.protect(it.value, label: it.label, owner: it.owner, ordinal: it.ordinal) }
    store.append(lines)
  }

  /// Throws when any call was refused.
  func refuseForAll() async throws {
    for call in state.withLock({ $0.calls }) { try await store.flush(call) }
  }
}

extension FaultyStore: Journal {
  func append(_ given: [JournalEntry]) {
    var entries = given
    state.withLock { state in
      state.calls.formUnion(given.map(\.call))
      for entry in given {
        if case .event(.identified(let person)) = entry.record { state.persons[entry.call, default: []].append(person) }
      }
    }
    switch fault {
    case .losesALine: entries.removeAll { $0.sequence == 2 }
    case .exchangesLines where entries.count > 2:
      (entries[1], entries[2]) = (entries[1].with(entries[2].record), entries[2].with(entries[1].record))
    case .dropsUnknownKinds: entries.removeAll { if case .unknown = $0.record { true } else { false } }
    case .goesOnWithNothing where (entries.first?.sequence ?? 0) > 1: entries = []
    case .keepsWhatFollowsAGap:
      // A hole is closed as if nothing had been there.
      entries = state.withLock { state in
        entries.map { entry in
          defer { state.next[entry.call, default: 0] += 1 }
          return entry.with(entry.record, sequence: state.next[entry.call, default: 0])
        }
      }
    case .intendsWithoutLines:
      state.withLock { $0.heldLines += entries }
      return
    default: break
    }
    store.append(entries)
  }

  func flush(_ call: CallID) async throws {
    giveHeld()
    if fault == .flushesNothing { return }
    if fault == .flushesWhenClosed, state.withLock({ $0.isClosed }) { return }
    if fault == .refusesEverybody { try await refuseForAll() }
    if fault == .refusesForEver, state.withLock({ $0.told.contains(call) }) { throw MemoryStore.Refusal.linesRefused }
    do {
      try await store.flush(call)
    } catch {
      let isFirst = state.withLock { state in
        state.wasRefused = true
        return state.told.insert(call).inserted
      }
      if fault == .forgetsRefusals || fault == .forgetsARefusalOnceTold && !isFirst { return }
      throw error
    }
  }

  func close(_ call: CallID) { store.close(call) }
}

extension FaultyStore: JournalReader {
  func callCount() async throws -> Int {
    giveHeld()
    return fault == .countsTwoCalls ? 2 : try await store.callCount()
  }

  func calls(limit: Int, before: CallID?) async throws -> [JournaledCall] {
    giveHeld()
    let limit = fault == .listsWithoutLimit ? 99 : limit
    let calls = try await store.calls(limit: limit, before: fault == .listsFromTheNewest ? nil : before)
    switch fault {
    case .listsItselfBehindItself:
      let itself = try await store.calls(limit: 99).filter { $0.call == before }
      return Array((itself + calls).prefix(limit))
    case .listsOldestFirst: return calls.reversed()
    case .listsAllAsEnded: return calls.map { $0.with(hasEnded: true, lines: $0.lines) }
    case .listsNoLength: return calls.map { $0.with(hasEnded: $0.hasEnded, lines: 0) }
    default: return calls
    }
  }

  func lines(of call: CallID, from sequence: Int) async throws -> [JournalEntry] {
    giveHeld()
    if fault == .followsAnybody, call == "nobody" { return [] }
    let from = fault == .followsFromTheStart ? 0 : fault == .followsFromTheNext ? sequence + 1 : sequence
    return try await store.lines(of: call, from: from)
  }

  func landmarks(of call: CallID) async throws -> [JournalEntry] {
    giveHeld()
    switch fault {
    case .losesLandmarks: return Array(try await store.landmarks(of: call).prefix(1))
    case .givesEverythingAsLandmarks: return try await store.read(call).entries
    default: return try await store.landmarks(of: call)
    }
  }

  func lastActive() async throws -> CallID? {
    giveHeld()
    if fault == .takesTheNewestForTheLast { return try await store.calls(limit: 1).first?.call }
    return try await store.lastActive()
  }

  func read(_ call: CallID) async throws -> JournalReading {
    giveHeld()
    let reading: JournalReading
    do {
      reading = try await store.read(call)
    } catch  where fault == .readsWhatIsNot {
      return JournalReading(entries: [], firstBroken: nil, erased: 0)
    }
    var (entries, erased, firstBroken) = (reading.entries, reading.erased, reading.firstBroken)
    let late = entries.filter { if case .remark(.settled) = $0.record { true } else { false } }
    switch fault {
    case .saysAltered: firstBroken = 0
    case .countsNothingErased: erased = 0
    case .erasesLines where erased > 0: entries.removeLast()
    case .revealsInJournals: entries = try CanonicalJSON.revealing(entries, state.withLock { $0.values })
    case .writesNoLateLine: entries.removeAll(where: late.contains)
    case .writesLateLinesTwice: entries += late
    default: break
    }
    return JournalReading(entries: entries, firstBroken: firstBroken, erased: erased)
  }
}

extension JournalEntry {
  /// The same line with something else on it.
  fileprivate func with(_ record: JournalRecord, sequence: Int? = nil) -> JournalEntry {
    JournalEntry(
      conversation: conversation, call: call, sequence: sequence ?? self.sequence, instant: instant, record: record)
  }
}

extension JournaledCall {
  fileprivate func with(hasEnded: Bool, lines: Int) -> JournaledCall {
    JournaledCall(call: call, version: version, startedAt: startedAt, lines: lines, hasEnded: hasEnded)
  }
}
