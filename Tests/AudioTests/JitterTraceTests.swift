import Audio
import Core
import TestSupport
import Testing

/// Random networks, repeatable by their seed.
struct JitterTraceTests {
  struct Network: CustomTestStringConvertible {
    let seed: UInt64
    let loss: Double
    let jitter: Int
    let packetTime: Int
    var testDescription: String { "seed \(seed), loss \(loss), jitter \(jitter) ms, packets of \(packetTime) ms" }
  }

  /// Everything that is said, and more than can be searched.
  private static let said = (0..<170_000).map(Packet.sound)

  private static let networks: [Network] = (0..<40).map { seed in
    Network(
      seed: UInt64(seed), loss: [0, 0.01, 0.05, 0.2][seed % 4], jitter: [0, 10, 40, 120, 300][seed % 5],
      packetTime: [20, 10, 30, 40][(seed / 3) % 4])
  }

  @Test(arguments: networks)
  func `what is heard is what was said, in order, and nothing is counted twice`(network: Network) {
    var random = Seeded(network.seed)
    var packets: [Packet] = []
    let count = 20_000 / network.packetTime
    for index in 0..<count where !random.chance(network.loss) {
      let late = network.jitter == 0 ? 0 : Int.random(in: 0...network.jitter, using: &random)
      packets.append(
        .steady(index, packetTime: network.packetTime, firstSequence: 65_000, firstTimestamp: .max - 50_000, late: late)
      )
      if random.chance(0.02) {
        var again = packets[packets.count - 1]
        again.arrival = again.arrival + .milliseconds(Int.random(in: 0...50, using: &random))
        packets.append(again)
      }
    }
    packets.sort { $0.arrival < $1.arrival }
    var buffer = JitterBuffer()
    var waiting = packets[...]
    var place = 0
    var exact = 0
    var audible = 0
    for tick in 0..<1_040 {
      let now = milliseconds(tick * 20 + 7)
      while let packet = waiting.first, packet.arrival <= now {
        _ = buffer.insert(packet)
        waiting.removeFirst()
      }
      let frame = buffer.pull(at: now)
      audible += frame.kind == .received || frame.kind == .concealed ? 1 : 0
      guard frame.kind == .received else { continue }
      // The end of a received frame is never mixed: it must be found ahead of what was heard before.
      let tail = Array(frame.samples.suffix(40))
      let found = (place..<place + 8_000).first {
        Self.said[$0] == tail[0] && Self.said[$0..<$0 + 40].elementsEqual(tail)
      }
      guard let found else {
        Issue.record("tick \(tick): not a part of what was said, or heard twice")
        return
      }
      place = found + 40
      exact += 1
    }
    let report = buffer.report
    #expect(
      report.packetsReceived + report.packetsLate + report.packetsDuplicate + report.packetsRefused == packets.count)
    #expect(report.framesReceived == exact)
    #expect(report.framesReceived + report.framesConcealed == audible)
    #expect(20...200 ~= report.targetDelay.milliseconds)
    // Waiting for late audio makes jitter cost little beside the loss itself; a lost packet of 40 ms spoils up to three
    // frames.
    let spoilt = Double(max(network.packetTime, 20) + 20) / Double(network.packetTime)
    if network.jitter <= 200 { #expect(Double(exact) >= 1_000 * (1 - spoilt * network.loss) * 0.9 - 20) }
  }
}
