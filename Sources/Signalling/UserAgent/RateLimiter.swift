/// How many new requests a source may send.
public struct RequestRate: Hashable, Sendable {
  /// Requests a second in the long run.
  public var perSecond: Int
  /// Requests at once.
  public var burst: Int

  /// A rate; both numbers at least 1.
  public init(perSecond: Int, burst: Int) {
    self.perSecond = max(perSecond, 1)
    self.burst = max(burst, 1)
  }
}

/// One token bucket for each source address, bounded in their number. Pure: time comes from outside.
public struct RateLimiter: Sendable {
  private struct Bucket {
    /// Microseconds of credit; one request costs a second divided by the rate.
    var credit: Int64
    var at: Duration
  }
  private let rate: RequestRate
  private let capacity: Int
  private var buckets: [IPAddress: Bucket] = [:]

  /// - Parameter capacity: sources remembered at once; a full table is swept, and strangers to a full table are
  /// refused.
  public init(rate: RequestRate, capacity: Int = 8_192) {
    self.rate = rate
    self.capacity = capacity
  }

  /// Whether this source may send one more request now.
  public mutating func admit(_ source: IPAddress, at now: Duration) -> Bool {
    let cost = 1_000_000 / Int64(rate.perSecond)
    let most = cost * Int64(rate.burst)
    var bucket = buckets[source] ?? Bucket(credit: most, at: now)
    if buckets[source] == nil, buckets.count >= capacity {
      buckets = buckets.filter { refilled($0.value, at: now, most: most) < most }
      if buckets.count >= capacity { return false }
    }
    bucket.credit = refilled(bucket, at: now, most: most)
    bucket.at = now
    defer { buckets[source] = bucket }
    guard bucket.credit >= cost else { return false }
    bucket.credit -= cost
    return true
  }

  private func refilled(_ bucket: Bucket, at now: Duration, most: Int64) -> Int64 {
    let passed = now - bucket.at
    guard passed < .seconds(3_600) else { return most }
    let (seconds, attoseconds) = passed.components
    return min(most, bucket.credit + max(0, seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
  }
}
