import Core
import Synchronization

/// The keys at hand: one for each owner whose values this process protects.
///
/// Another process may erase an owner meanwhile. The writer then finds a value whose key is gone, and `renew` moves the owner
/// to a new key: nothing said afterwards is lost, and nothing said before can be read again.
final class OwnerKeys: Sendable {
  private struct State {
    var byOwner: [String: VaultKey] = [:]
    var order: [String] = []
    /// Keys that were erased by other processes while values under them waited to be written, newest last.
    var erased: [VaultKey] = []
  }

  /// How many owners' keys are kept at hand.
  private static let kept = 10_000
  /// How many erased keys: the values under them are written within a batch or two.
  private static let erasedKept = 64

  let master: MasterKey
  private let state = Mutex(State())

  init(master: MasterKey) { self.master = master }

  /// The key of an owner, a new one when there is none at hand.
  ///
  /// - Parameter queue: takes the wrapped form of a new key, under the lock: no value under it is queued before it. A key that
  ///   it refuses is not kept.
  func key(of owner: DataOwner, queue: (VaultKeyRow) -> Bool) -> VaultKey {
    let name = owner.key
    return state.withLock { state in
      if let known = state.byOwner[name] { return known }
      let fresh = VaultKey(owner: name)
      if self.queue(fresh, queue) { Self.keep(fresh, in: &state) }
      return fresh
    }
  }

  /// A new key in place of the one at hand.
  func replace(_ owner: DataOwner, queue: (VaultKeyRow) -> Bool) -> VaultKey {
    let fresh = VaultKey(owner: owner.key)
    state.withLock { state in
      if self.queue(fresh, queue) { Self.keep(fresh, in: &state) } else { state.byOwner[owner.key] = nil }
    }
    return fresh
  }

  /// A value whose key was deleted by another process, sealed anew under the owner's next key. Nil when the key is unknown: it
  /// was erased in this process, and the value with it.
  func renew(_ row: VaultValueRow) -> (VaultKeyRow, VaultValueRow)? {
    state.withLock { state in
      if let current = state.byOwner[row.owner], current.id == row.key {
        state.erased.append(current)
        if state.erased.count > Self.erasedKept { state.erased.removeFirst() }
        Self.keep(VaultKey(owner: row.owner), in: &state)
      }
      guard let old = state.erased.last(where: { $0.id == row.key }), let next = state.byOwner[row.owner],
        let value = try? old.open(row.box, token: row.token),
        let key = try? next.row(wrappedBy: master, at: SystemClock.milliseconds()),
        let sealed = try? next.seal(value, token: row.token, label: DataLabel(rawValue: row.label))
      else { return nil }
      return (key, sealed)
    }
  }

  private func queue(_ key: VaultKey, _ take: (VaultKeyRow) -> Bool) -> Bool {
    (try? key.row(wrappedBy: master, at: SystemClock.milliseconds())).map(take) ?? false
  }

  private static func keep(_ key: VaultKey, in state: inout State) {
    if state.byOwner.updateValue(key, forKey: key.owner) == nil { state.order.append(key.owner) }
    guard state.order.count > kept else { return }
    for owner in state.order.prefix(kept / 2) { state.byOwner[owner] = nil }
    state.order.removeFirst(kept / 2)
  }
}
