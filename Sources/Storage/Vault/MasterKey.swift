import Crypto
import FoundationEssentials

/// The key under which the keys of persons and calls are wrapped. It lies in a file of its own, apart from the database:
/// who has only one of the two can read no value.
public struct MasterKey: Sendable {
  /// The environment variable that names the key's file.
  public static let environmentName = "REPARTEE_VAULT_KEY_FILE"

  private let key: SymmetricKey

  init(_ key: SymmetricKey) { self.key = key }

  /// A random key that is kept nowhere: what is stored under it is gone with the process.
  public static func ephemeral() -> MasterKey { MasterKey(SymmetricKey(size: .bits256)) }

  /// Reads a key file: 64 hexadecimal digits. Throws `storage.key_missing` or `storage.key_invalid`.
  public static func load(at path: String) throws(StorageError) -> MasterKey {
    let bytes: [UInt8]
    do {
      bytes = try PrivateFile.read(path)
    } catch {
      throw StorageError(
        "key_missing", "The vault's key file \(path) cannot be read",
        hint: "Restore it from its copy, or name another one: vault_key in the configuration, or \(environmentName)")
    }
    guard let secret = Hexadecimal.bytes(bytes.filter { $0 > UInt8(ascii: " ") }), secret.count == 32 else {
      throw StorageError(
        "key_invalid", "The vault's key file \(path) does not hold 64 hexadecimal digits",
        hint: "Restore it from its copy")
    }
    return MasterKey(SymmetricKey(data: secret))
  }

  /// Reads the key file, or makes one with a new random key and mode 0600 when there is none.
  ///
  /// - Returns: the key, and whether it was made now: say so to the operator, who must keep a copy of it. Without it every
  ///   value in the vault is lost.
  public static func loadOrCreate(at path: String) throws(StorageError) -> (key: MasterKey, wasCreated: Bool) {
    let fresh = SymmetricKey(size: .bits256)
    let text = fresh.withUnsafeBytes { Hexadecimal.text($0) } + "\n"
    guard try PrivateFile.create(at: path, containing: Array(text.utf8)) else { return (try load(at: path), false) }
    return (MasterKey(fresh), true)
  }

  /// 32 bytes for another purpose, such as the key of idempotency keys. One purpose tells nothing of another, or of this key.
  public func derived(for purpose: String) -> [UInt8] {
    HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data(("repartee " + purpose).utf8), outputByteCount: 32)
      .withUnsafeBytes { Array($0) }
  }

  /// Tells whether a database was written under this key, without telling the key.
  var fingerprint: Data { Data(derived(for: "fingerprint").prefix(8)) }

  func wrap(_ secret: SymmetricKey, keyID: String, owner: String) throws -> Data {
    let box = try AES.GCM.seal(
      secret.withUnsafeBytes { Data($0) }, using: key, authenticating: Data((keyID + " " + owner).utf8))
    return box.combined ?? Data()
  }

  func unwrap(_ wrapped: Data, keyID: String, owner: String) throws -> SymmetricKey {
    let box = try AES.GCM.SealedBox(combined: wrapped)
    return SymmetricKey(data: try AES.GCM.open(box, using: key, authenticating: Data((keyID + " " + owner).utf8)))
  }
}

/// Bytes as lower-case hexadecimal digits.
enum Hexadecimal {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Nil when these are not hexadecimal digits, two for each byte.
  static func bytes(_ digits: [UInt8]) -> [UInt8]? {
    let values = digits.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard values.count == digits.count, values.count % 2 == 0 else { return nil }
    return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
  }
}
