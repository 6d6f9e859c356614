import Core
import TestSupport
import Testing

@testable import Audio

/// A codec that differs from G.711 in all that a codec may: a clock of 48,000, wideband sound, packets whose length their octets
/// do not tell, a state that sees every packet in order, and a concealment of its own.
final class CountingCodec: Codec {
  let name = "counting"
  let clockRate = 48_000
  let rate = AudioRate.wideband
  private(set) var decoded: [UInt8] = []
  private(set) var resets = 0
  private(set) var concealed = 0

  /// A packet: how many frames of 10 ms, a number, and as many octets as one likes.
  static func packet(_ number: Int, frames: Int = 2) -> [UInt8] {
    [UInt8(frames), UInt8(truncatingIfNeeded: number)] + [UInt8](repeating: 9, count: number % 50)
  }

  func duration(of packet: Span<UInt8>) -> Int { packet.count >= 2 && packet[0] < 9 ? Int(packet[0]) * 480 : 0 }

  func decode(_ packet: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    decoded.append(packet[1])
    let count = Int(packet[0]) * 160
    for index in 0..<count { samples[index] = Int16(packet[1]) + 1 }
    return count
  }

  func conceal(_ frame: inout MutableSpan<Int16>, _ range: Range<Int>, with concealer: inout PacketLossConcealer) {
    concealed += range.count
    for index in range { frame[index] = -7 }
  }

  func encode(_ frame: Span<Int16>, into packet: inout MutableSpan<UInt8>) -> Int { 0 }
  func reset() { resets += 1 }
}

struct CodecTests {
  @Test(arguments: G711.allCases) func `G 711 is the law, an octet a sample`(law: G711) {
    let codec = G711Codec(law)
    #expect(codec.name == law.rawValue && codec.clockRate == 8_000 && codec.rate == .narrowband)
    let samples = sine(300, samples: 160)
    var octets = [UInt8](repeating: 0, count: 160)
    var packet = octets.mutableSpan
    #expect(codec.encode(samples.span, into: &packet) == 160)
    #expect(octets == samples.map(law.encode) && codec.duration(of: octets.span) == 160)
    var heard = [Int16](repeating: 0, count: 200)
    var span = heard.mutableSpan
    #expect(codec.decode(octets.span, into: &span) == 160)
    #expect(heard == octets.map(law.decode) + [Int16](repeating: 0, count: 40))
  }

  @Test func `a narrowband codec on a wideband line gives and takes whole frames of the same sound`() {
    let codec = ResampledCodec(G711Codec(.aLaw), rate: .wideband)
    #expect(codec.name == "PCMA" && codec.clockRate == 8_000 && codec.rate == .wideband)
    let wide = sine(440, samples: 16_000, rate: 16_000)
    var heard: [Int16] = []
    for start in stride(from: 0, to: 16_000, by: 320) {
      var octets = [UInt8](repeating: 0, count: 200)
      var packet = octets.mutableSpan
      let count = codec.encode(wide.span.extracting(start..<start + 320), into: &packet)
      #expect(count == 160)
      var samples = [Int16](repeating: 0, count: 3_200)
      var span = samples.mutableSpan
      let made = codec.decode(octets.span.extracting(first: count), into: &span)
      #expect(made == 320)
      heard += samples[..<made]
    }
    // The same sine, later by what the two filters take.
    let lag = (0..<400).max { similarity(heard, wide, $0) < similarity(heard, wide, $1) } ?? 0
    #expect(lag > 0 && similarity(heard, wide, lag) > 0.999)
    // A packet of 200 ms comes whole, too.
    var samples = [Int16](repeating: 0, count: 3_200)
    var span = samples.mutableSpan
    #expect(codec.decode([UInt8](repeating: 0xD5, count: 1_600).span, into: &span) == 3_200)
  }

  private func similarity(_ heard: [Int16], _ said: [Int16], _ lag: Int) -> Double {
    var (product, first, second) = (0.0, 1.0, 1.0)
    for index in 2_000..<12_000 {
      let (one, other) = (Double(heard[index + lag]), Double(said[index]))
      product += one * other
      first += one * one
      second += other * other
    }
    return product / (first * second).squareRoot()
  }

  @Test func `after a reset nothing of the old stream is heard`() {
    let codec = ResampledCodec(G711Codec(.muLaw), rate: .wideband)
    var samples = [Int16](repeating: 0, count: 320)
    var span = samples.mutableSpan
    _ = codec.decode([UInt8](repeating: 0x80, count: 160).span, into: &span)
    codec.reset()
    var again = samples.mutableSpan
    _ = codec.decode([UInt8](repeating: 0xFF, count: 160).span, into: &again)
    #expect(samples.allSatisfy { $0 == 0 })
  }

