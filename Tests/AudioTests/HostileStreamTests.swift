import Core
import TestSupport
import Testing

@testable import Audio

/// What no honest sender does: the buffer neither traps nor grows, nor works more than it must.
struct HostileStreamTests {
  private static let limit = 1 << 42

  @Test(arguments: [true, false])
  func `places stay near the origin however often the clock jumps`(hasMarker: Bool) {
    var buffer = JitterBuffer()
    var packet = Packet.steady(0)
    for index in 0..<4_000 {
      packet.marker = hasMarker
      packet.sequence &+= 1
      // Every second packet agrees with the one before it, so that a jump without marker is believed too.
      if hasMarker || index % 2 == 0 { packet.timestamp &+= 0x7FFF_FF00 } else { packet.timestamp &+= 160 }
      packet.arrival = .milliseconds(index * 1_500)
      _ = buffer.insert(packet)
      _ = buffer.pull(at: packet.arrival)
    }
    let (cursor, restarts) = (buffer.cursor, buffer.report.restarts)
    #expect(abs(cursor) < Self.limit && restarts > 1_000)
  }

  @Test func `places stay near the origin through pauses of any length`() {
    var buffer = JitterBuffer()
    var packet = Packet.steady(0)
    var tick = 0
    for _ in 0..<3_000 {
      packet.sequence &+= 1
      packet.timestamp &+= 0x7FFF_FF00
      packet.arrival = .milliseconds(tick * 20)
      _ = buffer.insert(packet)
      for _ in 0..<12 {
        tick += 1
        _ = buffer.pull(at: .milliseconds(tick * 20))
      }
    }
    let cursor = buffer.cursor
    #expect(abs(cursor) < Self.limit)
  }

  @Test func `a source that changes with each packet restarts the stream a few times a second only`() {
    var buffer = JitterBuffer()
    for index in 0..<10_000 {
      var packet = Packet.steady(index)
      packet.source = UInt32(index)
      packet.arrival = .milliseconds(index / 10)
      _ = buffer.insert(packet)
    }
    let report = buffer.report
    #expect(report.restarts <= 10 && report.packetsRefused >= 9_900)
    // Honest changes, a second apart, are all followed.
    var taken = 0
    for index in 0..<20 {
      var packet = Packet.steady(index)
      packet.source = UInt32(1_000_000 + index)
      packet.arrival = .milliseconds(10_000 + index * 1_000)
      if buffer.insert(packet) == .restarted { taken += 1 }
    }
    #expect(taken == 20)
  }

  @Test(arguments: [true, false])
  func `a clock that jumps with each packet restarts the stream a few times a second only`(hasMarker: Bool) {
    var buffer = JitterBuffer()
    var packet = Packet.steady(0)
    for index in 0..<4_000 {
      packet.marker = hasMarker
      packet.sequence &+= 1
      // Without marker every second packet agrees with the one before it.
      if hasMarker || index % 2 == 0 { packet.timestamp &+= 0x7FFF_FF00 } else { packet.timestamp &+= 160 }
      packet.arrival = .milliseconds(index / 4)
      _ = buffer.insert(packet)
    }
    let report = buffer.report
    #expect((8...9).contains(report.restarts))
  }

  @Test func `random headers leave the buffer within its bounds`() {
    var random = Seeded(7)
    var buffer = JitterBuffer()
    let payload = (0..<1_601).map(Packet.noise)
    let codec = G711Codec(.muLaw)
    var sequence: UInt16 = 0
    var timestamp: UInt32 = 0
    var frames = 0
    for index in 0..<60_000 {
      switch random.below(8) {
      case 0: sequence = UInt16.random(in: .min ... .max, using: &random)
      case 1: sequence &-= UInt16(random.below(70))
      default: sequence &+= 1
      }
      switch random.below(8) {
      case 0: timestamp = UInt32.random(in: .min ... .max, using: &random)
      case 1: timestamp &-= UInt32(random.below(20_000))
      case 2: timestamp &+= UInt32(random.below(20_000))
      default: timestamp &+= 160
      }
      let count = random.chance(0.8) ? 160 : random.below(1_602)
      let arrival = CallInstant.milliseconds(index / (1 + random.below(4)))
      buffer.insert(
        sequence: sequence, timestamp: timestamp, source: UInt32(random.below(20) / 19), marker: random.chance(0.3),
        payload: payload.span.extracting(first: count), codec: codec, arrival: arrival)
      if random.chance(0.05) { frames += buffer.pull(at: arrival).samples.count }
      let (cursor, end) = (buffer.cursor, buffer.end)
      guard abs(cursor) < Self.limit, 0...8_192 ~= end - cursor else {
        Issue.record("packet \(index): cursor \(cursor), end \(end)")
        return
      }
    }
    #expect(frames > 400_000)
    // And still hears whoever speaks properly.
    var heard = 0
    for index in 0..<200 {
      var packet = Packet.steady(index)
      packet.source = 77
      packet.arrival = .milliseconds(100_000 + index * 20)
      _ = buffer.insert(packet)
      if buffer.pull(at: .milliseconds(100_005 + index * 20)).kind == .received { heard += 1 }
    }
    #expect(heard > 180)
  }
}
