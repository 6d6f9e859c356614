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

  /// A table whose rows are sealed.
  enum Table: String, Sendable {
    /// Heads of calls, with the names of assistant and run for their numbers.
    case calls
    /// The book of intended changes.
    case effects

    /// Columns that no row changes.
    fileprivate var fixed: [String] {
      switch self {
      case .calls: ["calls.id", "calls.call", "conversation", "tenant", "name", "content_hash", "calls.started_at_ms"]
      case .effects:
        [
          "key", "call", "intent", "schema", "intended_at_ms", "assistant", "content_hash", "node", "back_end",
        ]
      }
    }
    fileprivate var changing: [String] {
      switch self {
      case .calls:
        [
          "person", "ended_at_us", "lines", "head", "activity", "runs.run", "runs.use", "runs.node", "runs.process",
          "runs.started_at_ms",
        ]
      case .effects: ["is_open", "outcome", "settled_at_ms", "is_accepted"]
      }
    }
    fileprivate var source: String {
      switch self {
      case .calls:
        "calls LEFT JOIN assistants ON assistants.id = calls.assistant LEFT JOIN runs ON runs.id = calls.run"
      case .effects: "effects"
      }
    }
    fileprivate var name: String { self == .calls ? "calls.id" : "key" }
    /// All rows, for `verdict`; a condition may follow.
    var selection: String {
      "SELECT \((fixed + changing).joined(separator: ", ")), seal FROM \(source)"
    }
  }

  /// Whether a file has seals; it has none as long as no release that knows them has written it.
  static func areIn(_ database: Database) throws -> Bool {
    try database.columns(in: Table.calls.rawValue).contains { $0.name == "seal" }
  }

  /// What the seal of a selected row says.
  func verdict(_ row: Row, of table: Table) -> Seal {
    var values = Array(row.databaseValues)
    guard let seal = values.popLast().flatMap(Data.fromDatabaseValue) else { return .broken }
    if seal == code(table.rawValue, values) { return .whole }
    return seal == code("earlier " + table.rawValue, values.prefix(table.fixed.count)) ? .earlier : .broken
  }

  /// What the seal of a row says; broken for one that is not there.
  func verdict(of id: some DatabaseValueConvertible, in table: Table, _ database: Database) throws -> Seal {
    try row(id, table, database).map { verdict($0, of: table) } ?? .broken
  }

  /// Seals a row as it is.
  func seal(_ id: some DatabaseValueConvertible, in table: Table, _ database: Database) throws {
    guard let values = try row(id, table, database)?.databaseValues.dropLast() else { return }
    try write(code(table.rawValue, values), to: id, in: table, database)
  }

  /// Changes a row that was written before, and seals it anew when it was whole.
  func keeping(
    _ id: some DatabaseValueConvertible, in table: Table, _ database: Database, change: () throws -> Void
  ) throws {
    let wasWhole = try verdict(of: id, in: table, database) == .whole
    try change()
    if wasWhole { try seal(id, in: table, database) }
  }

  /// Seals what never changes of all rows, as releases left them that knew no seals.
  func sealEarlier(_ table: Table, _ database: Database) throws {
    let rows = try Row.fetchCursor(database, sql: table.selection)
    while let row = try rows.next() {
      let fixed = row.databaseValues.prefix(table.fixed.count)
      guard let id = fixed.first else { continue }
      try write(code("earlier " + table.rawValue, fixed), to: id, in: table, database)
    }
  }

  private func row(_ id: some DatabaseValueConvertible, _ table: Table, _ database: Database) throws -> Row? {
    try Row.fetchOne(
      database.cachedStatement(sql: "\(table.selection) WHERE \(table.name) = ?"), arguments: [id])
  }

  private func write(
    _ seal: Data, to id: some DatabaseValueConvertible, in table: Table, _ database: Database
  ) throws {
    try database.cachedStatement(sql: "UPDATE \(table.rawValue) SET seal = ? WHERE \(table.name) = ?")
      .execute(arguments: [seal, id])
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
