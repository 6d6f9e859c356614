/// An IPv4 or IPv6 address in 128 bits, without allocation. IPv4 is kept as IPv4-mapped, so that both notations are
/// equal.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
  /// Upper 64 bits.
  public let high: UInt64
  /// Lower 64 bits.
  public let low: UInt64

  /// From the 32 bits of an IPv4 address, first octet highest.
  public init(v4 value: UInt32) {
    high = 0
    low = 0xFFFF_0000_0000 | UInt64(value)
  }

  /// From the 128 bits of an IPv6 address.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Parses dotted IPv4 or IPv6 text without brackets and zone; nil when it is neither.
  public init?(_ text: some StringProtocol) {
    if let value = Self.v4(text) {
      self.init(v4: value)
      return
    }
    guard text.utf8.count <= 45, let groups = Self.groups(text) else { return nil }
    self.init(
      high: groups[0..<4].reduce(0) { $0 << 16 | UInt64($1) }, low: groups[4..<8].reduce(0) { $0 << 16 | UInt64($1) })
  }

  /// Whether this is an IPv4 address (or an IPv4-mapped one).
  public var isV4: Bool { high == 0 && low >> 32 == 0xFFFF }
  /// Whether all bits of the address are zero, as in the hold of RFC 2543.
  public var isUnspecified: Bool { high == 0 && (low == 0 || low == 0xFFFF_0000_0000) }

  /// Whether packets to the address never leave the machine.
  public var isLoopback: Bool { isV4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1 }
  /// Whether it may stand for one machine: it is not multicast, broadcast, or of a block that is nobody's (RFC 1122 section 3.2.1.3, RFC 5771,
  /// RFC 4291 section 2.7). The unspecified address stands for none.
  public var namesHost: Bool { isV4 ? (1..<224).contains(low >> 24 & 0xFF) : high >> 56 != 0xFF && !isUnspecified }

  /// Whom the address counts for where there are bounds for each source: itself, or of IPv6 its network of 64 bits, for within that a
  /// single machine may take any address (RFC 4291 section 2.5.4, RFC 8981).
  public var source: IPAddress { isV4 ? self : IPAddress(high: high, low: 0) }

  private static func v4(_ text: some StringProtocol) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard part.utf8.count <= 3, let octet = part.decimal(upTo: 255) else { return nil }
      value = value << 8 | UInt32(octet)
    }
    return value
  }

  private static func groups(_ text: some StringProtocol) -> [UInt16]? {
    func read(_ text: Substring) -> [UInt16]? {
      guard !text.isEmpty else { return [] }
      var found: [UInt16] = []
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() {
        if index == parts.count - 1, let tail = v4(part) {
          found += [UInt16(tail >> 16), UInt16(truncatingIfNeeded: tail)]
        } else {
          guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(\.isHex), let group = UInt16(part, radix: 16)
          else { return nil }
          found.append(group)
        }
      }
      return found
    }
    let whole = Substring(text)
    let bytes = Array(whole.utf8)
    var gap: Int?
    for index in bytes.indices.dropLast() where bytes[index] == 0x3A && bytes[index + 1] == 0x3A {
      gap = index
      break
    }
    guard let gap else {
      guard let all = read(whole), all.count == 8 else { return nil }
      return all
    }
    guard let head = read(Substring(String(decoding: bytes[..<gap], as: UTF8.self))),
      let tail = read(Substring(String(decoding: bytes[(gap + 2)...], as: UTF8.self))), head.count + tail.count < 8
    else { return nil }
    return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  public var description: String {
    if isV4 { return "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)" }
    return [high, low].flatMap { word in [48, 32, 16, 0].map { String(word >> UInt64($0) & 0xFFFF, radix: 16) } }
      .joined(separator: ":")
  }
}

/// A block of addresses: `192.0.2.0/24`, `2001:db8::/32` or a single address.
public struct AddressRange: Hashable, Sendable {
  private let base: IPAddress
  private let bits: Int

  /// Parses an address with an optional prefix length; nil when it is malformed.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = IPAddress(first) else { return nil }
    let isV4 = address.isV4 && !first.utf8.contains(UInt8(ascii: ":"))
    var bits = 128
    if parts.count == 2 {
      guard let length = parts[1].decimal(upTo: isV4 ? 32 : 128) else { return nil }
      bits = Int(length) + (isV4 ? 96 : 0)
    }
    base = address
    self.bits = bits
  }

  /// The address that the block was written with.
  public var first: IPAddress { base }

  /// The one address that it is of; nil for a block of several.
  public var single: IPAddress? { bits == 128 ? base : nil }

  /// Whether the address lies in the block.
  public func contains(_ address: IPAddress) -> Bool {
    let highMask: UInt64 = bits >= 64 ? ~0 : (bits == 0 ? 0 : ~0 << UInt64(64 - bits))
    let lowMask: UInt64 = bits <= 64 ? 0 : ~0 << UInt64(128 - bits)
    return (address.high ^ base.high) & highMask == 0 && (address.low ^ base.low) & lowMask == 0
  }
}
