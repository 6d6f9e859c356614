internal import Core

/// A codec at a line's rate that is not its own: a peer that agreed on a wideband codec may send a narrowband one in the next
/// packet, and the line stays what it is.
public final class ResampledCodec: Codec {
  public let rate: AudioRate
  private let base: any Codec
  private var decoding: Resampler
  private var encoding: Resampler
  private let decoded: FrameBuffer
  private let encoded: FrameBuffer

  /// A codec for a line of another rate.
  public init(_ base: any Codec, rate: AudioRate) {
    self.base = base
    self.rate = rate
    decoding = Resampler(between: base.rate.hertz, and: rate.hertz)
    encoding = Resampler(between: rate.hertz, and: base.rate.hertz)
    decoded = FrameBuffer(count: base.rate.samples(in: JitterBuffer.longestPayload))
    encoded = FrameBuffer(rate: base.rate)
  }

  public var name: String { base.name }
  public var clockRate: Int { base.clockRate }

  public func duration(of packet: Span<UInt8>) -> Int { base.duration(of: packet) }

  public func decode(_ packet: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    let buffer = decoded.samples
    var span = buffer.mutableSpan
    let count = base.decode(packet, into: &span)
    return decoding.process(buffer.span.extracting(first: count), into: &samples).produced
  }

  public func encode(_ frame: Span<Int16>, into packet: inout MutableSpan<UInt8>) -> Int {
    let buffer = encoded.samples
    var span = buffer.mutableSpan
    let count = encoding.process(frame, into: &span).produced
    return base.encode(buffer.span.extracting(first: count), into: &packet)
  }

  public func reset() {
    base.reset()
    decoding.reset()
  }
}
