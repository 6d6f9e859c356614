internal import Core
internal import Glibc

/// Changes the sample rate of a whole clip by a windowed sinc. For clips only; streams use the Audio room.
enum ClipResampler {
  /// Zero crossings of the sinc on each side.
  private static let crossings = 12

  /// The samples of a clip at another rate, as fractions of full scale.
  static func floats(of clip: AudioClip, at rate: Int) -> [Float] {
    let samples = clip.samples.map { Float($0) / 32768 }
    return clip.sampleRate == rate ? samples : resample(samples, from: clip.sampleRate, to: rate)
  }

  /// Samples at another rate. The weights repeat with the ratio of the rates, so they are computed once for each phase.
  static func resample(_ samples: [Float], from source: Int, to target: Int) -> [Float] {
    guard !samples.isEmpty, source > 0, target > 0 else { return [] }
    let divisor = greatestCommonDivisor(source, target)
    let (step, phases) = (source / divisor, target / divisor)
    let cutoff = min(1, Double(target) / Double(source)) * 0.96
    let reach = Int((Double(crossings) / cutoff).rounded(.up))
    let weights = (0..<phases).map { kernel(fraction: Double($0 * step % phases) / Double(phases), reach, cutoff) }
    let count = samples.count * target / source
    return [Float](unsafeUninitializedCapacity: count) { output, initialized in
      samples.withUnsafeBufferPointer { input in
        for index in 0..<count {
          let first = index * step / phases - reach + 1
          let taps = weights[index % phases]
          var sum: Float = 0
          for tap in max(0, -first)..<max(max(0, -first), min(taps.count, input.count - first)) {
            sum += input[first + tap] * taps[tap]
          }
          output[index] = sum
        }
      }
      initialized = count
    }
  }

  /// Weights of the samples around a point that lies `fraction` behind one of them, with a Hann window, adding up to 1.
  private static func kernel(fraction: Double, _ reach: Int, _ cutoff: Double) -> [Float] {
    let weights = (0..<2 * reach).map { tap -> Double in
      let distance = Double(tap - reach + 1) - fraction
      let window = 0.5 + 0.5 * cos(Double.pi * distance / Double(reach))
      let angle = Double.pi * distance * cutoff
      return abs(distance) >= Double(reach) ? 0 : window * (abs(angle) < 1e-9 ? 1 : sin(angle) / angle)
    }
    let sum = weights.reduce(0, +)
    return weights.map { Float($0 / sum) }
  }

  private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
    second == 0 ? first : greatestCommonDivisor(second, first % second)
  }
}
