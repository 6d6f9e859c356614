public import Core

/// Turns the packets of one RTP stream into a frame each tick: puts them in order, waits long enough for late ones, and
/// replaces what is lost. For codecs with one octet a sample and a clock of 8,000 hertz (G.711), decoded as they come, so that
/// a sender may change the law from packet to packet.
///
/// The playout delay follows the measured jitter. It grows where audio is missing, by waiting for it (the wait is
/// concealed), and otherwise changes only in silence, by a frame left out or played twice.
/// Isolation: none of its own; one owner on one loop. Allocates at creation only; an arena of about one second.
public struct JitterBuffer: ~Copyable, Sendable {
  /// Bounds of the playout delay.
  public struct Limits: Hashable, Sendable {
    /// Before anything is measured.
    public var start: CallSpan
    public var minimum: CallSpan
    public var maximum: CallSpan

    /// The usual bounds: start at 40 ms, 20 to 200 ms.
    public init(
      start: CallSpan = .milliseconds(40), minimum: CallSpan = .milliseconds(20), maximum: CallSpan = .milliseconds(200)
    ) {
      self.start = start
      self.minimum = minimum
      self.maximum = maximum
    }
  }

  /// What became of a packet.
  public enum Insertion: Hashable, Sendable {
    /// Taken.
    case accepted
    /// Taken, and the stream began anew with it: first packet, other source, or a jump of its clock.
    case restarted
    /// Taken, but older audio was dropped because too much had piled up.
    case overflow
    /// Dropped: its audio was already played or replaced.
    case late
    /// Dropped: it came before.
    case duplicate
    /// Dropped: far outside the window (if the next packet agrees with it, the stream restarts there), or the stream has begun
    /// anew too often of late.
    case stray
    /// Dropped: empty, or longer than 200 ms.
    case invalid
  }

  enum State { case neverHeard, pausing, filling, playing }

  /// Longest payload: 200 ms.
  static let longestPayload = 1_600
  /// More than this much stored audio is cut down to the maximum of the playout delay.
  static let ceiling = 4_000
  /// A packet this far behind is a restart, not a late one.
  static let farBehind = -8_000
  /// So many packets in a row that are the newest by their number, but late by their timestamp, are a clock that
  /// stepped back.
  static let lateRunThatRestarts = 3
  /// Concealment of a stream that stopped lasts this long.
  static let longestStall = 800
  /// Where a stream's clock begins: far above zero and far below what a product of places could overflow.
  static let origin = 1 << 40

  var ring = SampleRing()
  var concealer = PacketLossConcealer()
  var estimator: DelayEstimator
  var loudness = NoiseFloor()
  var counts = MediaReport()
  var state = State.neverHeard
  /// Place of the next sample to be played, in the stream's clock with its wraps; never further from the origin than three
  /// of them.
  var cursor = 0
  /// Place behind the last sample stored.
  var end = 0
  /// Samples that were concealed since audio ran out, while the cursor waited.
  var stalled = 0
  private let limits: Limits
  private var source: UInt32 = 0
  private var history = SequenceHistory(first: 0)
  private var clock = StreamClock()
  private var restarts = RestartBudget()
  private var lateRun = 0
  private var strayFollower: UInt16?

  /// An empty buffer.
  public init(limits: Limits = Limits()) {
    self.limits = limits
    estimator = DelayEstimator(limits: limits)
  }

  /// What became of the stream so far; sent packets are the sender's to count.
  public var report: MediaReport {
    var report = counts
    report.targetDelay = estimator.target
    return report
  }

