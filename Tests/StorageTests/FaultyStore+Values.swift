import Core
import Synchronization
import TestSupport

extension FaultyStore: Vault {
  private static let anybody = DataOwner.call("shop", "anybody")

  func protect(_ value: String, label: DataLabel, owner: DataOwner, ordinal: Int) -> Sensitive<String> {
    let isNowhere = fault == .losesValues || fault == .intendsWithoutValues
    let vault = isNowhere ? MemoryStore(on: MemoryDisk()) : store
    var (owner, ordinal) = (owner, ordinal)
    if fault == .givesOneTokenForAllOwners { owner = Self.anybody }
    if fault == .givesOneTokenForAllOrdinals { ordinal = 0 }
    if fault == .givesAnotherTokenEachTime {
      ordinal = state.withLock { state in
        state.minted += 1
        return state.minted
      }
    }
    var token = vault.protect(value, label: label, owner: owner, ordinal: ordinal).token
    if fault == .givesOneTokenForAllLabels {
      token = store.protect(value, label: .identifier, owner: owner, ordinal: ordinal).token
    }
    if fault == .showsTheValueInItsToken { token = SensitiveToken(label: label, id: value) }
    let protected = Protected(value: value, label: label, owner: owner, ordinal: ordinal)
    state.withLock { state in
      state.values[token] = value
      if case .call(_, let call) = owner { state.given[token] = (call, state.persons[call] != nil) }
      state.owners.insert(owner)
      if fault == .intendsWithoutValues { state.heldValues.append(protected) }
    }
    return Sensitive(token: token, value: value)
  }

  func reveal(_ token: SensitiveToken, owner: DataOwner) async throws -> String? {
    giveHeld()
    if fault == .revealsToAnybody || fault == .revealsAfterErasure, let value = state.withLock({ $0.values[token] }) {
      return value
    }
    if let found = revealOfPerson(token, owner) { return found }
    if fault == .revealsNoJoinedValue, token.parts.count > 1 { return nil }
    return try await store.reveal(token, owner: fault == .givesOneTokenForAllOwners ? Self.anybody : owner)
  }

  /// What a fault with persons gives in place of what is right; nil for nothing of its own.
  private func revealOfPerson(_ token: SensitiveToken, _ owner: DataOwner) -> String?? {
    let (given, value, persons) = state.withLock { state in
      (state.given[token], state.values[token], state.given[token].flatMap { state.persons[$0.call] } ?? [])
    }
    switch (fault, owner) {
    case (.bindsNobody, .person): return .some(nil)
    case (.bindsForEverybody, .person) where !persons.isEmpty: return .some(value)
    case (.bindsAtOnce, .person("shop", let person)) where persons.contains(person): return .some(value)
    case (.bindsTheLast, .person(_, let person)) where persons.count > 1:
      return .some(person == persons.last { $0 != persons.first } ? value : nil)
    case (.leavesWhatWasBefore, .person) where given?.isLate == false: return .some(nil)
    case (.leavesWhatComesAfter, .person) where given?.isLate == true: return .some(nil)
    case (.forgetsTheCall, .call) where !persons.isEmpty: return .some(nil)
    default: return .none
    }
  }

  func person(_ value: String, of tenant: TenantID) -> PersonID {
    switch fault {
    case .namesAnotherPersonEachTime:
      state.withLock { state in
        state.minted += 1
        return PersonID("p\(state.minted)")
      }
    case .namesOnePersonForAllTenants: store.person(value, of: "all")
    case .namesOnePersonForAllValues: store.person("all", of: tenant)
    case .showsTheValueInItsPerson: PersonID("\(tenant)/\(value)")
    default: store.person(value, of: tenant)
    }
  }

