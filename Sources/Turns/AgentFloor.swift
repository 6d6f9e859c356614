import Core

/// The agent's side of the floor, derived from what the line says was played.
struct AgentFloor: Hashable, Sendable {
  enum State: Hashable, Sendable {
    case silent
    /// Given to the line, not heard yet.
    case preparing(UtteranceID, InterruptionPolicy)
    case playing(UtteranceID, InterruptionPolicy)
    case paused(UtteranceID, InterruptionPolicy)
  }

  private(set) var state: State = .silent
  /// Whether the caller has heard something of what is being said: also between two utterances.
  private var isAmidst = false
  private var queued: [(id: UtteranceID, policy: InterruptionPolicy)] = []

  var current: UtteranceID? {
    switch state {
    case .silent: nil
    case .preparing(let id, _), .playing(let id, _), .paused(let id, _): id
    }
  }

  /// What is given to the line and has not ended.
  var pending: [UtteranceID] { (current.map { [$0] } ?? []) + queued.map(\.id) }

  private var policy: InterruptionPolicy? {
    switch state {
    case .silent: nil
    case .preparing(_, let policy), .playing(_, let policy), .paused(_, let policy): policy
    }
  }

  /// The strictest policy of what plays and what is queued: a legal sentence behind an answer is not thrown away with it.
  private var strictest: InterruptionPolicy? { (queued.map(\.policy) + (policy.map { [$0] } ?? [])).max() }

  /// Whether the caller hears the agent, or would but for a pause or the moment between two utterances.
  var isSounding: Bool { state != .silent && isAmidst }

  var mayBeInterruptedByWords: Bool { strictest.map { $0 <= .words } ?? false }
  var mayBeInterruptedByKeys: Bool { strictest.map { $0 <= .keys } ?? false }

  /// Whether the caller's turn has to wait until the agent has finished.
  var holdsFloor: Bool { strictest.map { $0 > .words } ?? false }

  mutating func enqueue(_ id: UtteranceID, _ policy: InterruptionPolicy) {
    if case .silent = state { state = .preparing(id, policy) } else { queued.append((id, policy)) }
  }

  mutating func started(_ id: UtteranceID) {
    guard case .preparing(id, let policy) = state else { return }
    state = .playing(id, policy)
    isAmidst = true
  }

  mutating func paused() { if case .playing(let id, let policy) = state { state = .paused(id, policy) } }

  mutating func resumed() { if case .paused(let id, let policy) = state { state = .playing(id, policy) } }

  mutating func ended(_ id: UtteranceID) {
    if current == id {
      state = .silent
      guard !queued.isEmpty else {
        isAmidst = false
        return
      }
      let next = queued.removeFirst()
      state = .preparing(next.id, next.policy)
    } else {
      queued.removeAll { $0.id == id }
    }
  }

  mutating func dropAll() {
    state = .silent
    isAmidst = false
    queued = []
  }

  static func == (left: Self, right: Self) -> Bool {
    left.state == right.state && left.isAmidst == right.isAmidst && left.queued.elementsEqual(right.queued, by: ==)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(state)
    for entry in queued { hasher.combine(entry.id) }
  }
}
