import Core

/// The pauses a caller makes inside turns, learnt in the call: whoever pauses longer is waited for longer.
struct CallerPauses: Hashable, Sendable {
  private struct End: Hashable {
    let turn: CallInstant
    let voice: CallInstant
  }
  private var longest = CallSpan.zero
  /// Whether the open turn had a pause as long as any before.
  private var wasSeen = false
  /// The end of the last turn, until its caller is heard again.
  private var ended: End?

  /// The silence that ends a turn whose words may go on.
  func wait(usual: CallSpan, uncertain: CallSpan) -> CallSpan {
    guard longest > .zero else { return usual }
    return max(usual, min(longest + Self.margin, Self.middle(usual, uncertain)))
  }

  /// Voice began. Inside a turn, or so soon behind its end that nobody could have answered what was said meanwhile, the silence
  /// before it was a pause.
  /// - Parameter pausedSince: when the voice before it in the open turn ended, whose words may go on; nil: there is none.
  mutating func voiceBegan(at instant: CallInstant, pausedSince: CallInstant?) {
    if let pausedSince { learn(instant - pausedSince) }
    if let ended, instant - ended.turn < Self.tooSoonToAnswer { learn(instant - ended.voice) }
    ended = nil
  }

  /// A turn ended by its silence. What was learnt fades with the turns in which it is not seen again.
  mutating func turnEnded(at instant: CallInstant, voiceEnded: CallInstant) {
    if !wasSeen { longest = CallSpan(microseconds: longest.microseconds * 7 / 8) }
    wasSeen = false
    ended = End(turn: instant, voice: voiceEnded)
  }

  private mutating func learn(_ pause: CallSpan) {
    guard pause >= longest else { return }
    longest = pause
    wasSeen = true
  }

  private static let margin = CallSpan.milliseconds(150)
  /// People take longer than this to answer what they hear.
  private static let tooSoonToAnswer = CallSpan.milliseconds(400)

  private static func middle(_ one: CallSpan, _ other: CallSpan) -> CallSpan {
    CallSpan(microseconds: (one + other).microseconds / 2)
  }
}
