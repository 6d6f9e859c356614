import Core
import TestSupport
import Testing

@testable import Audio

/// The frame path at 16 kHz.
struct WidebandTests {
  /// A codec without state whose octets are two samples each: what is heard can be found again.
  private final class PairCodec: Codec {
    let name = "pair"
    let clockRate = 8_000
    let rate = AudioRate.wideband
    func duration(of packet: Span<UInt8>) -> Int { packet.count }
    func decode(_ packet: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
      for index in packet.indices {
        samples[2 * index] = G711.muLaw.decode(packet[index])
        samples[2 * index + 1] = -samples[2 * index]
      }
      return 2 * packet.count
    }
    func encode(_ frame: Span<Int16>, into packet: inout MutableSpan<UInt8>) -> Int { 0 }
    func reset() {}
  }

  private static func sound(_ range: Range<Int>) -> [Int16] {
    range.flatMap { [Packet.sound(at: $0), -Packet.sound(at: $0)] }
  }

  private static func pull(_ buffer: inout JitterBuffer, at instant: CallInstant) -> (
    kind: PulledFrame, samples: [Int16]
  ) {
    var samples = [Int16](repeating: 77, count: buffer.rate.frame)
    var span = samples.mutableSpan
    let kind = buffer.pull(into: &span, at: instant)
    return (kind, samples)
  }

  private static func insert(_ packet: Packet, _ codec: any Codec, into buffer: inout JitterBuffer)
    -> JitterBuffer.Insertion
  {
    buffer.insert(
      sequence: packet.sequence, timestamp: packet.timestamp, source: packet.source, marker: packet.marker,
      payload: packet.payload.span, codec: codec, arrival: packet.arrival)
  }

  @Test(arguments: [10, 20, 30, 60, 200])
  func `packets of any length come out whole and in order`(packetTime: Int) {
    let codec = PairCodec()
    var buffer = JitterBuffer(rate: .wideband)
    var waiting = (0..<3_000 / packetTime).map {
      Packet.steady($0, packetTime: packetTime, firstTimestamp: .max - 8_000)
    }[...]
    var heard: [Int16] = []
    var kinds: Set<PulledFrame> = []
    for tick in 0..<140 {
      while let packet = waiting.first, packet.arrival <= milliseconds(tick * 20 + 5) {
        _ = Self.insert(packet, codec, into: &buffer)
        waiting.removeFirst()
      }
      let frame = Self.pull(&buffer, at: milliseconds(tick * 20 + 5))
      kinds.insert(frame.kind)
      if frame.kind == .received { heard += frame.samples }
    }
    if packetTime <= 60 { #expect(!kinds.contains(.concealed) && heard.count >= 130 * 320) }
    // Longer packets begin with a concealed frame or two, while the delay grows to their length.
    let place = heard.isEmpty ? 0 : Self.sound(0..<24_000).firstIndex(of: heard[0]) ?? 0
    #expect(
      heard.suffix(320 * 60).elementsEqual(Self.sound(0..<24_000)[(place + heard.count - 320 * 60)...].prefix(320 * 60))
        || packetTime == 200)
    #expect(heard.count >= 100 * 320)
  }

  @Test func `a loss sounds on at its pitch, for its length`() {
    // 125 Hz, which the octets hold for every second sample.
    let said = sine(125, amplitude: 6_000, samples: 32_000, rate: 16_000)
    var concealer = PacketLossConcealer(rate: .wideband)
    var heard = said
    for start in stride(from: 0, to: 32_000, by: 320) {
      var span = heard.mutableSpan
      if start / 320 % 10 == 9 {
        concealer.conceal(&span, start..<start + 320)
      } else {
        concealer.receive(&span, start..<start + 320)
      }
    }
    var worst = 0
    for index in 320 * 9..<32_000 { worst = max(worst, abs(Int(heard[index]) - Int(said[index]))) }
    // The level begins to fall behind 10 ms.
    #expect(worst < 2_000 && heard != said)
    let step = zip(heard, heard.dropFirst()).map { abs(Int($0) - Int($1)) }.max() ?? .max
    #expect(step < 700)
    // Silent behind 60 ms, not before 50.
    var silence = [Int16](repeating: 1, count: 320 * 4)
    var span = silence.mutableSpan
    concealer.conceal(&span, 0..<320 * 4)
    #expect(silence[960...].allSatisfy { $0 == 0 } && silence[..<800].contains { abs($0) > 100 })
  }

