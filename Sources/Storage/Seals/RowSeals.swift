import Core
import Crypto
import FoundationEssentials
import GRDB

/// Seals rows: HMAC-SHA256 over all their columns, under a key that the master key gives.
///
/// Who has the database alone can change a row and every digest in it, and make no seal. A row is looked at before it is changed, and one
/// that was altered gets no new seal: what was altered once stays so. Rows of releases that knew no seals have one over what never changes
/// of them, made when the file was brought up to date: a row whose seal was taken away does not look like one of theirs.
struct RowSeals: Sendable {
  private let key: SymmetricKey

  init(_ master: MasterKey) { key = SymmetricKey(data: master.derived(for: "row seals")) }

  /// Whether a table of a file has seals; it has none as long as no release that knows them has written it.
  static func areIn(_ table: Table, _ database: Database) throws -> Bool {
    try database.columns(in: table.rawValue).contains { $0.name == "seal" }
  }

  /// What the seal of a selected row says.
  func verdict(_ row: Row, of table: Table) -> Seal {
    var values = Array(row.databaseValues)
    guard let seal = values.popLast().flatMap(Data.fromDatabaseValue) else { return .broken }
    if seal == code(table.rawValue, values) { return .whole }
    return seal == code("earlier " + table.rawValue, values.prefix(table.fixed.count)) ? .earlier : .broken
  }

  /// What the seal of a row says; broken for one that is not there.
  func verdict(of name: any DatabaseValueConvertible..., in table: Table, _ database: Database) throws -> Seal {
    try row(name.map(\.databaseValue), table, database).map { verdict($0, of: table) } ?? .broken
  }

  /// Seals a row as it is.
  func seal(_ name: any DatabaseValueConvertible..., in table: Table, _ database: Database) throws {
    try seal(row: name.map(\.databaseValue), in: table, database)
  }

  /// Seals and counts a row that was put in.
  func add(_ name: any DatabaseValueConvertible..., to table: Table, _ database: Database) throws {
    try seal(row: name.map(\.databaseValue), in: table, database)
    try RowCount(table: table, seals: self).add(1, database)
  }

  /// Changes a row that was written before, and seals it anew when it was whole.
  func keeping(
    _ name: any DatabaseValueConvertible, in table: Table, _ database: Database, change: () throws -> Void
  ) throws {
    let wasWhole = try verdict(of: name, in: table, database) == .whole
    try change()
    if wasWhole { try seal(name, in: table, database) }
  }

  /// Counts a row that was copied from another, and seals it as that one is: one that was altered gives no seal.
  func add(
    _ name: any DatabaseValueConvertible, to table: Table, like original: Seal, _ database: Database
  ) throws {
    if original == .whole { try seal(name, in: table, database) }
    if original == .earlier, let values = try row([name.databaseValue], table, database)?.databaseValues {
      try write(
        code("earlier " + table.rawValue, values.prefix(table.fixed.count)), to: [name.databaseValue], in: table,
        database)
    }
    try RowCount(table: table, seals: self).add(1, database)
  }

  /// Seals what never changes of all rows, as releases left them that knew no seals.
  func sealEarlier(_ table: Table, _ database: Database) throws {
    let rows = try Row.fetchCursor(database, sql: table.unsealed)
    while let row = try rows.next() {
      let values = Array(row.databaseValues)
      let fixed = values.dropFirst(table.nameCount)
      try write(
        code("earlier " + table.rawValue, fixed), to: Array(values.prefix(table.nameCount)), in: table, database)
    }
  }

  private func seal(row name: [DatabaseValue], in table: Table, _ database: Database) throws {
    guard let values = try row(name, table, database)?.databaseValues.dropLast() else { return }
    try write(code(table.rawValue, values), to: name, in: table, database)
  }

  private func row(_ name: [DatabaseValue], _ table: Table, _ database: Database) throws -> Row? {
    try Row.fetchOne(
      database.cachedStatement(sql: "\(table.selection) WHERE \(table.isNamed)"), arguments: StatementArguments(name))
  }

  private func write(
    _ seal: Data, to name: [DatabaseValue], in table: Table, _ database: Database
  ) throws {
    try database.cachedStatement(sql: "UPDATE \(table.rawValue) SET seal = ? WHERE \(table.isNamed)")
      .execute(arguments: StatementArguments([seal.databaseValue] + name))
  }

  /// The code over values, each preceded by its type and, where it has none of its own, its length: no two rows have the same bytes.
  func code(_ purpose: String, _ values: some Collection<DatabaseValue>) -> Data {
    var code = HMAC<SHA256>(key: key)
    func add(_ type: UInt8, _ number: Int64, _ bytes: Data = Data()) {
      var head = Data([type])
      withUnsafeBytes(of: number.bigEndian) { head.append(contentsOf: $0) }
      code.update(data: head)
      code.update(data: bytes)
    }
    add(0, Int64(purpose.utf8.count), Data(purpose.utf8))
    for value in values {
      switch value.storage {
      case .null: add(1, 0)
      case .int64(let number): add(2, number)
      case .double(let number): add(3, Int64(bitPattern: number.bitPattern))
      case .string(let text): add(4, Int64(text.utf8.count), Data(text.utf8))
      case .blob(let bytes): add(5, Int64(bytes.count), bytes)
      }
    }
    return Data(code.finalize())
  }
}
