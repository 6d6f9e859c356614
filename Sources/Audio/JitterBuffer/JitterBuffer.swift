public import Core

/// Turns the packets of one RTP stream into a frame each tick: puts them in order, waits long enough for late ones, decodes
/// what is due, and replaces what is lost. Each packet names its codec, so that a sender may change it from packet to packet;
/// all codecs of a buffer have its clock and its rate.
///
/// The playout delay follows the measured jitter. It grows where audio is missing, by waiting for it (the wait is
/// concealed), and otherwise changes only in silence, by a frame left out or played twice.
/// Isolation: none of its own; one owner on one loop. Allocates at creation only; 128 short packets at most, half a second of
/// audio.
public struct JitterBuffer: ~Copyable {
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
    /// Dropped: no packet of its codec, longer than 200 ms, or of a codec with another clock or rate.
    case invalid
  }

  enum State { case neverHeard, pausing, filling, playing }

  static let longestPayload = CallSpan.milliseconds(200)
  /// More than this much stored audio is cut down to the maximum of the playout delay.
  static let ceiling = CallSpan.milliseconds(500)
  /// A packet this far behind is a restart, not a late one.
  static let farBehind = CallSpan.seconds(-1)
  /// A packet that ends this far ahead is one, too.
  static let farAhead = CallSpan.milliseconds(1_024)
  /// So many packets in a row that are the newest by their number, but late by their timestamp, are a clock that
  /// stepped back.
  static let lateRunThatRestarts = 3
  /// Concealment of a stream that stopped lasts this long.
  static let longestStall = CallSpan.milliseconds(100)
  /// Where a stream's clock begins: far above zero and far below what a product of places could overflow.
  static let origin = 1 << 40

  private(set) var units: StreamUnits
  var packets = PacketStore()
  /// What is decoded already, from the cursor on.
  var ring: SampleRing
  /// The codec that decoded last.
  var codec: (any Codec)?
  /// The samples of one packet.
  private(set) var decoded: FrameBuffer
  var concealer: PacketLossConcealer
  var estimator: DelayEstimator
  var loudness = NoiseFloor()
  var counts = MediaReport()
  var state = State.neverHeard
  /// Place of what is played next, in the stream's clock with its wraps; never further from the origin than three of them.
  var cursor = 0
  /// Place behind the last audio that came.
  var end = 0
  /// What was concealed since audio ran out, while the cursor waited, in steps of the clock.
  var stalled = 0
  private let limits: Limits
  private var source: UInt32 = 0
  private var history = SequenceHistory(first: 0)
  private var clock: StreamClock
  private var restarts = RestartBudget()
  private var lateRun = 0
  private var strayFollower: UInt16?

  /// An empty buffer.
  /// - Parameters:
  ///   - rate: of the frames, and of every codec.
  ///   - clockRate: steps of the timestamps in a second, in every codec.
  public init(rate: AudioRate = .narrowband, clockRate: Int = 8_000, limits: Limits = Limits()) {
    self.limits = limits
    units = StreamUnits(clockRate: max(50, clockRate), rate: rate)
    ring = SampleRing(rate: rate)
    decoded = FrameBuffer(count: rate.samples(in: Self.longestPayload))
    concealer = PacketLossConcealer(rate: rate)
    estimator = DelayEstimator(limits: limits, units: units)
    clock = StreamClock(units)
  }

  /// The rate of the frames.
  public var rate: AudioRate { units.rate }

  /// The line was agreed on anew, with codecs of another rate: what waits is dropped, the stream goes on as after a pause.
  /// Allocates; once in a change of the line.
  public mutating func change(to rate: AudioRate) {
    guard rate != units.rate else { return }
    pause()
    packets.removeAll()
    units = StreamUnits(clockRate: units.clockRate, rate: rate)
    ring = SampleRing(rate: rate)
    decoded = FrameBuffer(count: rate.samples(in: Self.longestPayload))
    concealer = PacketLossConcealer(rate: rate)
    codec = nil
  }

  /// What became of the stream so far; sent packets are the sender's to count.
  public var report: MediaReport {
    var report = counts
    report.targetDelay = estimator.target
    return report
  }

  /// Takes one audio packet. Packets of other payload types (RFC 4733) are not shown to the buffer.
  /// - Parameters:
  ///   - timestamp: of where its audio begins (RFC 3550 section 5.1).
  ///   - source: SSRC; another one than before begins a new stream. Whether a source may be heard at all is decided
  ///     before.
  ///   - marker: the sender says that it begins a talk spurt; a jump is then believed at once.
  ///   - payload: copied.
  ///   - codec: decodes it, when it is due.
  ///   - arrival: when it came, on the clock that `pull` is told.
  @discardableResult
  public mutating func insert(
    sequence: UInt16, timestamp: UInt32, source: UInt32, marker: Bool = false, payload: Span<UInt8>,
    codec: any Codec, arrival: CallInstant
  ) -> Insertion {
    let longest = units.ticks(in: Self.longestPayload)
    let count = codec.clockRate == units.clockRate ? codec.duration(of: payload) : 0
    guard count > 0, count <= longest, payload.count <= PacketStore.longest, codec.rate.hertz == units.rate.hertz else {
      counts.packetsRefused += 1
      return .invalid
    }
    var insertion = Insertion.accepted
    let farAhead = units.ticks(in: Self.farAhead)
    let farBehind = units.ticks(in: Self.farBehind)
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
      guard position >= end, offset + count <= farAhead else {
        counts.packetsDuplicate += 1
        return .duplicate
      }
      history = SequenceHistory(first: sequence)
    }
    let isBehind = farBehind < offset && offset + count <= 0
    if state == .pausing, !isBehind, insertion != .restarted {
      begin(at: position, arrival: arrival)
    } else if state == .filling, isBehind, offset > -longest {
      cursor = position
    } else if isBehind {
      lateRun = sequence == history.highest ? lateRun + 1 : 0
      guard lateRun >= Self.lateRunThatRestarts, restarts.take(at: arrival) else {
        counts.packetsLate += 1
        return .late
      }
      restart(at: timestamp)
      insertion = .restarted
    } else if offset <= farBehind || offset + count > farAhead {
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
    let isCrowded = makeRoom(for: payload.count)
    packets.insert(payload, place: place, ticks: count, codec: codec)
    end = max(end, place + count)
    estimator.take(position: place, arrival: arrival)
    counts.packetsReceived += 1
    return dropBacklog() || isCrowded ? .overflow : insertion
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
    clock = StreamClock(units)
    codec?.reset()
    restart(at: timestamp)
    return true
  }

  /// Starts over at a time of the stream's clock that has nothing to do with what is stored.
  private mutating func restart(at timestamp: UInt32) {
    if state != .neverHeard {
      packets.removeAll()
      ring.clear()
      counts.restarts += 1
    }
    estimator.forgetBase()
    cursor = Self.origin + Int(timestamp)
    end = cursor
    stalled = 0
    state = .filling
  }

  /// Takes whole wraps off the places, so that they stay near the origin however long a stream lasts and however far its
  /// clock moves in pauses. The timestamps do not notice.
  private mutating func rebase() {
    let wraps = (cursor - Self.origin) & ~0xFFFF_FFFF
    guard wraps != 0 else { return }
    cursor -= wraps
    end -= wraps
    packets.rebase(by: wraps)
    estimator.rebase(by: wraps)
  }

  /// Goes on after a pause. A pause of silence keeps the relation of the clocks; a hold may have broken it.
  private mutating func begin(at position: Int, arrival: CallInstant) {
    let transit = arrival.microseconds - units.microseconds(of: position)
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
    guard end - cursor > units.ticks(in: Self.ceiling) else { return false }
    drop(upTo: end - units.ticks(in: limits.maximum))
    return true
  }

  /// Drops the oldest packets when there are more than can be kept, however short they are.
  private mutating func makeRoom(for octets: Int) -> Bool {
    guard !packets.fits(octets) else { return false }
    while !packets.fits(octets), let oldest = packets.first {
      packets.removeFirst()
      drop(upTo: oldest.place + oldest.ticks)
    }
    return true
  }

  /// Moves on to a place, and counts what is not heard.
  private mutating func drop(upTo place: Int) {
    let dropped = place - cursor
    guard dropped > 0 else { return }
    advance(dropped)
    counts.overflow = counts.overflow + units.span(of: dropped)
  }

  /// Moves on, forgetting what is passed.
  mutating func advance(_ ticks: Int) {
    ring.advance(units.samples(of: ticks))
    cursor += ticks
    while let first = packets.first, first.place + first.ticks <= cursor { packets.removeFirst() }
  }

  /// Plays nothing until the next packet. The concealer is silent by then, and what it remembers is silence.
  mutating func pause() {
    guard state != .neverHeard else { return }
    advance(max(0, end - cursor))
    end = cursor
    stalled = 0
    state = .pausing
  }
}
