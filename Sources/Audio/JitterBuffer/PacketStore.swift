/// Packets that wait to be decoded, in order of their places. Bounded in number and octets; allocates at creation only.
///
/// Octets lie in cells, as many for each packet as it needs, so that short packets cost little and long ones fit.
struct PacketStore: ~Copyable {
  /// A packet without its octets.
  struct Entry {
    /// Where its audio begins, in the stream's clock.
    var place: Int
    /// How long it lasts, in steps of that clock.
    let ticks: Int
    let octets: Int
    let codec: any Codec
    fileprivate let cell: Int
  }

  /// Octets of the longest packet.
  static let longest = 1_600
  /// Octets of a cell: 20 ms of the codecs with 64,000 bits a second.
  private static let cell = 160
  /// As many packets, if they are short: 640 ms in packets of 5 ms.
  static let cells = 128

  private var entries: [Entry] = []
  /// The cells, and behind them room for a packet of several.
  private let octets: UnsafeMutablePointer<UInt8>
  /// The next cell of the same packet, or of the free ones.
  private var next = [Int](1...cells)
  private var free = 0
  private var freeCells = cells

  init() {
    entries.reserveCapacity(Self.cells)
    octets = .allocate(capacity: Self.cells * Self.cell + Self.longest)
    octets.initialize(repeating: 0, count: Self.cells * Self.cell + Self.longest)
  }

  deinit { octets.deallocate() }

  /// The packet that begins first.
  var first: Entry? { entries.isEmpty ? nil : entries[0] }

  /// How many packets wait.
  var count: Int { entries.count }

  /// Whether a packet of so many octets can be kept.
  func fits(_ octets: Int) -> Bool { Self.needed(octets) <= freeCells }

  private static func needed(_ octets: Int) -> Int { max(1, (octets + cell - 1) / cell) }

  /// Keeps a packet that `fits`, behind those that begin where it does.
  mutating func insert(_ packet: Span<UInt8>, place: Int, ticks: Int, codec: any Codec) {
    guard packet.count <= Self.longest, fits(packet.count) else { return }
    let head = free
    var written = 0
    for _ in 0..<Self.needed(packet.count) {
      let target = octets + free * Self.cell
      let count = min(packet.count - written, Self.cell)
      packet.withUnsafeBufferPointer { source in
        _ = UnsafeMutableBufferPointer(start: target, count: count)
          .update(fromContentsOf: source[written..<written + count])
      }
      written += count
      free = next[free]
    }
    freeCells -= Self.needed(packet.count)
    let entry = Entry(place: place, ticks: ticks, octets: packet.count, codec: codec, cell: head)
    entries.append(entry)
    var index = entries.count - 1
    while index > 0, entries[index - 1].place > place {
      entries[index] = entries[index - 1]
      index -= 1
    }
    entries[index] = entry
  }

  /// Takes the packet that begins first.
  /// - Returns: its octets, until the next packet is kept or taken.
  mutating func takeFirst() -> UnsafeBufferPointer<UInt8> {
    guard let entry = first else { return UnsafeBufferPointer(start: nil, count: 0) }
    var packet = octets + entry.cell * Self.cell
    if entry.octets > Self.cell {
      packet = octets + Self.cells * Self.cell
      var (cell, read) = (entry.cell, 0)
      while read < entry.octets {
        let count = min(entry.octets - read, Self.cell)
        (packet + read).update(from: octets + cell * Self.cell, count: count)
        read += count
        cell = next[cell]
      }
    }
    removeFirst()
    return UnsafeBufferPointer(start: packet, count: entry.octets)
  }

  /// Forgets the packet that begins first.
  mutating func removeFirst() {
    guard let entry = first else { return }
    entries.remove(at: 0)
    var last = entry.cell
    for _ in 1..<Self.needed(entry.octets) { last = next[last] }
    next[last] = free
    free = entry.cell
    freeCells += Self.needed(entry.octets)
  }

  mutating func removeAll() { while !entries.isEmpty { removeFirst() } }

  /// Takes so much off every place.
  mutating func rebase(by ticks: Int) {
    for index in 0..<entries.count { entries[index].place -= ticks }
  }
}
