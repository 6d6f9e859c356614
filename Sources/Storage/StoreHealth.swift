public import Core

/// How a store fares, for readiness checks and metrics.
public struct StoreHealth: Hashable, Sendable {
  /// The failure of the last batch; nil when it was written. Writing is tried again by itself.
  public var failure: StorageError?
  /// How many operations wait to be written.
  public var pending: Int
  /// Running calls of which lines were refused. Their journals end where that began; `flush` throws until they have ended.
  public var refusedCalls: [CallID]
  /// Lines refused since the store was opened: the queue was full, or they came out of order.
  public var refusedLines: Int
  /// Vault values refused since the store was opened. When there is one, `flush` throws until the store is opened anew.
  public var refusedValues: Int

  /// Whether everything given to the store is written or soon will be.
  public var isWell: Bool { failure == nil && refusedCalls.isEmpty && refusedValues == 0 }
}
