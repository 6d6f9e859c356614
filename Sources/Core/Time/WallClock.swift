/// The wall clock as it enters a call, once: civil time follows from it by arithmetic, without a time-zone database.
public struct WallClock: Hashable, Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z at the call's start.
  public let epochMilliseconds: Int64
  /// Seconds by which the assistant's civil time is ahead of UTC at the call's start.
  public let utcOffsetSeconds: Int

  /// A reading of the wall clock.
  public init(epochMilliseconds: Int64, utcOffsetSeconds: Int) {
    self.epochMilliseconds = epochMilliseconds
    self.utcOffsetSeconds = utcOffsetSeconds
  }

  /// The civil date at an instant of the call.
  public func date(at instant: CallInstant) -> CivilDate {
    CivilDate(daysSinceEpoch: Int(floorDivide(localSeconds(at: instant), 86_400)))
  }

  /// Minutes since midnight, civil time, at an instant of the call.
  public func minuteOfDay(at instant: CallInstant) -> Int {
    let seconds = localSeconds(at: instant)
    return Int(seconds - floorDivide(seconds, 86_400) * 86_400) / 60
  }

  private func localSeconds(at instant: CallInstant) -> Int64 {
    floorDivide(epochMilliseconds &+ instant.microseconds / 1000, 1000) &+ Int64(utcOffsetSeconds)
  }

  private func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
    let quotient = number / divisor
    return number % divisor < 0 ? quotient - 1 : quotient
  }
}
