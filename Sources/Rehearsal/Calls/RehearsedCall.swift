import Conversation
import Core
import Dialogue
import Language

/// A call in virtual time: the real conversation, a line that plays, timers, actions from a table. Takes no real time but what
/// understanding takes. Deterministic as far as understanding is.
struct RehearsedCall: VirtualHost {
  /// How long understanding takes, in virtual time.
  static let understanding = CallSpan.milliseconds(30)
  /// How long a voice takes to make speech.
  private static let synthesis = CallSpan.milliseconds(40)
  /// The longest time a turn is waited for.
  private static let longestSettling = CallSpan.seconds(600)

  private(set) var conversation: Conversation
  /// What is due: the line's reports, results that were promised, timers.
  var agenda = VirtualAgenda<Promised>()
  private(set) var isOver = false
  /// All that happened, in order.
  private(set) var records: [Record] = []
  /// What a turn means. Values come back as understanding gives them: clear.
  var interpret: (UnderstandingRequest) async -> [ProposedCommand] = { _ in [] }
  /// How actions go, in the light of what the conversation knows.
  var act: (ToolInvocation, [SlotName: SlotValue]) -> ActionResult = { _, _ in
    ActionResult(outcome: .completed([:]))
  }
  /// How transfers go, three seconds later.
  var transfer: (TransferRequest) -> TransferOutcome = { _ in .accepted }

  private let trace: EngineTrace
  /// Turns whose meaning is asked for and not found yet.
  private var unread: [UnderstandingRequest] = []
  private var values = 0
  /// Counts voices and messages.
  private var segment = 0
  /// How often the line has audio.
  private static let beat = CallSpan.milliseconds(20)

  /// How an action went, how long it took and what it said itself.
  struct ActionResult {
    var outcome: ToolOutcome
    var after = CallSpan.milliseconds(50)
    var says: [SaidByAction] = []
  }

  /// Words of an action.
  struct SaidByAction {
    var response: ResponseName?
    var text: String
    var buttons: [ResponseButton] = []
  }

  /// An event that is to come, and what an action says with it.
  struct Promised {
    let event: CallEvent
    var words: [SaidByAction] = []
  }

  /// Something that happened, and when.
  struct Record {
    let instant: CallInstant
    let what: What

    enum What {
      case engine(EngineTrace.Line)
      case speak(Utterance, texts: [String])
      case invoke(ToolInvocation)
      case saidByAction(SaidByAction)
      case playback(Playback)
      case hangUp(HangUpReason)
      case transfer(TransferRequest)
      case over(Party)
    }
  }

  /// A call that rings.
  init(assistant: PreparedAssistant, trace: EngineTrace, start: CallStart) {
    conversation = Conversation(assistant: assistant, start: start)
    self.trace = trace
  }

  /// Whether the line has sound.
  var isVoice: Bool { conversation.start.channel == .voice }

  /// Now.
  var now: CallInstant { agenda.now }

  // MARK: The caller

  /// The line is connected and the beginning runs.
  mutating func connect() async { await give(.connected) }

  /// Sets what is known beforehand.
  mutating func preset(_ slot: SlotName, _ value: SlotValue?) {
    let protection = SlotProtection(conversation.assistant)
    conversation.preset(slot, value.map { protection.protect($0, for: slot) { sensitive($0, $1) } })
  }

  /// The caller says or writes something. Returns when it was out.
  mutating func say(_ text: String, confidence: Confidence) async -> CallInstant {
    segment += 1
    guard isVoice, !text.hasPrefix("/") else {
      await give(.message(heard(text, confidence)))
      return now
    }
    let words = text.split(separator: " ")
    let length = CallSpan.milliseconds(max(400, words.count * 300))
    let began = now
    await wait(.milliseconds(100))
    await give(.speechStarted(at: began))
    var guessed: CallInstant?
    while now < began + length {
      await pass(to: min(now + Self.beat, began + length))
      guard let due = conversation.partialDue(after: guessed), due <= now else { continue }
      guessed = now
      let count = Int((now - began).microseconds) * words.count / Int(length.microseconds)
      await give(.partial(heard(words.prefix(count).joined(separator: " "), confidence)))
    }
    let ended = now
    await wait(.milliseconds(200))
    await give(.speechEnded(at: ended))
    await wait(.milliseconds(80))
    await give(.transcript(heard(text, confidence)))
    return ended
  }

  /// The caller presses keys, 150 ms apart. Returns when the last one was pressed.
  mutating func press(_ keys: String) async -> CallInstant {
    var last = now
    for key in keys where !isOver {
      last = now
      await give(.digit(sensitive(String(key), conversation.label(keyed: true))))
      await wait(.milliseconds(150))
    }
    return last
  }

  mutating func hangUp() async { await give(.hungUp(by: .caller)) }

  // MARK: Time

  /// Lets time pass; all that is due happens in order.
  mutating func wait(_ span: CallSpan) async { await pass(to: now + span) }

  /// Lets time pass until nothing goes on but waiting for the caller.
  mutating func settle() async {
    let end = now + Self.longestSettling
    while let next = nextWork, next <= end { await pass(to: next) }
  }

