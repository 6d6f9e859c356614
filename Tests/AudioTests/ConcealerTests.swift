import Audio
import TestSupport
import Testing

struct ConcealerTests {
  /// Feeds `samples` and conceals 20 ms frames of it where asked.
  private static func pass(_ samples: [Int16], lost: Set<Int>) -> [Int16] {
    var concealer = PacketLossConcealer()
    var output = samples
    for start in stride(from: 0, to: samples.count - 159, by: 160) {
      var span = output.mutableSpan
      if lost.contains(start / 160) {
        concealer.conceal(&span, start..<start + 160)
      } else {
        concealer.receive(&span, start..<start + 160)
      }
    }
    return output
  }

  private static func largestStep(_ samples: [Int16]) -> Int {
    zip(samples, samples.dropFirst()).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  private static func rms(_ samples: ArraySlice<Int16>) -> Float { Array(samples).span.rms }

  @Test(arguments: [70.0, 100.0, 125.0, 180.0, 200.0, 400.0])
  func `a lost frame of a voiced sound sounds on at its pitch`(hertz: Double) {
    // Harmonics give the pitch an unambiguous period.
    let voice = zip(sine(hertz, amplitude: 6_000, samples: 3_200), sine(hertz * 2, amplitude: 3_000, samples: 3_200))
      .map { $0 + $1 }
    let heard = Self.pass(voice, lost: [10])
    // Compared with what was lost: the same wave, apart from what a period in whole samples and the fading cost.
    var product = 0.0
    var energy = 0.0
    var otherEnergy = 0.0
    for index in 1_600..<1_760 {
      product += Double(voice[index]) * Double(heard[index])
      energy += Double(voice[index]) * Double(voice[index])
      otherEnergy += Double(heard[index]) * Double(heard[index])
    }
    #expect(product / (energy * otherEnergy).squareRoot() > 0.9)
    #expect(Self.largestStep(heard) < 2 * Self.largestStep(voice))
  }

  @Test func `a long loss fades to nothing in 60 ms and audio returns without a step`() {
    let voice = sine(150, samples: 4_800)
    let heard = Self.pass(voice, lost: [10, 11, 12, 13, 14, 15])
    let full = Self.rms(heard[1_280..<1_600])
    #expect(Self.rms(heard[1_600..<1_680]) > 0.85 * full)
    #expect(Self.rms(heard[1_840..<1_920]) < 0.7 * full)
    #expect(Self.rms(heard[2_000..<2_080]) < 0.25 * full)
    #expect(heard[2_080..<2_560].allSatisfy { $0 == 0 })
    #expect(heard[2_640...].elementsEqual(voice[2_640...]))
  }

  @Test func `returning audio is mixed for 10 ms at most`() {
    let voice = sine(150, samples: 3_200)
    let heard = Self.pass(voice, lost: [10, 11])
    #expect(heard[1_920 + 80..<3_200].elementsEqual(voice[1_920 + 80..<3_200]))
    #expect(Self.largestStep(heard) < 2 * Self.largestStep(voice))
  }

  @Test func `audio that returns in another phase is mixed in, not stepped to`() {
    // A quarter of a period later: 8,000 from one sample to the next.
    let voice = sine(125, samples: 1_600) + sine(125, samples: 1_600, from: 1_600 + 16)
    #expect(Self.largestStep(voice) > 7_000)
    #expect(Self.largestStep(Self.pass(voice, lost: [9])) < 1_800)
  }

  @Test func `silence stays silence, and nothing is invented before the first audio`() {
    #expect(Self.pass([Int16](repeating: 0, count: 1_600), lost: [0, 3, 4, 8]).allSatisfy { $0 == 0 })
  }

  @Test func `any loss in noise stays within the loudest sample`() {
    var random = Seeded(9)
    let noise = (0..<16_000).map { _ in Int16.random(in: -20_000...20_000, using: &random) }
    let heard = Self.pass(noise, lost: Set((0..<100).filter { _ in random.chance(0.3) }))
    #expect(heard.allSatisfy { abs(Int($0)) <= 20_000 })
  }

  @Test func `pieces of any length are concealed like whole frames`() {
    let voice = sine(130, samples: 1_600)
    var whole = voice + [Int16](repeating: 0, count: 320)
    var pieces = whole
    var first = PacketLossConcealer()
    var second = PacketLossConcealer()
    var wholeSpan = whole.mutableSpan
    first.receive(&wholeSpan, 0..<1_600)
    first.conceal(&wholeSpan, 1_600..<1_920)
    var piecesSpan = pieces.mutableSpan
    second.receive(&piecesSpan, 0..<1_600)
    for start in stride(from: 1_600, to: 1_920, by: 40) { second.conceal(&piecesSpan, start..<start + 40) }
    #expect(whole == pieces)
  }
}
