/// How a store queues and writes.
public struct StoreOptions: Hashable, Sendable {
  /// How many operations may wait. Beyond that journal lines are refused and their calls' journals end; values are taken
  /// up to four times as many, because lines already queued may name them. Default 20,000: minutes of a hundred calls.
  public var capacity: Int
  /// How many lines of one call may wait, so that one caller cannot take the room of all; values, four times as many.
  /// Default 4,000: minutes of the busiest call.
  public var callCapacity: Int
  /// How long lines are gathered before a batch is written when nobody waits for it. Default 20 ms: what a power cut can
  /// take of lines nobody flushed.
  public var gathering: Duration
  /// How many operations one transaction may hold. Default 2,000.
  public var largestBatch: Int
  /// How long after a failed batch it is tried again. Default 500 ms.
  public var retryPause: Duration
  /// How long to wait for another process that holds the database. Default 2 s.
  public var busyTimeout: Duration

  /// Options; what is not named has its default.
  public init(
    capacity: Int = 20_000, callCapacity: Int = 4_000, gathering: Duration = .milliseconds(20),
    largestBatch: Int = 2_000, retryPause: Duration = .milliseconds(500), busyTimeout: Duration = .seconds(2)
  ) {
    self.capacity = capacity
    self.callCapacity = callCapacity
    self.gathering = gathering
    self.largestBatch = largestBatch
    self.retryPause = retryPause
    self.busyTimeout = busyTimeout
  }
}
