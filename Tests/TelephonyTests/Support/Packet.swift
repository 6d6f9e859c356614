/// An RTP packet's octets (RFC 3550 section 5.1) as the tests write and read them.
struct Packet: Hashable, Sendable {
  var marker = false
  var type: UInt8 = 0
  var sequence: UInt16
  var timestamp: UInt32
  var source: UInt32 = 0x0A0B_0C0D
  var payload: [UInt8]

  var bytes: [UInt8] {
    [0x80, (marker ? 0x80 : 0) | type, UInt8(sequence >> 8), UInt8(sequence & 255)] + Self.octets(timestamp)
      + Self.octets(source) + payload
  }

  /// Four octets, highest first.
  static func octets(_ word: UInt32) -> [UInt8] {
    [UInt8(word >> 24), UInt8(word >> 16 & 255), UInt8(word >> 8 & 255), UInt8(word & 255)]
  }

  /// The word at an offset, highest octet first.
  static func word(_ bytes: [UInt8], at index: Int) -> UInt32 {
    bytes[index..<index + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}

extension Packet {
  /// Reads a packet without contributing sources, extension and padding.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 12, bytes[0] == 0x80 else { return nil }
    self.init(
      marker: bytes[1] >= 0x80, type: bytes[1] & 0x7F, sequence: UInt16(bytes[2]) << 8 | UInt16(bytes[3]),
      timestamp: Self.word(bytes, at: 4), source: Self.word(bytes, at: 8), payload: Array(bytes[12...]))
  }

  /// 20 ms of one octet. In mu-law 0x80 is 32,124 and 0x00 is -32,124.
  static func sound(_ octet: UInt8, _ number: Int, source: UInt32 = 0x0A0B_0C0D, type: UInt8 = 0) -> Packet {
    Packet(
      type: type, sequence: UInt16(100 + number), timestamp: UInt32(16_000 + 160 * number), source: source,
      payload: Array(repeating: octet, count: 160))
  }

  /// One packet of a key (RFC 4733 section 2.3).
  static func key(
    _ code: UInt8, _ sequence: Int, at timestamp: UInt32, duration: UInt16, end: Bool = false,
    source: UInt32 = 0x0A0B_0C0D
  ) -> Packet {
    Packet(
      type: 101, sequence: UInt16(sequence), timestamp: timestamp, source: source,
      payload: [code, (end ? 0x80 : 0) | 10, UInt8(duration >> 8), UInt8(duration & 255)])
  }

  /// A key as phones send it: it lasts for three packets, and its end comes three times.
  static func press(_ code: UInt8, _ sequence: Int, at timestamp: UInt32, source: UInt32 = 0x0A0B_0C0D) -> [Packet] {
    (0..<6).map { number in
      key(
        code, sequence + number, at: timestamp, duration: UInt16(160 * min(number + 1, 4)), end: number > 2,
        source: source)
    }
  }
}