  @Test func `a codec of any clock, length and state is decoded in order, once, when it is due`() {
    let codec = CountingCodec()
    var buffer = JitterBuffer(rate: .wideband, clockRate: 48_000)
    var heard: [Int16] = []
    var kinds: [PulledFrame] = []
    // Packets of 20 ms; 12 is lost, 20 and 21 change places, 30 comes twice.
    var order = Array(0..<50).filter { $0 != 12 }
    order.swapAt(19, 20)
    order.insert(30, at: 30)
    var waiting = order[...]
    for tick in 0..<50 {
      let count = tick == 0 ? 1 : order.count * (tick + 1) / 50 - order.count * tick / 50
      for number in waiting.prefix(count) {
        _ = insert(number, into: &buffer, codec, at: milliseconds(tick * 20))
      }
      waiting = waiting.dropFirst(count)
      var samples = [Int16](repeating: 77, count: 320)
      var span = samples.mutableSpan
      kinds.append(buffer.pull(into: &span, at: milliseconds(tick * 20 + 5)))
      heard += [samples[0], samples[319]]
    }
    #expect(codec.decoded == codec.decoded.sorted() && codec.decoded.count >= 46 && !codec.decoded.contains(12))
    #expect(codec.concealed % 320 == 0 && heard.contains(-7))
    #expect(kinds.filter { $0 == .concealed }.count <= 3)
    let whole = zip(kinds, stride(from: 0, to: heard.count, by: 2)).filter { $0.0 == .received }
    // Behind a loss the beginning is the codec's business, not the shared concealer's.
    #expect(whole.allSatisfy { heard[$0.1] == heard[$0.1 + 1] })
    let report = buffer.report
    #expect(report.packetsDuplicate == 1 && report.packetsReceived == 49 && report.restarts == 0)
    // A restart makes the decoder forget.
    let resets = codec.resets
    _ = insert(60, into: &buffer, codec, at: milliseconds(1_000), source: 5)
    #expect(codec.resets == resets + 1)
  }

  private func insert(
    _ number: Int, into buffer: inout JitterBuffer, _ codec: CountingCodec, at arrival: CallInstant, source: UInt32 = 1
  ) -> JitterBuffer.Insertion {
    buffer.insert(
      sequence: UInt16(number), timestamp: .max - 9_000 &+ UInt32(number * 960), source: source,
      payload: CountingCodec.packet(number).span, codec: codec, arrival: arrival)
  }

  @Test func `what is dropped unheard is not decoded either`() {
    let codec = CountingCodec()
    var buffer = JitterBuffer(rate: .wideband, clockRate: 48_000)
    for number in 0..<100 { _ = insert(number, into: &buffer, codec, at: milliseconds(2_000)) }
    for tick in 100..<130 {
      var samples = [Int16](repeating: 77, count: 320)
      var span = samples.mutableSpan
      _ = buffer.pull(into: &span, at: milliseconds(tick * 20 + 5))
    }
    let overflow = buffer.report.overflow
    #expect(codec.decoded.count * 20 + overflow.milliseconds == 2_000 && overflow.milliseconds > 1_500)
    #expect(codec.decoded.elementsEqual((100 - codec.decoded.count..<100).map { UInt8($0) }))
  }

  @Test func `of a packet that is half played nothing is heard when another stream begins`() {
    var buffer = JitterBuffer()
    for index in 0..<4 { _ = buffer.insert(.steady(index, packetTime: 60)) }
    for tick in 0..<5 { _ = buffer.pull(at: milliseconds(tick * 20 + 5)) }
    var heard: [Int16] = []
    for index in 0..<14 {
      var packet = Packet.steady(index, octet: { _ in 0xFF })
      packet.source = 2
      packet.arrival = milliseconds(100 + index * 20)
      // What is lost here would be the place of the other stream's last packet.
      if index != 9 { _ = buffer.insert(packet) }
      heard += buffer.pull(at: packet.arrival + .milliseconds(5)).samples
    }
    #expect(heard.allSatisfy { $0 == 0 } && heard.count == 14 * 160)
  }

  @Test func `what is no packet of its codec, or of a codec that does not fit, is refused`() {
    let codec = CountingCodec()
    var wide = JitterBuffer(rate: .wideband, clockRate: 48_000)
    var narrow = JitterBuffer()
    func insert(_ packet: [UInt8], _ codec: any Codec, into buffer: inout JitterBuffer) -> JitterBuffer.Insertion {
      buffer.insert(sequence: 1, timestamp: 1, source: 1, payload: packet.span, codec: codec, arrival: .zero)
    }
    for packet in [[], [2], [0, 1], [9, 1], [2, 1] + [UInt8](repeating: 0, count: 1_599)] as [[UInt8]] {
      #expect(insert(packet, codec, into: &wide) == .invalid)
    }
    #expect(insert([2, 1], codec, into: &narrow) == .invalid)
    #expect(insert([2, 1], G711Codec(.muLaw), into: &wide) == .invalid)
    #expect(codec.decoded.isEmpty)
    let (refused, received) = (wide.report.packetsRefused, wide.report.packetsReceived)
    #expect(refused == 6 && received == 0)
  }
}
