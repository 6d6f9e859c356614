internal import Core
internal import Insight
internal import Logging

/// Tells the journals of calls whose process is gone what the ledger had already learned of their changes.
///
/// A change is settled a moment before its outcome becomes a line of the call. A process that is killed in between leaves a
/// ledger that knows and a journal that does not; without the line, whoever goes on would say that nobody knows.
struct SettledChanges: Sendable {
  let store: any Store

  /// Writes what is missing in calls that ended while a change of theirs was in hand, before their process told them. Once there is a
  /// line for each outcome they are not found any more.
  func tellEnded(logger: Logger) async {
    do {
      for call in try await store.callsEndedInChange() { try await tell(call) }
    } catch {
      logger.error(
        "what became of the changes of ended calls could not be written into them; see `repartee effects`",
        metadata: ["error": "\(error)"])
    }
  }

  /// Writes what the journal of a call lacks. Nothing of a call that a living process has, and nothing from or into what was
  /// altered. Throws what the store throws.
  func tell(_ call: CallID) async throws {
    let effects: [LedgeredEffect]
    do {
      effects = try await store.ledgerReader.effects(of: call)
    } catch let error as any CodedError where error.code == "storage.effect_unreadable" {
      return
    }
    let settled = effects.filter { effect in
      effect.seal != .broken && !effect.isUnderWay && effect.outcome.map { $0 != .unknown } == true
    }
    guard !settled.isEmpty, try await store.isFree(call) else { return }
    let reading = try await store.reader.read(call)
    guard !reading.isAltered else { return }
    var fold = EffectFold()
    for entry in reading.entries { fold.take(entry) }
    for effect in settled {
      guard let outcome = effect.outcome, let change = fold.changes[effect.intent.effect],
        change.outcome == nil || change.outcome == .unknown
      else { continue }
      try await store.conclude(call, with: .settled(effect.intent.effect, outcome))
    }
  }
}
