public import Audio
public import Core
public import NIOCore

/// Calls people: what a session that joins its caller with a person needs of the network.
public protocol LegDialler: Sendable {
  /// Begins to ring at an address. Returns as soon as the leg can be given up; what comes of it are events of its line.
  ///
  /// - Parameters:
  ///   - address: where; of the configuration, never of a caller.
  ///   - ringTimeout: how long it may ring; `failed` follows then.
  ///   - loop: where its sound lives and its events are delivered.
  ///   - deliver: takes its events, in order, on `loop`; the first may come before this returns.
  /// Throws when nothing can be rung at all.
  func dial(
    _ address: String, ringTimeout: CallSpan, on loop: any EventLoop, deliver: @escaping @Sendable (LineEvent) -> Void
  ) async throws -> DialledLeg
}

/// A leg that rings.
public struct DialledLeg: Sendable {
  /// Controls it; `hangUp` gives it up.
  public let line: any Line
  /// Its sound; asked for, and reached, on the loop it was dialled on.
  public let sound: @Sendable () -> any MediaPort

  /// A leg that rings.
  public init(line: any Line, sound: @escaping @Sendable () -> any MediaPort) {
    self.line = line
    self.sound = sound
  }
}

/// How callers are handed over by a server that stays between caller and person.
public struct Bridging: Sendable {
  /// Rings people.
  public let dialler: any LegDialler
  /// Who listens once caller and person are joined; nil: nobody.
  public let listener: String?

  /// A way to hand over.
  public init(dialler: any LegDialler, listener: String?) {
    self.dialler = dialler
    self.listener = listener
  }
}
