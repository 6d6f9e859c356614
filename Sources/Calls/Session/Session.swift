public import Conversation
public import Core
internal import Logging
public import NIOCore

/// One conversation, run: the only place where it is stepped and its effects are performed. It has the journal, the work in
/// hand and the owner of its values; the lines of those who take part are its legs, of which there may be none.
///
/// Isolation: its executor is the event loop the session lives on, so the tick hands over events without a change of thread. One
/// ordered mailbox; a step never awaits. Recognition, synthesis, understanding, tools and storage run elsewhere and come
/// back as events.
public actor Session {
  /// The loop the session and its legs live on.
  public nonisolated let loop: any EventLoop
  /// What entered once.
  public nonisolated let start: CallStart
  /// Runs the session on its loop.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

  let services: SessionServices
  let assistant: PublishedAssistant
  let owner: DataOwner
  let onEnd: @Sendable (CallID) -> Void
  /// The conversation's time at an instant of the loop's clock.
  nonisolated let clock: SessionClock
  var conversation: Conversation
  /// The caller's side; nil before it begins and when it is gone.
  var caller: Leg?
  /// The person the caller was handed to, and who listens, when the server itself joins them.
  var bridge: Bridge?
  /// Performs what leaves the conversation.
  private(set) lazy var host = LiveHost(self)
  var hearing = HearingState()
  var speaking = SpeakingState()
  var stopwatch = TurnStopwatch()
  var guess: Guess?
  var transferInHand: TransferRequest?
  /// What a network said last of a call or transfer of a leg, until its outcome is told.
  var statuses: [LegID: NetworkStatus] = [:]
  /// Runs from a hang-up until the line is gone.
  var closing: Scheduled<Void>?
  var tasks: [UInt64: Task<Void, Never>] = [:]
  var keysPressed = 0
  /// Whether a line is about to join a suspended conversation, which is not to be forgotten meanwhile.
  var isJoining = false
  /// Whether the journal is closed: nothing of the conversation is written any more.
  var isClosed = false
  private var lastTask: UInt64 = 0
  private var nextSequence = 0
  private var mailbox: [(CallEvent, CallInstant)] = []
  private var isStepping = false
  private var isListening = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// A conversation that is about to begin. Nothing happens until `begin`.
  ///
  /// - Parameter onEnd: called once, when nothing more will be done.
  public init(
    start: CallStart, assistant: PublishedAssistant, services: SessionServices, loop: any EventLoop,
    onEnd: @escaping @Sendable (CallID) -> Void
  ) {
    self.start = start
    self.loop = loop
    self.services = services
    self.assistant = assistant
    self.onEnd = onEnd
    clock = SessionClock(since: loop.now, offset: .zero)
    owner = start.owner
    conversation = Conversation(assistant: assistant.prepared, start: start)
  }

  /// A conversation that goes on where its journal stopped, in this process. Nothing happens until `resume`.
  ///
  /// - Parameter now: the wall clock, milliseconds since the epoch: the conversation's own time went on without it.
  public init(
    resuming resumption: Resumption, assistant: PublishedAssistant, services: SessionServices, loop: any EventLoop,
    now: Int64, onEnd: @escaping @Sendable (CallID) -> Void
  ) {
    start = resumption.conversation.start
    self.loop = loop
    self.services = services
    self.assistant = assistant
    self.onEnd = onEnd
    clock = SessionClock(since: loop.now, offset: resumption.instant(at: now))
    owner = start.owner
    conversation = resumption.conversation
    nextSequence = resumption.lines
    hearing.segment = resumption.segments
    keysPressed = resumption.keys
  }

  /// Now, from the conversation's start.
  var now: CallInstant { clock.instant(of: loop.now) }

  /// Whether the conversation has no line and waits for one, and how often lines have joined it since the first.
  public var standing: (isSuspended: Bool, attachments: Int) { (conversation.isSuspended, conversation.attachments) }

  /// Puts an event into the mailbox; steps the conversation unless a step is under way.
  func take(_ event: CallEvent) { take(event, at: now) }

  func take(_ event: CallEvent, at instant: CallInstant) {
    mailbox.append((event, instant))
    guard !isStepping else { return }
    isStepping = true
    defer { isStepping = false }
    while !mailbox.isEmpty {
      let (next, instant) = mailbox.removeFirst()
      step(next, at: instant)
    }
  }

  /// Steps the conversation, writes down what entered and left, and performs what left.
  private func step(_ event: CallEvent, at instant: CallInstant) {
    guard !conversation.isOver, !isClosed else { return }
    let effects = conversation.handle(event, at: instant)
    write([.event(event)] + effects.map(JournalRecord.effect), at: instant)
    for effect in effects { perform(effect) }
    expectPartial()
    if conversation.isOver || (conversation.mayBeLeft && !isJoining) { end() }
  }

  func write(_ records: [JournalRecord], at instant: CallInstant) {
    guard !isClosed else { return }
    var entries: [JournalEntry] = []
    entries.reserveCapacity(records.count)
    for record in records {
      entries.append(
        JournalEntry(
          conversation: start.conversation, call: start.call, sequence: nextSequence, instant: instant, record: record))
      nextSequence += 1
    }
    services.journal.append(entries)
  }

  /// Starts work whose end is awaited by an event; it is cancelled when the session ends, unless it is a change in hand.
  @discardableResult func work(_ body: @escaping @Sendable (isolated Session) async -> Void) -> UInt64 {
    lastTask += 1
    let id = lastTask
    tasks[id] = Task {
      await body(self)
      self.tasks[id] = nil
    }
    return id
  }
}

// MARK: - Whoever waits for the caller's turn

extension Session {
  /// Takes a written message, from a leg of text. Returns when the next one is expected, or the session is over.
  public func message(_ text: String) async {
    isListening = false
    hearing.segment += 1
    take(.message(heard(text, confidence: .certain, segment: hearing.segment)))
    await untilListening()
  }

  /// Returns when the caller is expected to say something, or the session is over.
  public func untilListening() async {
    guard !isListening, !conversation.isOver, !isClosed else { return }
    await withCheckedContinuation { waiting.append($0) }
  }

  func resumeWaiting() {
    isListening = true
    for continuation in waiting { continuation.resume() }
    waiting = []
  }
}
