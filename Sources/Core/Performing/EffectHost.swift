/// Who performs what leaves a conversation. The switch over effects and the rules of timers and work stand here, once; a host
/// brings its clock, its line and the doing of work.
///
/// Isolation: a host is reached from one place at a time. Requirements return at once; what comes of them are events.
/// Inlinable, so that each host has it made for its own alarms and jobs.
public protocol EffectHost {
  /// What forgets a timer.
  associatedtype Alarm
  /// What gives a piece of work up.
  associatedtype Job

  /// What is under way.
  var underWay: UnderWay<Alarm, Job> { get set }

  // The clock

  /// Asks for `timerFired` at an instant; what is past is due at once.
  mutating func arm(_ timer: TimerID, at instant: CallInstant) -> Alarm
  /// Forgets a timer.
  mutating func disarm(_ alarm: Alarm)

  // The work

  /// Begins a piece of work. Its result is told when `UnderWay.ended` knows it.
  mutating func start(_ work: Work) -> Job
  /// Gives up a piece of work that nobody waits for any more; nothing when it has ended.
  mutating func giveUp(_ job: Job)

  // The line

  /// The caller is expected to say something.
  mutating func listen()
  /// Speaks, after what is being spoken.
  mutating func speak(_ utterance: Utterance)
  /// Holds an utterance where it is.
  mutating func pause(_ id: UtteranceID)
  /// Lets it go on.
  mutating func resume(_ id: UtteranceID)
  /// Drops it, and everything queued behind it.
  mutating func stop(_ id: UtteranceID)
  /// Ends the line.
  mutating func endLine(_ reason: HangUpReason)
  /// The line is gone, the conversation is kept.
  mutating func suspend()
}

extension EffectHost {
  /// Performs one effect.
  @inlinable
  public mutating func perform(_ effect: CallEffect) {
    switch effect {
    case .listen: listen()
    case .work(let work): begin(work)
    case .speak(let utterance): speak(utterance)
    case .pause(let id): pause(id)
    case .resume(let id): resume(id)
    case .stop(let id): stop(id)
    case .setTimer(let timer, let instant): set(timer, at: instant)
    case .cancelTimer(let timer):
      forget(timer)
      dropWork(of: timer)
    case .hangUp(let reason): endLine(reason)
    case .suspend: suspend()
    case .note, .fact: break  // written down, nothing to do
    }
  }

  /// A timer is due. False when it was forgotten meanwhile; what it was the deadline of is given up.
  @inlinable
  public mutating func fired(_ timer: TimerID) -> Bool {
    guard underWay.timers.removeValue(forKey: timer) != nil else { return false }
    dropWork(of: timer)
    return true
  }

  /// Nothing is waited for any more: all timers are forgotten, all work is given up but for changes.
  @inlinable
  public mutating func dropAll() {
    for timer in underWay.timers.keys { forget(timer) }
    for id in underWay.work.keys { drop(id) }
  }

  // Never inline: where the host is generic, `perform` would find all their types out for every effect.

  @inlinable @inline(never)
  mutating func begin(_ work: Work) {
    // Entered first: it may come to its end before this returns.
    underWay.work[work.id] = UnderWay.Piece(work: work, job: nil)
    let job = start(work)
    underWay.work[work.id]?.job = job
  }

  @inlinable @inline(never)
  mutating func set(_ timer: TimerID, at instant: CallInstant) {
    forget(timer)
    underWay.timers[timer] = arm(timer, at: instant)
  }

  @inlinable @inline(never)
  mutating func forget(_ timer: TimerID) {
    if let alarm = underWay.timers.removeValue(forKey: timer) { disarm(alarm) }
  }

  /// Work lasts no longer than its deadline's timer.
  @inlinable
  mutating func dropWork(of timer: TimerID) { if case .work(let id) = timer { drop(id) } }

  @inlinable @inline(never)
  mutating func drop(_ id: WorkID) {
    guard let piece = underWay.work[id], !piece.work.isChange else { return }
    underWay.work[id] = nil
    if let job = piece.job { giveUp(job) }
  }
}
