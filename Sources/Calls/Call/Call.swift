internal import Conversation
public import Core
internal import Logging
public import NIOCore

/// One call, run: the only place where a conversation is stepped and its effects are performed.
///
/// Isolation: its executor is the event loop the call lives on, so the tick hands over events without a change of thread. One
/// ordered mailbox; a step never awaits. Recognition, synthesis, understanding, tools and storage run elsewhere and come
/// back as events.
public actor Call {
  /// The loop the call lives on.
  public nonisolated let loop: any EventLoop
  /// What entered once.
  public nonisolated let start: CallStart
  /// Runs the call on its loop.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

  let services: CallServices
  let assistant: PublishedAssistant
  let line: any Line
  let origin: NIODeadline
  let owner: DataOwner
  let onEnd: @Sendable (CallID) -> Void
  var conversation: Conversation
  var listening = ListenPlan()
  var media: MediaSession?
  var timers: [TimerID: CallTimer] = [:]
  var hearing = HearingState()
  var speaking = SpeakingState()
  var stopwatch = TurnStopwatch()
  var guess: Guess?
  var transferInHand: EffectID?
  /// Runs from a hang-up until the line is gone.
  var closing: Scheduled<Void>?
  var tasks: [UInt64: Task<Void, Never>] = [:]
  /// Changes that were asked for and of which nobody knows yet what became.
  var changes: [EffectID: ChangeInHand] = [:]
  /// Whether the journal is closed: nothing of the call is written any more.
  var isClosed = false
  private var lastTask: UInt64 = 0
  private var nextSequence = 0
  private var keysPressed = 0
  private var mailbox: [(CallEvent, CallInstant)] = []
  private var isStepping = false
  private var isListening = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// A call that is about to be answered. Nothing happens until `begin`.
  ///
  /// - Parameter onEnd: called once, when nothing more will be done.
  public init(
    start: CallStart, assistant: PublishedAssistant, line: any Line, services: CallServices, loop: any EventLoop,
    onEnd: @escaping @Sendable (CallID) -> Void
  ) {
    self.start = start
    self.loop = loop
    self.line = line
    self.services = services
    self.assistant = assistant
    self.onEnd = onEnd
    origin = loop.now
    owner = start.person.map { .person(start.tenant, $0) } ?? .call(start.tenant, start.call)
    conversation = Conversation(assistant: assistant.prepared, start: start)
  }

  /// Opens the journal, remembers what the line needs to say goodbye after a restart, and answers.
  /// - Parameter media: lives on the call's own loop: its tick hands over events without a change of thread.
  public func begin(media: MediaSession?, lineIdentity: String?) {
    if let media { precondition(media.eventLoop === loop, "a call and its sound live on one loop") }
    self.media = media
    write([.started(start, conversation.assistant.version)], at: .zero)
    if let lineIdentity { write(identity: lineIdentity, at: .zero) }
    line.answer()
  }

  /// Writes down what the line needs to say goodbye after a restart; the last one written holds.
  public func keep(lineIdentity: String) {
    if !conversation.isOver { write(identity: lineIdentity, at: now) }
  }

  private func write(identity: String, at instant: CallInstant) {
    let protected = services.vault.protect(identity, label: .identifier, owner: owner, ordinal: 0)
    write([.remark(.lineIdentity(protected))], at: instant)
  }

  /// Now, from the call's start.
  var now: CallInstant { CallInstant(microseconds: (loop.now - origin).nanoseconds / 1000) }

  /// The instant of a deadline of the loop's clock.
  nonisolated func instant(of deadline: NIODeadline) -> CallInstant {
    CallInstant(microseconds: (deadline - origin).nanoseconds / 1000)
  }

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
    if conversation.mayBeLeft { end() }
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

  /// Starts work whose end is awaited by an event; it is cancelled when the call ends, unless it is a change in hand.
  @discardableResult func work(_ body: @escaping @Sendable (isolated Call) async -> Void) -> UInt64 {
    lastTask += 1
    let id = lastTask
    tasks[id] = Task {
      await body(self)
      self.tasks[id] = nil
    }
    return id
  }
}

// MARK: - What the line and the tick report

extension Call {
  /// Takes an event of the line.
  public func line(_ event: LineEvent) {
    switch event {
    // Of calls that are placed; a caller's line says neither.
    case .ringing, .failed: break
    case .connected:
      media?.start(for: self)
      take(.connected)
    case .held(let isHeld):
      media?.hold(isHeld, at: now)
      take(.held(isHeld))
    case .digit(let key): press(key)
    case .transferFinished(let outcome):
      guard let effect = transferInHand else { return }
      transferInHand = nil
      take(.transferFinished(effect, outcome))
    case .ended(let party):
      take(.hungUp(by: party))
      closeMedia()
    }
  }

  /// Takes a written message, from a line of messages. Returns when the next one is expected, or the call is over.
  public func message(_ text: String) async {
    isListening = false
    hearing.segment += 1
    take(.message(heard(text, confidence: .certain, segment: hearing.segment)))
    await untilListening()
  }

  /// Returns when the caller is expected to say something, or the call is over.
  public func untilListening() async {
    guard !isListening, !conversation.isOver else { return }
    await withCheckedContinuation { waiting.append($0) }
  }

  func resumeWaiting() {
    isListening = true
    for continuation in waiting { continuation.resume() }
    waiting = []
  }

  /// Takes what one tick brought. Called by the media loop in its own turn of the loop.
  func media(_ event: MediaEvent) {
    switch event {
    case .speechStarted(let instant): voiceBegan(at: instant)
    case .speechEnded(let instant): voiceEnded(at: instant)
    case .partialDue: recognizePartial()
    case .key(let key): press(String(key))
    case .playback(let playback): played(playback)
    }
  }

  /// A key pressed; equal keys get unequal tokens, so that a journal shows no pattern of a card number.
  private func press(_ key: String) {
    keysPressed += 1
    let label = conversation.label(keyed: true)
    take(.digit(services.vault.protect(key, label: label, owner: owner, ordinal: keysPressed)))
  }

  /// Ends the call from outside: the server stops.
  public nonisolated func endNow() {
    loop.execute { self.assumeIsolated { $0.line.hangUp() } }
  }
}

/// A timer that runs, and when it is due.
struct CallTimer {
  let scheduled: Scheduled<Void>
  let due: CallInstant
}
