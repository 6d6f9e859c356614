/// The control of one caller's leg, whatever network it is on. Knows nothing of dialogue.
///
/// Methods return at once; what comes of them arrives as `LineEvent`, in order, on the loop the line was given.
public protocol Line: Sendable {
  /// What a later process needs to tell the other side that the call is over, as it now is; nil for a line that ends with its
  /// process. Holds addresses of persons: whoever keeps it protects it.
  var identity: String? { get }
  /// Where the line's events go; set once, before `answer`.
  func deliver(to handler: @escaping @Sendable (LineEvent) -> Void)
  /// Accepts the call; `connected` follows.
  func answer()
  /// Refuses a call that is not answered yet.
  func reject(_ reason: LineRejection)
  /// Ends the call; `ended` follows.
  func hangUp()
  /// Asks the other side to call a person instead (blind transfer); `transferFinished` follows.
  func transfer(to uri: String, ringTimeout: CallSpan)
}

/// Why a call is refused.
public enum LineRejection: String, Hashable, Sendable {
  /// No assistant has this number.
  case unknownNumber = "unknown_number"
  /// No room for another call.
  case overloaded
  /// The server is about to stop.
  case draining
}

/// What a line reports.
public enum LineEvent: Hashable, Sendable {
  /// A call of ours rings at the other side.
  case ringing
  /// Answered; audio flows.
  case connected
  /// The network's own word for what follows: `failed`, or a `transferFinished` that was not accepted. Nothing where no network spoke.
  case status(NetworkStatus)
  /// A call of ours was not answered, or what answered could not be talked with; nothing follows.
  case failed(DialOutcome)
  /// Put on hold, or taken back.
  case held(Bool)
  /// The line's `identity` changed: the other side moved, or was asked once more, and what was kept before leads nowhere.
  case moved
  /// A message is on the caller's screen.
  case shown(UtteranceID)
  /// A key that came beside the audio (SIP INFO); keys inside the audio come from the media port.
  case digit(String)
  /// How a transfer went.
  case transferFinished(TransferOutcome)
  /// Over.
  case ended(by: Party)
}

/// Where written words go, on a leg that has a screen.
public protocol TextPort: Sendable {
  /// Shows what the agent says. Returns at once; the leg's line tells by `LineEvent.shown` when it is there.
  func show(_ text: String, as utterance: UtteranceID)
}
