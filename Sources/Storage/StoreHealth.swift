public import Core

/// How a store fares, for readiness checks and metrics.
public struct StoreHealth: Hashable, Sendable {
  /// The failure of the last batch; nil when it was written. Writing is tried again by itself.
  public var failure: StorageError?
  /// How many operations wait to be written.
  public var pending: Int
  /// Whether the queue has no room: new lines are refused, and the journals of their calls end there.
  public var isFull: Bool
  /// Calls of which a line or value was refused and that are not closed. Their journals end where that began, and their
  /// flushes throw; no other call is touched.
  public var refusedCalls: [CallID]
  /// Lines refused since the store was opened: the queue or the call's share of it was full, or they came out of order.
  public var refusedLines: Int
  /// Vault values refused since the store was opened.
  public var refusedValues: Int

  /// Whether the disk takes what it is given. What was refused of single calls does not count.
  public var isWell: Bool { failure == nil && !isFull }
}
