import Audio
import Core
import Glibc
import Testing

struct ResamplerTests {
  /// Signal to difference in decibels, the edges left out.
  private static func fidelity(_ heard: [Int16], _ wanted: [Int16]) -> Double {
    var signal = 0.0
    var difference = 1e-9
    for index in 400..<min(heard.count, wanted.count) - 400 {
      signal += Double(wanted[index]) * Double(wanted[index])
      difference += Double(Int(heard[index]) - Int(wanted[index])) * Double(Int(heard[index]) - Int(wanted[index]))
    }
    return 10 * log10(signal / difference)
  }

  @Test(arguments: [
    (8_000, 16_000), (16_000, 8_000), (8_000, 24_000), (22_050, 8_000), (24_000, 8_000), (48_000, 8_000),
  ])
  func `a clip at another rate is the same sound of the same length`(from: Int, to: Int) throws {
    let clip = AudioClip(samples: sine(440, samples: from, rate: Double(from)), sampleRate: from)
    let other = try clip.resampled(to: to)
    #expect(other.sampleRate == to)
    #expect(other.samples.count == to)
    #expect(Self.fidelity(other.samples, sine(440, samples: to, rate: Double(to))) > 40)
  }

  @Test func `what the telephone cannot carry is taken out, not folded down`() throws {
    let clip = AudioClip(samples: sine(6_000, samples: 48_000, rate: 48_000), sampleRate: 48_000)
    let heard = try clip.resampled(to: 8_000)
    #expect(heard.samples[400..<7_600].map { abs(Int($0)) }.max() ?? 0 < 80)
  }

  @Test func `a stream in pieces sounds like the whole`() throws {
    let samples = sine(300, samples: 8_000)
    var whole = try Resampler(from: 8_000, to: 16_000)
    var pieces = try Resampler(from: 8_000, to: 16_000)
    var expected = [Int16](repeating: 0, count: 16_000)
    var expectedSpan = expected.mutableSpan
    let progress = whole.process(samples.span, into: &expectedSpan)
    var heard: [Int16] = []
    var frame = [Int16](repeating: 0, count: 320)
    for start in stride(from: 0, to: 8_000, by: 160) {
      var span = frame.mutableSpan
      let step = pieces.process(samples.span.extracting(start..<start + 160), into: &span)
      #expect(step.consumed == 160)
      heard += frame[..<step.produced]
    }
    #expect(heard == Array(expected[..<progress.produced]))
    #expect(heard.count > 15_800)
  }

  @Test func `after a reset nothing of the old stream is heard`() throws {
    var resampler = try Resampler(from: 8_000, to: 16_000)
    var output = [Int16](repeating: 0, count: 320)
    let loud = [Int16](repeating: 20_000, count: 160)
    var span = output.mutableSpan
    _ = resampler.process(loud.span, into: &span)
    resampler.reset()
    let silence = [Int16](repeating: 0, count: 160)
    var again = output.mutableSpan
    let progress = resampler.process(silence.span, into: &again)
    #expect(output[..<progress.produced].allSatisfy { $0 == 0 })
  }

  @Test func `empty clips and the same rate are no trouble`() throws {
    #expect(try AudioClip(samples: [], sampleRate: 8_000).resampled(to: 16_000).samples.isEmpty)
    let clip = AudioClip(samples: [1, 2, 3], sampleRate: 8_000)
    #expect(try clip.resampled(to: 8_000) == clip)
    #expect(try clip.resampled(to: 16_000).samples.count == 6)
  }

  @Test(arguments: [0, -8_000, 192_001])
  func `impossible rates are errors`(rate: Int) {
    #expect(throws: AudioError.self) { try AudioClip(samples: [1], sampleRate: 8_000).resampled(to: rate) }
    let error = #expect(throws: AudioError.self) { _ = try Resampler(from: rate, to: 8_000) }
    #expect(error?.code == "audio.bad_rate")
  }
}
