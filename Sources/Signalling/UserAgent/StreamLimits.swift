/// Bounds of stream connections. A peer that is known (trusted, let in by a password, or one that we connected to) may keep its
/// connection open for calls to come; a stranger has to say who it is soon.
public struct StreamLimits: Sendable {
  /// Connections accepted, of all sources.
  public var accepted = 1024
  /// Of these, connections of strangers.
  public var strangers = 256
  /// Connections of one source that is known.
  public var ofKnown = 512
  /// Connections of one stranger.
  public var ofStranger = 8
  /// Connections of our own, in a table of their own.
  public var opened = 256
  /// How long a connection that was accepted may be without its first message. As long without one, it may have to make room.
  public var first = Duration.seconds(8)
  /// How long a stranger's connection lives.
  public var strangerLife = Duration.seconds(60)
  /// How long a connection may be without a message or keep-alive. Far beyond the keep-alives of RFC 5626 (at most 15 minutes),
  /// and beyond the longest call without any.
  public var idle = Duration.seconds(3_600)
  /// How long a message may be under way.
  public var message = Duration.seconds(32)
  /// How long a connection that failed is read for, so that the answer arrives before its end.
  public var farewell = Duration.seconds(1)
  /// How often a connection is looked at.
  public var check = Duration.seconds(4)

  /// The bounds of a server that answers some hundred calls at once.
  public init() {}
}
