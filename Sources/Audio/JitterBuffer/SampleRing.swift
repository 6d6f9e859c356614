/// Decoded samples from the one at the cursor on, each present or missing. Bounded; allocates at creation only.
struct SampleRing: ~Copyable {
  private static let isPresent: Int32 = 1 << 16

  /// As many as a power of two.
  private let cells: UnsafeMutablePointer<Int32>
  private let mask: Int
  private var start = 0

  /// Room for a frame and the longest packet that begins in it: 220 ms and a little more.
  init(rate: AudioRate) {
    let count = 2_048 * rate.hertz / AudioRate.narrowband.hertz
    cells = .allocate(capacity: count)
    cells.initialize(repeating: 0, count: count)
    mask = count - 1
  }

  deinit { cells.deallocate() }

  /// Whether there is a sample so far behind the cursor's.
  func contains(_ offset: Int) -> Bool { cells[(start + offset) & mask] != 0 }

  func sample(at offset: Int) -> Int16 { Int16(truncatingIfNeeded: cells[(start + offset) & mask]) }

  /// Copies samples from one place on as far as they are there.
  /// - Returns: the place behind the last one.
  func read(_ range: Range<Int>, into frame: inout MutableSpan<Int16>) -> Int {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let cell = cells[(start &+ offset) & mask]
      if cell == 0 { break }
      frame[offset] = Int16(truncatingIfNeeded: cell)
      offset += 1
    }
    return offset
  }

  /// The first place of a range where there is a sample; its end when there is none.
  func firstPresent(_ range: Range<Int>) -> Int {
    for offset in range where cells[(start + offset) & mask] != 0 { return offset }
    return range.upperBound
  }

  /// Keeps samples whose first lies `offset` behind the cursor's; what lies before it is left out.
  mutating func store(_ samples: Span<Int16>, at offset: Int) {
    let first = max(0, -offset)
    let stop = min(samples.count, mask + 1 - offset)
    guard first < stop else { return }
    let base = start + offset
    for index in first..<stop {
      cells[(base &+ index) & mask] = Self.isPresent | Int32(UInt16(bitPattern: samples[index]))
    }
  }

  /// Moves the cursor on, forgetting what is passed.
  mutating func advance(_ samples: Int) {
    let passed = min(samples, mask + 1)
    let straight = min(passed, mask + 1 - start)
    (cells + start).update(repeating: 0, count: straight)
    cells.update(repeating: 0, count: passed - straight)
    start = (start + samples) & mask
  }

  /// Forgets everything.
  mutating func clear() { advance(mask + 1) }
}
