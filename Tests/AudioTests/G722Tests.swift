import Audio
import Glibc
import TestSupport
import Testing

/// Against spandsp 0.0.6 (libspandsp2 of Debian 12), octet by octet and sample by sample: digests of what it makes of the same
/// signals. They stay under full scale, where spandsp overflows and the standard limits.
struct G722Tests {
  struct Signal: CustomTestStringConvertible {
    let testDescription: String
    let octets: UInt64
    let samples: UInt64
    let sample: @Sendable (inout Congruential, Int) -> Int
    var seed: UInt64 = 0

    var values: [Int16] {
      var random = Congruential(state: seed)
      return (0..<8_000).map { Int16(sample(&random, $0)) }
    }
  }

  /// Repeated by the program that asked spandsp.
  struct Congruential {
    var state: UInt64
    mutating func next() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33)
    }
  }

  private static let signals = [
    Signal(
      testDescription: "noise", octets: 0x86B9_6D17_0988_8948, samples: 0xEFDB_4D2D_38A6_4324,
      sample: { random, _ in (random.next() % 65_536 - 32_768) >> 1 }, seed: 1),
    Signal(
      testDescription: "quiet noise", octets: 0xBC94_CFCD_92B8_0CCD, samples: 0x86E3_12D7_E8CC_91D7,
      sample: { random, _ in random.next() % 61 - 30 }, seed: 2),
    Signal(
      testDescription: "a square", octets: 0xA20F_8F94_D77F_F3BA, samples: 0xAA72_7C46_5666_D84D,
      sample: { _, index in index / 40 % 2 == 1 ? 16_000 : -16_000 }),
    Signal(
      testDescription: "a sawtooth", octets: 0x5AA5_433A_6CB6_BF62, samples: 0xF692_0761_3520_6358,
      sample: { _, index in index * 187 % 20_001 - 10_000 }),
    Signal(
      testDescription: "silence", octets: 0x1D93_DB81_9AF9_E7B0, samples: 0x8990_CF9D_856C_DEAE,
      sample: { _, _ in 0 }),
    Signal(
      testDescription: "noise that falls and jumps", octets: 0xF754_F4DE_4E4A_CFC9, samples: 0x9214_5C75_EBD1_78C4,
      sample: { random, index in ((random.next() % 65_536 - 32_768) >> 1) >> (index / 400 % 16) }, seed: 3),
  ]

  private static func digest(_ words: some Sequence<UInt64>) -> UInt64 {
    words.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ $1) &* 0x100_0000_01B3 }
  }

  /// In packets of 20 ms, as on a line.
  private static func encode(_ samples: [Int16]) -> [UInt8] {
    let codec = G722Codec()
    var octets: [UInt8] = []
    for start in stride(from: 0, to: samples.count, by: 320) {
      var packet = [UInt8](repeating: 0, count: 160)
      var span = packet.mutableSpan
      let count = codec.encode(samples.span.extracting(start..<start + 320), into: &span)
      octets += packet[..<count]
    }
    return octets
  }

  private static func decode(_ octets: [UInt8], by length: Int = 160) -> [Int16] {
    let codec = G722Codec()
    var samples: [Int16] = []
    for start in stride(from: 0, to: octets.count, by: length) {
      var frame = [Int16](repeating: 0, count: 2 * length)
      var span = frame.mutableSpan
      let count = codec.decode(octets.span.extracting(start..<min(start + length, octets.count)), into: &span)
      samples += frame[..<count]
    }
    return samples
  }

  @Test(arguments: signals) func `octets and samples are those of another implementation`(signal: Signal) {
    let octets = Self.encode(signal.values)
    #expect(octets.count == 4_000 && Self.digest(octets.map { UInt64($0) }) == signal.octets)
    let samples = Self.decode(octets)
    #expect(samples.count == 8_000)
    #expect(Self.digest(samples.map { UInt64(UInt16(bitPattern: $0)) }) == signal.samples)
  }

  @Test(arguments: [160, 1, 80, 480, 1_600])
  func `octets that nobody encoded are decoded alike, in packets of any length`(length: Int) {
    var random = Congruential(state: 4)
    let octets = (0..<4_000).map { _ in
      let code = random.next() % 256
      // Without the largest steps, on which the other implementation overflows.
      return UInt8(4..<20 ~= code & 63 || 32..<44 ~= code & 63 ? code + 12 : code)
    }
    let samples = Self.decode(octets, by: length)
    #expect(Self.digest(samples.map { UInt64(UInt16(bitPattern: $0)) }) == 0xD30A_2644_9BB5_B10C)
  }

  @Test func `what is too loud is limited`() {
    let samples = Self.decode(Self.encode((0..<8_000).map { $0 / 40 % 2 == 1 ? 32_767 : -32_768 }))
    // An overflow would jump to the other side in the middle of a half wave.
    for index in 4_000..<7_000 where (index - 22) % 40 > 5 && (index - 22) % 40 < 35 {
      #expect((samples[index] > 0) == ((index - 22) / 40 % 2 == 1))
    }
    #expect(samples.contains(32_767) && samples.contains(-32_768))
  }

  @Test(arguments: [300.0, 1_000, 3_000, 5_000, 6_500])
  func `what the telephone cannot carry is carried`(hertz: Double) {
    let said = sine(hertz, amplitude: 6_000, samples: 32_000, rate: 16_000)
    let heard = Self.decode(Self.encode(said))
    // Both filters together take 22 samples.
    var (signal, noise) = (0.0, 1.0)
    for index in 4_000..<30_000 {
      let difference = Double(heard[index + 22]) - Double(said[index])
      signal += Double(said[index]) * Double(said[index])
      noise += difference * difference
    }
    #expect(10 * log10(signal / noise) > (hertz < 4_000 ? 20 : 10))
  }

  @Test func `a reset begins a stream to be decoded, and leaves the other way alone`() {
    let said = sine(700, samples: 3_200, rate: 16_000)
    let whole = Self.encode(said)
    let codec = G722Codec()
    var octets: [UInt8] = []
    var frames: [[Int16]] = []
    for start in stride(from: 0, to: 3_200, by: 320) {
      var packet = [UInt8](repeating: 0, count: 160)
      var span = packet.mutableSpan
      _ = codec.encode(said.span.extracting(start..<start + 320), into: &span)
      octets += packet
      codec.reset()
      var frame = [Int16](repeating: 0, count: 320)
      var samples = frame.mutableSpan
      _ = codec.decode(whole.span.extracting(first: 160), into: &samples)
      frames.append(frame)
    }
    #expect(octets == whole)
    #expect(frames.allSatisfy { $0 == frames[0] } && frames[0].contains { abs($0) > 1_000 })
    #expect(codec.duration(of: whole.span.extracting(first: 160)) == 160 && codec.clockRate == 8_000)
  }
}
