/// A whole piece of mono audio: what a recogniser is given, what a synthesizer gives.
///
/// The samples are shared by reference until someone changes them; handing a clip on copies nothing.
public struct AudioClip: Hashable, Sendable {
  /// Linear samples, one channel.
  public var samples: [Int16]
  /// Samples per second.
  public var sampleRate: Int

  /// A clip of so many samples per second.
  public init(samples: [Int16], sampleRate: Int) {
    self.samples = samples
    self.sampleRate = sampleRate
  }

  /// How long it sounds; nothing when the rate is not positive.
  public var length: CallSpan {
    guard sampleRate > 0 else { return .zero }
    return CallSpan(microseconds: Int64(samples.count) * 1_000_000 / Int64(sampleRate))
  }
}
