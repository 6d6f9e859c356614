public import Core

/// One party's side of a session: its line, and what carries its words.
///
/// Isolation: reached from its session's loop only.
public final class Leg {
  /// Its name.
  public let id: LegID
  /// Controls it.
  let line: any Line
  /// What carries its words.
  let medium: Medium
  /// How it joins a conversation that was suspended; nil when the conversation begins with it.
  var joins: Attachment?

  /// What carries words on a leg.
  public enum Medium {
    /// Speech.
    case sound(MediaSession)
    /// Writing.
    case text(any TextPort)
  }

  /// A leg that is not answered yet.
  public init(_ id: LegID, line: any Line, medium: Medium) {
    self.id = id
    self.line = line
    self.medium = medium
  }

  /// Its sound, where it has any.
  var sound: MediaSession? { if case .sound(let sound) = medium { sound } else { nil } }
}
