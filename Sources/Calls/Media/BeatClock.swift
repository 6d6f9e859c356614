internal import NIOCore

/// Which beats of a loop are due. The deadlines count from the start, never from now.
///
/// When the loop was blocked, the beats it missed are made up at once, as far as that helps anybody: what the caller said is
/// heard of the last half second, which is what a jitter buffer keeps; of what the agent says two frames leave, because a burst
/// is dropped or stretched by whoever gets it. Pure.
struct BeatClock {
  /// The distance of two beats.
  static let interval = TimeAmount.milliseconds(20)
  /// Beats that are made up by hearing.
  static let heard: Int = 25
  /// Beats of one turn of the loop in which something is sent.
  static let sent: Int = 2

  /// The beats that are due in one turn of the loop, oldest first.
  struct Due: Equatable {
    /// Beats that are over with nothing done.
    var lost: Int
    /// The numbers of the beats to be done.
    var beats: Range<Int>

    /// Whether the beat is late by no more than others can bear.
    func sends(_ beat: Int) -> Bool { beat >= beats.upperBound - BeatClock.sent }
  }

  private let origin: NIODeadline
  /// The number of the next beat.
  private var beat: Int = 1

  init(origin: NIODeadline) { self.origin = origin }

  /// When a beat is planned.
  func deadline(of beat: Int) -> NIODeadline { origin + Self.interval * beat }

  /// When the next beat is planned.
  var next: NIODeadline { deadline(of: beat) }

  /// Takes all beats up to now; at least one.
  mutating func take(at now: NIODeadline) -> Due {
    let last = max(beat, Int((now - origin).nanoseconds / Self.interval.nanoseconds))
    let first = max(beat, last - Self.heard + 1)
    defer { beat = last + 1 }
    return Due(lost: first - beat, beats: first..<last + 1)
  }
}
