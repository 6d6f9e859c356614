public import Core

/// Frames of a line at another rate, as one stream: for an engine that knows one rate only, and for sound that was made for
/// another line.
///
/// Isolation: none of its own; one owner on one loop. Allocates at creation only.
public final class FrameConverter {
  /// How much what comes out lags what goes in.
  public let lag: CallSpan
  private var resampler: Resampler
  private let output: FrameBuffer

  /// A converter for a new stream.
  /// - Parameters:
  ///   - rate: of the frames.
  ///   - hertz: samples in a second of what comes out, 8,000 to 48,000.
  public init(from rate: AudioRate, to hertz: Int) {
    resampler = Resampler(between: rate.hertz, and: hertz)
    lag = CallSpan(microseconds: Int64(resampler.latency) * 1_000_000 / Int64(hertz))
    output = FrameBuffer(count: rate.frame * hertz / rate.hertz + 8)
  }

  /// The next frame at the other rate; 20 ms of it when the rates are multiples of each other.
  /// - Returns: valid until the next call.
  public func convert(_ frame: Span<Int16>) -> UnsafeMutableBufferPointer<Int16> {
    let samples = output.samples
    var span = samples.mutableSpan
    let progress = resampler.process(frame, into: &span)
    return UnsafeMutableBufferPointer(rebasing: samples[..<progress.produced])
  }
}