  func erase(_ owner: DataOwner) async throws {
    if fault == .erasesTheCallOnly, case .call = owner { return }
    if fault == .erasesOneCallOfAPerson, case .person = owner, let entries = try? await store.read("two").entries {
      var kept: [(SensitiveToken, String?)] = []
      for token in try CanonicalJSON.tokens(in: entries) {
        kept.append((token, try await store.reveal(token, owner: owner)))
      }
      try await store.erase(owner)
      for case (let token, let value?) in kept {
        _ = store.protect(value, label: token.label, owner: .call("shop", "two"), ordinal: 0)
      }
      return
    }
    try await store.erase(owner)
    guard fault == .erasesEverybody else { return }
    for other in state.withLock({ $0.owners }) { try await store.erase(other) }
  }
}

extension FaultyStore: EffectLedger {
  func intend(_ intent: EffectIntent) async throws -> EffectState? {
    if fault == .intendsWhenClosed, state.withLock({ $0.isClosed }) { return nil }
    if fault == .refusesIntentsOfEverybody { try await refuseForAll() }
    let written =
      fault == .forgetsTheOrigin
      ? EffectIntent(
        key: intent.key, call: intent.call, effect: intent.effect, tool: intent.tool, arguments: intent.arguments)
      : intent
    state.withLock { $0.intents.append(written) }
    do {
      let known = try await store.intend(written)
      if fault == .takesAnOldKeyForNew, known == .intended { return nil }
      return fault == .takesAllKeysForOld ? known ?? .intended : known
    } catch {
      guard fault == .intendsThoughRefused || fault == .writesRefusedIntents else { throw error }
      store.close(intent.call)
      let known = try await store.intend(written)
      if fault == .writesRefusedIntents { throw error }
      return known
    }
  }

  func accept(_ key: String) async throws {
    if fault == .acceptsWhatIsNot, key == "nobody" { return }
    if fault == .forgetsAcceptance, key != "nobody" { return }
    try await store.accept(key)
  }

  func settle(_ key: String, _ outcome: ToolOutcome) async throws {
    let call = state.withLock { state in state.intents.first { $0.key == key }?.call }
    if fault == .writesIntoOpenCalls, let call { store.close(call) }
    do {
      try await store.settle(key, fault == .closesUnknown && outcome == .unknown ? .failed(.timedOut) : outcome)
    } catch let refusal as MemoryStore.Refusal {
      if fault == .takesTheLastOutcome, refusal == .alreadySettled { return }
      if fault == .settlesWhatIsNot, refusal == .unknownEffect { return }
      throw refusal
    }
  }

  func open() async throws -> [OpenEffect] {
    switch fault {
    case .opensNewestFirst: return try await store.open().reversed()
    case .keepsIntentsOfTheGone:
      let own = state.withLock { $0.intents }
      return try await store.open().filter { own.contains($0.intent) }
    case .opensIntentsOfTheLiving:
      var open: [OpenEffect] = []
      for call in try await store.ledgerReader.calls() {
        open += try await store.ledgerReader.effects(of: call).filter { $0.outcome == nil }.map {
          OpenEffect($0.intent)
        }
      }
      return open
    default: return try await store.open()
    }
  }
}

extension FaultyStore: EffectLedgerReader {
  func calls() async throws -> [CallID] {
    fault == .listsNoCallsOfTheBook ? [] : try await store.ledgerReader.calls()
  }

  func effects(of call: CallID) async throws -> [LedgeredEffect] {
    let effects = try await store.ledgerReader.effects(of: call)
    switch fault {
    case .readsNoOutcome: return effects.map { $0.with(outcome: nil, isUnderWay: $0.isUnderWay) }
    case .readsEffectsBackwards: return effects.reversed()
    case .saysNothingIsUnderWay: return effects.map { $0.with(outcome: $0.outcome, isUnderWay: false) }
    case .saysAllIsUnderWay: return effects.map { $0.with(outcome: $0.outcome, isUnderWay: true) }
    default: return effects
    }
  }
}

extension LedgeredEffect {
  fileprivate func with(outcome: ToolOutcome?, isUnderWay: Bool) -> LedgeredEffect {
    LedgeredEffect(intent: intent, outcome: outcome, intendedAt: intendedAt, isUnderWay: isUnderWay)
  }
}
