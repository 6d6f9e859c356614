import Core
import Crypto
import FoundationEssentials
import GRDB

/// The key of one owner: mints tokens and seals values. Deleting its wrapped form erases all that was sealed under it.
struct VaultKey: Sendable {
  /// How many hexadecimal digits a token's id has (128 bits).
  static let tokenLength = 32

  /// Random; names the key in the database.
  let id: String
  /// For whom it was made; its boxes are bound to them, whoever has it since.
  let owner: String
  private let secret: SymmetricKey
  private let tokenKey: SymmetricKey
  private let sealKey: SymmetricKey

  init(id: String, owner: String, secret: SymmetricKey) {
    self.id = id
    self.owner = owner
    self.secret = secret
    tokenKey = HKDF<SHA256>.deriveKey(inputKeyMaterial: secret, info: Data("repartee token".utf8), outputByteCount: 32)
    sealKey = HKDF<SHA256>.deriveKey(inputKeyMaterial: secret, info: Data("repartee seal".utf8), outputByteCount: 32)
  }

  /// A new random key.
  init(owner: String) {
    let id = SymmetricKey(size: .bits128).withUnsafeBytes { Hexadecimal.text($0) }
    self.init(id: id, owner: owner, secret: SymmetricKey(size: .bits256))
  }

  /// The token's id of a value: HMAC-SHA256 over label, ordinal and value, its first 128 bits.
  func token(_ value: String, label: DataLabel, ordinal: Int) -> String {
    var code = HMAC<SHA256>(key: tokenKey)
    code.update(data: Data("\(label.rawValue.utf8.count) \(ordinal) ".utf8))
    code.update(data: Data(label.rawValue.utf8))
    code.update(data: Data(value.utf8))
    return Hexadecimal.text(code.finalize().prefix(Self.tokenLength / 2))
  }

  /// The value, encrypted and bound to its token and owner (AES-256-GCM, random nonce).
  func seal(_ value: String, token: String, label: DataLabel) throws -> VaultValueRow {
    let box = try AES.GCM.seal(Data(value.utf8), using: sealKey, authenticating: binding(token))
    return VaultValueRow(owner: owner, token: token, key: id, label: label.rawValue, box: box.combined ?? Data())
  }

  /// The value in a box. Throws when the box was altered or belongs to another token or owner.
  func open(_ box: Data, token: String) throws -> String {
    let clear = try AES.GCM.open(AES.GCM.SealedBox(combined: box), using: sealKey, authenticating: binding(token))
    return String(decoding: clear, as: UTF8.self)
  }

  /// The key as it is stored.
  func row(wrappedBy master: MasterKey, at milliseconds: Int64) throws -> VaultKeyRow {
    VaultKeyRow(
      id: id, owner: owner, madeFor: nil, createdAt: milliseconds,
      wrapped: try master.wrap(secret, keyID: id, owner: owner))
  }

  private func binding(_ token: String) -> Data { Data((token + " " + owner).utf8) }
}

/// A wrapped key in the database.
struct VaultKeyRow: Sendable {
  let id: String
  let owner: String
  /// The owner its boxes name, when that is another one.
  let madeFor: String?
  let createdAt: Int64
  let wrapped: Data

  func insert(_ database: Database, _ seals: RowSeals) throws {
    try database.cachedStatement(
      sql: "INSERT OR IGNORE INTO vault_keys (id, owner, made_for, created_at_ms, wrapped) VALUES (?, ?, ?, ?, ?)"
    ).execute(arguments: [id, owner, madeFor, createdAt, wrapped])
    if database.changesCount > 0 { try seals.add(id, to: .keys, database) }
  }

  /// The key, opened: of columns `id`, `owner`, `wrapped`, and `made_for` where the file has it (files of earlier releases are read as they are).
  static func key(_ row: Row, master: MasterKey) throws -> VaultKey {
    let id: String = row["id"]
    let owner: String = row["owner"]
    do {
      return VaultKey(
        id: id, owner: row["made_for"] ?? owner, secret: try master.unwrap(row["wrapped"], keyID: id, owner: owner))
    } catch {
      throw StorageError.valueDamaged
    }
  }
}

/// An encrypted value in the database.
struct VaultValueRow: Sendable {
  /// For whom its key was made.
  let owner: String
  let token: String
  let key: String
  let label: String
  let box: Data

  /// Stores the value once, where its key is. False when it was not stored because its key was deleted in the meantime.
  func insert(_ database: Database, _ seals: RowSeals) throws -> Bool {
    try database.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO vault_values (owner, token, key, label, box)
        SELECT owner, ?, id, ?, ? FROM vault_keys WHERE id = ?
        """
    ).execute(arguments: [token, label, box, key])
    let isNew = database.changesCount > 0
    let holder = try String.fetchOne(
      database.cachedStatement(sql: "SELECT owner FROM vault_keys WHERE id = ?"), arguments: [key])
    if isNew, let holder { try seals.add(holder, token, to: .values, database) }
    return holder != nil
  }
}
