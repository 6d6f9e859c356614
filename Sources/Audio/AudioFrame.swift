public import Core

/// The unit of the frame path: 20 ms of one line, mono, linear, at the telephone rate.
///
/// Every count of samples on the frame path is at this rate; audio at another rate travels as `AudioClip`, which
/// names it.
public enum AudioFrame {
  /// Samples per second.
  public static let sampleRate = 8_000
  /// Samples of one frame.
  public static let samples = 160
  /// Length of one frame, and of the tick.
  public static let span = CallSpan.milliseconds(20)
  /// Microseconds of one sample; exact.
  static let microsecondsPerSample: Int64 = 125

  /// How many whole samples a span holds.
  public static func samples(in span: CallSpan) -> Int { Int(span.microseconds / microsecondsPerSample) }

  /// How long so many samples sound.
  public static func span(of samples: Int) -> CallSpan {
    CallSpan(microseconds: Int64(samples) * microsecondsPerSample)
  }
}
