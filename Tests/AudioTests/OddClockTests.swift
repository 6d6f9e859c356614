import Audio
import Core
import TestSupport
import Testing

/// Streams of senders whose numbers are not what they should be, as traces: their audio is heard all the same.
struct OddClockTests {
  /// Plays a trace of 20 ms packets and more, and tells which of the places 0..<`places` were heard in a whole frame of their
  /// own, and in which order.
  /// - Parameter judged: the first tick that counts.
  private static func heard(
    _ packets: [Packet], ticks: Int, judged: Int = 0
  ) -> (frames: Int, inOrder: Bool, report: MediaReport) {
    var buffer = JitterBuffer()
    var waiting = packets.sorted { $0.arrival < $1.arrival }[...]
    var frames = 0
    var place = 0
    var inOrder = true
    for tick in 0..<ticks {
      let now = milliseconds(tick * 20 + 5)
      while let packet = waiting.first, packet.arrival <= now {
        _ = buffer.insert(packet)
        waiting.removeFirst()
      }
      let frame = buffer.pull(at: now)
      guard frame.kind == .received, tick >= judged else { continue }
      frames += 1
      let tail = Array(frame.samples.suffix(40))
      let found = (place..<min(place + 24_000, said.count - 40)).first {
        said[$0] == tail[0] && said[$0..<$0 + 40].elementsEqual(tail)
      }
      guard let found else {
        inOrder = false
        continue
      }
      place = found + 40
    }
    return (frames, inOrder, buffer.report)
  }

  private static let said = (0..<80_000).map(Packet.sound)

  @Test func `timestamps that step back once are followed`() {
    let packets = (0..<300).map { index in
      var packet = Packet.steady(index)
      if index >= 100 { packet.timestamp &-= 40_000 }
      return packet
    }
    let heard = Self.heard(packets, ticks: 300)
    #expect(heard.inOrder && heard.frames >= 290)
  }

  @Test(arguments: [-40, -1_000, 20_000])
  func `numbers that begin anew under one source are followed`(step: Int) {
    let packets = (0..<300).map { index in
      var packet = Packet.steady(index)
      if index >= 100 { packet.sequence &+= UInt16(truncatingIfNeeded: step) }
      return packet
    }
    let heard = Self.heard(packets, ticks: 300)
    #expect(heard.inOrder && heard.frames >= 295)
    #expect(heard.report.packetsDuplicate == 0)
  }

  @Test func `a marker on every packet changes nothing`() {
    let packets = (0..<300).filter { $0 % 20 != 7 }.map { index in
      var packet = Packet.steady(index, late: index % 9 == 0 ? 15 : 0)
      packet.marker = true
      return packet
    }
    let heard = Self.heard(packets, ticks: 300)
    #expect(heard.inOrder && heard.frames >= 270 && heard.report.restarts == 0)
  }

  /// Timestamps of a clock of 16,000 or 48,000 hertz, in milliseconds, and of a clock that stands.
  @Test(arguments: [320, 960, 20, 0])
  func `a clock of the wrong rate is not believed for long`(step: Int) {
    let packets = (0..<400).map { index in
      var packet = Packet.steady(index)
      packet.timestamp = 5_000 &+ UInt32(index * step)
      return packet
    }
    let heard = Self.heard(packets, ticks: 400, judged: 25)
    #expect(heard.inOrder && heard.frames >= 365)
  }

  @Test func `a clock of the wrong rate is mended through loss and disorder too`() {
    var packets = (0..<400).filter { $0 % 25 != 12 }.map { index in
      var packet = Packet.steady(index)
      packet.timestamp = 5_000 &+ UInt32(index * 320)
      return packet
    }
    for index in stride(from: 30, to: 300, by: 20) {
      packets[index].arrival = packets[index + 1].arrival + .milliseconds(1)
    }
    let heard = Self.heard(packets, ticks: 400, judged: 30)
    #expect(heard.inOrder && heard.frames >= 325)
  }

  @Test func `a sender of few packets has a right clock and is left alone`() {
    // One packet of 20 ms in 100 ms: silence suppression with a heartbeat.
    let packets = (0..<100).map { index in
      var packet = Packet.steady(index * 5)
      packet.sequence = UInt16(index)
      return packet
    }
    let heard = Self.heard(packets, ticks: 500)
    #expect(heard.frames >= 90 && heard.report.packetsLate == 0)
    #expect(heard.report.overflow == .zero)
  }

  @Test func `packets that change their length are heard whole`() {
    var packets: [Packet] = []
    var place = 0
    for (index, length) in (0..<150).map({ ($0, [160, 240, 80, 480][$0 / 10 % 4]) }) {
      packets.append(
        Packet(
          sequence: UInt16(index), timestamp: 9_000 + UInt32(place),
          payload: (place..<place + length).map(Packet.noise), arrival: .milliseconds(place / 8)))
      place += length
    }
    let heard = Self.heard(packets, ticks: place / 160)
    #expect(heard.inOrder && heard.frames >= place / 160 - 20)
  }

  @Test func `packets that come twice, and in pairs turned round, are heard once each`() {
    var packets = (0..<300).map { Packet.steady($0) }
    for index in stride(from: 0, to: 298, by: 2) {
      packets[index].arrival = packets[index + 1].arrival + .milliseconds(1)
    }
    let copies = packets.map { packet in
      var copy = packet
      copy.arrival = copy.arrival + .milliseconds(2)
      return copy
    }
    let heard = Self.heard(packets + copies, ticks: 300)
    #expect(heard.inOrder && heard.frames >= 290 && heard.report.packetsDuplicate == 300)
  }

  @Test func `silence told by comfort noise alone is a pause, and speech behind it is heard from its beginning`() {
    // Comfort noise has a payload type of its own and is not shown to the buffer; it takes sequence numbers.
    let packets = (0..<300).filter { !(100..<200 ~= $0) }.map { index in
      var packet = Packet.steady(index)
      packet.marker = index == 200
      return packet
    }
    let heard = Self.heard(packets, ticks: 300)
    #expect(heard.inOrder && heard.frames >= 190 && heard.report.packetsLate == 0)
  }
}
