import Audio
import Core
import Glibc
import NIOCore
import Signalling
import TestSupport
import Testing

@testable import Telephony

@Suite struct `A wideband line` {
  /// 50 packets of a sine in G.722, or as many of it in mu-law.
  private static func tone(_ hertz: Double, from first: Int = 0, count: Int = 50) -> [Packet] {
    let codec = G722Codec()
    return (first..<first + count).map { number in
      let samples = (0..<320).map { Int16(8_000 * sin(2 * .pi * hertz * Double(number * 320 + $0) / 16_000)) }
      var packet = Packet.sound(0, number, type: 9)
      var octets = packet.payload.mutableSpan
      _ = codec.encode(samples.span, into: &octets)
      return packet
    }
  }

  /// How much of a sound is at a frequency, 0 to 1.
  private static func share(_ hertz: Double, of samples: [Int16], rate: Double = 16_000) -> Double {
    var (cosine, sine, energy) = (0.0, 0.0, 1.0)
    for (index, sample) in samples.enumerated() {
      let phase = 2 * Double.pi * hertz * Double(index) / rate
      cosine += Double(sample) * cos(phase)
      sine += Double(sample) * Glibc.sin(phase)
      energy += Double(sample) * Double(sample)
    }
    return 2 * (cosine * cosine + sine * sine) / (Double(samples.count) * energy)
  }

