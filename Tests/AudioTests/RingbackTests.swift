import CAllocationCounter
import TestSupport
import Testing

@testable import Audio

@Suite struct `The ringing tone` {
  /// Frames of a tone, one behind the other.
  private static func samples(_ frames: Int, at rate: AudioRate) -> [Int16] {
    var tone = RingbackTone(rate: rate)
    var out: [Int16] = []
    for _ in 0..<frames {
      var frame = [Int16](repeating: 0, count: rate.frame)
      var span = frame.mutableSpan
      tone.add(to: &span)
      out += frame
    }
    return out
  }

  @Test(arguments: AudioRate.allCases) func `is a second of 425 hertz and four of silence, without a step`(
    _ rate: AudioRate
  ) {
    let out = Self.samples(300, at: rate)
    let second = rate.hertz
    let tone = out[..<second]
    // Zeros that are passed upwards are waves.
    let waves = zip(tone, tone.dropFirst()).count { $0 < 0 && $1 >= 0 }
    #expect(abs(waves - 425) <= 1)
    #expect(out[second..<5 * second].allSatisfy { $0 == 0 })
    #expect(out[(5 * second)...].elementsEqual(tone), "and again")
    let peak = tone.map(Int.init).max() ?? 0
    #expect(4_000...4_100 ~= peak, "-15 dBm0")
    let steepest = zip(out, out.dropFirst()).map { abs(Int($0) - Int($1)) }.max() ?? 0
    #expect(Double(steepest) <= Double(peak) * 2 * .pi * 425 / Double(rate.hertz) + 2)
  }

  @Test func `is added to what sounds, and cut off at full scale`() {
    var tone = RingbackTone(rate: .narrowband)
    var frame = [Int16](repeating: 32_000, count: 160)
    var span = frame.mutableSpan
    tone.add(to: &span)
    #expect(frame.max() == .max && frame.contains { $0 < 32_000 })
  }
}
