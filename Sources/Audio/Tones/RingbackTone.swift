import Glibc

/// What a caller hears while somebody's telephone rings: 425 Hz, one second of tone and four of silence, at -15 dBm0.
///
/// ITU-T E.180/Q.35 prefers 425 Hz of 400 to 450 Hz, wants 0.67 to 1.5 s of tone between 3 to 5 s of silence, and gives -10 dBm0, 5 dB up or
/// down, for tones of exchanges; most of Europe rings so. Full scale is 3.14 dBm0 (ITU-T G.711). Begins and ends each tone at a
/// zero of the wave, so that nothing clicks. Allocates at creation only.
public struct RingbackTone {
  private static let frequency = 425.0
  private static let amplitude = 32_767 * pow(10, (-15 - 3.14) / 20)
  /// Ticks of tone, and of tone and silence.
  private static let tone = 50
  private static let cadence = 250

  /// Two frames hold 17 whole waves at every rate.
  private let wave: FrameBuffer
  private let frame: Int
  private var tick = 0

  /// A tone at its beginning.
  public init(rate: AudioRate) {
    frame = rate.frame
    wave = FrameBuffer(count: 2 * frame)
    for index in wave.samples.indices {
      let phase = 2 * Double.pi * Self.frequency * Double(index) / Double(rate.hertz)
      wave.samples[index] = Int16(Self.amplitude * sin(phase))
    }
  }

  /// Adds the next 20 ms to a frame; what is too loud is cut off at full scale.
  /// - Parameter frame: at the tone's rate.
  public mutating func add(to frame: inout MutableSpan<Int16>) {
    if tick < Self.tone {
      let samples = wave.samples
      let start = tick & 1 == 0 ? 0 : self.frame
      var index = 0
      while index < min(frame.count, self.frame) {
        frame[index] = Int16(clamping: Int32(frame[index]) + Int32(samples[start + index]))
        index += 1
      }
    }
    tick = tick + 1 == Self.cadence ? 0 : tick + 1
  }
}