  @Test func `is agreed on, heard and spoken`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect(offer: { Dial.sdp(port: $0, control: $1, formats: "0 8 9 101") })
      #expect(talk.answer.body.contains("m=audio \(rig.media) RTP/AVP 9 101\r\na=rtpmap:9 G722/8000\r\n"))
      #expect(try await talk.onLoop { $0.rate } == .wideband)
      try await talk.pull(from: 0)
      // 6 kHz, which no telephone carries.
      try await talk.send(Self.tone(6_000, count: 20))
      try await talk.until { $0.packetsReceived == 20 }
      let heard = try await talk.pull(20, from: 20_000).filter { $0.kind == .received }
      #expect(heard.count >= 10 && heard.allSatisfy { $0.samples.count == 320 })
      #expect(Self.share(6_000, of: heard.dropFirst(2).flatMap(\.samples)) > 0.8)
      // And back.
      try await talk.onLoop { port in
        let buffer = FrameBuffer(rate: port.rate)
        for number in 0..<20 {
          for index in 0..<320 {
            buffer.samples[index] = Int16(8_000 * sin(2 * .pi * 6_000 * Double(number * 320 + index) / 16_000))
          }
          port.push(buffer.samples.span, at: .milliseconds(20 * number))
        }
      }
      let codec = G722Codec()
      var spoken: [Int16] = []
      var timestamps: [UInt32] = []
      for _ in 0..<20 {
        let packet = try await talk.rtp.packet()
        #expect(packet.type == 9 && packet.payload.count == 160)
        timestamps.append(packet.timestamp)
        var samples = [Int16](repeating: 0, count: 320)
        var span = samples.mutableSpan
        _ = codec.decode(packet.payload.span, into: &span)
        spoken += samples
      }
      #expect(Self.share(6_000, of: Array(spoken.dropFirst(640))) > 0.8)
      #expect(timestamps.map { $0 &- timestamps[0] } == (0..<20).map { UInt32($0 * 160) }, "a clock of 8,000")
    }
  }

  @Test func `is not agreed on when it is not allowed`() async throws {
    try await withRig({ $0.codecs = [.pcmu] }) { rig in
      let talk = try await rig.connect(offer: { Dial.sdp(port: $0, control: $1, formats: "9 8 0 101") })
      #expect(talk.answer.body.contains("m=audio \(rig.media) RTP/AVP 0 101\r\n"))
      #expect(try await talk.onLoop { $0.rate } == .narrowband)
    }
  }

  @Test func `becomes a narrowband one, and back, with a new offer`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect(offer: { Dial.sdp(port: $0, control: $1, formats: "9 0 101") })
      try await talk.pull(from: 0)
      try await talk.send(Self.tone(1_000, count: 10))
      try await talk.until { $0.packetsReceived == 10 }
      for (number, formats, rate) in [(2, "0 101", AudioRate.narrowband), (3, "9 101", .wideband)] {
        try await talk.send(
          "INVITE", number, body: Dial.sdp(port: talk.rtp.port, control: talk.rtcp.port, formats: formats))
        #expect(try await talk.phone.next().status == 100)
        #expect(try await talk.phone.next().body.contains("RTP/AVP \(formats)\r\n"))
        try await talk.send("ACK", number, branch: "ack\(number)")
        try await rig.settle()
        #expect(try await talk.onLoop { $0.rate } == rate)
        let first = number * 100
        let packets =
          rate == .wideband ? Self.tone(1_000, from: first, count: 10) : (first..<first + 10).map { .sound(0x80, $0) }
        try await talk.send(packets)
        try await talk.until { $0.packetsReceived == 10 * number }
        let heard = try await talk.pull(10, from: 20_000 * number).filter { $0.kind == .received }
        #expect(heard.count >= 5 && heard.allSatisfy { $0.samples.count == rate.frame })
        if rate == .narrowband { #expect(heard.allSatisfy { $0.samples.allSatisfy { $0 == 32_124 } }) }
        try await talk.push()
        #expect(try await talk.rtp.packet().type == (rate == .wideband ? 9 : 0))
      }
    }
  }

  private static func agreed() -> NegotiatedMedia {
    `Hostile packets`.agreed {
      $0.codec = .g722
      $0.sendPayloadType = 9
      $0.receivePayloadType = 9
      $0.otherFormats = [AudioFormat(payloadType: 0, codec: .pcmu)]
    }
  }

  /// A receiver's whole frames of packets, one a tick.
  private static func heard(_ packets: [Packet], from first: Int = 0, _ receiver: inout RTPReceiver) -> [Int16] {
    let frame = FrameBuffer(rate: .wideband)
    return packets.enumerated().flatMap { number, packet in
      let now = CallInstant.milliseconds((first + number) * 20)
      packet.bytes.withUnsafeBytes { receiver.receive($0, from: `Hostile packets`.signalled, at: now) }
      var span = frame.samples.mutableSpan
      let kind = receiver.pull(into: &span, at: now + .milliseconds(5))
      return kind == .received ? Array(frame.samples) : []
    }
  }

  @Test func `hears a narrowband codec of the answer, too, from packet to packet`() {
    var receiver = RTPReceiver(latching: .sameHost)
    receiver.establish(Self.agreed(), signalled: `Hostile packets`.signalled)
    let wide = Self.tone(1_000, count: 100)
    let packets = (0..<100).map { number -> Packet in
      guard number / 25 % 2 == 1 else { return wide[number] }
      var packet = Packet.sound(0, number)
      packet.payload = (0..<160).map {
        G711.muLaw.encode(Int16(8_000 * sin(2 * .pi * 1_000 * Double(number * 160 + $0) / 8_000)))
      }
      return packet
    }
    let heard = Self.heard(packets, &receiver)
    #expect(heard.count >= 96 * 320)
    for part in 0..<4 {
      #expect(Self.share(1_000, of: Array(heard[(part * 25 + 3) * 320..<(part * 25 + 20) * 320])) > 0.99)
    }
  }

  @Test func `finds keys in the sound where nothing else was agreed for them`() throws {
    var receiver = RTPReceiver(latching: .sameHost)
    var media = Self.agreed()
    media.receiveEventPayloadType = nil
    receiver.establish(media, signalled: `Hostile packets`.signalled)
    let samples = try Array("47#").flatMap { key in
      try (Tone.key(key)?.clip.resampled(to: 16_000).samples ?? []) + [Int16](repeating: 0, count: 1_600)
    }
    let codec = G722Codec()
    var keys = ""
    for number in 0..<samples.count / 320 + 10 {
      var packet = Packet.sound(0xFA, number, type: 9)
      if (number + 1) * 320 <= samples.count {
        var octets = packet.payload.mutableSpan
        _ = codec.encode(samples.span.extracting(number * 320..<(number + 1) * 320), into: &octets)
      }
      _ = Self.heard([packet], from: number, &receiver)
      while let key = receiver.nextKey() { keys.append(key) }
    }
    #expect(keys == "47#")
  }

  @Test(.enabled(if: canCountAllocations, "allocations cannot be counted in this build"))
  func `allocates nothing per packet and frame, in either codec`() throws {
    let source = try #require(MediaSource(SocketAddress(ipAddress: "127.0.0.1", port: 4_000)))
    var receiver = RTPReceiver(latching: .sameHost)
    receiver.establish(Self.agreed(), signalled: `Hostile packets`.signalled)
    let frame = FrameBuffer(rate: .wideband)
    let packets = Self.tone(700, count: 1_000).enumerated().map { number, packet in
      number % 5 == 3 ? Packet.sound(0x90, number).bytes : packet.bytes
    }
    var made = 0
    for number in packets.indices where number % 40 != 20 {
      let instant = CallInstant.milliseconds(20 * number)
      let count = packets[number].withUnsafeBytes { bytes in
        allocations { receiver.receive(bytes, from: source, at: instant) } ?? 0
      }
      let more =
        allocations {
          var span = frame.samples.mutableSpan
          _ = receiver.pull(into: &span, at: instant + .milliseconds(5))
        } ?? 0
      if number >= 100 { made += count + more }
    }
    #expect(made == 0)
    let report = receiver.report
    #expect(report.framesReceived > 800 && report.framesConcealed > 15)
  }
}