  @Test func `a buffer goes on at another rate as after a pause`() {
    let (wide, narrow) = (PairCodec(), G711Codec(.muLaw))
    var buffer = JitterBuffer(rate: .wideband)
    var heard: [[Int16]] = []
    for index in 0..<60 {
      if index == 30 { buffer.change(to: .narrowband) }
      let codec: any Codec = index < 30 ? wide : narrow
      let insertion = Self.insert(.steady(index), codec, into: &buffer)
      #expect(insertion == (index == 0 ? .restarted : .accepted))
      let frame = Self.pull(&buffer, at: milliseconds(index * 20 + 5))
      if frame.kind == .received { heard.append(frame.samples) }
    }
    #expect(heard.count >= 54)
    #expect(heard.filter { $0.count == 320 }.flatMap { $0 }.starts(with: Self.sound(0..<27 * 160)))
    #expect(heard.last == (57 * 160..<58 * 160).map(Packet.sound))
    // The old codec is none of this line's any more.
    let insertion = Self.insert(.steady(60), wide, into: &buffer)
    #expect(insertion == .invalid)
    let (restarts, rate) = (buffer.report.restarts, buffer.rate)
    #expect(restarts == 0 && rate == .narrowband)
  }

  @Test func `what waits is neither heard nor replaced at another rate`() {
    let wide = PairCodec()
    var buffer = JitterBuffer(rate: .wideband)
    for index in 0..<10 {
      _ = Self.insert(.steady(index), wide, into: &buffer)
      _ = Self.pull(&buffer, at: milliseconds(index * 20 + 5))
    }
    buffer.change(to: .narrowband)
    for index in 10..<20 {
      let frame = Self.pull(&buffer, at: milliseconds(index * 20 + 5))
      #expect(frame.kind == .silence && frame.samples.allSatisfy { $0 == 0 })
    }
    let concealed = buffer.report.framesConcealed
    #expect(concealed == 0)
  }

  @Test func `a playout has its times at its rate`() {
    var playout = Playout(rate: .wideband)
    let clip = sine(300, samples: 16_000, rate: 16_000)
    playout.begin(UtteranceID(1), sentences: 1)
    playout.append(clip, to: UtteranceID(1), sentence: 0)
    let isChangedEarly = playout.change(to: .narrowband)
    #expect(!isChangedEarly)
    var frame = [Int16](repeating: 0, count: 320)
    func pull(_ tick: Int) {
      var span = frame.mutableSpan
      playout.pull(into: &span, at: milliseconds(tick * 20))
    }
    for tick in 0..<10 { pull(tick) }
    #expect(frame.elementsEqual(clip[2_880..<3_200]))
    playout.pause(UtteranceID(1), at: milliseconds(200))
    pull(10)
    // 10 ms of fading, then silence.
    #expect(frame[..<150].contains { abs($0) > 300 } && frame[160...].allSatisfy { $0 == 0 })
    playout.resume(UtteranceID(1), at: milliseconds(220))
    pull(11)
    // 100 ms back, and faded in for 10.
    #expect(frame[160...].elementsEqual(clip[3_360 - 1_600 + 160..<3_360 - 1_600 + 320]))
    playout.stop(UtteranceID(1), at: milliseconds(240))
    pull(12)
    let (isChanged, rate) = (playout.change(to: .narrowband), playout.rate)
    #expect(isChanged && rate == .narrowband)
  }