  /// Lets time pass until a span after the first sample of what is said from here on. False when nothing is said.
  mutating func settle(until span: CallSpan, intoSpeechAfter mark: Int) async -> Bool {
    let end = now + Self.longestSettling
    while !isOver {
      let started = records[mark...].first { record in
        if case .playback(let playback) = record.what { playback.state == .started } else { false }
      }
      if let started {
        await pass(to: started.instant + span)
        return true
      }
      guard let next = nextWork, next <= end else { return false }
      await pass(to: next)
    }
    return false
  }

  /// When something next happens that is not a reaction to a caller who does nothing.
  private var nextWork: CallInstant? {
    if isOver { return agenda.nextPromise }
    return agenda.next { timer in
      switch timer {
      case .silence, .longestCall, .hold: false
      default: true
      }
    }
  }

  private mutating func pass(to end: CallInstant) async {
    while let next = nextDue, next <= end {
      agenda.pass(to: next)
      await happen()
    }
    agenda.pass(to: end)
  }

  /// Behind the end of the call only what was asked for goes on, such as an action that was under way.
  private var nextDue: CallInstant? { isOver ? agenda.nextPromise : agenda.next() }

  private mutating func happen() async {
    switch agenda.take(isOver: isOver) {
    case .playback(let playback):
      record(.playback(playback))
      await give(.playback(playback))
    case .promise(let promised):
      for words in promised.words { record(.saidByAction(words)) }
      if case .finished(let id, _) = promised.event { _ = agenda.underWay.ended(id) }
      await give(promised.event)
    case .timer(let timer): if fired(timer) { await give(.timerFired(timer)) }
    case nil: break
    }
  }

  // MARK: Events and effects

  private mutating func give(_ event: CallEvent) async {
    let effects = conversation.handle(event, at: now)
    for line in trace.take() { record(.engine(line)) }
    if case .hungUp(let party) = event {
      isOver = true
      record(.over(party))
    }
    for effect in effects { perform(effect) }
    await readTurns()
  }

  /// Finds what turns mean, in no virtual time but what understanding takes.
  private mutating func readTurns() async {
    while !unread.isEmpty {
      let request = unread.removeFirst()
      let protection = SlotProtection(conversation.assistant)
      let commands = await interpret(request).map { protection.protect($0) { sensitive($0, $1) } }
      promise(.understood(commands), of: .understand(request), after: Self.understanding)
    }
  }

  private mutating func promise(
    _ result: WorkResult, of work: Work, after span: CallSpan, words: [SaidByAction] = []
  ) {
    agenda.promise(Promised(event: .finished(work.id, result), words: words), after: span, of: work.id)
  }

  /// 330 ms a word, half a second at least.
  private func sounding(_ text: String) -> CallSpan {
    .milliseconds(max(500, text.split(separator: " ").count * 330))
  }

  private mutating func record(_ what: Record.What) { records.append(Record(instant: now, what: what)) }

  // MARK: Values

  private mutating func heard(_ text: String, _ confidence: Confidence) -> Heard {
    conversation.heard(sensitive(text, conversation.label(keyed: false)), confidence: confidence, segment: segment)
  }

  private mutating func sensitive(_ value: String, _ label: DataLabel) -> Sensitive<String> {
    values += 1
    return Sensitive(token: SensitiveToken(label: label, id: "v\(values)"), value: value)
  }

  private func text(of sentence: Sentence) -> String {
    sentence.pieces.map { piece in
      switch piece {
      case .words(let words): words
      case .value(let value, let grammar):
        value.revealed.map {
          isVoice ? SpokenForm.text(for: .text($0), grammar: grammar, locale: conversation.assistant.locale) : $0
        } ?? ""
      }
    }.joined()
  }
}

// MARK: - What the host adds

extension RehearsedCall {
  mutating func start(_ work: Work) -> WorkID {
    switch work {
    case .understand(let request): unread.append(request)
    case .invoke(let invocation):
      record(.invoke(invocation))
      let result = act(invocation, conversation.slots)
      let outcome = SlotProtection(conversation.assistant).protect(result.outcome) { sensitive($0, $1) }
      let person = conversation.assistant.tools[invocation.tool]?.person(in: outcome) { PersonID("person \($0)") }
      if let person { agenda.promise(Promised(event: .identified(person)), after: result.after) }
      promise(.tool(outcome), of: work, after: result.after, words: result.says)
    case .transfer(let request):
      record(.transfer(request))
      promise(.transfer(transfer(request)), of: work, after: .seconds(3))
    }
    return work.id
  }

  mutating func speak(_ utterance: Utterance) {
    let texts = utterance.sentences.map { text(of: $0) }
    record(.speak(utterance, texts: texts))
    agenda.line.enqueue(
      utterance.id, sentences: texts.map { isVoice ? sounding($0) : .zero },
      readyAt: isVoice ? now + Self.synthesis : now)
  }

  mutating func endLine(_ reason: HangUpReason) {
    record(.hangUp(reason))
    agenda.promise(Promised(event: .hungUp(by: .agent)), after: .milliseconds(20))
  }

  mutating func suspend() {}
}
