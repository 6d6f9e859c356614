public import Core
import GRDB

/// One SQLite file (write-ahead log, full sync) with journal, vault and effect ledger of a server.
///
/// One process serves; chats and commands may write beside it, and others read with `SQLiteStoreReader`. Every process that
/// writes is a run of its own, and calls of a run that lives are nobody else's. The file is made with mode 0600.
public final class SQLiteStore: Sendable {
  /// Where calls are journaled and read.
  public let journal: SQLiteJournal
  /// Where sensitive values lie.
  public let vault: SQLiteVault
  /// The book of intended changes.
  public let ledger: SQLiteEffectLedger
  /// What a crash left.
  public let leftCalls: LeftCalls
  /// This process, as it stands in the heads of its calls.
  public let run: StoreRun

  let writer: StoreWriter
  let locks: RunLocks
  /// Internal so that tests can take the disk away.
  let database: DatabasePool

  /// Opens the file, makes it when there is none, and brings an older one up to date.
  ///
  /// - Parameters:
  ///   - use: `serve` for one process at a time: another one gets `storage.in_use`.
  ///   - node: the server's name in its runs, calls and intents; nil: the machine's.
  ///
  /// Throws `storage.wrong_master_key` when its values lie under another key, `storage.newer_schema` when a newer version
  /// wrote it, and the codes of `StorageError` for files that cannot be used.
  public init(
    path: String, masterKey: MasterKey, use: StoreUse = .command, node: String? = nil,
    options: StoreOptions = StoreOptions()
  ) throws(StorageError) {
    let seals = RowSeals(masterKey)
    do {
      _ = try PrivateFile.create(at: path)
      let locks = try RunLocks(database: path)
      guard use != .serve || locks.takeServer() else { throw StoreRun.inUse(path: path, locks) }
      let database = try DatabasePool(path: path, configuration: Self.configuration(options))
      try Self.prepare(database, masterKey)
      self.database = database
      run = try StoreRun.begin(use, on: node, database, locks, seals)
      self.locks = locks
    } catch {
      throw StorageError.of(error, at: path)
    }
    let keys = OwnerKeys(master: masterKey)
    writer = StoreWriter(
      database: database, options: options, run: run.row, binding: OwnerBinding(master: masterKey, seals: seals),
      seals: seals
    ) { keys.renew($0) }
    journal = SQLiteJournal(writer: writer, reader: SQLiteJournalReader(database: database, seals: seals))
    vault = SQLiteVault(writer: writer, database: database, keys: keys)
    ledger = SQLiteEffectLedger(writer: writer, database: database, locks: locks, run: run)
    leftCalls = LeftCalls(database: database, locks: locks, run: run)
  }

  /// How the store fares. Cheap; any thread.
  public var health: StoreHealth { writer.health }

  /// Writes what is queued and closes the file; lines given afterwards are refused. Throws when something could not be
  /// written; the file is closed all the same.
  public func close() async throws {
    defer {
      try? database.close()
      locks.release()
    }
    try await writer.close()
    _ = try? await database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
  }

  private static func configuration(_ options: StoreOptions) -> Configuration {
    var configuration = Configuration()
    let (seconds, attoseconds) = options.busyTimeout.components
    configuration.busyMode = .timeout(Double(seconds) + Double(attoseconds) / 1e18)
    configuration.label = "repartee.storage"
    configuration.prepareDatabase { database in
      // Deleted keys and values are overwritten with zeros.
      try database.execute(sql: "PRAGMA secure_delete = ON")
    }
    return configuration
  }

  private static func prepare(_ database: DatabasePool, _ masterKey: MasterKey) throws {
    try database.writeWithoutTransaction { database in
      // GRDB sets NORMAL when it turns the write-ahead log on; a flush promises a sync.
      try database.execute(sql: "PRAGMA synchronous = FULL")
    }
    let migrator = StoreSchema.migrator(RowSeals(masterKey))
    if try database.read(migrator.hasBeenSuperseded) {
      throw StorageError.newerSchema(try database.read { try migrator.appliedIdentifiers($0).count })
    }
    // What is brought up to date is sealed: under the right key, or not at all.
    if try !database.read(migrator.appliedIdentifiers).isEmpty { try MasterKeyMark.check(masterKey, database) }
    try migrator.migrate(database)
    try database.write { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO store_marks (name, value) VALUES (?, ?)",
        arguments: [MasterKeyMark.name, masterKey.fingerprint])
    }
    try MasterKeyMark.check(masterKey, database)
  }
}

/// The store as other processes read it: journals, and values for those who have the master key.
public struct SQLiteStoreReader: Sendable {
  /// Reads journals.
  public let journal: SQLiteJournalReader
  /// Reads the book of intended changes.
  public let ledger: SQLiteEffectLedgerReader
  let vault: VaultReading?
  let database: DatabasePool
  let seals: RowSeals?
  /// What the mark of the master key says; nil without the key.
  let mark: MasterKeyMark.Verdict?

  /// Opens an existing file for reading.
  ///
  /// - Parameters:
  ///   - masterKey: without it no value can be revealed and no seal looked at.
  ///   - reveals: whether values are wanted; otherwise the key is for seals alone, and another file's key is as good as none.
  public init(path: String, masterKey: MasterKey?, reveals: Bool = true) throws(StorageError) {
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(2)
      let database = try DatabasePool(path: path, configuration: configuration)
      if try database.read(StoreSchema.migrator().hasBeenSuperseded) {
        throw StorageError.newerSchema(try database.read { try StoreSchema.migrator().appliedIdentifiers($0).count })
      }
      guard try database.read({ try $0.tableExists("calls") }) else { throw StorageError.noStore(path) }
      var key = masterKey
      var mark: MasterKeyMark.Verdict?
      do {
        mark = try masterKey.map { try MasterKeyMark.verdict($0, database) }
      } catch {
        if reveals { throw error }
        key = nil
      }
      self.mark = mark
      let seals = key.map(RowSeals.init)
      self.database = database
      self.seals = seals
      journal = SQLiteJournalReader(database: database, seals: seals)
      ledger = SQLiteEffectLedgerReader(database: database, locks: RunLocks(of: path), seals: seals)
      vault = reveals ? key.map { VaultReading(database: database, master: $0) } : nil
    } catch {
      throw StorageError.of(error, at: path)
    }
  }

  /// The value of a token; nil when its key was deleted or there is no master key.
  public func reveal(_ token: SensitiveToken, owner: DataOwner) async throws -> String? {
    try await vault?.reveal(token, owner: owner)
  }
}
