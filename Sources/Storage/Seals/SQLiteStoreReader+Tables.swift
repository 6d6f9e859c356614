public import Core
import GRDB

/// What a look at a table as a whole came to.
public struct TableReading: Hashable, Sendable {
  /// The table's name.
  public let name: String
  /// How many rows are not as they were written, or were put in by somebody without the key.
  public var altered = 0
  /// How many rows a release wrote that made no seals of them.
  public var earlier = 0
  /// Whether rows were taken away or put in, or their count altered.
  public var isMiscounted = false
}

extension SQLiteStoreReader {
  /// Looks at every row of every sealed table, and at how many there are; nil without the master key.
  public func tables() async throws -> [TableReading]? {
    do {
      return try await database.read { database in
        guard let seals else { return nil }
        return try RowSeals.Table.allCases.map { try Self.reading($0, seals, database) }
          + [Self.marks(mark, database)].filter { $0.altered > 0 || $0.isMiscounted }
      }
    } catch {
      throw StorageError.of(error)
    }
  }

  private static func reading(_ table: RowSeals.Table, _ seals: RowSeals, _ database: Database) throws -> TableReading {
    var reading = TableReading(name: table.rawValue)
    // A file from before there were runs has no table of them.
    guard try database.tableExists(table.rawValue) else { return reading }
    guard try RowSeals.areIn(table, database) else {
      reading.earlier = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table.rawValue)") ?? 0
      return reading
    }
    let rows = try Row.fetchCursor(database, sql: table.selection)
    while let row = try rows.next() {
      switch seals.verdict(row, of: table) {
      case .broken: reading.altered += 1
      case .earlier: reading.earlier += 1
      case .whole, .unchecked: break
      }
    }
    reading.isMiscounted = try !RowCount(table: table, seals: seals).agrees(database)
    return reading
  }

  /// Marks beside the counts, which their tables tell of: the one of the master key, and those that nobody of ours wrote.
  private static func marks(_ mark: MasterKeyMark.Verdict?, _ database: Database) throws -> TableReading {
    var reading = TableReading(name: "store_marks")
    reading.isMiscounted = mark == .takenAway
    guard try database.tableExists("store_marks") else { return reading }
    let ours = RowSeals.Table.allCases.map(RowCount.name) + [MasterKeyMark.name]
    let names = try String.fetchAll(database, sql: "SELECT name FROM store_marks")
    reading.altered = names.count { !ours.contains($0) } + (mark == .altered ? 1 : 0)
    return reading
  }

  /// What of the file's form is not as this release, or the one that wrote it, makes it: tables, indices, triggers and views by name. A trigger
  /// changes rows before they are sealed.
  public func foreignForms() async throws -> [String] {
    do {
      let (found, applied) = try await database.read { database in
        (try Self.forms(database), try StoreSchema.migrator().appliedIdentifiers(database))
      }
      let migrator = StoreSchema.migrator(RowSeals(.ephemeral()))
      let fresh = try DatabaseQueue()
      if let last = migrator.migrations.last(where: applied.contains) { try migrator.migrate(fresh, upTo: last) }
      return Set(Set(try await fresh.read(Self.forms)).symmetricDifference(found).map(\.name)).sorted()
    } catch {
      throw StorageError.of(error)
    }
  }

  private struct Form: Hashable {
    let name: String
    let sql: String
  }

  /// What SQLite keeps for itself is left out.
  private static func forms(_ database: Database) throws -> [Form] {
    try Row.fetchAll(
      database,
      sql:
        "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    ).map { Form(name: $0[0], sql: $0[1]) }
  }
}
