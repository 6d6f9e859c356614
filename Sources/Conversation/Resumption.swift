public import Core

/// What a process needs to go on with a conversation that another one left, read from its journal.
///
/// Pure: the journal with its values goes in; the conversation as it stood, and what has to be written and done first, come out.
public struct Resumption: Sendable {
  /// Why a conversation cannot be gone on with.
  public enum Obstacle: Error, Hashable, Sendable {
    /// The journal does not begin with a start.
    case notBegun
    /// Today's assistant would have decided otherwise, at this line of the journal.
    case decidesOtherwise(line: Int)
    /// It is over, or was over with its line.
    case over
    /// It was left for longer than anybody waits.
    case expired
  }

  /// The conversation after the last line of its journal.
  public let conversation: Conversation
  /// Lines of the journal.
  public let lines: Int
  /// The instant of its last line.
  public let lastInstant: CallInstant
  /// Timers that ran.
  public let timers: [TimerID: CallInstant]
  /// Effects of the last event that were not written, and so not done: to be written and done first.
  public let unwritten: [CallEffect]
  /// What happened while no process was there, to be taken next: the line ended, work came to its end or was lost.
  public let learned: [CallEvent]
  /// Look-ups that were lost with their process, to be asked for again behind `learned`: each once, told by a remark.
  public let repeated: [ToolInvocation]
  /// Segments of voice, or messages, so far.
  public let segments: Int
  /// Keys pressed so far.
  public let keys: Int

  /// Reads a journal whose process is gone. Its values must be revealed: what is asked next may need them.
  /// - Parameter now: the wall clock, milliseconds since the epoch.
  public init(_ entries: [JournalEntry], assistant: PreparedAssistant, at now: Int64) throws(Obstacle) {
    guard let fold = JournalFold(entries, assistant: assistant), let last = entries.last else { throw .notBegun }
    if let difference = fold.difference { throw .decidesOtherwise(line: difference.line) }
    guard !fold.conversation.isOver else { throw .over }
    guard !entries.contains(where: { $0.record == .remark(.expired) }) else { throw .expired }
    let trail = Trail(entries)
    let learned = (fold.conversation.isSuspended ? [] : [.hungUp(by: .line)]) + trail.outcomes
    var ahead = fold.conversation
    for event in learned { _ = ahead.handle(event, at: last.instant) }
    guard ahead.isSuspended else { throw .over }
    let absence = Absence(since: last.instant, by: fold.conversation.clock)
    let limit = trail.timers[.suspension] ?? last.instant + Limits.suspension
    guard absence.instant(at: now) < limit else { throw .expired }
    until = absence.limit(of: limit)
    conversation = fold.conversation
    lines = entries.count
    lastInstant = last.instant
    self.absence = absence
    unwritten = fold.unwritten
    self.learned = learned
    repeated = trail.repeated
    // What is asked for again has its time again.
    timers = trail.timers.merging(
      trail.repeated.map { (.work(.tool($0.effect)), absence.instant(at: now) + Work.invoke($0).deadline) }
    ) { $1 }
    segments = trail.segments
    keys = trail.keys
  }

  /// Until when it can be gone on with, milliseconds since the epoch; nil when it was left by a clock that cannot be right.
  public let until: Int64?

  private let absence: Absence

  /// The conversation's instant at a wall clock; never before its last line.
  /// - Parameter now: milliseconds since the epoch.
  public func instant(at now: Int64) -> CallInstant { absence.instant(at: now) }
}

/// What the lines of a journal leave behind beside the conversation itself.
struct Trail {
  var timers: [TimerID: CallInstant] = [:]
  var outcomes: [CallEvent] = []
  var repeated: [ToolInvocation] = []
  var segments = 0
  var keys = 0

  init(_ entries: [JournalEntry]) {
    var asked: [ToolInvocation] = []
    var settled: [EffectID: ToolOutcome] = [:]
    var again: Set<EffectID> = []
    for entry in entries {
      switch entry.record {
      case .event(.timerFired(let timer)): timers[timer] = nil
      case .event(.finished(.tool(let effect), _)): asked.removeAll { $0.effect == effect }
      case .event(.digit): keys += 1
      case .event(.transcript(let heard)), .event(.message(let heard)), .event(.partial(let heard)):
        segments = max(segments, heard.segment ?? 0)
      case .effect(.setTimer(let timer, let instant)): timers[timer] = instant
      case .effect(.cancelTimer(let timer)): timers[timer] = nil
      case .effect(.work(.invoke(let invocation))): asked.append(invocation)
      case .remark(.settled(let effect, let outcome)): settled[effect] = outcome
      case .remark(.repeated(let effect)): again.insert(effect)
      default: break
      }
    }
    // A look-up leaves nothing behind and is asked for again, once; of a change nobody knows what became, unless a later run
    // has learned it, and it is never asked for again.
    let isRepeated = { (invocation: ToolInvocation) in
      !invocation.changesState && settled[invocation.effect] == nil && !again.contains(invocation.effect)
    }
    repeated = asked.filter(isRepeated)
    outcomes = asked.filter { !isRepeated($0) }.map { invocation in
      .finished(
        .tool(invocation.effect),
        .tool(settled[invocation.effect] ?? (invocation.changesState ? .unknown : .failed(.unreachable))))
    }
  }
}
