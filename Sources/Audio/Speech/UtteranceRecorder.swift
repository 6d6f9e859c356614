public import Core

/// Keeps the caller's audio of the segment being spoken, with 300 ms before it, so that recognisers can be given
/// copies.
///
/// A ring of 4 s that grows by doubling up to 30 s, in `reserve()` only, which the owner calls outside the tick, at
/// least once a second while a segment is open, and on each event. `append` allocates nothing; when the ring is full
/// the oldest audio is dropped and counted. Isolation: none of its own; one owner on one loop.
public struct UtteranceRecorder: ~Copyable, Sendable {
  /// A copy of a part of the caller's audio.
  public struct Segment: Hashable, Sendable {
    /// At the recorder's rate.
    public let clip: AudioClip
    /// Instant of its first sample.
    public let start: CallInstant
    /// Instant behind its last sample.
    public var end: CallInstant { start + clip.duration }
  }

  /// 4 s; enough for the pre-roll, the gate's delay, one second between two calls of `reserve`, and a short segment to be
  /// read with the next.
  var smallest: Int { 4 * rate.hertz }
  /// 30 s.
  private var largest: Int { 30 * rate.hertz }
  /// Audio kept before the instant at which voice began.
  public static let preRoll = CallSpan.milliseconds(300)

  /// The rate of what is appended and given out.
  public private(set) var rate: AudioRate
  private var ring: [Int16]
  /// Samples appended since the call's start.
  private var written = 0
  /// Samples that the ring still holds.
  private var held = 0
  /// Instant behind the last sample.
  private var end = CallInstant.zero
  /// First sample of the open segment, counted like `written`.
  private var opened: Int?

  /// Where the last segment was opened and closed: what was given out once is not given out again, unless it is taken back.
  private var last = 0..<0
  /// Whether the last segment shall begin the next one.
  private var isTakenBack = false
  /// The longest gap over which a segment is joined to one taken back.
  private var longestGap: Int { rate.hertz * 3 / 2 }

  /// Samples of open segments that were dropped because the ring was full.
  public private(set) var dropped = 0

  /// An empty recorder.
  public init(rate: AudioRate = .narrowband) {
    self.rate = rate
    ring = [Int16](repeating: 0, count: 4 * rate.hertz)
  }

  /// Whether a segment is open.
  public var isOpen: Bool { opened != nil }

  /// How much of an open segment there is; nothing when none is open.
  public var openSpan: CallSpan { opened.map { rate.span(of: written - $0) } ?? .zero }

  /// Takes the next audio; once a tick.
  /// - Parameter instant: of its first sample. Audio is taken as continuous, a lost tick shifts what lies before it.
  public mutating func append(_ frame: Span<Int16>, at instant: CallInstant) {
    var place = written % ring.count
    var ring = ring.mutableSpan
    for index in frame.indices {
      ring[place] = frame[index]
      place = place + 1 == ring.count ? 0 : place + 1
    }
    written += frame.count
    held = min(held + frame.count, self.ring.count)
    end = instant + rate.span(of: frame.count)
    if let opened, opened < written - held {
      dropped += written - held - opened
      self.opened = written - held
    }
  }

  /// Opens a segment 300 ms before an instant, but not before the end of the segment before, nor before the oldest audio
  /// there is. An open segment stays open from its own start.
  public mutating func open(at instant: CallInstant) {
    guard opened == nil else { return }
    opened = min(max(place(of: instant - Self.preRoll), written - held, last.upperBound), written)
    if isTakenBack { joinTakenBack() }
    reserve()
  }

  /// Nobody could read the last segment: its audio becomes the beginning of the open one, or of the next if that opens
  /// within 1.5 s. Short words that a recogniser cannot read alone it reads with what follows.
  public mutating func takeBack() {
    isTakenBack = true
    if opened != nil { joinTakenBack() }
  }

  private mutating func joinTakenBack() {
    isTakenBack = false
    guard let opened, isNear(opened) else { return }
    self.opened = min(opened, max(last.lowerBound, written - held))
  }

  /// The open segment begins with the one before it, unless more than 1.5 s lie between them or some of that is gone; whether it
  /// does.
  public mutating func join() -> Bool {
    guard let opened, isNear(opened), last.lowerBound >= written - held else { return false }
    self.opened = min(opened, last.lowerBound)
    return true
  }

  /// Whether a segment that begins there may be joined with the last one.
  private func isNear(_ place: Int) -> Bool { !last.isEmpty && place - last.upperBound <= longestGap }

  /// A copy of the open segment so far, for a partial result; nil when none is open.
  public func snapshot() -> Segment? { opened.map { copy(from: $0, to: written) } }

  /// Closes the segment behind an instant (a little after voice ended is usual) and copies it; nil when none is open.
  public mutating func close(at instant: CallInstant) -> Segment? {
    guard let start = opened else { return nil }
    opened = nil
    last = start..<min(max(place(of: instant), start), written)
    isTakenBack = false
    return copy(from: start, to: last.upperBound)
  }

  /// Makes room for what the open segment may become, or gives back what neither it nor the last one needs. Allocates; not for the tick.
  public mutating func reserve() {
    // The last segment is kept while the next one may be joined with it.
    let first = opened ?? (isNear(written) ? last.lowerBound - longestGap : written)
    var wanted = opened == nil ? smallest : ring.count
    while written - first + rate.hertz > wanted, wanted < largest { wanted *= 2 }
    wanted = min(wanted, largest)
    if wanted > ring.count || opened == nil && wanted < ring.count { resize(to: wanted) }
  }

  /// The line goes on at another rate: the last second and an open segment are brought to it, the segment stays open.
  /// Allocates; once in a change of the line.
  public mutating func change(to rate: AudioRate) {
    guard rate != self.rate else { return }
    let (old, new) = (self.rate.hertz, rate.hertz)
    func moved(_ place: Int) -> Int { place * new / old }
    let oldest = max(written - held, min(opened ?? written, written - old))
    let clip = try? copy(from: oldest, to: written).clip.resampled(to: new)
    let first = moved(oldest)
    written = moved(written)
    held = written - first
    opened = opened.map(moved)
    last = moved(last.lowerBound)..<moved(last.upperBound)
    dropped = moved(dropped)
    ring = [Int16](repeating: 0, count: max(1, moved(ring.count)))
    self.rate = rate
    for (index, sample) in (clip?.samples ?? []).prefix(held).enumerated() {
      ring[(first + index) % ring.count] = sample
    }
  }

  private func place(of instant: CallInstant) -> Int { written - rate.samples(in: end - instant) }

  private func copy(from start: Int, to stop: Int) -> Segment {
    var samples: [Int16] = []
    samples.reserveCapacity(stop - start)
    while samples.count < stop - start {
      let first = (start + samples.count) % ring.count
      samples += ring[first..<min(first + stop - start - samples.count, ring.count)]
    }
    return Segment(
      clip: AudioClip(samples: samples, sampleRate: rate.hertz),
      start: end - rate.span(of: written - start))
  }

  private mutating func resize(to count: Int) {
    var larger = [Int16](repeating: 0, count: count)
    held = min(held, count)
    for place in written - held..<written { larger[place % count] = ring[place % ring.count] }
    ring = larger
  }
}
