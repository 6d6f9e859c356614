/// One line of a call's journal: what entered or left, when, under which assistant.
public struct JournalEntry: Hashable, Sendable {
  /// The matter.
  public let conversation: ConversationID
  /// The connection.
  public let call: CallID
  /// Position in the call's journal, from 0.
  public let sequence: Int
  /// When, from the call's start.
  public let instant: CallInstant
  /// What.
  public let record: JournalRecord

  /// A line.
  public init(conversation: ConversationID, call: CallID, sequence: Int, instant: CallInstant, record: JournalRecord) {
    self.conversation = conversation
    self.call = call
    self.sequence = sequence
    self.instant = instant
    self.record = record
  }
}

/// What a line of the journal holds.
public enum JournalRecord: Hashable, Sendable {
  /// The call began, with this assistant.
  case started(CallStart, AssistantVersion)
  /// Something entered.
  case event(CallEvent)
  /// Something left.
  case effect(CallEffect)
  /// The shell's own remark for readers: measurements of a turn, the line's identifiers. Not part of the decision.
  case remark(JournalRemark)
  /// A line that a newer release wrote, by its kind: `event.…`, `effect.…` or `remark.…`; behind a slash, the kind of a value in
  /// it when only that one is unknown. What it holds stays where it was read from.
  case unknown(String)
}

extension JournalRecord {
  /// Whether a conversation that had ended for its line goes on with this line.
  public var isBeginningAgain: Bool {
    if case .event(.attached) = self { true } else { false }
  }

  /// Whether the call is over with this line.
  public var isEnd: Bool {
    switch self {
    case .event(.hungUp), .remark(.abandoned), .remark(.expired): true
    default: false
    }
  }

  /// The kinds of lines that tell on which lines a call was and how it stands, beside its first and its last one.
  public static let landmarks = [
    "event.attached", "event.hungUp", "effect.suspend", "remark.abandoned", "remark.expired", "remark.lineIdentity",
    "remark.legIdentity",
  ]
}

/// The shell's remarks beside the decisions.
public enum JournalRemark: Hashable, Sendable {
  /// How long the stages of a turn took.
  case latency(TurnLatency)
  /// What the line needs to say goodbye after a restart (encoded by the line's room; it holds addresses of persons).
  case lineIdentity(Sensitive<String>)
  /// The same of a leg that the server dialled for the caller, whether it rings still or is joined; the last such line of a leg counts.
  case legIdentity(LegID, Sensitive<String>)
  /// What the network said of a hand-over that did not come about, before the event that tells its outcome.
  case handOver(EffectID, TransferOutcome, NetworkStatus)
  /// What became of the line's audio.
  case media(MediaReport)
  /// A crash left the call without an end; a later run said goodbye.
  case abandoned
  /// What became of a change that was still under way when the call had ended, or that a later run learned by a probe. The
  /// last such line of an effect counts.
  case settled(EffectID, ToolOutcome)
  /// Nobody came back to the conversation as long as it could be gone on with.
  case expired
  /// A look-up whose process was killed is asked for again, by whoever goes on: once.
  case repeated(EffectID)
}

/// How long the stages of one turn took, from the end of the caller's speech.
public struct TurnLatency: Hashable, Sendable {
  /// The turn.
  public let turn: TurnNumber
  /// Until the words were known.
  public let recognition: CallSpan?
  /// Until the turn was taken as ended.
  public let endOfTurn: CallSpan?
  /// Until commands were known.
  public let understanding: CallSpan?
  /// Until the first sample was ready.
  public let synthesis: CallSpan?
  /// Until the first audible sample left.
  public let firstAudio: CallSpan?
  /// A measurement; absent stages were not reached.
  public init(
    turn: TurnNumber, recognition: CallSpan?, endOfTurn: CallSpan?, understanding: CallSpan?, synthesis: CallSpan?,
    firstAudio: CallSpan?
  ) {
    self.turn = turn
    self.recognition = recognition
    self.endOfTurn = endOfTurn
    self.understanding = understanding
    self.synthesis = synthesis
    self.firstAudio = firstAudio
  }
}

/// Where journals are written. Appends of one call come in order; the implementation writes in batches off the loop.
///
/// A call's trouble is its own: a line that is refused ends the journal of its call, and no other call is told.
public protocol Journal: Sendable {
  /// Queues lines without waiting. Loses none that a later `flush` of their call returned for.
  func append(_ entries: [JournalEntry])
  /// Returns when every line of the call appended before is on stable storage (full sync); throws when it cannot be, and when
  /// a line or a value of this call was refused.
  func flush(_ call: CallID) async throws
  /// Nothing more of the call will be appended: what is remembered of it can be forgotten once its lines are written. Whoever
  /// appends lines of a call says so, once, whatever its last line was.
  func close(_ call: CallID)
}

/// Where journals are read.
public protocol JournalReader: Sendable {
  /// The calls there are, newest first, so many.
  /// - Parameter before: only those that come behind this one in that order; throws when there is no such call.
  func calls(limit: Int, before: CallID?) async throws -> [JournaledCall]
  /// How many calls there are.
  func callCount() async throws -> Int
  /// A call's journal, in order, with what its chain of digests says.
  func read(_ call: CallID) async throws -> JournalReading
  /// A call's durable lines from a position on, in order; none when there are no more. For those who follow a call that goes
  /// on, in this process or another: they ask again for what comes next. Says nothing of the chain. Throws for an unknown call.
  func lines(of call: CallID, from sequence: Int) async throws -> [JournalEntry]
  /// A call's first line, its `JournalRecord.landmarks` and its last line, in order, without what lies between: how it stands, for
  /// those who look at many. Says nothing of the chain. Throws for an unknown call.
  func landmarks(of call: CallID) async throws -> [JournalEntry]
  /// The call that an event was written of last, whenever it began; nil when there is none.
  func lastActive() async throws -> CallID?
}

extension JournalReader {
  /// The newest calls, newest first, so many.
  public func calls(limit: Int) async throws -> [JournaledCall] { try await calls(limit: limit, before: nil) }
}

/// A call in a listing.
public struct JournaledCall: Hashable, Sendable, Codable {
  /// The call.
  public let call: CallID
  /// Its assistant.
  public let version: AssistantVersion
  /// Its start, milliseconds since the epoch.
  public let startedAt: Int64
  /// How many lines.
  public let lines: Int
  /// Whether its end is in the journal.
  public let hasEnded: Bool
  /// What the seal over all this says.
  public let seal: Seal
  /// A listing's entry.
  public init(
    call: CallID, version: AssistantVersion, startedAt: Int64, lines: Int, hasEnded: Bool, seal: Seal = .unchecked
  ) {
    self.call = call
    self.version = version
    self.startedAt = startedAt
    self.lines = lines
    self.hasEnded = hasEnded
    self.seal = seal
  }
}
