import Core
import FoundationEssentials
import GRDB

/// The mark that tells under which master key a file's values lie. Seals tell the same, and whether the mark was altered.
enum MasterKeyMark {
  static let name = "master_key"

  enum Verdict {
    case right
    /// Rows are sealed under this key, and the mark is another one.
    case altered
    /// The same, and there is none.
    case takenAway
  }

  /// What a mark says of a key. Throws `storage.wrong_master_key` when nothing speaks for it.
  static func verdict(_ masterKey: MasterKey, _ database: any DatabaseReader) throws -> Verdict {
    try database.read { database in
      let mark =
        try database.tableExists("store_marks")
        ? Data.fetchOne(database, sql: "SELECT value FROM store_marks WHERE name = ?", arguments: [name]) : nil
      // A file that nobody has opened for writing has none yet.
      if try mark == masterKey.fingerprint || mark == nil && !hasRuns(database) { return .right }
      if try RowSeals(masterKey).fit(database) { return mark == nil ? .takenAway : .altered }
      guard try mark != nil || RowSeals.areIn(.calls, database) else { return .right }
      throw StorageError(
        "wrong_master_key", "The vault's values lie under another master key",
        hint: "\(MasterKey.environmentName) must name the key file this database was made with")
    }
  }

  /// The same for who writes, who goes on with no altered mark.
  static func check(_ masterKey: MasterKey, _ database: any DatabaseReader) throws {
    guard try verdict(masterKey, database) != .right else { return }
    throw StorageError(
      "mark_altered", "The master key is the right one, but the database's mark of it was altered",
      hint: "Restore the file from a copy; repartee calls --verify says what else was altered")
  }

  private static func hasRuns(_ database: Database) throws -> Bool {
    guard try database.tableExists("runs") else { return false }
    return try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM runs)") ?? false
  }
}

extension RowSeals {
  /// Whether anything of a file is sealed under this key: a count, or one of the first rows.
  func fit(_ database: Database) throws -> Bool {
    for table in Table.allCases where try database.tableExists(table.rawValue) && Self.areIn(table, database) {
      if try RowCount(table: table, seals: self).isSealed(database) { return true }
      let rows = try Row.fetchAll(database, sql: table.selection + " LIMIT 100")
      if rows.contains(where: { [.whole, .earlier].contains(verdict($0, of: table)) }) { return true }
    }
    return false
  }
}
