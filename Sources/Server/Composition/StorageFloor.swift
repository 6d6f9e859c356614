internal import Core
internal import Foundation
internal import Storage

/// Where everything is kept: one folder with the database and, unless it lies elsewhere, the master key of the vault.
struct StorageFloor: Sendable {
  let store: any Store
  let masterKey: MasterKey

  static func path(_ configuration: ServerConfiguration) -> String { configuration.data + "/repartee.sqlite" }

  static func keyPath(_ configuration: ServerConfiguration) -> String {
    configuration.vaultKey ?? configuration.data + "/vault.key"
  }

  static func open(_ configuration: ServerConfiguration, for use: StoreUse) throws -> StorageFloor {
    do {
      try FileManager.default.createDirectory(
        atPath: configuration.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw ServerError(
        .configuration, "cannot make the folder \(configuration.data)",
        hint: "set data (REPARTEE_DATA) to a folder this user may write")
    }
    // A database without its key is not given another one: the right one may be restored.
    let isKnown = FileManager.default.fileExists(atPath: path(configuration))
    let (key, wasCreated) =
      isKnown
      ? (try MasterKey.load(at: keyPath(configuration)), false)
      : try MasterKey.loadOrCreate(at: keyPath(configuration))
    if wasCreated {
      FileHandle.standardError.write(
        Data(
          "repartee: made a new vault key at \(keyPath(configuration)); keep a copy: without it no value can be read\n"
            .utf8))
    }
    return StorageFloor(
      store: try SQLiteStore(path: path(configuration), masterKey: key, use: use, node: configuration.node),
      masterKey: key)
  }

  /// Reads beside whoever writes. Seals are looked at when the vault's key can be read, whether or not values are wanted.
  static func reader(_ configuration: ServerConfiguration, reveal: Bool) throws -> SQLiteStoreReader {
    let path = path(configuration)
    guard FileManager.default.fileExists(atPath: path) else {
      throw ServerError(
        .unknownCall, "there is no journal at \(path)", hint: "name the server's configuration, or set REPARTEE_DATA")
    }
    let key = reveal ? try MasterKey.load(at: keyPath(configuration)) : try? MasterKey.load(at: keyPath(configuration))
    return try SQLiteStoreReader(path: path, masterKey: key, reveals: reveal)
  }
}
