/// Replaces lost audio by repeating the last pitch period, in the spirit of G.711 Appendix I.
///
/// The last period is repeated for 10 ms, the last two for the next 10 ms, then the last three; the level falls from
/// the 10th millisecond and is nothing at the 60th. When audio returns, the replacement fades into it. No delay is
/// added: what was received is passed on as it is. Lengths are free, so losses need not be whole frames. Allocates at
/// creation only.
public struct PacketLossConcealer: ~Copyable, Sendable {
  /// Samples of a narrowband line's one.
  private let scale: Int
  /// Pitch periods of 5 to 15 ms: 66 to 200 Hz.
  private var shortestPeriod: Int { 40 * scale }
  private var longestPeriod: Int { 120 * scale }
  /// Samples compared when the period is sought.
  private var window: Int { 160 * scale }
  /// Three of the longest periods and the overlap before them.
  private var memory: Int { 390 * scale }
  /// 10 ms at full level.
  private var plateau: Int { 80 * scale }
  /// Nothing after 60 ms.
  private var end: Int { 480 * scale }

  /// A ring of what was last put out; its length is a power of two.
  private var ring: [Int16]
  private var head = 0
  /// What was last put out before the loss, in order.
  private var past: [Int16]
  /// The end of the repeated part, faded into what lies before its beginning.
  private var seam: [Int16]
  private var period: Int
  private var repeated: Int
  private var position = 0
  /// Samples of the loss under way; 0 when there is none.
  private var lost = 0
  /// Samples of returning audio that are still mixed, and how many there were.
  private var returning = 0
  private var returnLength = 0

  /// Starts on silence.
  public init(rate: AudioRate = .narrowband) {
    scale = rate.hertz / AudioRate.narrowband.hertz
    ring = [Int16](repeating: 0, count: 512 * scale)
    past = [Int16](repeating: 0, count: 390 * scale)
    seam = [Int16](repeating: 0, count: 30 * scale)
    period = 120 * scale
    repeated = period
  }

  /// Whether a loss has lasted so long that only silence is put out.
  public var isSilent: Bool { lost >= end }

  /// Takes received audio that stands in `range` of a frame; its beginning is mixed after a loss.
  public mutating func receive(_ frame: inout MutableSpan<Int16>, _ range: Range<Int>) {
    if lost > 0 {
      // 5 ms, longer after a longer loss, 10 ms at most.
      returnLength = min(80 * scale, 40 * scale + lost / 5)
      returning = isSilent ? 0 : returnLength
      if isSilent { lost = 0 }
    }
    var index = range.lowerBound
    while index < range.upperBound, returning > 0 {
      let old = Float(returning) / Float(returnLength + 1)
      frame[index] = Int16(Float(frame[index]) * (1 - old) + Float(synthesize()) * old)
      returning -= 1
      remember(frame[index])
      index += 1
    }
    if returning == 0 { lost = 0 }
    remember(frame.span, index..<range.upperBound)
  }

  /// Writes a replacement into `range` of a frame.
  public mutating func conceal(_ frame: inout MutableSpan<Int16>, _ range: Range<Int>) {
    if lost == 0, !range.isEmpty { begin() }
    for index in range {
      frame[index] = synthesize()
      remember(frame[index])
    }
  }

  private mutating func remember(_ frame: Span<Int16>, _ range: Range<Int>) {
    let mask = ring.count - 1
    var place = head
    var ring = ring.mutableSpan
    for index in range {
      ring[place] = frame[index]
      place = (place + 1) & mask
    }
    head = place
  }

  private mutating func remember(_ sample: Int16) {
    ring[head] = sample
    head = (head + 1) & (ring.count - 1)
  }

  private mutating func begin() {
    let count = memory
    for index in 0..<count { past[index] = ring[(head - count + index) & (ring.count - 1)] }
    period = findPeriod()
    position = 0
    extend(periods: 1)
  }

  /// The lag with the best normalised correlation over the last 20 ms: every quarter of a millisecond first, then the lags
  /// between.
  private func findPeriod() -> Int {
    var best = longestPeriod
    var bestScore: Float = 0
    let coarse = 2 * scale
    for lag in stride(from: shortestPeriod, through: longestPeriod, by: coarse) {
      let score = similarity(at: lag, step: coarse)
      if score > bestScore { (best, bestScore) = (lag, score) }
    }
    let rough = best
    bestScore = similarity(at: rough, step: scale)
    for lag in rough - coarse + 1..<rough + coarse where lag != rough && lag <= longestPeriod {
      let score = similarity(at: lag, step: scale)
      if score > bestScore { (best, bestScore) = (lag, score) }
    }
    return best
  }

  private func similarity(at lag: Int, step: Int) -> Float {
    var product: Int64 = 0
    var energy: Int64 = 1
    var index = past.count - window
    while index < past.count {
      let before = Int64(past[index - lag])
      product &+= Int64(past[index]) &* before
      energy &+= before &* before
      index += step
    }
    return product > 0 ? Float(product) / Float(energy).squareRoot() : 0
  }

  /// Repeats so many of the last periods from here on, with a seam that has no step.
  private mutating func extend(periods: Int) {
    repeated = min(period * periods, memory - seam.count)
    let overlap = period / 4
    for index in 0..<overlap {
      let new = Float(index + 1) / Float(overlap + 1)
      let last = Float(past[past.count - overlap + index])
      let before = Float(past[past.count - repeated - overlap + index])
      seam[index] = Int16(last * (1 - new) + before * new)
    }
  }

  private mutating func synthesize() -> Int16 {
    if position >= repeated {
      position = 0
      let wanted = lost < plateau ? 1 : lost < 2 * plateau ? 2 : 3
      if period * wanted != repeated { extend(periods: wanted) }
    }
    let overlap = period / 4
    let left = repeated - position
    let sample = left <= overlap ? seam[overlap - left] : past[past.count - left]
    position += 1
    lost = min(lost + 1, end)
    if lost <= plateau { return sample }
    return Int16(Float(sample) * Float(end - lost) / Float(end - plateau))
  }
}
