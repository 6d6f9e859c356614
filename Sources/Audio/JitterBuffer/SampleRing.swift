/// Linear samples by their place in the stream's clock, each present or missing. Bounded; allocates at creation only.
///
/// Places are kept modulo the capacity: the owner sees to it that no two of one window meet, and clears what it has read.
struct SampleRing: ~Copyable, Sendable {
  /// A little over a second; a power of two.
  static let capacity = 8_192
  private static let mask = capacity - 1
  private static let isPresent: Int32 = 1 << 16

  private var cells = [Int32](repeating: 0, count: capacity)

  func contains(_ position: Int) -> Bool { cells[position & Self.mask] != 0 }

  func sample(at position: Int) -> Int16 { Int16(truncatingIfNeeded: cells[position & Self.mask]) }

  mutating func store(_ sample: Int16, at position: Int) {
    cells[position & Self.mask] = Self.isPresent | Int32(UInt16(bitPattern: sample))
  }

  mutating func clear(_ positions: Range<Int>) {
    for position in positions { cells[position & Self.mask] = 0 }
  }
}
