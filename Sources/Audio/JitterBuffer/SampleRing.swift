/// Coded samples by their place in the stream's clock, each present or missing. Bounded; allocates at creation only.
///
/// One octet is one sample, as in G.711. Places are kept modulo the capacity: the owner sees to it that no two of one
/// window meet, and clears what it has read.
struct SampleRing: ~Copyable, Sendable {
  /// A little over a second; a power of two.
  static let capacity = 8_192
  private static let mask = capacity - 1
  private static let isPresent: UInt16 = 0x100

  private var cells = [UInt16](repeating: 0, count: capacity)

  func contains(_ position: Int) -> Bool { cells[position & Self.mask] != 0 }

  func octet(at position: Int) -> UInt8 { UInt8(truncatingIfNeeded: cells[position & Self.mask]) }

  mutating func store(_ octet: UInt8, at position: Int) {
    cells[position & Self.mask] = Self.isPresent | UInt16(octet)
  }

  mutating func clear(_ positions: Range<Int>) {
    for position in positions { cells[position & Self.mask] = 0 }
  }
}
