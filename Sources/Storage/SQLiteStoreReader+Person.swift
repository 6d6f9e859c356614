public import Core
import GRDB

/// What there is of a person in a store.
public struct PersonReach: Hashable, Sendable {
  /// Their calls, oldest first.
  public let calls: [CallID]
  /// How many values can be revealed, over all calls.
  public let values: Int
}

extension SQLiteStoreReader {
  /// The pseudonym of the person whom a tenant knows by a value; nil without the master key.
  public func person(_ value: String, of tenant: TenantID) -> PersonID? {
    vault.map { PersonPseudonym($0.master).person(value, of: tenant) }
  }

  /// Whether it is written down that what an owner said was erased.
  public func wasErased(_ owner: DataOwner) async throws -> Bool {
    do {
      return try await database.read { database in
        try Bool.fetchOne(
          database, sql: "SELECT EXISTS (SELECT 1 FROM vault_erasures WHERE owner = ?)",
          arguments: [try OwnerBinding.name(of: owner, in: database)]) ?? false
      }
    } catch {
      throw StorageError.of(error)
    }
  }

  /// The calls of a person, and what can be revealed of them. Both empty for somebody who is not known.
  public func reach(of person: PersonID, tenant: TenantID) async throws -> PersonReach {
    do {
      return try await database.read { database in
        let calls = try String.fetchAll(
          database, sql: "SELECT call FROM calls WHERE tenant = ? AND person = ? ORDER BY started_at_ms, id",
          arguments: [tenant.rawValue, person.rawValue])
        let values = try Int.fetchOne(
          database, sql: "SELECT count(*) FROM vault_values WHERE owner = ?",
          arguments: [DataOwner.person(tenant, person).key])
        return PersonReach(calls: calls.map { CallID($0) }, values: values ?? 0)
      }
    } catch {
      throw StorageError.of(error)
    }
  }
}
