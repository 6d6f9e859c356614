internal import Core

/// What the steps of a stream's clock are worth: in time, and in samples of the line. The two differ: G.722 counts 8,000 steps
/// a second and samples 16,000 times, Opus counts 48,000.
struct StreamUnits: Hashable, Sendable {
  /// Steps of the timestamps in a second.
  let clockRate: Int
  /// The rate of the line.
  let rate: AudioRate

  /// Steps of one frame.
  var frame: Int { clockRate / 50 }

  func ticks(in span: CallSpan) -> Int { Int(span.microseconds * Int64(clockRate) / 1_000_000) }

  func microseconds(of ticks: Int) -> Int64 { Int64(ticks) * 1_000_000 / Int64(clockRate) }

  func span(of ticks: Int) -> CallSpan { CallSpan(microseconds: microseconds(of: ticks)) }

  /// Samples of the line in so many steps.
  func samples(of ticks: Int) -> Int { ticks * rate.hertz / clockRate }
}
