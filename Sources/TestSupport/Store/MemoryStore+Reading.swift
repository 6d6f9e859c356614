public import Core
internal import Synchronization

extension MemoryStore: JournalReader {
  public func callCount() async throws -> Int { try await calls(limit: .max).count }

  public func calls(limit: Int, before: CallID?) async throws -> [JournaledCall] {
    try commit { durable, _ in
      let calls = durable.order.enumerated().compactMap { position, id -> (Int, JournaledCall)? in
        guard let entries = durable.calls[id]?.entries, case .started(let start, let version)? = entries.first?.record
        else { return nil }
        return (
          position,
          JournaledCall(
            call: id, version: version, startedAt: start.clock.epochMilliseconds, lines: entries.count,
            hasEnded: entries.contains(where: \.record.isEnd))
        )
      }
      var sorted = calls.sorted { ($0.1.startedAt, $0.0) > ($1.1.startedAt, $1.0) }.map(\.1)[...]
      if let before {
        guard let place = sorted.firstIndex(where: { $0.call == before }) else { throw Refusal.unknownCall }
        sorted = sorted[(place + 1)...]
      }
      return Array(sorted.prefix(max(0, limit)))
    }
  }

  public func lines(of call: CallID, from sequence: Int) async throws -> [JournalEntry] {
    try await read(call).entries.filter { $0.sequence >= sequence }
  }

  public func landmarks(of call: CallID) async throws -> [JournalEntry] {
    let entries = try await read(call).entries
    return entries.enumerated().filter { place, entry in
      place == 0 || place == entries.count - 1 || JournalRecord.landmarks.contains(entry.record.kind)
    }.map(\.element)
  }

  public func lastActive() async throws -> CallID? { try commit { durable, _ in durable.lastActive } }

  public func read(_ call: CallID) async throws -> JournalReading {
    try commit { durable, _ in
      guard let entries = durable.calls[call]?.entries, case .started(let start, _)? = entries.first?.record
      else { throw Refusal.unknownCall }
      let known = Set(durable.values[durable.holder(of: .call(start.tenant, call)), default: [:]].keys)
      var tokens: Set<SensitiveToken> = []
      for token in try CanonicalJSON.tokens(in: entries) {
        for case .value(let id) in token.parts { tokens.insert(SensitiveToken(label: token.label, id: id)) }
      }
      // As another process finds it: callers' values are not in a journal.
      let read = try CanonicalJSON.decode([JournalEntry].self, from: CanonicalJSON.encode(entries))
      return JournalReading(entries: read, firstBroken: nil, erased: tokens.subtracting(known).count)
    }
  }
}

extension MemoryStore: EffectLedger {
  public func intend(_ intent: EffectIntent) async throws -> EffectState? {
    try commit { durable, standing in
      guard !standing.refused.contains(intent.call) else { throw Refusal.linesRefused }
      guard let known = durable.effects.first(where: { $0.intent.key == intent.key }) else {
        durable.effects.append(MemoryDisk.Effect(intent: intent))
        return nil
      }
      if let outcome = known.outcome, !known.isOpen { return .settled(outcome) }
      return known.isAccepted ? .accepted : .intended
    }
  }

  public func accept(_ key: String) async throws {
    try commit { durable, _ in
      guard let place = durable.effects.firstIndex(where: { $0.intent.key == key }) else {
        throw Refusal.unknownEffect
      }
      durable.effects[place].isAccepted = true
    }
  }

  public func settle(_ key: String, _ outcome: ToolOutcome) async throws {
    try commit { durable, standing in
      guard let place = durable.effects.firstIndex(where: { $0.intent.key == key }) else {
        throw Refusal.unknownEffect
      }
      let effect = durable.effects[place]
      guard effect.isOpen else {
        if effect.outcome != outcome { throw Refusal.alreadySettled }
        return
      }
      durable.effects[place].outcome = outcome
      let call = effect.intent.call
      guard outcome != .unknown, !standing.open.contains(call), durable.calls[call] != nil else { return }
      try Self.conclude(call, with: .settled(effect.intent.effect, outcome), in: &durable)
    }
  }

  public func open() async throws -> [OpenEffect] {
    try commit { durable, _ in
      durable.effects.filter { effect in
        guard effect.isOpen else { return false }
        guard let store = durable.calls[effect.intent.call]?.store else { return true }
        return store == number || !durable.living.contains(store)
      }.map { OpenEffect($0.intent, isAccepted: $0.isAccepted) }
    }
  }
}

/// Reads the book of a memory disk.
public struct MemoryStoreLedgerReader: EffectLedgerReader {
  let disk: MemoryDisk

  public func calls() async throws -> [CallID] {
    disk.durable.withLock { durable in
      let asking = durable.order.filter { id in
        durable.calls[id]?.entries.contains { if case .effect(.work(.invoke)) = $0.record { true } else { false } }
          == true
      }
      var seen = Set(asking)
      return asking + durable.effects.map(\.intent.call).filter { seen.insert($0).inserted }
    }
  }

  public func effects(of call: CallID) async throws -> [LedgeredEffect] {
    disk.durable.withLock { durable in
      let isUnderWay = durable.calls[call].map { durable.living.contains($0.store) } ?? false
      return durable.effects.filter { $0.intent.call == call }.map {
        LedgeredEffect(intent: $0.intent, outcome: $0.outcome, intendedAt: 0, isUnderWay: isUnderWay)
      }
    }
  }
}
