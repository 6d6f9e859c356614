import Audio
import Core
import Testing

struct LevelTests {
  @Test func `levels are those of known signals`() {
    let square = [Int16](repeating: 0, count: 100).enumerated().map {
      $0.offset.isMultiple(of: 2) ? Int16.min : Int16.max
    }
    #expect(abs(square.span.levelInDecibels) < 0.01)
    #expect(abs(sine(1_000, amplitude: 32_767, samples: 800).span.levelInDecibels + 3.01) < 0.02)
    #expect([Int16](repeating: 0, count: 10).span.levelInDecibels == Level.silence)
    #expect([Int16]().span.levelInDecibels == Level.silence)
    #expect([3, -4, 0, 0].span.rms == 2.5)
    #expect([1, Int16.min, 5].span.peak == 32_768)
    #expect([9, 2, 2, 9].span.meanSquare(in: 1..<3) == 4)
    #expect(abs(Level.dBov(meanSquare: Level.meanSquare(dBov: -33)) + 33) < 0.01)
  }

  @Test func `a frame is 20 ms`() {
    #expect(AudioRate.narrowband.samples(in: AudioFrame.span) == AudioRate.narrowband.frame)
    #expect(AudioRate.narrowband.span(of: AudioRate.narrowband.frame) == AudioFrame.span)
    #expect(AudioRate.narrowband.span(of: AudioRate.narrowband.hertz) == .seconds(1))
  }
}
