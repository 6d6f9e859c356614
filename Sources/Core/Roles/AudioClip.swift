/// A piece of audio: one channel, 16-bit linear samples. Its description tells only its length.
public struct AudioClip: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  /// The samples.
  public var samples: [Int16]
  /// Samples in a second.
  public var sampleRate: Int

  /// A clip. The rate must be positive.
  public init(samples: [Int16], sampleRate: Int) {
    self.samples = samples
    self.sampleRate = max(1, sampleRate)
  }

  /// How long it lasts.
  public var duration: CallSpan {
    CallSpan(microseconds: Int64(samples.count) * 1_000_000 / Int64(sampleRate))
  }
  public var description: String { "\(duration.milliseconds) ms of audio at \(sampleRate) Hz" }
  public var customMirror: Mirror { Mirror(self, children: ["duration": duration.milliseconds]) }
}
