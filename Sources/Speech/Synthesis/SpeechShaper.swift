/// Brings what a voice model gives into shape: no silence in front that would cost latency, an even level, clean ends.
enum SpeechShaper {
  /// Kept before the first sound and after the last, so that soft beginnings and endings stay.
  private static let leadMilliseconds = 12
  private static let tailMilliseconds = 60
  /// Quieter than this part of the clip's peak is silence.
  private static let silence: Float = 0.012
  /// Where the peak of a clip comes to lie.
  private static let peak: Float = 0.7

  /// Samples of -1 to 1 as 16-bit, trimmed, levelled and faded in and out; empty when there is no sound.
  static func shaped(_ samples: Span<Float>, sampleRate: Int) -> [Int16] {
    var highest: Float = 0
    for index in samples.indices { highest = max(highest, abs(samples[index])) }
    guard highest > 0.0005 else { return [] }
    let threshold = highest * silence
    var first = 0
    while first < samples.count, abs(samples[first]) <= threshold { first += 1 }
    var last = samples.count - 1
    while last > first, abs(samples[last]) <= threshold { last -= 1 }
    let start = max(0, first - sampleRate * leadMilliseconds / 1000)
    let end = min(samples.count, last + 1 + sampleRate * tailMilliseconds / 1000)
    let gain = peak / highest * 32767
    let fade = max(1, min(sampleRate * 5 / 1000, (end - start) / 2))
    return (start..<end).map { index in
      let ramp = min(1, Float(min(index - start + 1, end - index)) / Float(fade))
      return Int16(max(-32768, min(32767, samples[index] * gain * ramp)))
    }
  }
}
