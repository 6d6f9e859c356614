import Audio
import Core
import Glibc
import TestSupport

/// A sine at the telephone rate.
func sine(_ hertz: Double, amplitude: Double = 8_000, samples: Int, rate: Double = 8_000, from start: Int = 0)
  -> [Int16]
{
  (start..<start + samples).map { Int16(amplitude * sin(2 * .pi * hertz * Double($0) / rate)) }
}

func milliseconds(_ count: Int) -> CallInstant { .milliseconds(count) }

extension JitterBuffer {
  /// One tick.
  mutating func pull(at instant: CallInstant) -> (kind: PulledFrame, samples: [Int16]) {
    var samples = [Int16](repeating: 77, count: AudioRate.narrowband.frame)
    var span = samples.mutableSpan
    let kind = pull(into: &span, at: instant)
    return (kind, samples)
  }

  mutating func insert(_ packet: Packet) -> Insertion {
    insert(
      sequence: packet.sequence, timestamp: packet.timestamp, source: packet.source, marker: packet.marker,
      payload: packet.payload.span, codec: packet.codec, arrival: packet.arrival)
  }
}

/// A playout behind a reference: expectations copy what they look at, which a playout forbids.
final class Player {
  private var playout = Playout()

  var isIdle: Bool { playout.isIdle }
  var current: UtteranceID? { playout.current }
  func playedPermille(of id: UtteranceID) -> [Int]? { playout.playedPermille(of: id) }

  @discardableResult
  func begin(_ id: UtteranceID, sentences: Int) -> Bool { playout.begin(id, sentences: sentences) }
  @discardableResult
  func append(_ samples: [Int16], to id: UtteranceID, sentence: Int, isLast: Bool = true) -> Bool {
    playout.append(samples, to: id, sentence: sentence, isLast: isLast)
  }
  @discardableResult
  func pause(_ id: UtteranceID, at instant: CallInstant) -> Bool { playout.pause(id, at: instant) }
  @discardableResult
  func resume(_ id: UtteranceID, at instant: CallInstant) -> Bool { playout.resume(id, at: instant) }
  @discardableResult
  func stop(_ id: UtteranceID, at instant: CallInstant) -> Bool { playout.stop(id, at: instant) }

  /// One tick.
  func pull(at instant: CallInstant) -> [Int16] {
    var samples = [Int16](repeating: 77, count: AudioRate.narrowband.frame)
    var span = samples.mutableSpan
    playout.pull(into: &span, at: instant)
    return samples
  }

  /// `count` ticks from one on.
  func frames(_ count: Int, from tick: Int = 0) -> [Int16] {
    (tick..<tick + count).flatMap { pull(at: milliseconds($0 * 20)) }
  }

  func reports() -> [PlayoutReport] {
    var found: [PlayoutReport] = []
    while let report = playout.nextReport() { found.append(report) }
    return found
  }
}

/// A packet on its way. Its octets follow from the place of the audio in the sender's recording, so that what is
/// heard can be found again.
struct Packet {
  var sequence: UInt16
  var timestamp: UInt32
  var source: UInt32 = 1
  var marker = false
  var payload: [UInt8]
  var law = G711.muLaw
  var arrival: CallInstant

  private static let codecs = (muLaw: G711Codec(.muLaw), aLaw: G711Codec(.aLaw))
  var codec: G711Codec {
    switch law {
    case .muLaw: Self.codecs.muLaw
    case .aLaw: Self.codecs.aLaw
    }
  }

  /// Loud noise: no two places look alike.
  static func noise(at place: Int) -> UInt8 {
    var random = Seeded(UInt64(bitPattern: Int64(place)))
    // Only the loud half of mu-law.
    return UInt8(truncatingIfNeeded: random.next()) & 0xBF
  }

  static func sound(at place: Int) -> Int16 { G711.muLaw.decode(noise(at: place)) }

  /// Packet `index` of a steady stream.
  static func steady(
    _ index: Int, packetTime: Int = 20, firstSequence: UInt16 = 100, firstTimestamp: UInt32 = 5_000, late: Int = 0,
    octet: (Int) -> UInt8 = Packet.noise
  ) -> Packet {
    let count = packetTime * 8
    return Packet(
      sequence: firstSequence &+ UInt16(truncatingIfNeeded: index),
      timestamp: firstTimestamp &+ UInt32(truncatingIfNeeded: index * count),
      payload: (index * count..<(index + 1) * count).map(octet), arrival: .milliseconds(index * packetTime + late))
  }
}
