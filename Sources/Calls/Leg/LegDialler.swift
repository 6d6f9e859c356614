public import Audio
public import Core
public import NIOCore

/// Calls people: what a session that joins its caller with a person needs of the network.
public protocol LegDialler: Sendable {
  /// Begins to ring at a place. Returns as soon as the leg can be given up; what comes of it are events of its line.
  ///
  /// - Parameters:
  ///   - place: its name in the configuration: where it is, no caller and no assistant says.
  ///   - ringTimeout: how long it may ring; `failed` follows then.
  ///   - loop: where its sound lives and its events are delivered.
  ///   - deliver: takes its events, in order, on `loop`; the first may come before this returns.
  /// Throws when nothing can be rung at all.
  func dial(
    _ place: String, ringTimeout: CallSpan, on loop: any EventLoop, deliver: @escaping @Sendable (LineEvent) -> Void
  ) async throws -> DialledLeg
}

/// A leg that rings, or that is taken up.
public struct DialledLeg: Sendable {
  /// Controls it; `hangUp` gives it up.
  public let line: any Line
  /// Its sound; asked for, and reached, on the loop it was dialled on.
  public let sound: @Sendable () -> any MediaPort

  /// A leg from its parts.
  public init(line: any Line, sound: @escaping @Sendable () -> any MediaPort) {
    self.line = line
    self.sound = sound
  }
}

/// Where a destination is reached, and by whom.
public enum Reach: Hashable, Sendable {
  /// The caller's line is asked to call this address instead.
  case address(String)
  /// The server rings this place of its configuration, and stays between caller and person.
  case place(String)
}

/// How callers are handed over by a server that stays between caller and person.
public struct Bridging: Sendable {
  /// Rings people.
  public let dialler: any LegDialler
  /// The place of who listens once a caller and the person of a place are joined; nil: nobody.
  public let listener: @Sendable (String) -> String?

  /// A way to hand over.
  public init(dialler: any LegDialler, listener: @escaping @Sendable (String) -> String?) {
    self.dialler = dialler
    self.listener = listener
  }
}
