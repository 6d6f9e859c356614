public import Core

/// The sound of one line: frames of 20 ms at the line's rate, pulled and pushed synchronously on the tick.
///
/// Isolation: used from the event loop of its call only. Nothing here allocates, waits or throws.
public protocol MediaPort: AnyObject {
  /// The rate of the frames of both ways. May change between two ticks, when the line is agreed on anew.
  var rate: AudioRate { get }

  /// Writes the caller's next 20 ms; once a tick.
  /// - Parameters:
  ///   - frame: `rate.frame` samples, all of them written whatever is returned.
  ///   - instant: the tick's planned instant, not the moment it ran.
  func pull(into frame: inout MutableSpan<Int16>, at instant: CallInstant) -> PulledFrame

  /// Sends the agent's next 20 ms; once a tick, unless the tick is `skip`ped.
  /// - Parameters:
  ///   - frame: `rate.frame` samples, read before this returns.
  ///   - instant: the tick's planned instant.
  func push(_ frame: Span<Int16>, at instant: CallInstant)

  /// Sends nothing in ticks that came too late: so many frames' time passes, and the line's clock goes on.
  func skip(_ frames: Int)

  /// The next key that came inside the audio stream (RFC 4733 events, or tones where the line has none), `0`-`9`, `*`,
  /// `#`, `A`-`D`; nil when there is none. Asked until nil, once a tick.
  func nextKey() -> Character?

  /// What became of the audio so far.
  var report: MediaReport { get }
}
