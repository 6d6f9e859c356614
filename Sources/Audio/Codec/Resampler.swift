import CSpeexDSP
public import Core

/// Changes the rate of a stream of mono samples (libspeexdsp). Keeps its state between calls; allocates at creation
/// only.
///
/// Isolation: none of its own and not sendable; one owner on one thread.
public struct Resampler: ~Copyable {
  /// How much was read and written by one call.
  public struct Progress: Hashable, Sendable {
    public var consumed: Int
    public var produced: Int
  }

  /// Sound against cost; the C library's scale of 0 to 10.
  public enum Quality: Int32, Sendable {
    /// For what people hear on a telephone.
    case telephone = 3
    /// For what recognisers and voices get; 0.2 % of a core for 8 to 24 kHz.
    case speech = 5
    /// For files.
    case file = 8
  }

  /// Samples per second that go in.
  public let inputRate: Int
  /// Samples per second that come out.
  public let outputRate: Int
  private let state: OpaquePointer

  /// A resampler for a new stream.
  /// - Throws: `badRate` for rates outside 1 to 192,000, `engine` when there is no memory.
  public init(from inputRate: Int, to outputRate: Int, quality: Quality = .speech) throws(AudioError) {
    guard 1...192_000 ~= inputRate, 1...192_000 ~= outputRate else {
      throw AudioError(.badRate, "Cannot change the sample rate from \(inputRate) to \(outputRate) hertz")
    }
    var code: Int32 = 0
    guard
      let state = speex_resampler_init(1, UInt32(inputRate), UInt32(outputRate), quality.rawValue, &code), code == 0
    else { throw AudioError(.engine, "The resampler did not start, code \(code)") }
    self.inputRate = inputRate
    self.outputRate = outputRate
    self.state = state
  }

  /// A resampler between rates of lines and engines, which are known to be possible. Without memory the process ends, as it
  /// does for every object.
  init(between inputRate: Int, and outputRate: Int) {
    do {
      try self.init(from: inputRate, to: outputRate)
    } catch {
      preconditionFailure("no resampler from \(inputRate) to \(outputRate) hertz")
    }
  }

  deinit { speex_resampler_destroy(state) }

  /// By how many output samples the output lags the input.
  public var latency: Int { Int(speex_resampler_get_output_latency(state)) }

  /// Reads what it can, writes what there is room for. Input that was not consumed must be given again.
  public mutating func process(_ input: Span<Int16>, into output: inout MutableSpan<Int16>) -> Progress {
    var inputCount = UInt32(clamping: input.count)
    var outputCount = UInt32(clamping: output.count)
    input.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        // Fails only for null pointers, which empty buffers may have; then both counts stay 0.
        guard let from = source.baseAddress, let to = target.baseAddress else {
          inputCount = 0
          outputCount = 0
          return
        }
        _ = speex_resampler_process_int(state, 0, from, &inputCount, to, &outputCount)
      }
    }
    return Progress(consumed: Int(inputCount), produced: Int(outputCount))
  }

  /// Forgets the stream; the next input begins another.
  public mutating func reset() { _ = speex_resampler_reset_mem(state) }

  /// Leaves out the lag at the beginning of the next stream, so that output and input begin together.
  mutating func skipLatency() { _ = speex_resampler_skip_zeros(state) }
}

extension AudioClip {
  /// The same sound at another rate, of the same length and without lag. Allocates; not for the tick.
  /// - Throws: `badRate` for rates outside 1 to 192,000.
  public func resampled(to rate: Int, quality: Resampler.Quality = .file) throws(AudioError) -> AudioClip {
    guard rate != sampleRate else { return self }
    var resampler = try Resampler(from: sampleRate, to: rate, quality: quality)
    resampler.skipLatency()
    let wanted = (samples.count * rate + sampleRate - 1) / sampleRate
    var output = [Int16](repeating: 0, count: wanted)
    // Silence behind the end pushes out what the filter still holds.
    let input = samples + [Int16](repeating: 0, count: resampler.latency * sampleRate / rate + 64)
    var read = 0
    var written = 0
    var piece = [Int16](repeating: 0, count: 4_096)
    while written < wanted, read < input.count {
      var room = piece.mutableSpan
      let progress = resampler.process(input.span.extracting(read..<input.count), into: &room)
      guard progress.consumed + progress.produced > 0 else { break }
      for index in 0..<min(progress.produced, wanted - written) { output[written + index] = piece[index] }
      read += progress.consumed
      written += progress.produced
    }
    return AudioClip(samples: output, sampleRate: rate)
  }
}
