@testable import Storage

/// A store whose database a test may disturb from within.
func testableStore(_ files: TemporaryStore, _ options: StoreOptions = StoreOptions()) throws -> SQLiteStore {
  try SQLiteStore(path: files.path, masterKey: files.masterKey, options: options)
}
