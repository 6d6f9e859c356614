import TestSupport
import Testing

@testable import Signalling

extension RTPHeader {
  init?(bytes: [UInt8]) {
    guard let header = bytes.withUnsafeBytes({ RTPHeader($0) }) else { return nil }
    self = header
  }
}

@Suite struct RTPTests {
  @Test func `a header written is the header read`() throws {
    let header = RTPHeader(marker: true, payloadType: 8, sequence: 65_535, timestamp: 0xDEAD_BEEF, source: 0x0102_0304)
    var packet = [UInt8](repeating: 0xAB, count: 172)
    let written = packet.withUnsafeMutableBytes { header.write(to: $0) }
    #expect(written)
    #expect(Array(packet[0..<4]) == [0x80, 0x88, 0xFF, 0xFF])
    let read = try #require(RTPHeader(bytes: packet))
    #expect(read.payloadOffset == 12 && read.payloadCount == 160)
    #expect((read.marker, read.sequence, read.timestamp, read.source) == (true, 65_535, 0xDEAD_BEEF, 0x0102_0304))
    var small = [UInt8](repeating: 0, count: 11)
    let refused = small.withUnsafeMutableBytes { !header.write(to: $0) }
    #expect(refused)
  }

  @Test func `sources, extension and padding are skipped`() throws {
    let head: [UInt8] = [0xB2, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3] + [UInt8](repeating: 9, count: 8)
    let packet = head + [0xBE, 0xDE, 0, 1, 1, 2, 3, 4] + [7, 7, 7] + [0, 0, 3]
    let header = try #require(RTPHeader(bytes: packet))
    #expect(header.payloadOffset == 28 && header.payloadCount == 3)
  }

  @Test(
    arguments: [
      [], [0x80], [UInt8](repeating: 0x80, count: 11), [0x40] + [UInt8](repeating: 0, count: 11),
      [0x81] + [UInt8](repeating: 0, count: 11), [0x90] + [UInt8](repeating: 0, count: 14),
      [0x90] + [UInt8](repeating: 0, count: 13) + [0xFF, 0xFF], [0xA0] + [UInt8](repeating: 0, count: 11),
      [0xA0] + [UInt8](repeating: 0, count: 11) + [2],
    ] as [[UInt8]]) func `what is no RTP is refused`(_ packet: [UInt8])
  {
    #expect(RTPHeader(bytes: packet) == nil)
  }

  @Test(arguments: [200, 204, 207, 80, 208] as [UInt8])
  func `what may be a report on the wrong port says so, and is left to the agreement`(type: UInt8) throws {
    let header = try #require(RTPHeader(bytes: [0x80, type] + [UInt8](repeating: 0, count: 26)))
    #expect(header.mayBeControl && header.payloadType == type & 0x7F)
    #expect(RTPHeader(bytes: [0x80, 101] + [UInt8](repeating: 0, count: 26))?.mayBeControl == false)
  }

  @Test func `random packets never lead outside themselves`() {
    var generator = Seeded(4)
    for _ in 0..<6_000 {
      var packet = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
        UInt8.random(in: .min ... .max, using: &generator)
      }
      if let first = packet.first { packet[0] = first & 0x3F | 0x80 }
      if let header = RTPHeader(bytes: packet) {
        #expect(header.payloadOffset >= 12 && header.payloadOffset + header.payloadCount <= packet.count)
      }
      _ = packet.withUnsafeBytes { RTCPPacket.parse($0) }
    }
  }

  @Test func `reports round trip in a compound`() {
    let block = RTCPPacket.ReportBlock(
      source: 5, fractionLost: 12, cumulativeLost: -3, highestSequence: 0x1_0007, jitter: 80, lastSenderReport: 9,
      delaySinceLast: 10)
    let compound: [RTCPPacket] = [
      .senderReport(source: 1, .init(ntp: 0x0123_4567_89AB_CDEF, timestamp: 2, packets: 3, octets: 4), [block]),
      .description(source: 1, cname: "room"), .bye(sources: [1]),
    ]
    let bytes = RTCPPacket.encode(compound)
    #expect(bytes.count % 4 == 0)
    #expect(bytes.withUnsafeBytes { RTCPPacket.parse($0) } == compound)
    let receiver: [RTCPPacket] = [.receiverReport(source: 1, [block]), .description(source: 1, cname: "abc")]
    #expect(RTCPPacket.encode(receiver).withUnsafeBytes { RTCPPacket.parse($0) } == receiver)
    for cut in 1..<bytes.count {
      #expect(bytes[0..<cut].withUnsafeBytes { RTCPPacket.parse($0) } == nil || cut % 4 == 0)
    }
    #expect(
      Array(bytes.dropFirst(52)).withUnsafeBytes { RTCPPacket.parse($0) } == nil, "a compound begins with a report")
  }

  @Test func `mutated reports never trap`() {
    var generator = Seeded(5)
    let block = RTCPPacket.ReportBlock(source: 5, fractionLost: 1, cumulativeLost: 2, highestSequence: 3, jitter: 4)
    let seed = RTCPPacket.encode([
      .receiverReport(source: 1, [block, block]), .description(source: 1, cname: "name"), .bye(sources: [1, 2]),
    ])
    for _ in 0..<4_000 {
      let bytes = generator.mutated(seed)
      if let packets = bytes.withUnsafeBytes({ RTCPPacket.parse($0) }) { #expect(packets.count <= bytes.count / 4) }
    }
  }
}

