import Core
import TestSupport
import Testing

@testable import Audio

struct PacketStoreTests {
  private static let codec = G711Codec(.muLaw)

  private static func octets(_ count: Int, _ seed: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ seed) }
  }

  @Test func `packets come out by their places, whole, whatever their length and order`() {
    var store = PacketStore()
    var random = Seeded(5)
    var kept: [(place: Int, octets: [UInt8])] = []
    var taken = 0
    for round in 0..<5_000 {
      let count = random.chance(0.1) ? 1 + random.below(1_600) : [1, 40, 80, 160, 161, 240, 480][random.below(7)]
      let place = random.below(4_000)
      let octets = Self.octets(count, round)
      if store.fits(count) {
        store.insert(octets.span, place: place, ticks: count, codec: Self.codec)
        kept.append((place, octets))
      }
      while kept.count > random.below(60) {
        guard let first = store.first, let least = kept.map(\.place).min(),
          let index = kept.firstIndex(where: { $0.place == least })
        else { break }
        let packet = Array(store.takeFirst())
        if first.place != least || packet != kept[index].octets || first.ticks != packet.count {
          Issue.record("round \(round): another packet than the first")
          return
        }
        kept.remove(at: index)
        taken += 1
      }
      let waiting = store.count
      guard waiting == kept.count else {
        Issue.record("round \(round): \(waiting) packets instead of \(kept.count)")
        return
      }
    }
    #expect(taken > 2_000)
  }

  @Test func `there is room for so many packets and no more, and all of it comes back`() {
    var store = PacketStore()
    for _ in 0..<3 {
      for place in 0..<PacketStore.cells {
        store.insert(Self.octets(160, place).span, place: place, ticks: 160, codec: Self.codec)
      }
      let (isFull, count) = (!store.fits(1), store.count)
      #expect(isFull && count == PacketStore.cells)
      // One more changes nothing.
      store.insert(Self.octets(1, 0).span, place: 0, ticks: 1, codec: Self.codec)
      for _ in 0..<10 { store.removeFirst() }
      let (fitsLong, fitsLonger, place) = (store.fits(1_600), store.fits(1_601), store.first?.place)
      #expect(fitsLong && !fitsLonger && place == 10)
      store.removeAll()
      let isEmpty = store.first == nil
      #expect(isEmpty)
    }
    store.insert(Self.octets(1_601, 0).span, place: 0, ticks: 1, codec: Self.codec)
    let isEmpty = store.count == 0
    #expect(isEmpty, "longer than any packet may be")
  }

  @Test func `a flood of the shortest packets drops the oldest and stays within its bounds`() {
    var buffer = JitterBuffer()
    var overflows = 0
    for index in 0..<2_000 {
      var packet = Packet.steady(0)
      packet.sequence = UInt16(index)
      packet.timestamp = 5_000 + UInt32(index)
      packet.payload = [0x90]
      if buffer.insert(packet) == .overflow { overflows += 1 }
      let waiting = buffer.packets.count
      guard waiting <= PacketStore.cells else {
        Issue.record("\(waiting) packets wait")
        return
      }
    }
    let (report, cursor, end) = (buffer.report, buffer.cursor, buffer.end)
    #expect(report.packetsReceived == 2_000 && overflows == 2_000 - PacketStore.cells)
    #expect(end - cursor == PacketStore.cells)
    #expect(report.overflow == AudioRate.narrowband.span(of: 2_000 - PacketStore.cells))
  }
}
