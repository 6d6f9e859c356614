import Core

/// Counts how often the caller was silent when something was expected.
struct SilenceLadder: Hashable, Sendable {
  /// Whether the caller is expected to say something.
  var isExpecting = false
  /// Whether the line is on hold: nobody can hear or be heard.
  var isHeld = false
  /// The question's own time, when it has one.
  var wait: CallSpan?
  private(set) var count = 0
  /// Numbers the timers, so that an old one never counts for a new wait.
  private(set) var rung = 1

  /// The next silence; returns the how-manieth in a row it is.
  mutating func climb() -> Int {
    count += 1
    rung += 1
    return count
  }

  /// A ladder nobody stands on, whose timers are told from this one's.
  var next: SilenceLadder {
    var next = SilenceLadder()
    next.rung = rung + 1
    return next
  }

  /// The caller did something.
  mutating func reset() {
    count = 0
    rung += 1
  }
}
