/// What is due in a call in virtual time: what the line reports, what was promised, timers; in one order.
///
/// Pure: whoever steps it lets time pass until `next` and asks `take`. At one instant the line comes first, then promises,
/// then timers, each in the order in which they were made.
public struct VirtualAgenda<Promise> {
  /// Something that is due.
  public enum Due {
    /// The line reports.
    case playback(Playback)
    /// What was promised.
    case promise(Promise)
    /// A timer.
    case timer(TimerID)
  }

  /// Now.
  public private(set) var now = CallInstant.zero
  /// The line.
  public var line = VirtualLine()
  /// Timers that run, and work that is promised.
  public var underWay = UnderWay<AgendaPlace, WorkID>()
  private var promises: [(place: AgendaPlace, work: WorkID?, what: Promise)] = []
  private var order = 0

  /// Nothing is due.
  public init() {}

  /// A place at an instant, behind all others there.
  public mutating func place(at instant: CallInstant) -> AgendaPlace {
    order += 1
    return AgendaPlace(due: instant, order: order)
  }

  /// Promises something after a span.
  /// - Parameter work: what it is the result of; it is withdrawn with that.
  public mutating func promise(_ what: Promise, after span: CallSpan, of work: WorkID? = nil) {
    promises.append((place(at: now + span), work, what))
  }

  /// A result is promised no more.
  public mutating func withdraw(_ work: WorkID) { promises.removeAll { $0.work == work } }

  /// When the first promise is due.
  public var nextPromise: CallInstant? {
    var next: CallInstant?
    for promise in promises { next = min(next ?? promise.place.due, promise.place.due) }
    return next
  }

  /// When the next thing is due.
  /// - Parameter counts: which timers are looked at.
  public func next(_ counts: (TimerID) -> Bool = { _ in true }) -> CallInstant? {
    var next = nextPromise
    func consider(_ instant: CallInstant?) {
      if let instant { next = next.map { min($0, instant) } ?? instant }
    }
    consider(line.nextChange(now))
    for (timer, place) in underWay.timers where counts(timer) { consider(place.due) }
    return next
  }

  /// Lets time pass; it never goes back.
  public mutating func pass(to instant: CallInstant) { now = max(now, instant) }

  /// The first thing that is due now; nil when nothing is. A timer runs until its host is told that it fired.
  /// - Parameter isOver: whether the line is gone, and its timers with it.
  public mutating func take(isOver: Bool = false) -> Due? {
    if !isOver, let playback = line.take(at: now) { return .playback(playback) }
    if let index = promises.indices.min(by: { promises[$0].place < promises[$1].place }),
      promises[index].place.due <= now
    {
      return .promise(promises.remove(at: index).what)
    }
    guard !isOver, let timer = underWay.timers.min(by: { $0.value < $1.value }), timer.value.due <= now else {
      return nil
    }
    return .timer(timer.key)
  }
}

/// Where something stands on an agenda: when, and the how-manieth it was.
public struct AgendaPlace: Comparable, Sendable {
  /// When it is due.
  public let due: CallInstant
  let order: Int

  /// The earlier one, and of one instant the one made first.
  public static func < (left: Self, right: Self) -> Bool { (left.due, left.order) < (right.due, right.order) }
}

/// A host in virtual time. What it adds is how long a voice speaks and how work goes.
public protocol VirtualHost: EffectHost where Alarm == AgendaPlace, Job == WorkID {
  /// What it promises itself.
  associatedtype Promise
  /// What is due.
  var agenda: VirtualAgenda<Promise> { get set }
}

extension VirtualHost {
  /// What is under way.
  public var underWay: UnderWay<Alarm, Job> {
    get { agenda.underWay }
    _modify { yield &agenda.underWay }
  }

  /// Puts a timer on the agenda.
  public mutating func arm(_ timer: TimerID, at instant: CallInstant) -> Alarm { agenda.place(at: instant) }
  /// A timer that is not under way is not on the agenda.
  public mutating func disarm(_ alarm: Alarm) {}
  /// The result is promised no more.
  public mutating func giveUp(_ job: WorkID) { agenda.withdraw(job) }
  /// Nobody waits for the caller's turn.
  public mutating func listen() {}
  /// Holds an utterance of the line.
  public mutating func pause(_ id: UtteranceID) { agenda.line.pause(id, agenda.now) }
  /// Lets it go on.
  public mutating func resume(_ id: UtteranceID) { agenda.line.resume(id, agenda.now) }
  /// Drops it, and everything queued behind it.
  public mutating func stop(_ id: UtteranceID) { agenda.line.stop(id, agenda.now) }
}