@Suite struct ReceiverStatisticsTests {
  @Test func `wraps, reordering and restarts are told apart`() {
    var extender = SequenceExtender(first: 65_534)
    #expect(extender.extend(65_534) == .valid(65_534))
    #expect(extender.extend(65_535) == .valid(65_535))
    #expect(extender.extend(1) == .valid(0x1_0001))
    #expect(extender.extend(0) == .valid(0x1_0000))
    #expect(extender.extend(65_533) == .valid(65_533))
    #expect(extender.extend(2) == .valid(0x1_0002))
    #expect(extender.extend(30_000) == .suspicious)
    #expect(extender.extend(3) == .valid(0x1_0003))
    #expect(extender.extend(30_000) == .suspicious)
    #expect(extender.extend(30_001) == .restarted(30_001))
  }

  @Test func `loss is counted in the interval and over all`() {
    var statistics = ReceiverStatistics(source: 1, firstSequence: 100)
    for number in 0..<100 where number % 10 != 5 {
      statistics.receive(
        sequence: UInt16(100 + number), timestamp: UInt32(160 * number), arrival: UInt32(160 * number + 7))
    }
    let first = statistics.report()
    #expect(first.cumulativeLost == 10 && first.fractionLost == 25 && first.jitter == 0 && first.highestSequence == 199)
    statistics.receive(sequence: 200, timestamp: 16_000, arrival: 16_007)
    let second = statistics.report()
    #expect(second.cumulativeLost == 10 && second.fractionLost == 0)
  }

  @Test func `jitter follows appendix A 8`() {
    var statistics = ReceiverStatistics(source: 1, firstSequence: 0)
    var estimate = 0.0
    for number in 0..<200 {
      let late = number % 2 == 0 ? 0 : 80
      statistics.receive(
        sequence: UInt16(number), timestamp: UInt32(160 * number), arrival: UInt32(160 * number + late))
      if number > 0 { estimate += (80 - estimate) / 16 }
    }
    #expect(abs(Double(statistics.jitter) - estimate) <= 1)
  }
}

@Suite struct SourceLatchTests {
  let signalled = MediaSource(address: IPAddress("192.0.2.1")!, port: 4_000)
  let moved = MediaSource(address: IPAddress("192.0.2.1")!, port: 4_444)
  let foreign = MediaSource(address: IPAddress("203.0.113.9")!, port: 4_000)

  @Test func `nothing is taken before the dialog is established`() {
    var latch = SourceLatch(policy: .first)
    let taken = latch.admit(signalled, identifier: 1, sequence: 1)
    #expect(!taken)
    #expect(latch.refused == 1 && latch.destination == nil)
  }

  @Test func `a translated port is latched, strangers are refused and counted`() {
    var latch = SourceLatch()
    latch.establish(signalled: signalled)
    for (source, taken) in [(foreign, false), (moved, true), (foreign, false), (signalled, true), (moved, false)] {
      let verdict = latch.admit(source, identifier: 1, sequence: 1)
      #expect(verdict == taken)
      if taken { #expect(latch.destination == source) }
    }
    #expect(latch.refused == 3)
  }

  @Test func `only a new agreement opens the latch again`() {
    var latch = SourceLatch(policy: .exact)
    latch.establish(signalled: signalled)
    let before = [moved, signalled].map { latch.admit($0, identifier: 1, sequence: 1) }
    #expect(before == [false, true])
    latch.establish(signalled: signalled)
    #expect(latch.latched == signalled)
    latch.establish(signalled: foreign)
    #expect(latch.latched == nil)
    let after = [foreign, signalled].map { latch.admit($0, identifier: 1, sequence: 1) }
    #expect(after == [true, false])
  }

  @Test func `the first may be anybody where the network is trusted, and then nobody else`() {
    var latch = SourceLatch(policy: .first)
    latch.establish(signalled: signalled)
    let taken = [foreign, moved, foreign].map { latch.admit($0, identifier: 1, sequence: 1) }
    #expect(taken == [true, false, true] && latch.destination == foreign)
  }

  /// A latch on the signalled place that heard numbers 1 to 100 of stream 7.
  private func following(_ policy: SourceLatch.Policy = .follow) -> SourceLatch {
    var latch = SourceLatch(policy: policy)
    latch.establish(signalled: signalled)
    for number in 1...100 { _ = latch.admit(signalled, identifier: 7, sequence: UInt16(number)) }
    return latch
  }

  @Test func `a stream that goes on elsewhere is followed when five packets prove it`() {
    var latch = following()
    let taken = (103...110).map { latch.admit(foreign, identifier: 7, sequence: UInt16($0)) }
    #expect(taken == [false, false, false, false, true, true, true, true])
    #expect(latch.destination == foreign && latch.refused == 4)
    // And back again.
    let back = latch.admit(signalled, identifier: 7, sequence: 111)
    #expect(back && latch.destination == signalled)
  }

  @Test func `who does not know the stream proves nothing`() {
    for (identifier, numbers) in [
      (8, Array(101...120)), (7, Array(5_000...5_020)), (7, [101, 103, 105, 107, 109, 111, 113]), (7, Array(90...100)),
      (7, [101, 101, 101, 101, 101, 101]),
    ] as [(UInt32, [Int])] {
      var latch = following()
      for number in numbers {
        let taken = latch.admit(foreign, identifier: identifier, sequence: UInt16(number))
        #expect(!taken, "\(identifier) \(numbers)")
      }
    }
    // The place before is not silent.
    var latch = following()
    for number in 101...120 {
      let taken = latch.admit(foreign, identifier: 7, sequence: UInt16(number))
      #expect(!taken)
      if number % 4 == 0 { _ = latch.admit(signalled, identifier: 7, sequence: UInt16(number)) }
    }
    #expect(latch.destination == signalled)
    for policy in SourceLatch.Policy.allCases where policy != .follow {
      var latch = following(policy)
      for number in 101...120 {
        let taken = latch.admit(foreign, identifier: 7, sequence: UInt16(number))
        #expect(!taken)
      }
    }
  }
}
