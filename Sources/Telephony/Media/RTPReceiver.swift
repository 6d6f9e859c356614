internal import Audio
internal import Core
internal import Signalling

/// The receiving half of one call's RTP, without its sockets: packets through the latch into the jitter buffer and to the keys.
///
/// Isolation: none of its own; one owner on one loop. Nothing allocates per packet or frame. Whatever comes, nothing traps and
/// nothing grows.
struct RTPReceiver: ~Copyable {
  static let packetLimit = 1500
  /// Keys that wait for the next tick.
  private static let keyLimit = 32

  private var latch: SourceLatch
  private var jitter = JitterBuffer()
  private var events = TelephoneEventReceiver()
  private var keySource: UInt32?
  private var admission = KeyAdmission()
  private var keys: [Character] = []
  private var keysOverflown = 0
  /// Finds keys in the sound itself, on lines where nothing else was agreed for them.
  private var tones = DTMFDetector()
  private var agreed: NegotiatedMedia?
  private(set) var codecs = LineCodecs()
  private(set) var statistics: ReceiverStatistics?

  init(latching: SourceLatch.Policy) {
    latch = SourceLatch(policy: latching)
    keys.reserveCapacity(Self.keyLimit)
  }

  /// Where our packets go: to the source that was heard, before that to the signalled one.
  var destination: MediaSource? { latch.destination }

  var report: MediaReport {
    var report = jitter.report
    report.packetsRefused += Int(clamping: latch.refused)
    report.keysRefused = admission.refused + keysOverflown
    report.keysRepeated = admission.repeated
    return report
  }

  mutating func establish(_ media: NegotiatedMedia, signalled: MediaSource?) {
    agreed = media
    codecs.establish(media)
    if codecs.rate != jitter.rate {
      jitter.change(to: codecs.rate)
      tones = DTMFDetector(rate: codecs.rate)
    }
    if let signalled { latch.establish(signalled: signalled) }
  }

  /// Takes a packet.
  mutating func receive(_ bytes: UnsafeRawBufferPointer, from source: MediaSource, at instant: CallInstant) {
    guard let agreed, bytes.count <= Self.packetLimit, let header = RTPHeader(bytes) else { return }
    let isEvent = header.payloadType == agreed.receiveEventPayloadType
    let codec = isEvent ? nil : agreed.codec(ofReceived: header.payloadType).flatMap { codecs[$0] }
    // A report on the wrong port is no packet of the stream.
    guard isEvent || codec != nil || !header.mayBeControl,
      latch.admit(source, identifier: header.source, sequence: header.sequence)
    else { return }
    count(header, at: instant)
    let body = UnsafeRawBufferPointer(
      rebasing: bytes[header.payloadOffset..<header.payloadOffset + header.payloadCount])
    if isEvent {
      guard let event = TelephoneEvent(body) else { return }
      if header.source != keySource { beginKeys(of: header.source, at: instant) }
      keep(
        events.receive(
          event, sequence: header.sequence, timestamp: header.timestamp, at: .microseconds(instant.microseconds)),
        at: instant)
    } else if let codec {
      jitter.insert(
        sequence: header.sequence, timestamp: header.timestamp, source: header.source, marker: header.marker,
        payload: body.assumingMemoryBound(to: UInt8.self).span, codec: codec, arrival: instant)
    }
  }

  mutating func pull(into frame: inout MutableSpan<Int16>, at instant: CallInstant) -> PulledFrame {
    keep(events.expire(at: .microseconds(instant.microseconds)), at: instant)
    let pulled = jitter.pull(into: &frame, at: instant)
    guard let agreed, agreed.receiveEventPayloadType == nil, let key = tones.take(frame.span),
      let digit = TelephoneDigit(key)
    else { return pulled }
    keep(digit, lasting: .zero, at: instant)
    return pulled
  }

  mutating func nextKey() -> Character? { keys.isEmpty ? nil : keys.remove(at: 0) }

  /// Whether a key that came by signalling counts: not when it came inside the audio as well, or over the budget.
  mutating func admit(signalled digit: TelephoneDigit, at instant: CallInstant) -> Bool {
    admission.admit(digit, by: .info, at: .microseconds(instant.microseconds))
  }

  private mutating func keep(_ press: TelephoneEventReceiver.Press?, at instant: CallInstant) {
    guard let press else { return }
    keep(press.digit, lasting: .microseconds(Int64(press.duration) * 125), at: instant)
  }

  private mutating func keep(_ digit: TelephoneDigit, lasting: Duration, at instant: CallInstant) {
    guard admission.admit(digit, by: .event, lasting: lasting, at: .microseconds(instant.microseconds)) else { return }
    guard keys.count < Self.keyLimit else {
      keysOverflown += 1
      return
    }
    keys.append(digit.character)
  }

  /// A new source has numbers and a clock of its own. It is the source of key packets that counts: some peers send keys from
  /// one and audio from another.
  private mutating func beginKeys(of source: UInt32, at instant: CallInstant) {
    keep(events.expire(at: .microseconds(instant.microseconds) + .seconds(1)), at: instant)
    events = TelephoneEventReceiver()
    keySource = source
  }

  private mutating func count(_ header: RTPHeader, at instant: CallInstant) {
    if statistics?.source != header.source {
      statistics = ReceiverStatistics(source: header.source, firstSequence: header.sequence)
    }
    statistics?.receive(
      sequence: header.sequence, timestamp: header.timestamp,
      arrival: UInt32(truncatingIfNeeded: instant.microseconds / 125))
  }

  /// The block for our next report; nil before the first packet.
  mutating func block(lastSenderReport: UInt32, delaySinceLast: UInt32) -> RTCPPacket.ReportBlock? {
    statistics?.report(lastSenderReport: lastSenderReport, delaySinceLast: delaySinceLast)
  }
}
