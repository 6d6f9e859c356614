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

  /// The seal of what is written down of an owner's erasure; nil when nothing is.
  public func erasure(of owner: DataOwner) async throws -> Seal? {
    do {
      return try await database.read { database in
        let name = try OwnerBinding.name(of: owner, in: database)
        let isNoted = try Bool.fetchOne(
          database, sql: "SELECT EXISTS (SELECT 1 FROM vault_erasures WHERE owner = ?)", arguments: [name])
        guard isNoted == true else { return nil }
        guard try RowSeals.areIn(.erasures, database) else { return .earlier }
        return try seals?.verdict(of: name, in: .erasures, database) ?? .unchecked
      }
    } catch {
      throw StorageError.of(error)
    }
  }

  /// How many values are kept of an owner.
  public func valueCount(of owner: DataOwner) async throws -> Int {
    do {
      return try await database.read { database in
        let name = try OwnerBinding.name(of: owner, in: database)
        return try Int.fetchOne(database, sql: "SELECT count(*) FROM vault_values WHERE owner = ?", arguments: [name])
          ?? 0
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
