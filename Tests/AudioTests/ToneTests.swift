import Audio
import Core
import TestSupport
import Testing

struct ToneTests {
  private static let keys = Array("0123456789*#ABCD")

  /// What a detector finds, fed frame by frame.
  private static func detect(_ samples: [Int16]) -> String {
    var detector = DTMFDetector()
    var found = ""
    for start in stride(from: 0, to: samples.count, by: 160) {
      let frame = samples.span.extracting(start..<min(start + 160, samples.count))
      if let key = detector.take(frame) { found.append(key) }
    }
    return found
  }

  private static func dial(_ keys: [Character], on: Int, off: Int, level: Float = -13, twist: Float = 0) -> [Int16] {
    keys.flatMap { key -> [Int16] in
      guard let tone = Tone.key(key) else { return [] }
      let row = Tone(tone.first, level: level - twist / 2, on: .milliseconds(on)).clip.samples
      let column = Tone(tone.second, level: level + twist / 2, on: .milliseconds(on)).clip.samples
      return zip(row, column).map { $0 + $1 } + [Int16](repeating: 0, count: off * 8)
    }
  }

  @Test(arguments: [-12 as Float, -20, -30], [-5 as Float, 0, 3])
  func `all keys are found at every usual level and twist`(level: Float, twist: Float) {
    #expect(Self.detect(Self.dial(Self.keys, on: 70, off: 70, level: level, twist: twist)) == String(Self.keys))
  }

  @Test func `quick and repeated keys are told apart`() {
    #expect(Self.detect(Self.dial(Array("112233"), on: 50, off: 50)) == "112233")
    #expect(Self.detect(Self.dial(Array("5"), on: 2_000, off: 100)) == "5")
  }

  @Test func `a press that is interrupted for 12 ms is one press`() {
    // The gap is one of the detector's blocks: what a lost packet of 10 ms leaves of a tone, at its worst place.
    let press = Self.dial(["7"], on: 200, off: 0)
    for block in 4..<10 {
      var line = press
      line.replaceSubrange(block * 102..<(block + 1) * 102, with: repeatElement(0, count: 102))
      #expect(Self.detect(line + [Int16](repeating: 0, count: 800)) == "7")
    }
  }

  @Test func `keys survive G 711 and some noise`() {
    var random = Seeded(3)
    for law in G711.allCases {
      let line = Self.dial(Self.keys, on: 60, off: 60).map {
        law.decode(law.encode($0 + .random(in: -200...200, using: &random)))
      }
      #expect(Self.detect(line) == String(Self.keys))
    }
  }

  @Test func `what is too short, too faint or too uneven is no key`() {
    #expect(Self.detect(Self.dial(Self.keys, on: 20, off: 60)).isEmpty)
    #expect(Self.detect(Self.dial(Self.keys, on: 80, off: 60, level: -50)).isEmpty)
    #expect(Self.detect(Self.dial(Self.keys, on: 80, off: 60, twist: 12)).isEmpty)
    #expect(Self.detect(Self.dial(Self.keys, on: 80, off: 60, twist: -12)).isEmpty)
    #expect(Self.detect(sine(770, samples: 8_000)).isEmpty)
    #expect(Self.detect(Tone.ringbackNorthAmerica.clip.samples).isEmpty)
  }

  @Test func `noise and vowels are no keys`() {
    var random = Seeded(8)
    let noise = (0..<160_000).map { _ in Int16.random(in: -9_000...9_000, using: &random) }
    #expect(Self.detect(noise).isEmpty)
    for pitch in stride(from: 90.0, to: 260, by: 7) {
      var vowel = [Double](repeating: 0, count: 4_000)
      for harmonic in 1...15 {
        let wave = sine(pitch * Double(harmonic), amplitude: 9_000 / Double(harmonic), samples: 4_000)
        for index in wave.indices { vowel[index] += Double(wave[index]) }
      }
      #expect(Self.detect(vowel.map { Int16(max(-32_000, min(32_000, $0))) }).isEmpty)
    }
  }

  @Test func `a tone goes on and off at its level`() {
    var generator = ToneGenerator(.ringback)
    var samples = [Int16](repeating: 0, count: 80_000)
    for start in stride(from: 0, to: samples.count, by: 160) {
      var frame = [Int16](repeating: 0, count: 160)
      var span = frame.mutableSpan
      generator.fill(&span)
      samples.replaceSubrange(start..<start + 160, with: frame)
    }
    #expect(abs(samples.span.extracting(800..<7_200).levelInDecibels + 20) < 0.2)
    #expect(samples[8_000..<40_000].allSatisfy { $0 == 0 })
    #expect(samples[40_000..<48_000].elementsEqual(samples[..<8_000]))
    #expect(!generator.isFinished)
  }

  @Test func `a beep sounds once`() {
    var generator = ToneGenerator(.beep)
    var samples = [Int16](repeating: 9, count: 3_200)
    var span = samples.mutableSpan
    generator.fill(&span)
    #expect(generator.isFinished)
    #expect(samples[1_600...].allSatisfy { $0 == 0 })
    #expect(Tone.beep.clip.samples == Array(samples[..<1_600]))
    #expect(samples.span.peak > 4_000)
  }

  @Test func `there is no tone for what is no key`() { #expect(Tone.key("x") == nil) }
}
