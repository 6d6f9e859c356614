import Core

/// How often words are guessed at while their voice goes on: half a second after it began, so that a "stop" is noticed, then at
/// distances that grow with it, since every guess reads all of it again.
struct PartialCadence: Hashable, Sendable {
  /// When the voice began.
  let began: CallInstant

  /// When the next guess is due, the last one having been begun at an instant; one from before this voice does not count.
  func due(after last: CallInstant?) -> CallInstant {
    guard let last, last >= began else { return began + Self.first }
    let grown = CallSpan(microseconds: (last - began).microseconds / 4)
    return last + min(max(grown, Self.shortest), Self.longest)
  }

  private static let first = CallSpan.milliseconds(500)
  private static let shortest = CallSpan.milliseconds(600)
  private static let longest = CallSpan.seconds(1)
}
