import Crypto
import FoundationEssentials

/// The hash that names a version: SHA-256 over the built-in files the assistant was read with and its own files.
///
/// Each file enters as its path, a zero byte, the length of its content as eight bytes, most significant first, and its
/// content; paths in the order of their bytes. So no two folders share a hash by where a file ends, and a new set of built-in
/// patterns is a new version.
struct ContentHash {
  private var digest = SHA256()

  mutating func add(path: String, content: Data) {
    digest.update(data: Data(path.utf8))
    digest.update(data: Data([0]))
    digest.update(data: Data((0..<8).map { UInt8(truncatingIfNeeded: UInt64(content.count) >> UInt64(8 * (7 - $0))) }))
    digest.update(data: content)
  }

  /// Lower-case hexadecimal.
  func finish() -> String {
    digest.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
