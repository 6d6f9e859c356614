public import Core
import GRDB
import Synchronization

/// The vault of a server, on SQLite.
///
/// `protect` computes and queues; only the first value of an owner in this process reads the database, by one indexed look-up,
/// and `prepare` takes even that off the caller's thread. Safe from any thread.
public final class SQLiteVault: Vault {
  private struct Keys {
    var byOwner: [String: VaultKey] = [:]
    var order: [String] = []
  }

  /// How many owners' keys are kept at hand.
  private static let keysKept = 10_000

  private let writer: StoreWriter
  private let database: DatabasePool
  private let reading: VaultReading
  private let keys = Mutex(Keys())

  init(writer: StoreWriter, database: DatabasePool, master: MasterKey) {
    self.writer = writer
    self.database = database
    reading = VaultReading(database: database, master: master)
  }

  /// Mints a token for a value and queues the encrypted value ahead of journal lines appended after this.
  public func protect(_ value: String, label: DataLabel, owner: DataOwner, ordinal: Int) -> Sensitive<String> {
    let key = key(of: owner.key)
    let id = key.token(value, label: label, ordinal: ordinal)
    // Sealing fails for no input of ours: key and nonce have the right size. Were it to fail, the value would be lost for
    // later readers only, and `reveal` would say so.
    if let row = try? key.seal(value, token: id, label: label) { writer.append(row) }
    return Sensitive(token: SensitiveToken(label: label, id: id), value: value)
  }

  /// Loads an owner's key ahead of the first `protect`, off the caller's thread.
  @concurrent public func prepare(_ owner: DataOwner) async { _ = key(of: owner.key) }

  /// The value of a token, joined ones from their parts; nil when a part's key was deleted. Throws `StorageError`.
  public func reveal(_ token: SensitiveToken, owner: DataOwner) async throws -> String? {
    try? await writer.flush()
    return try await reading.reveal(token, owner: owner)
  }

  /// Deletes an owner's keys and values, and the copies of them in the database's log, and notes that it did. What is protected for the owner
  /// afterwards gets a new key. Throws `storage.erase_incomplete` when a reader kept the log from being emptied: the values
  /// cannot be revealed any more, but erase again to be sure of the disk.
  public func erase(_ owner: DataOwner) async throws {
    let name = owner.key
    let fresh = VaultKey(owner: name)
    keys.withLock { remember(fresh, in: &$0) }
    let now = SystemClock.milliseconds()
    try await writer.perform { database in
      try database.execute(sql: "DELETE FROM vault_keys WHERE owner = ? AND id <> ?", arguments: [name, fresh.id])
      try database.execute(
        sql: "INSERT OR REPLACE INTO vault_erasures (owner, erased_at_ms) VALUES (?, ?)", arguments: [name, now])
      try database.execute(
        sql: "DELETE FROM vault_values WHERE owner = ? AND key NOT IN (SELECT id FROM vault_keys WHERE owner = ?)",
        arguments: [name, name])
    }
    do {
      try await database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    } catch {
      throw StorageError.of(error).code == "storage.busy" ? StorageError.eraseIncomplete : StorageError.of(error)
    }
  }

  private func key(of owner: String) -> VaultKey {
    if let known = keys.withLock({ $0.byOwner[owner] }) { return known }
    // An unreadable database gives a new key: an owner may have several, and values name theirs.
    let stored = try? reading.key(of: owner)
    return keys.withLock { keys in
      if let known = keys.byOwner[owner] { return known }
      let key = stored ?? VaultKey(owner: owner)
      remember(key, in: &keys, isStored: stored != nil)
      return key
    }
  }

  /// Keeps a key at hand and queues a new one, under the lock: no value under it is queued before it.
  private func remember(_ key: VaultKey, in keys: inout Keys, isStored: Bool = false) {
    if !isStored, let row = try? key.row(wrappedBy: reading.master, at: SystemClock.milliseconds()) {
      writer.append(row)
    }
    if keys.byOwner.updateValue(key, forKey: key.owner) == nil { keys.order.append(key.owner) }
    guard keys.order.count > Self.keysKept else { return }
    for owner in keys.order.prefix(Self.keysKept / 2) { keys.byOwner[owner] = nil }
    keys.order.removeFirst(Self.keysKept / 2)
  }
}
