public import Core

/// What a virtual call steps: a conversation, or anything that takes events and gives effects.
public protocol Stepping {
  /// Takes one event completely.
  mutating func handle(_ event: CallEvent, at instant: CallInstant) -> [CallEffect]
  /// Words with what is to be known of them.
  func heard(
    _ text: Sensitive<String>, confidence: Confidence, segment: Int?, since: Int?, others: [Sensitive<String>]
  ) -> Heard
  /// What a tool of it is; nil when it knows none.
  func tool(_ name: ActionName) -> ToolDefinition?
}

extension Stepping {
  public func tool(_ name: ActionName) -> ToolDefinition? { nil }
}

/// A call in virtual time: timers, a line that plays, tools and understanding by script. Deterministic; takes no real time.
///
/// Every event and effect is kept as journal lines, so that a call can be read and replayed afterwards.
public struct VirtualCall<Machine: Stepping>: VirtualHost {
  /// What is stepped.
  public var machine: Machine
  /// What is due: the line's reports, results that were promised, timers. An utterance sounds a second for each sentence.
  public var agenda = VirtualAgenda<CallEvent>()
  /// All that entered and left, in order.
  public private(set) var lines: [(instant: CallInstant, record: JournalRecord)] = []
  /// Whether the line is gone.
  public private(set) var isOver = false

  /// How tools go, and after how many milliseconds; nil: no answer ever.
  public var tools: (ToolInvocation) -> (outcome: ToolOutcome, after: Int)? = { _ in (.failed(.unreachable), 50) }
  /// How transfers go, and after how many milliseconds; nil: no answer ever.
  public var transfers: (TransferRequest) -> (outcome: TransferOutcome, after: Int)? = { _ in (.accepted, 3000) }
  /// How long understanding takes, in milliseconds; nil: it never answers.
  public var understandingTakes: Int? = 30
  /// Milliseconds until an utterance sounds; nil: nothing can be spoken.
  public var synthesisTakes: Int? = 40
  /// Milliseconds until the line is gone after a hang-up; nil: it never is.
  public var closingTakes: Int? = 20

  private var meanings: [SensitiveToken: [ProposedCommand]] = [:]
  private var spoken = 0

  /// A call that rings.
  public init(_ machine: Machine) { self.machine = machine }

  /// Now.
  public var now: CallInstant { agenda.now }
  /// Timers that run.
  public var timers: [TimerID: CallInstant] { agenda.underWay.timers.mapValues(\.due) }
  /// What the caller hears.
  public var line: VirtualLine { agenda.line }

  // MARK: Time

  /// Gives an event now; returns the effects, which are carried out.
  @discardableResult
  public mutating func give(_ event: CallEvent) -> [CallEffect] {
    let effects = machine.handle(event, at: now)
    lines.append((now, .event(event)))
    lines += effects.map { (now, .effect($0)) }
    let isKept = effects.contains { if case .suspend = $0 { true } else { false } }
    if case .hungUp = event, !isKept { isOver = true }
    for effect in effects { perform(effect) }
    return effects
  }

  /// Lets milliseconds pass; all that is due happens in order.
  public mutating func wait(_ milliseconds: Int) { pass(to: now + .milliseconds(milliseconds)) }

  /// Lets time pass until an instant.
  public mutating func pass(to end: CallInstant) {
    while let next = nextDue, next <= end {
      agenda.pass(to: next)
      happen()
    }
    agenda.pass(to: end)
  }

  /// Lets time pass until nothing is due but timers, at most so many milliseconds.
  public mutating func settle(within milliseconds: Int = 60_000) {
    let end = now + .milliseconds(milliseconds)
    while let next = agenda.next({ _ in false }), next <= end, !isOver { pass(to: next) }
  }

  /// When the next thing happens.
  public var nextDue: CallInstant? { isOver ? nil : agenda.next() }

  private mutating func happen() {
    switch agenda.take() {
    case .playback(let playback): give(.playback(playback))
    case .promise(let event):
      if case .finished(let id, _) = event { _ = agenda.underWay.ended(id) }
      give(event)
    case .timer(let timer): if fired(timer) { give(.timerFired(timer)) }
    case nil: break
    }
  }

  private mutating func later(_ milliseconds: Int, _ event: CallEvent) {
    agenda.promise(event, after: .milliseconds(milliseconds))
  }

  // MARK: What the host adds

  /// Promises the result that the script has.
  public mutating func start(_ work: Work) -> WorkID {
    func promise(_ result: WorkResult, _ milliseconds: Int) {
      agenda.promise(.finished(work.id, result), after: .milliseconds(milliseconds), of: work.id)
    }
    switch work {
    case .understand(let request):
      if let understandingTakes {
        promise(.understood(request.heard.flatMap { meanings[$0.text.token] ?? [] }), understandingTakes)
      }
    case .invoke(let invocation):
      if let answer = tools(invocation) {
        let person = machine.tool(invocation.tool)?.person(in: answer.outcome) { PersonID("person \($0)") }
        if let person { later(answer.after, .identified(person)) }
        promise(.tool(answer.outcome), answer.after)
      }
    case .transfer(let request):
      if let answer = transfers(request) { promise(.transfer(answer.outcome), answer.after) }
    }
    return work.id
  }

