import Audio
import Core
import TestSupport
import Testing

/// The frame path allocates nothing: proven by counting.
@Suite(.enabled(if: canCountAllocations, "allocations cannot be counted in this build"))
struct AllocationTests {
  /// One call's frame path, as the tick walks it.
  private final class FramePath {
    var jitter = JitterBuffer()
    var gate = SpeechGate()
    var recorder = UtteranceRecorder()
    var keys = DTMFDetector()
    var playout = Playout()
    var resampler: Resampler
    var tone = ToneGenerator(.ringback)
    let buffer = FrameBuffer()
    let wideBuffer = FrameBuffer(rate: .wideband)
    var octets = [UInt8](repeating: 0, count: AudioRate.narrowband.frame)
    var events = 0
    let voice: (Float) -> Float = { level in level > -45 ? 0.9 : 0.1 }

    init() throws(AudioError) {
      resampler = try Resampler(from: 8_000, to: 16_000)
    }

    func tick(_ packet: Packet?, at instant: CallInstant) {
      if let packet {
        _ = jitter.insert(
          sequence: packet.sequence, timestamp: packet.timestamp, source: packet.source,
          payload: packet.payload.span, codec: packet.codec, arrival: packet.arrival)
      }
      let (frame, wide) = (buffer.samples, wideBuffer.samples)
      var span = frame.mutableSpan
      _ = jitter.pull(into: &span, at: instant)
      let heard = frame.span
      recorder.append(heard, at: instant)
      let level = heard.levelInDecibels
      if gate.step(probability: voice(level), level: level, start: instant, length: AudioFrame.span) != nil {
        events += 1
      }
      if keys.take(heard) != nil { events += 1 }
      var wideSpan = wide.mutableSpan
      _ = resampler.process(heard, into: &wideSpan)
      var spoken = frame.mutableSpan
      if !playout.pull(into: &spoken, at: instant) { tone.fill(&spoken) }
      while playout.nextReport() != nil { events += 1 }
      for index in frame.indices { octets[index] = G711.muLaw.encode(frame[index]) }
    }
  }

  /// Three seconds of loud noise, two of background, a twentieth lost, some late.
  private static func packets(_ count: Int) -> [Packet?] {
    var random = Seeded(1)
    return (0..<count).map { index in
      if random.chance(0.05) { return nil }
      var packet = Packet.steady(index, octet: index % 250 < 150 ? Packet.noise : { _ in 0xFF })
      if random.chance(0.1) { packet.arrival = packet.arrival + .milliseconds(30) }
      return packet
    }
  }

  @Test func `ten thousand ticks allocate nothing`() throws {
    let path = try FramePath()
    let packets = Self.packets(10_100)
    // 200 s of speech, in clips of 2 s; each utterance is queued before the count, and some of it waits for more.
    for number in 1...8 {
      path.playout.begin(UtteranceID(number), sentences: 12)
      for sentence in 0..<12 {
        path.playout.append(sine(200, samples: 16_000), to: UtteranceID(number), sentence: sentence)
      }
    }
    for tick in 0..<100 { path.tick(packets[tick], at: .milliseconds(tick * 20 + 5)) }
    let before = path.events
    let count = allocations {
      for tick in 100..<10_100 { path.tick(packets[tick], at: .milliseconds(tick * 20 + 5)) }
    }
    #expect(count == 0)
    // The path really did its work: speech began and ended some forty times, utterances came and went.
    #expect(path.events - before > 80)
    let report = path.jitter.report
    #expect(report.framesReceived > 8_000 && report.framesConcealed > 100)
  }

  @Test func `the counter sees one allocation among ten thousand ticks`() throws {
    let path = try FramePath()
    let packets = Self.packets(300)
    for tick in 0..<100 { path.tick(packets[tick], at: .milliseconds(tick * 20 + 5)) }
    var kept: [[Int16]] = []
    kept.reserveCapacity(4)
    let count = allocations {
      for tick in 100..<300 {
        path.tick(packets[tick], at: .milliseconds(tick * 20 + 5))
        if tick == 200 { kept.append([Int16](repeating: Int16(tick), count: 160)) }
      }
    }
    #expect(count == 1)
    #expect(kept.count == 1)
  }
}
