import Core
import FoundationEssentials
import GRDB

/// Opens values of a database under the master key.
struct VaultReading: Sendable {
  let database: any DatabaseReader
  let master: MasterKey

  /// The value of a token, joined ones from their parts; nil when a part's key was deleted.
  /// Throws `storage.value_missing` for a value that is not there though its owner was never erased.
  func reveal(_ token: SensitiveToken, owner: DataOwner) async throws -> String? {
    do {
      return try await database.read { database in
        var text = ""
        for part in token.parts {
          switch part {
          case .literal(let piece): text += piece
          case .value(let id):
            guard let piece = try reveal(id, owner: OwnerBinding.name(of: owner, in: database), database) else {
              return nil
            }
            text += piece
          }
        }
        return text
      }
    } catch {
      throw StorageError.of(error)
    }
  }

  private func reveal(_ token: String, owner: String, _ database: Database) throws -> String? {
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT vault_keys.*, box FROM vault_values JOIN vault_keys ON vault_keys.id = vault_values.key
        WHERE vault_values.owner = ? AND token = ?
        """, arguments: [owner, token])
    guard let row else {
      let hasKey = try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (SELECT 1 FROM vault_keys WHERE owner = ?)
            AND NOT EXISTS (SELECT 1 FROM vault_erasures WHERE owner = ?)
          """, arguments: [owner, owner])
      if hasKey ?? false { throw StorageError.valueMissing }
      return nil
    }
    let key = try VaultKeyRow.key(row, master: master)
    let box: Data = row["box"]
    do {
      return try key.open(box, token: token)
    } catch {
      throw StorageError.valueDamaged
    }
  }
}
