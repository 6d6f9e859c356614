/// How much a source may send: requests, messages or octets.
public struct RequestRate: Hashable, Sendable {
  /// A second in the long run.
  public var perSecond: Int
  /// At once.
  public var burst: Int

  /// A rate; both numbers at least 1.
  public init(perSecond: Int, burst: Int) {
    self.perSecond = max(perSecond, 1)
    self.burst = max(burst, 1)
  }
}

/// One token bucket for each source address, bounded in their number. Pure: time comes from outside.
///
/// A bucket that nobody touches for the time in which it fills is full, and is forgotten without loss: two generations of that
/// length take turns, so that a datagram costs the same however many sources are remembered.
public struct RateLimiter: Sendable {
  private struct Bucket {
    /// Nanoseconds of credit; one request costs a second divided by the rate.
    var credit: Int64
    var at: Duration
  }
  private let cost: Int64
  private let most: Int64
  private let capacity: Int
  private var young: [IPAddress: Bucket] = [:]
  private var old: [IPAddress: Bucket] = [:]
  private var turned = Duration.zero

  /// - Parameter capacity: sources remembered at once; new ones are refused while there are as many.
  public init(rate: RequestRate, capacity: Int = 8_192) {
    cost = max(1, 1_000_000_000 / Int64(rate.perSecond))
    most = cost * Int64(rate.burst)
    self.capacity = capacity
  }

  /// Sources remembered.
  var count: Int { young.count + old.count }

  /// Whether the source of this address may send so much more now.
  public mutating func admit(_ address: IPAddress, amount: Int = 1, at now: Duration) -> Bool {
    turn(now)
    let source = address.source
    var bucket: Bucket
    if let known = young[source] {
      bucket = known
    } else if let known = old.removeValue(forKey: source) {
      bucket = known
    } else {
      guard count < capacity else { return false }
      bucket = Bucket(credit: most, at: now)
    }
    bucket.credit = refilled(bucket, at: now)
    bucket.at = now
    defer { young[source] = bucket }
    let (price, overflow) = cost.multipliedReportingOverflow(by: Int64(amount))
    guard !overflow, bucket.credit >= price else { return false }
    bucket.credit -= price
    return true
  }

  private mutating func turn(_ now: Duration) {
    let (seconds, attoseconds) = (now - turned).components
    let passed = seconds >= 3_600 ? .max : seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    guard passed >= most else { return }
    old = passed / 2 >= most ? [:] : young
    young = [:]
    turned = now
  }

  private func refilled(_ bucket: Bucket, at now: Duration) -> Int64 {
    let passed = now - bucket.at
    guard passed < .seconds(3_600) else { return most }
    let (seconds, attoseconds) = passed.components
    return min(most, bucket.credit + max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
  }
}
