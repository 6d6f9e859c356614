public import Core
import GRDB

/// The vault of a server, on SQLite.
///
/// `protect` computes and queues, and never reads: an owner nobody has met in this process gets a new key. Safe from any thread.
public final class SQLiteVault: Vault {
  private let writer: StoreWriter
  private let database: DatabasePool
  private let reading: VaultReading
  private let keys: OwnerKeys
  private let pseudonyms: PersonPseudonym

  init(writer: StoreWriter, database: DatabasePool, keys: OwnerKeys) {
    self.writer = writer
    self.database = database
    self.keys = keys
    pseudonyms = PersonPseudonym(keys.master)
    reading = VaultReading(database: database, master: keys.master)
  }

  /// Mints a token for a value and queues the encrypted value ahead of journal lines appended after this.
  public func protect(_ value: String, label: DataLabel, owner: DataOwner, ordinal: Int) -> Sensitive<String> {
    let key = keys.key(of: owner) { writer.append($0, of: owner) }
    let id = key.token(value, label: label, ordinal: ordinal)
    // Sealing fails for no input of ours: key and nonce have the right size. Were it to fail, the value would be lost for
    // later readers only, and `reveal` would say so.
    if let row = try? key.seal(value, token: id, label: label) { writer.append(row, of: owner) }
    return Sensitive(token: SensitiveToken(label: label, id: id), value: value)
  }

  /// The pseudonym of a person, under a key that the master key gives.
  public func person(_ value: String, of tenant: TenantID) -> PersonID { pseudonyms.person(value, of: tenant) }

  /// The value of a token, joined ones from their parts; nil when a part's key was deleted. Throws `StorageError`.
  public func reveal(_ token: SensitiveToken, owner: DataOwner) async throws -> String? {
    try? await writer.flush()
    return try await reading.reveal(token, owner: owner)
  }

  /// Deletes an owner's keys and values, and the copies of them in the database's log, and notes that it did. What is protected for the owner
  /// afterwards gets a new key. Throws `storage.erase_incomplete` when a reader kept the log from being emptied: the values
  /// cannot be revealed any more, but erase again to be sure of the disk.
  public func erase(_ owner: DataOwner) async throws {
    let fresh = keys.replace(owner) { writer.append($0, of: owner) }
    let now = SystemClock.milliseconds()
    let seals = writer.seals
    try await writer.perform { database in
      let name = try OwnerBinding.name(of: owner, in: database)
      try database.execute(sql: "DELETE FROM vault_keys WHERE owner = ? AND id <> ?", arguments: [name, fresh.id])
      try RowCount(table: .keys, seals: seals).add(-database.changesCount, database)
      try database.execute(
        sql: "INSERT OR IGNORE INTO vault_erasures (owner, erased_at_ms) VALUES (?, ?)", arguments: [name, now])
      try RowCount(table: .erasures, seals: seals).add(database.changesCount, database)
      try database.execute(sql: "UPDATE vault_erasures SET erased_at_ms = ? WHERE owner = ?", arguments: [now, name])
      try seals.seal(name, in: .erasures, database)
      try database.execute(
        sql: "DELETE FROM vault_values WHERE owner = ? AND key NOT IN (SELECT id FROM vault_keys WHERE owner = ?)",
        arguments: [name, name])
      try RowCount(table: .values, seals: seals).add(-database.changesCount, database)
    }
    do {
      try await database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    } catch {
      throw StorageError.of(error).code == "storage.busy" ? StorageError.eraseIncomplete : StorageError.of(error)
    }
  }
}