  /// Takes one audio packet. Packets of other payload types (RFC 4733) are not shown to the buffer.
  /// - Parameters:
  ///   - timestamp: of its first sample (RFC 3550 section 5.1).
  ///   - source: SSRC; another one than before begins a new stream. Whether a source may be heard at all is decided
  ///     before.
  ///   - marker: the sender says that it begins a talk spurt; a jump is then believed at once.
  ///   - payload: one octet a sample; copied.
  ///   - law: how the payload is coded.
  ///   - arrival: when it came, on the clock that `pull` is told.
  @discardableResult
  public mutating func insert(
    sequence: UInt16, timestamp: UInt32, source: UInt32, marker: Bool = false, payload: RawSpan, law: G711,
    arrival: CallInstant
  ) -> Insertion {
    guard 1...Self.longestPayload ~= payload.byteCount else {
      counts.packetsRefused += 1
      return .invalid
    }
    var insertion = Insertion.accepted
    let count = payload.byteCount
    if state == .neverHeard || source != self.source {
      guard begin(source, sequence: sequence, timestamp: timestamp, arrival: arrival) else { return refuse() }
      insertion = .restarted
    }
    rebase()
    let timestamp = clock.timestamp(sequence: sequence, timestamp: timestamp, count: count, arrival: arrival)
    // Wraps are resolved towards the nearer side of the cursor.
    let position = cursor + Int(Int32(bitPattern: timestamp &- UInt32(truncatingIfNeeded: cursor)))
    let offset = position - cursor
    if insertion != .restarted, !history.admit(sequence) {
      // A number that came before, on audio that did not: the sender counts anew.
      guard position >= end, offset + count <= SampleRing.capacity else {
        counts.packetsDuplicate += 1
        return .duplicate
      }
      history = SequenceHistory(first: sequence)
    }
    let isBehind = Self.farBehind < offset && offset + count <= 0
    if state == .pausing, !isBehind, insertion != .restarted {
      begin(at: position, arrival: arrival)
    } else if state == .filling, isBehind, offset > -Self.longestPayload {
      cursor = position
    } else if isBehind {
      lateRun = sequence == history.highest ? lateRun + 1 : 0
      guard lateRun >= Self.lateRunThatRestarts, restarts.take(at: arrival) else {
        counts.packetsLate += 1
        return .late
      }
      restart(at: timestamp)
      insertion = .restarted
    } else if offset <= Self.farBehind || offset + count > SampleRing.capacity {
      guard marker || strayFollower == sequence, restarts.take(at: arrival) else {
        strayFollower = sequence &+ 1
        return refuse()
      }
      restart(at: timestamp)
      insertion = .restarted
    }
    lateRun = 0
    strayFollower = nil
    let place = insertion == .restarted ? cursor : position
    store(payload, law, at: place)
    estimator.take(position: place, arrival: arrival)
    counts.packetsReceived += 1
    return dropBacklog() ? .overflow : insertion
  }

  private mutating func refuse() -> Insertion {
    counts.packetsRefused += 1
    return .stray
  }

  /// Begins with a source; false when too many came of late.
  private mutating func begin(
    _ source: UInt32, sequence: UInt16, timestamp: UInt32, arrival: CallInstant
  ) -> Bool {
    guard state == .neverHeard || restarts.take(at: arrival) else { return false }
    self.source = source
    history = SequenceHistory(first: sequence)
    clock = StreamClock()
    restart(at: timestamp)
    return true
  }

  private mutating func store(_ payload: RawSpan, _ law: G711, at position: Int) {
    let table = law.table
    for index in 0..<payload.byteCount where position + index >= cursor {
      let octet = payload.unsafeLoad(fromByteOffset: index, as: UInt8.self)
      ring.store(table[Int(octet)], at: position + index)
    }
    end = max(end, position + payload.byteCount)
  }

  /// Starts over at a time of the stream's clock that has nothing to do with what is stored.
  private mutating func restart(at timestamp: UInt32) {
    if state != .neverHeard {
      ring.clear(cursor..<max(cursor, end))
      counts.restarts += 1
    }
    estimator.forgetBase()
    cursor = Self.origin + Int(timestamp)
    end = cursor
    stalled = 0
    state = .filling
  }

  /// Takes whole wraps off the places, so that they stay near the origin however long a stream lasts and however far its
  /// clock moves in pauses. The ring and the timestamps do not notice.
  private mutating func rebase() {
    let wraps = (cursor - Self.origin) & ~0xFFFF_FFFF
    guard wraps != 0 else { return }
    cursor -= wraps
    end -= wraps
    estimator.rebase(by: wraps)
  }

  /// Goes on after a pause. A pause of silence keeps the relation of the clocks; a hold may have broken it.
  private mutating func begin(at position: Int, arrival: CallInstant) {
    let transit = arrival.microseconds - Int64(position) * AudioFrame.microsecondsPerSample
    if let base = estimator.base, abs(transit - base) > CallSpan.milliseconds(500).microseconds {
      estimator.forgetBase()
    }
    cursor = position
    end = position
    stalled = 0
    state = .filling
  }

  /// Keeps the newest audio when more than the ceiling is stored.
  private mutating func dropBacklog() -> Bool {
    guard end - cursor > Self.ceiling else { return false }
    let kept = AudioFrame.samples(in: limits.maximum)
    let dropped = end - kept - cursor
    advance(dropped)
    counts.overflow = counts.overflow + AudioFrame.span(of: dropped)
    return true
  }

  /// Moves on, forgetting what is passed.
  mutating func advance(_ samples: Int) {
    ring.clear(cursor..<cursor + samples)
    cursor += samples
  }

  /// Plays nothing until the next packet.
  mutating func pause() {
    guard state != .neverHeard else { return }
    advance(max(0, end - cursor))
    end = cursor
    stalled = 0
    concealer.reset()
    state = .pausing
  }
}