  /// Puts it on the line, once it is made.
  public mutating func speak(_ utterance: Utterance) {
    guard let synthesisTakes else {
      return later(10, .playback(Playback(utterance: utterance.id, state: .failed)))
    }
    let sentences = utterance.sentences.map { _ in CallSpan.seconds(1) }
    agenda.line.enqueue(utterance.id, sentences: sentences, readyAt: now + .milliseconds(synthesisTakes))
  }

  /// The line is gone a while later.
  public mutating func endLine(_ reason: HangUpReason) {
    if let closingTakes { later(closingTakes, .hungUp(by: .agent)) }
  }

  /// What the line still had to say is gone with it.
  public mutating func suspend() { agenda.line = VirtualLine() }

  // MARK: The caller

  /// The line is connected.
  public mutating func connect() { give(.connected) }

  /// Puts the line on hold, or takes it back.
  public mutating func hold(_ isHeld: Bool) {
    agenda.line.hold(isHeld, now)
    give(.held(isHeld))
  }

  /// Words of the caller with what they mean. Voice lasts `for` milliseconds; its end is noticed 200 ms late, as a detector
  /// does, and its words come 80 ms after. `others` is what a slot's value may have been besides.
  public mutating func say(
    _ text: String, _ kind: Heard.Kind? = nil, _ ending: Heard.Ending? = nil, for milliseconds: Int = 600,
    meaning: [Command] = [], or others: [SlotValue] = [], sure: Confidence = .certain
  ) {
    let began = now
    wait(100)
    give(.speechStarted(at: began))
    wait(max(0, milliseconds - 100))
    let ended = now
    wait(200)
    give(.speechEnded(at: ended))
    wait(80)
    give(.transcript(heard(text, kind, ending, meaning: meaning, or: others, sure: sure)))
  }

  /// Words behind a new token, whose meaning understanding will find. Kind and ending are what the machine makes of them now,
  /// unless they are given.
  public mutating func heard(
    _ text: String, _ kind: Heard.Kind? = nil, _ ending: Heard.Ending? = nil, meaning: [Command] = [],
    or others: [SlotValue] = [], sure: Confidence = .certain
  ) -> Heard {
    let protected = sensitive(text, .speech)
    meanings[protected.token] = meaning.map {
      ProposedCommand($0, confidence: sure, proposer: "script", others: others)
    }
    let confidence = Confidence(0.9)
    if let kind, let ending {
      return Heard(
        text: protected, confidence: confidence, wordCount: text.split(separator: " ").count, kind: kind, ending: ending
      )
    }
    let judged = machine.heard(protected, confidence: confidence, segment: nil, since: nil, others: [])
    return Heard(
      text: protected, confidence: judged.confidence, wordCount: judged.wordCount, kind: kind ?? judged.kind,
      ending: ending ?? judged.ending)
  }

  /// Keys, 150 ms apart.
  public mutating func press(_ keys: String) {
    for key in keys {
      let protected = sensitive(String(key), .speech)
      give(.digit(protected))
      wait(150)
    }
  }

  /// A value of the caller behind a new token.
  public mutating func sensitive(_ value: String, _ label: DataLabel) -> Sensitive<String> {
    spoken += 1
    return Sensitive(token: SensitiveToken(label: label, id: "v\(spoken)"), value: value)
  }

  // MARK: Reading

  /// All events, in order.
  public var events: [CallEvent] { lines.compactMap { if case .event(let event) = $0.record { event } else { nil } } }
  /// All effects, in order.
  public var effects: [CallEffect] {
    lines.compactMap { if case .effect(let effect) = $0.record { effect } else { nil } }
  }
  /// All decisions, in order.
  public var notes: [Decision] { effects.compactMap { if case .note(let decision) = $0 { decision } else { nil } } }
  /// All utterances, in order.
  public var utterances: [Utterance] { effects.compactMap { if case .speak(let it) = $0 { it } else { nil } } }
  /// All tools asked for, in order.
  public var invocations: [ToolInvocation] {
    effects.compactMap { if case .work(.invoke(let it)) = $0 { it } else { nil } }
  }
  /// Why we hung up; nil when we did not.
  public var hangUp: HangUpReason? {
    effects.lazy.compactMap { if case .hangUp(let reason) = $0 { reason } else { nil } }.first
  }
  /// All that was to be said, as one text.
  public var said: String { utterances.map(\.clearText).joined(separator: " ") }

  /// The journal of the call so far, as it would be written.
  public func journal(_ start: CallStart, _ version: AssistantVersion) -> [JournalEntry] {
    ([(CallInstant.zero, JournalRecord.started(start, version))] + lines.map { ($0.instant, $0.record) }).enumerated()
      .map { index, line in
        JournalEntry(
          conversation: start.conversation, call: start.call, sequence: index, instant: line.0, record: line.1)
      }
  }
}

extension Utterance {
  /// Its words, values in clear.
  public var clearText: String {
    sentences.map { sentence in
      sentence.pieces.map { piece in
        switch piece {
        case .words(let words): words
        case .value(let value, _): value.revealed ?? ""
        }
      }.joined()
    }.joined(separator: " ")
  }
}

extension CallStart {
  /// A start for tests: a voice call on 6 May 2030 at 10:00.
  public static func example(channel: Channel = .voice, seed: UInt64 = 1) -> CallStart {
    CallStart(
      tenant: "t", conversation: "c", call: "k", leg: "l", channel: channel, calledAddress: "100",
      clock: WallClock(epochMilliseconds: 22_040 * 86_400_000 + 36_000_000, utcOffsetSeconds: 0), seed: seed)
  }
}
