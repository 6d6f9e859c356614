import Core
import Foundation
import Testing

@testable import Speech

@Suite("Voice activity by loudness")
struct EnergyDetectorTests {
  /// 32 ms of noise with peaks at an amplitude.
  func noise(_ amplitude: Int, seed: UInt64 = 1) -> [Int16] {
    var state = seed
    return (0..<256).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int16(Int(state >> 33) % (2 * amplitude + 1) - amplitude)
    }
  }

  func probability(_ detector: any VoiceActivityDetector, _ window: [Int16]) -> Float {
    detector.probability(of: window.span)
  }

  @Test func `speech over a quiet line is found, silence is not`() {
    let detector = EnergyDetector()
    for index in 0..<20 { #expect(probability(detector, noise(20, seed: UInt64(index))) < 0.1) }
    #expect(probability(detector, noise(6000)) > 0.9)
    #expect(probability(detector, [Int16](repeating: 0, count: 256)) == 0)
  }

  @Test func `steady noise becomes the floor and louder speech stands out of it`() {
    let detector = EnergyDetector()
    var probabilities: [Float] = []
    for index in 0..<600 { probabilities.append(probability(detector, noise(500, seed: UInt64(index)))) }
    #expect(probabilities[0] > 0.5)
    #expect((probabilities.last ?? 1) < 0.05)
    #expect(probability(detector, noise(12000)) > 0.9)
  }

  @Test func `a reset forgets the noise, and windows of another length are silence`() {
    let detector = EnergyDetector()
    for index in 0..<600 { _ = probability(detector, noise(500, seed: UInt64(index))) }
    detector.reset()
    #expect(probability(detector, noise(500)) > 0.5)
    #expect(probability(detector, [Int16](repeating: 9000, count: 160)) == 0)
    #expect(EnergyDetector(sampleRate: 16000).windowLength == 512)
  }
}
