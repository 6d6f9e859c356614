import Core
import FoundationEssentials
import GRDB

/// Makes the values of a call those of the person who was identified in it, and knows whose they are since.
///
/// What a key seals names the owner the key was made for (`made_for`) for good; the wrapping of the key names the owner it has now. So
/// binding re-wraps the keys of the call and touches no value, and a token stays what it was. Values go where their key is.
struct OwnerBinding: Sendable {
  let master: MasterKey
  let seals: RowSeals

  /// Binds a call to the person, in the transaction that writes the line which says so. The first person stands.
  ///
  /// - Parameter row: of the call.
  func bind(_ call: CallID, row: Int64, to person: PersonID, in database: Database) throws {
    try database.cachedStatement(sql: "UPDATE calls SET person = ? WHERE id = ? AND person IS NULL")
      .execute(arguments: [person.rawValue, row])
    guard database.changesCount > 0,
      let tenant = try String.fetchOne(database, sql: "SELECT tenant FROM calls WHERE id = ?", arguments: [row])
    else { return }
    let old = DataOwner.call(TenantID(tenant), call).key
    let new = DataOwner.person(TenantID(tenant), person).key
    let keys = try Row.fetchAll(
      database, sql: "SELECT id, wrapped FROM vault_keys WHERE owner = ?", arguments: [old])
    for key in keys {
      let id: String = key["id"]
      let wrapped = rewrapped(key["wrapped"], id, from: old, to: new)
      try seals.keeping(id, in: .keys, database) {
        try database.execute(
          sql: "UPDATE vault_keys SET owner = ?, made_for = ?, wrapped = ? WHERE id = ?",
          arguments: [new, old, wrapped, id])
      }
    }
    try database.execute(sql: "UPDATE vault_values SET owner = ? WHERE owner = ?", arguments: [new, old])
    // What was erased before is still told apart from what is missing.
    try database.execute(
      sql: """
        INSERT OR IGNORE INTO vault_erasures (owner, erased_at_ms)
        SELECT ?, erased_at_ms FROM vault_erasures WHERE owner = ?
        """, arguments: [new, old])
    if database.changesCount > 0 {
      try seals.add(new, to: .erasures, like: seals.verdict(of: old, in: .erasures, database), database)
    }
  }

  /// A key that waited to be written while its call was bound, wrapped for whom it is of now.
  func current(_ row: VaultKeyRow, of owner: DataOwner, in database: Database) throws -> VaultKeyRow {
    let name = try Self.name(of: owner, in: database)
    guard name != row.owner else { return row }
    return VaultKeyRow(
      id: row.id, owner: name, madeFor: row.owner, createdAt: row.createdAt,
      wrapped: rewrapped(row.wrapped, row.id, from: row.owner, to: name))
  }

  /// The owner under whose name keys and values of an owner lie: a call's person, when there is one.
  static func name(of owner: DataOwner, in database: Database) throws -> String {
    guard case .call(let tenant, let call) = owner else { return owner.key }
    let person = try String.fetchOne(
      database.cachedStatement(sql: "SELECT person FROM calls WHERE call = ? AND tenant = ?"),
      arguments: [call.rawValue, tenant.rawValue])
    return person.map { DataOwner.person(tenant, PersonID($0)).key } ?? owner.key
  }

  /// A key that does not open is damaged and stays so; it goes along, that it can be erased.
  private func rewrapped(_ wrapped: Data, _ id: String, from old: String, to new: String) -> Data {
    guard let secret = try? master.unwrap(wrapped, keyID: id, owner: old),
      let fresh = try? master.wrap(secret, keyID: id, owner: new)
    else { return wrapped }
    return fresh
  }
}
