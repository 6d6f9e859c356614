internal import Crypto
internal import Foundation
internal import Signalling

/// Tokens of 128 bits from the system's generator.
struct SystemTokens: TokenSource {
  mutating func next() -> String {
    var generator = SystemRandomNumberGenerator()
    return [generator.next(), generator.next()].map { (half: UInt64) in
      let digits = String(half, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

extension DigestHashes {
  /// MD5 (RFC 7616 keeps it for old peers) and SHA-256.
  static let system = DigestHashes(
    md5: { Array(Insecure.MD5.hash(data: $0)) }, sha256: { Array(SHA256.hash(data: $0)) })
}
