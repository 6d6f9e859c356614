import Audio
import Core
import TestSupport
import Testing

/// What a line of 8 kHz hears, bit for bit: the digests are those of the buffer that decoded packets as they came.
struct NarrowbandTests {
  private struct Digest {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01B3 }

    mutating func add(_ frame: (kind: PulledFrame, samples: [Int16])) {
      let kind: UInt64 =
        switch frame.kind {
        case .received: 1
        case .concealed: 2
        case .silence: 3
        case .none: 4
        }
      add(kind)
      for sample in frame.samples { add(UInt64(UInt16(bitPattern: sample))) }
    }
  }

  private static let digests: [UInt64] = [
    0xA919_9EEE_ED72_0060, 0x56D3_0EAD_4444_F247, 0x7790_985A_F99B_43F0, 0xAB3E_4638_0086_D186, 0x9DC8_DC22_CA16_2BE3,
    0x32E3_FCD7_D435_19AB, 0xE5DF_8C37_ADA1_83B2, 0xF576_8092_A306_BDA6,
  ]

  /// 20 s of noise and silence in both laws, through loss, jitter that comes and goes, and a jam each four seconds.
  private static func packets(seed: Int) -> [Packet] {
    let loss = [0, 0.01, 0.05, 0.2][seed % 4]
    let jitter = [0, 10, 40, 120, 300][seed % 5]
    let packetTime = [20, 10, 30, 40][(seed / 3) % 4]
    var random = Seeded(UInt64(seed))
    var packets: [Packet] = []
    for index in 0..<20_000 / packetTime where !random.chance(loss) {
      let time = index * packetTime
      let spread = time % 8_000 < 4_000 ? jitter / 8 : jitter
      let jam = time % 4_000 < 200 ? 200 - time % 4_000 : 0
      let late = max(jam, spread == 0 ? 0 : Int.random(in: 0...spread, using: &random))
      let law = index / 50 % 2 == 1 ? G711.aLaw : .muLaw
      let isLoud = time % 3_000 < 1_500
      var packet = Packet.steady(
        index, packetTime: packetTime, firstSequence: 65_000, firstTimestamp: .max - 50_000, late: late,
        octet: isLoud ? Packet.noise : { _ in law.silence })
      packet.law = law
      packets.append(packet)
    }
    return packets.sorted { $0.arrival < $1.arrival }
  }

  @Test(arguments: 0..<8) func `what is heard does not change by a bit`(seed: Int) {
    var buffer = JitterBuffer()
    var waiting = Self.packets(seed: seed)[...]
    var digest = Digest()
    for tick in 0..<1_040 {
      let now = milliseconds(tick * 20 + 7)
      while let packet = waiting.first, packet.arrival <= now {
        _ = buffer.insert(packet)
        waiting.removeFirst()
      }
      digest.add(buffer.pull(at: now))
    }
    let report = buffer.report
    for count in [report.packetsReceived, report.framesConcealed, report.framesSkipped, report.framesStretched] {
      digest.add(UInt64(count))
    }
    #expect(digest.value == Self.digests[seed])
  }
}
