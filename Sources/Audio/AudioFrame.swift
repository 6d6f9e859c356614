public import Core

/// The unit of the frame path: 20 ms of one line, mono, linear. How many samples that are says the line's `AudioRate`.
public enum AudioFrame {
  /// Length of one frame, and of the tick.
  public static let span = CallSpan.milliseconds(20)
}

/// Samples in a second of a line's frames. Audio that is no frame travels as `AudioClip`, which names a rate of its own.
public enum AudioRate: Hashable, Sendable, CaseIterable {
  /// 8,000 hertz: the telephone.
  case narrowband
  /// 16,000 hertz: speech as people hear it, and as recognisers know it.
  case wideband

  /// Samples in a second.
  public var hertz: Int {
    switch self {
    case .narrowband: 8_000
    case .wideband: 16_000
    }
  }

  /// Samples of one frame.
  public var frame: Int { hertz / 50 }

  /// How many whole samples a span holds.
  public func samples(in span: CallSpan) -> Int { Int(span.microseconds * Int64(hertz) / 1_000_000) }

  /// How long so many samples sound.
  public func span(of samples: Int) -> CallSpan {
    CallSpan(microseconds: Int64(samples) * 1_000_000 / Int64(hertz))
  }
}