  @Test func `a recorder's segment goes on at another rate`() throws {
    var recorder = UtteranceRecorder()
    let narrow = sine(400, samples: 16_000)
    let wide = sine(400, samples: 32_000, rate: 16_000)
    func append(_ samples: ArraySlice<Int16>, frames: Int, from tick: Int) {
      let size = recorder.rate.frame
      for frame in 0..<frames {
        let start = samples.startIndex + frame * size
        recorder.append(Array(samples[start..<start + size]).span, at: milliseconds((tick + frame) * 20))
      }
    }
    append(narrow[...], frames: 50, from: 0)
    recorder.open(at: milliseconds(500))
    append(narrow[8_000...], frames: 10, from: 50)
    recorder.change(to: .wideband)
    recorder.reserve()
    append(wide[19_200...], frames: 20, from: 60)
    let (closed, rate) = (recorder.close(at: milliseconds(1_500)), recorder.rate)
    let segment = try #require(closed)
    #expect(segment.clip.sampleRate == 16_000 && segment.start == milliseconds(200))
    #expect(segment.clip.samples.count == 1_300 * 16)
    let difference = zip(segment.clip.samples, wide[3_200...]).dropFirst(50).map { abs(Int($0) - Int($1)) }
    // The two meet where a filter ends.
    #expect(difference.sorted()[difference.count * 98 / 100] < 100)
    #expect(difference.max() ?? .max < 4_000)
    #expect(rate == .wideband)
  }

  @Test func `all keys are found`() throws {
    let keys = Array("0123456789*#ABCD")
    let samples = try keys.flatMap { key in
      try (Tone.key(key)?.clip.resampled(to: 16_000).samples ?? []) + [Int16](repeating: 0, count: 1_600)
    }
    var detector = DTMFDetector(rate: .wideband)
    var found = ""
    for start in stride(from: 0, to: samples.count - 319, by: 320) {
      if let key = detector.take(samples.span.extracting(start..<start + 320)) { found.append(key) }
    }
    #expect(found == String(keys))
  }

  @Test func `frames are brought to another rate one by one`() {
    let converter = FrameConverter(from: .wideband, to: 8_000)
    let said = sine(500, samples: 16_000, rate: 16_000)
    var heard: [Int16] = []
    for start in stride(from: 0, to: 16_000, by: 320) {
      let frame = converter.convert(said.span.extracting(start..<start + 320))
      #expect(frame.count == 160)
      heard += frame
    }
    let lag = AudioRate.narrowband.samples(in: converter.lag)
    let wanted = sine(500, samples: 8_000)
    #expect(lag > 0 && lag < 100)
    #expect(zip(heard[(400 + lag)...], wanted[400...]).allSatisfy { abs(Int($0) - Int($1)) < 100 })
  }

  @Test(.enabled(if: canCountAllocations, "allocations cannot be counted in this build"), arguments: [0, 1, 2])
  func `each codec both ways, and a buffer of it, allocate nothing`(which: Int) {
    let codec: any Codec = [G711Codec(.aLaw), G722Codec(), ResampledCodec(G711Codec(.muLaw), rate: .wideband)][which]
    var buffer = JitterBuffer(rate: codec.rate)
    let frame = FrameBuffer(rate: codec.rate)
    var octets = [UInt8](repeating: 0, count: 160)
    let packets = (0..<600).map { Packet.steady($0) }
    func tick(_ index: Int) {
      if index % 20 != 7 { _ = Self.insert(packets[index], codec, into: &buffer) }
      let samples = frame.samples
      var span = samples.mutableSpan
      _ = buffer.pull(into: &span, at: milliseconds(index * 20 + 5))
      var packet = octets.mutableSpan
      _ = codec.encode(samples.span, into: &packet)
    }
    for index in 0..<100 { tick(index) }
    let made = allocations { for index in 100..<600 { tick(index) } }
    #expect(made == 0)
    let report = buffer.report
    #expect(report.framesReceived > 500 && report.framesConcealed >= 25)
  }
}
