public import Audio
public import Core
public import NIOCore

/// A leg that asks to come in: through which door, from where, and what it is made of. Every door hands over the same.
///
/// It names the loop that its sound lives on, which is why it is no type of Core.
public struct Arrival: Sendable {
  /// Where the leg's events are delivered and its sound lives.
  public let loop: any EventLoop
  /// Controls it.
  public let line: any Line
  /// What carries its words.
  public let medium: Medium
  /// The number or name called.
  public let calledAddress: String
  /// The number or address calling. Personal data.
  public let callerAddress: String?
  /// The suspended conversation it asks to go on with; nil for a new one.
  public let resumes: Resuming?

  /// What a leg asks to go on with.
  public struct Resuming: Sendable, Equatable {
    /// The conversation.
    public let conversation: ConversationID
    /// How often lines may have joined it before, as what it shows was made then; nil where nothing has to be shown.
    public let attachments: Int?
    /// Whether it begins a new conversation when this one cannot be gone on with; otherwise it is refused.
    public let beginsAnew: Bool

    /// A wish to go on.
    public init(_ conversation: ConversationID, attachments: Int? = nil, beginsAnew: Bool) {
      self.conversation = conversation
      self.attachments = attachments
      self.beginsAnew = beginsAnew
    }
  }

  /// What carries words on an arriving leg.
  public enum Medium: Sendable {
    /// Frames; asked for, and reached, on the leg's loop only.
    case sound(@Sendable () -> any MediaPort)
    /// Written messages.
    case text(any TextPort)
  }

  /// A leg that arrives.
  public init(
    loop: any EventLoop, line: any Line, medium: Medium, calledAddress: String, callerAddress: String? = nil,
    resumes: Resuming? = nil
  ) {
    self.loop = loop
    self.line = line
    self.medium = medium
    self.calledAddress = calledAddress
    self.callerAddress = callerAddress
    self.resumes = resumes
  }

  /// What kind of line it is.
  public var channel: Core.Channel {
    switch medium {
    case .sound: .voice
    case .text: .chat
    }
  }
}

/// A door through which legs arrive: the telephone, a keyboard, later a browser or a carrier's stream.
public protocol LegSource: Sendable {
  /// Opens it; legs are handed over from now on, on any loop. Returns the port it listens on, 0 where it has none.
  func open(_ receive: @escaping @Sendable (Arrival) -> Void) async throws -> UInt16
  /// Says to the other side of a leg that a process left that it is over, from what its line wrote down.
  func release(identity: String)
  /// Goes on with a leg that a process left, from what its line wrote down, to say something there. Its line is asked for nothing
  /// more than its end; it is told BYE when it does not come back in time.
  ///
  /// - Parameters:
  ///   - patience: how long its coming back is waited for; `failed` follows then.
  ///   - loop: where its sound lives and its events are delivered.
  ///   - deliver: takes its events, in order, on `loop`; the first may come before this returns.
  /// - Returns: nil where nothing can be gone on with.
  /// Throws when there is no room for it; the other side was told nothing.
  func takeUp(
    identity: String, within patience: CallSpan, on loop: any EventLoop,
    deliver: @escaping @Sendable (LineEvent) -> Void
  ) async throws -> DialledLeg?
  /// Refuses further legs.
  func drain()
  /// Closes it. Legs that are still there are ended.
  func close() async
}
