/// Storage of samples for an owner on the frame path that is a class: a span of an array in a class cannot outlive
/// one access.
///
/// ```swift
/// let samples = buffer.samples
/// var frame = samples.mutableSpan
/// let kind = port.pull(into: &frame, at: instant)
/// recorder.append(samples.span, at: instant)
/// ```
/// Isolation: none of its own; one owner on one loop. Allocates at creation only.
public final class FrameBuffer {
  /// The samples, zero at first. Valid as long as the buffer lives.
  public let samples: UnsafeMutableBufferPointer<Int16>

  /// Room for one frame of a line.
  public convenience init(rate: AudioRate = .narrowband) { self.init(count: rate.frame) }

  /// Room for so many samples.
  public init(count: Int) {
    samples = .allocate(capacity: max(0, count))
    samples.initialize(repeating: 0)
  }

  deinit { samples.deallocate() }
}
