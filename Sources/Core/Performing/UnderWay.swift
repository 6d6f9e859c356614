/// What a host has under way for a conversation: timers by name, work by id. `EffectHost` keeps it; hosts read it.
public struct UnderWay<Alarm, Job> {
  /// A piece of work and who does it.
  public struct Piece {
    /// The work.
    public let work: Work
    /// What gives it up; nil while it is being started.
    public var job: Job?

    @inlinable
    init(work: Work, job: Job?) {
      self.work = work
      self.job = job
    }
  }

  /// Timers that run, and what forgets them.
  public var timers: [TimerID: Alarm] = [:]
  /// Work that has not come to its end.
  public var work: [WorkID: Piece] = [:]

  /// Nothing is under way.
  public init() {}

  /// Work came to its end. Nil when it was given up, or never begun: nobody is told of it.
  @inlinable
  public mutating func ended(_ id: WorkID) -> Work? { work.removeValue(forKey: id)?.work }

  /// Changes of which nobody knows yet what became.
  public var changes: [Piece] { work.values.filter(\.work.isChange) }
}

extension UnderWay: Sendable where Alarm: Sendable, Job: Sendable {}
extension UnderWay.Piece: Sendable where Job: Sendable {}
