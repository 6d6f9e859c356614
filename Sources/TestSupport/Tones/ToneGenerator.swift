internal import Audio
public import Core
import Glibc

/// Plays a tone, frame by frame at 8 kHz, with edges of 5 ms. Allocates nothing.
public struct ToneGenerator: Hashable, Sendable {
  private static let edge = 40
  private let tone: Tone
  private let on: Int
  private let period: Int
  private let amplitude: Float
  private var position = 0

  /// Begins the tone.
  public init(_ tone: Tone) {
    self.tone = tone
    on = AudioRate.narrowband.samples(in: tone.on)
    period = on + AudioRate.narrowband.samples(in: tone.off)
    amplitude = (2 * Level.meanSquare(dBov: tone.level)).squareRoot()
  }

  /// Whether a tone that sounds once is over; never true for one that repeats.
  public var isFinished: Bool { period == on && position >= on }

  /// Writes the next audio, silence behind the end.
  public mutating func fill(_ frame: inout MutableSpan<Int16>) {
    for index in frame.indices {
      frame[index] = isFinished ? 0 : sample()
      if !isFinished { position += 1 }
    }
  }

  private func sample() -> Int16 {
    let place = period == on ? position : position % max(period, 1)
    guard place < on else { return 0 }
    let edge = Float(min(place, on - place, Self.edge)) / Float(Self.edge)
    var value = sine(tone.first, at: place)
    if tone.second > 0 { value += sine(tone.second, at: place) }
    return Int16(max(-32_767, min(32_767, value * amplitude * edge)))
  }

  private func sine(_ frequency: Float, at place: Int) -> Float {
    Float(sin(2 * Double.pi * Double(frequency) * Double(place) / Double(AudioRate.narrowband.hertz)))
  }
}

extension Tone {
  /// The tone once, without its pause, at 8 kHz. Allocates; not for the tick.
  public var clip: AudioClip {
    var samples = [Int16](repeating: 0, count: AudioRate.narrowband.samples(in: on))
    var generator = ToneGenerator(self)
    var span = samples.mutableSpan
    generator.fill(&span)
    return AudioClip(samples: samples, sampleRate: AudioRate.narrowband.hertz)
  }
}
