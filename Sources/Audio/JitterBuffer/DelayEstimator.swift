import Core

/// How late packets come, measured against the fastest of the last seconds, and the playout delay that follows from it.
///
/// Keeps a forgetting histogram of lateness in steps of 10 ms; the target covers 97 % of the packets plus one step
/// for the phase of the tick. Allocates at creation only.
struct DelayEstimator: ~Copyable, Sendable {
  private static let step = CallSpan.milliseconds(10)
  private static let steps = 24
  /// About 200 packets are remembered.
  private static let memory: Float = 0.995
  private static let covered: Float = 0.97
  /// How long the fastest packet is remembered: one to two of these.
  private static let window = CallSpan.seconds(2)

  private let limits: JitterBuffer.Limits
  private let units: StreamUnits
  private var shares: [Float]
  private var windowStart = CallInstant.zero
  private var fastest = Int64.max
  private var fastestBefore = Int64.max

  /// The playout delay that the measurements ask for.
  private(set) var target: CallSpan

  init(limits: JitterBuffer.Limits, units: StreamUnits) {
    self.limits = limits
    self.units = units
    target = limits.start
    shares = [Float](repeating: 0, count: Self.steps)
    let first = Int(limits.start.microseconds / Self.step.microseconds) - 2
    shares[min(max(first, 0), Self.steps - 1)] = 1
  }

  /// Microseconds from the stream's clock to ours for the fastest packet; nil before the first.
  var base: Int64? {
    let base = min(fastest, fastestBefore)
    return base == .max ? nil : base
  }

  /// Forgets the relation of the clocks, not how late packets tend to come.
  mutating func forgetBase() {
    fastest = .max
    fastestBefore = .max
  }

  /// So much is taken off every place of the stream's clock.
  mutating func rebase(by ticks: Int) {
    let shift = units.microseconds(of: ticks)
    if fastest != .max { fastest += shift }
    if fastestBefore != .max { fastestBefore += shift }
  }

  /// Takes a packet whose audio begins at `position` of the stream's clock.
  mutating func take(position: Int, arrival: CallInstant) {
    let transit = arrival.microseconds - units.microseconds(of: position)
    if base == nil || arrival - windowStart > Self.window {
      fastestBefore = base == nil ? .max : fastest
      fastest = transit
      windowStart = arrival
    }
    fastest = min(fastest, transit)
    let lateness = transit - min(fastest, fastestBefore)
    let index = min(Int(lateness / Self.step.microseconds), Self.steps - 1)
    for step in shares.indices { shares[step] *= Self.memory }
    shares[index] += 1 - Self.memory
    var sum: Float = 0
    var step = 0
    while step < Self.steps - 1 {
      sum += shares[step]
      if sum >= Self.covered { break }
      step += 1
    }
    let wanted = CallSpan(microseconds: Int64(step + 2) * Self.step.microseconds)
    target = min(max(wanted, limits.minimum), limits.maximum)
  }
}
