import Audio
import Core
import TestSupport
import Testing

struct JitterBufferTests {
  /// Runs ticks from 5 ms on, one each 20 ms, over packets in order of arrival.
  private static func play(
    _ packets: [Packet], ticks: Int, into buffer: inout JitterBuffer
  ) -> [(kind: PulledFrame, samples: [Int16])] {
    var waiting = packets.sorted { $0.arrival < $1.arrival }[...]
    return (0..<ticks).map { tick in
      let now = milliseconds(tick * 20 + 5)
      while let packet = waiting.first, packet.arrival <= now {
        _ = buffer.insert(packet)
        waiting.removeFirst()
      }
      return buffer.pull(at: now)
    }
  }

  private static func sound(_ range: Range<Int>) -> [Int16] { range.map(Packet.sound) }

  @Test func `before the first packet there is nothing, then silence for the first delay`() {
    var buffer = JitterBuffer()
    let before = buffer.pull(at: milliseconds(5))
    #expect(before.kind == .none)
    #expect(before.samples.allSatisfy { $0 == 0 })
    var kinds: [PulledFrame] = []
    for index in 0..<5 {
      _ = buffer.insert(.steady(index))
      kinds.append(buffer.pull(at: milliseconds(index * 20 + 5)).kind)
    }
    #expect(kinds == [.silence, .silence, .received, .received, .received])
  }

  @Test(arguments: [10, 20, 30, 40, 60])
  func `packets of any length come out whole and in order`(packetTime: Int) {
    var buffer = JitterBuffer()
    let packets = (0..<3_000 / packetTime).map { Packet.steady($0, packetTime: packetTime) }
    let frames = Self.play(packets, ticks: 148, into: &buffer)
    let audible = frames.filter { $0.kind != .silence }
    #expect(audible.allSatisfy { $0.kind == .received })
    #expect(audible.flatMap(\.samples) == Self.sound(0..<audible.count * 160))
    #expect(audible.count >= 144)
  }

  @Test func `sequence numbers and timestamps wrap unheard`() {
    var buffer = JitterBuffer()
    let packets = (0..<200).map { Packet.steady($0, firstSequence: 65_500, firstTimestamp: UInt32.max - 8_000) }
    let audible = Self.play(packets, ticks: 198, into: &buffer).filter { $0.kind == .received }
    #expect(audible.flatMap(\.samples) == Self.sound(0..<audible.count * 160))
    #expect(audible.count == 196)
    let restarts = buffer.report.restarts
    #expect(restarts == 0)
  }

  @Test func `packets that overtake each other are put in order`() {
    var buffer = JitterBuffer()
    var packets = (0..<100).map { Packet.steady($0) }
    for index in stride(from: 10, to: 90, by: 7) {
      packets[index].arrival = packets[index + 1].arrival + .milliseconds(1)
    }
    let audible = Self.play(packets, ticks: 98, into: &buffer).filter { $0.kind != .silence }
    #expect(audible.flatMap(\.samples) == Self.sound(0..<audible.count * 160))
  }

  @Test func `the first packets may overtake each other too`() {
    var buffer = JitterBuffer()
    _ = buffer.insert(.steady(1, late: -20))
    _ = buffer.insert(.steady(0, late: 1))
    var heard: [Int16] = []
    for tick in 0..<6 {
      let frame = buffer.pull(at: milliseconds(tick * 20 + 5))
      if frame.kind == .received { heard += frame.samples }
    }
    #expect(heard == Self.sound(0..<320))
  }

  @Test func `a lost packet is concealed for its length, no longer`() {
    var buffer = JitterBuffer()
    let packets = (0..<50).filter { $0 != 20 }.map { Packet.steady($0) }
    let frames = Self.play(packets, ticks: 48, into: &buffer)
    #expect(frames[22].kind == .concealed)
    #expect(frames[22].samples.contains { $0 != 0 })
    #expect(frames.filter { $0.kind == .concealed }.count == 1)
    // The first 10 ms behind the loss are mixed.
    #expect(frames[23].samples.suffix(80) == Self.sound(21 * 160 + 80..<22 * 160)[...])
    #expect(frames[24].samples == Self.sound(22 * 160..<23 * 160))
  }

