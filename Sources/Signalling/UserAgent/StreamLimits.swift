internal import NIOCore

/// Bounds of stream connections. A peer that is known (trusted, let in by a password, or one that we connected to) may keep its
/// connection open for calls to come; a stranger has to say who it is soon.
struct StreamLimits: Sendable {
  /// Connections accepted, of all sources.
  var accepted = 1024
  /// Of these, connections of strangers.
  var strangers = 256
  /// Connections of one source that is known.
  var ofKnown = 512
  /// Connections of one stranger.
  var ofStranger = 8
  /// Connections of our own, in a table of their own.
  var opened = 256
  /// How long a stranger's connection lives.
  var strangerLife = TimeAmount.seconds(60)
  /// How long a connection may be without a message or keep-alive. Far beyond the keep-alives of RFC 5626 (at most 15 minutes),
  /// and beyond the longest call without any.
  var idle = TimeAmount.hours(1)
  /// How long a message may be under way.
  var message = TimeAmount.seconds(32)
  /// How long a connection that failed is read for, so that the answer arrives before its end.
  var farewell = TimeAmount.seconds(1)
  /// How often a connection is looked at.
  var check = TimeAmount.seconds(10)
}