  @Test func `what is dropped has a name`() {
    var buffer = JitterBuffer()
    var insertions: [JitterBuffer.Insertion] = []
    for index in [0, 1, 3, 4, 5] { insertions.append(buffer.insert(.steady(index))) }
    insertions.append(buffer.insert(.steady(4)))
    for tick in 2..<7 { _ = buffer.pull(at: milliseconds(tick * 20 + 5)) }
    insertions.append(buffer.insert(.steady(2)))
    var empty = Packet.steady(9)
    empty.payload = []
    insertions.append(buffer.insert(empty))
    var long = Packet.steady(9)
    long.payload = [UInt8](repeating: 0, count: 1_601)
    insertions.append(buffer.insert(long))
    insertions.append(buffer.insert(.steady(5_000)))
    #expect(
      insertions == [
        .restarted, .accepted, .accepted, .accepted, .accepted, .duplicate, .late, .invalid, .invalid, .stray,
      ])
    let report = buffer.report
    #expect(report.packetsReceived == 5 && report.packetsLate == 1 && report.packetsDuplicate == 1)
    #expect(report.packetsRefused == 3)
  }

  @Test func `another source begins anew at once`() {
    var buffer = JitterBuffer()
    for index in 0..<10 {
      _ = buffer.insert(.steady(index))
      _ = buffer.pull(at: milliseconds(index * 20 + 5))
    }
    var heard: [Int16] = []
    for index in 10..<20 {
      var packet = Packet.steady(index, firstSequence: 9, firstTimestamp: 4_000_000_000)
      packet.source = 2
      let insertion = buffer.insert(packet)
      #expect(insertion == (index == 10 ? .restarted : .accepted))
      let frame = buffer.pull(at: milliseconds(index * 20 + 5))
      if frame.kind == .received { heard += frame.samples }
    }
    #expect(heard == Self.sound(10 * 160..<18 * 160))
  }

  @Test(arguments: [true, false])
  func `a jump of the clock is believed at once with the marker, else when the next packet agrees`(marker: Bool) {
    var buffer = JitterBuffer()
    for index in 0..<10 {
      _ = buffer.insert(.steady(index))
      _ = buffer.pull(at: milliseconds(index * 20 + 5))
    }
    var insertions: [JitterBuffer.Insertion] = []
    for index in 10..<13 {
      var packet = Packet.steady(index, firstTimestamp: 3_000_000_000)
      packet.marker = marker && index == 10
      insertions.append(buffer.insert(packet))
    }
    #expect(insertions == (marker ? [.restarted, .accepted, .accepted] : [.stray, .restarted, .accepted]))
  }

  @Test func `a clock that steps back a little is followed at the third late packet`() {
    var buffer = JitterBuffer()
    for index in 0..<30 {
      _ = buffer.insert(.steady(index))
      _ = buffer.pull(at: milliseconds(index * 20 + 5))
    }
    var insertions: [JitterBuffer.Insertion] = []
    for index in 30..<37 {
      var packet = Packet.steady(index)
      packet.timestamp &-= 6_400
      insertions.append(buffer.insert(packet))
      _ = buffer.pull(at: milliseconds(index * 20 + 5))
    }
    #expect(insertions == [.late, .late, .restarted, .accepted, .accepted, .accepted, .accepted])
  }

  @Test(arguments: [true, false])
  func `after a pause the stream goes on whether its clock ran or stood`(clockRuns: Bool) {
    var buffer = JitterBuffer()
    for index in 0..<20 {
      _ = buffer.insert(.steady(index))
      _ = buffer.pull(at: milliseconds(index * 20 + 5))
    }
    var kinds: [PulledFrame] = []
    for tick in 20..<500 { kinds.append(buffer.pull(at: milliseconds(tick * 20 + 5)).kind) }
    #expect(kinds.suffix(450).allSatisfy { $0 == .silence })
    var heard: [Int16] = []
    var accepted = 0
    for index in 500..<520 {
      var packet = Packet.steady(index)
      packet.sequence = 120 &+ UInt16(index - 500)
      if !clockRuns { packet.timestamp = 5_000 + UInt32(20 * 160 + (index - 500) * 160) }
      if buffer.insert(packet) == .accepted { accepted += 1 }
      let frame = buffer.pull(at: milliseconds(index * 20 + 5))
      if frame.kind == .received { heard += frame.samples }
    }
    #expect(accepted == 20)
    #expect(heard.prefix(160) == Self.sound(500 * 160..<501 * 160)[...])
    #expect(heard.count >= 17 * 160)
    let report = buffer.report
    #expect(report.delay <= .milliseconds(65) && report.targetDelay <= .milliseconds(40))
  }

  @Test func `losses in a row do not add up to a delay`() {
    var buffer = JitterBuffer(limits: JitterBuffer.Limits(start: .milliseconds(20)))
    let packets = (0..<1_000).filter { $0 % 50 < 48 }.map { Packet.steady($0) }
    let frames = Self.play(packets, ticks: 990, into: &buffer)
    // What waiting for audio that never came has cost is taken back by leaving out the rest of the loss.
    let delay = buffer.report.delay
    #expect(delay == .milliseconds(25))
    #expect(frames.count { $0.kind == .concealed } == 20 * 2 - 2)
  }

  @Test func `audio that was held up is played whole, and the delay shrinks in silence`() {
    var buffer = JitterBuffer()
    // Loud for 3 s with a jam of 200 ms at 1 s; then background noise.
    let packets = (0..<600).map { index in
      var packet = index < 150 ? Packet.steady(index) : Packet.steady(index, octet: { _ in 0xFF })
      if 50..<60 ~= index { packet.arrival = milliseconds(1_200) }
      return packet
    }
    let frames = Self.play(packets, ticks: 598, into: &buffer)
    // Frame by frame: all loud audio came out, in order, apart from the mixed beginning behind the concealment.
    let received = frames.filter { $0.kind == .received }.flatMap(\.samples)
    #expect(received.prefix(45 * 160) == Self.sound(0..<45 * 160)[...])
    let lastLoud = Self.sound(140 * 160..<150 * 160)
    let loudEnd = received.lastIndex { abs($0) > 8 } ?? 0
    #expect(received[loudEnd + 1 - 1_600...loudEnd] == lastLoud[...])
    let report = buffer.report
    #expect(report.packetsLate == 0 && report.packetsReceived == 598)
    #expect(report.framesSkipped >= 5)
    #expect(report.delay <= report.targetDelay + .milliseconds(30))
  }

  @Test func `too much audio at once drops the oldest`() {
    var buffer = JitterBuffer()
    var overflows = 0
    for index in 0..<100 {
      var packet = Packet.steady(index)
      packet.arrival = milliseconds(2_000)
      if buffer.insert(packet) == .overflow { overflows += 1 }
    }
    #expect(overflows > 0)
    var heard: [Int16] = []
    for tick in 100..<130 {
      let frame = buffer.pull(at: milliseconds(tick * 20 + 5))
      if frame.kind == .received { heard += frame.samples }
    }
    #expect(heard.suffix(160) == Self.sound(99 * 160..<100 * 160)[...])
    #expect(heard.count <= 4_000)
    let overflow = buffer.report.overflow
    #expect(overflow == AudioRate.narrowband.span(of: 16_000 - heard.count))
  }

  @Test func `the delay follows the jitter up and down within its bounds`() {
    var buffer = JitterBuffer()
    var random = Seeded(4)
    var targets: [Int] = []
    for (spread, count) in [(0, 1_000), (60, 1_000), (900, 1_000), (0, 2_000)] {
      for _ in 0..<count {
        let index = targets.count
        _ = buffer.insert(.steady(index, late: spread == 0 ? 0 : Int.random(in: 0...spread, using: &random)))
        _ = buffer.pull(at: milliseconds(index * 20 + 5))
        targets.append(buffer.report.targetDelay.milliseconds)
      }
    }
    #expect(targets[0] == 40)
    #expect(targets[999] == 20)
    #expect(60...80 ~= targets[1_999])
    #expect(targets[2_999] == 200)
    #expect(targets[4_999] == 20)
  }

  @Test(arguments: [999, 1_001])
  func `a sender whose clock is fast or slow has no more delay for it`(permille: Int) {
    var buffer = JitterBuffer()
    var now = CallInstant.zero
    for index in 0..<10_000 {
      var packet = Packet.steady(index)
      packet.arrival = CallInstant(microseconds: Int64(index * 20 * permille))
      while now < packet.arrival {
        _ = buffer.pull(at: now)
        now = now + AudioFrame.span
      }
      _ = buffer.insert(packet)
    }
    // In 200 s the clocks have come 200 ms apart.
    let report = buffer.report
    #expect(report.targetDelay <= .milliseconds(40))
  }

  @Test func `packets of either law are heard, one after the other`() {
    var buffer = JitterBuffer()
    let packets = (0..<100).map { index in
      var packet = Packet.steady(index)
      if index / 7 % 2 == 1 {
        packet.payload = packet.payload.map { G711.aLaw.encode(G711.muLaw.decode($0)) }
        packet.law = .aLaw
      }
      return packet
    }
    let expected = packets.flatMap { packet in packet.payload.map { packet.law.decode($0) } }
    let audible = Self.play(packets, ticks: 98, into: &buffer).filter { $0.kind != .silence }
    #expect(audible.allSatisfy { $0.kind == .received } && audible.count >= 95)
    #expect(audible.flatMap(\.samples) == expected[..<(audible.count * 160)].map { $0 })
  }
}
