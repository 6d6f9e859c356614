import Audio
import Core
import NIOCore
import Signalling
import Telephony
import TestSupport
import Testing

@Suite struct `The audio of a call` {
  /// Mu-law 0x80 and 0x00.
  private static let (peer, stranger): (Int16, Int16) = (32_124, -32_124)

  @Test func `is heard from the peer`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      let nothing = try await talk.pull(from: 0)
      #expect(nothing.map(\.kind) == [.none])
      try await talk.send((0..<10).map { .sound(0x80, $0) })
      try await talk.until { $0.packetsReceived == 10 }
      let heard = try await talk.pull(10, from: 20_000)
      let full = heard.filter { $0.kind == .received }
      #expect(!full.isEmpty && full.allSatisfy { $0.samples.allSatisfy { $0 == Self.peer } })
    }
  }

  @Test func `is A-law when that was agreed`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect(offer: { Dial.sdp(port: $0, control: $1, formats: "8 101") })
      #expect(talk.answer.body.contains("m=audio \(rig.media) RTP/AVP 8 101\r\n"))
      try await talk.pull(from: 0)
      try await talk.send((0..<10).map { .sound(0xAA, $0, type: 8) } + [.sound(0xAA, 11, type: 0)])
      try await talk.until { $0.packetsReceived == 10 }
      let heard = try await talk.pull(10, from: 20_000)
      #expect(heard.contains { $0.kind == .received && $0.samples.allSatisfy { $0 == 32_256 } })
      try await talk.push(1, 32_256)
      let packet = try await talk.rtp.packet()
      #expect(packet.type == 8 && packet.payload == [UInt8](repeating: 0xAA, count: 160))
    }
  }

  @Test func `is heard in every codec of the peer's answer to our offer, from packet to packet`() async throws {
    try await withRig { rig in
      let (phone, rtp) = (try await rig.socket(), try await rig.socket())
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE"), to: rig)
      let line = try await rig.arrival().line
      let events = Mailbox<LineEvent>()
      line.deliver { events.put($0) }
      line.answer()
      #expect(try await phone.next().status == 100)
      let answer = try await phone.next()
      let talk = Talk(
        rig: rig, phone: phone, dial: dial, line: line, events: events, answer: answer, rtp: rtp, rtcp: rtp)
      try await talk.send("ACK", 1, branch: "ack", body: Dial.sdp(port: rtp.port))
      #expect(await events.next() == .connected)
      try await talk.pull(from: 0)
      // 0x80 in mu-law is 32,124; 0xAA in A-law is 32,256.
      try await talk.send((0..<12).map { $0 % 4 < 2 ? .sound(0x80, $0) : .sound(0xAA, $0, type: 8) })
      try await talk.until { $0.packetsReceived == 12 }
      let heard = try await talk.pull(12, from: 20_000)
      for value in [32_124, 32_256] as [Int16] {
        #expect(heard.contains { $0.kind == .received && $0.samples.allSatisfy { $0 == value } })
      }
    }
  }

  @Test func `lives on loops that carry no signalling`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      let loop = talk.line.loop
      #expect(Rig.loops.media.makeIterator().contains { $0 === loop })
      #expect(!Rig.loops.signalling.makeIterator().contains { $0 === loop })
    }
  }

  @Test func `that was not sent in time leaves a gap in the clock, and a mark behind it`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.push()
      try await talk.onLoop { $0.skip(25) }
      try await talk.push(2)
      var packets: [Packet] = []
      for _ in 1...3 { packets.append(try await talk.rtp.packet()) }
      #expect(packets.map { $0.sequence &- packets[0].sequence } == [0, 1, 2])
      #expect(packets.map { $0.timestamp &- packets[0].timestamp } == [0, 26 * 160, 27 * 160])
      #expect(packets.map(\.marker) == [true, true, false])
      let report = try await talk.onLoop { $0.report }
      #expect(report.framesUnsent == 25 && report.packetsSent == 3)
    }
  }

  @Test func `is not taken from strangers, nor from another port once one was heard`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.pull(from: 0)
      let elsewhere = try await rig.socket("127.0.0.2")
      try await talk.send((0..<5).map { .sound(0x00, $0) }, from: elsewhere)
      try await talk.until { $0.packetsRefused == 5 }
      try await talk.send((0..<10).map { .sound(0x80, $0) })
      try await talk.until { $0.packetsReceived == 10 }
      let neighbour = try await rig.socket()
      try await talk.send((10..<15).map { .sound(0x00, $0) }, from: neighbour)
      try await talk.until { $0.packetsRefused == 10 }
      let heard = try await talk.pull(12, from: 20_000)
      #expect(heard.contains { $0.samples.contains(Self.peer) })
      #expect(!heard.contains { $0.samples.contains(Self.stranger) })
      try await talk.push()
      #expect(try await talk.rtp.packet().payload.count == 160, "ours goes to the one that was heard")
      #expect(elsewhere.arrivals.waiting.isEmpty && neighbour.arrivals.waiting.isEmpty)
    }
  }

  @Test func `is taken from a translated port of the agreed host, and sent there`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.pull(from: 0)
      let translated = try await rig.socket()
      try await talk.send((0..<3).map { .sound(0x80, $0) }, from: translated)
      try await talk.until { $0.packetsReceived == 3 }
      try await talk.push()
      #expect(try await translated.packet().payload.count == 160)
    }
  }

  @Test func `is neither taken nor sent before the dialog is established`() async throws {
    try await withRig { rig in
      let (phone, rtp) = (try await rig.socket(), try await rig.socket())
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: rtp.port)), to: rig)
      #expect(try await phone.next().status == 100)
      let line = try await rig.arrival().line
      let events = Mailbox<LineEvent>()
      line.deliver { events.put($0) }
      line.answer()
      let answer = try await phone.next()
      let talk = Talk(
        rig: rig, phone: phone, dial: dial, line: line, events: events, answer: answer, rtp: rtp, rtcp: rtp)
      try await talk.pull(from: 0)
      // Early packets, also of a stranger who would be latched.
      let stranger = try await rig.socket("127.0.0.2")
      try await talk.send((0..<5).map { .sound(0x00, $0) }, from: stranger)
      try await talk.send((0..<5).map { .sound(0x00, $0) })
      try await talk.push(3)
      try await rig.settle()
      try await talk.send("ACK", 1, branch: "ack")
      #expect(await events.next() == .connected)
      try await talk.send((5..<15).map { .sound(0x80, $0) })
      try await talk.until { $0.packetsReceived == 10 }
      #expect(try await talk.pull(12, from: 20_000).allSatisfy { !$0.samples.contains(Self.stranger) })
      try await talk.push()
      #expect(try await rtp.packet().marker, "the first packet that was sent")
      #expect(try await talk.onLoop { $0.report }.packetsSent == 1)
    }
  }

  @Test func `in packets too long, of another kind or no packets at all is dropped`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.pull(from: 0)
      let long = Packet(sequence: 1, timestamp: 0, payload: Array(repeating: 0, count: 3_000))
      let junk: [[UInt8]] = [
        [], [0x80], Array(repeating: 0xFF, count: 160), long.bytes, Array(long.bytes.prefix(1_501)),
        Packet.sound(0x00, 1, type: 18).bytes, Array(Packet.key(1, 2, at: 0, duration: 1).bytes.prefix(14)),
      ]
      for bytes in junk { try await talk.rtp.send(bytes, to: rig.address, talk.media) }
      try await talk.send([.sound(0x80, 2)])
      try await talk.until { $0.packetsReceived == 1 }
      #expect(try await talk.onLoop { $0.nextKey() } == nil)
      #expect(try await talk.pull(3, from: 20_000).allSatisfy { !$0.samples.contains(Self.stranger) })
    }
  }

  @Test func `goes out a packet for each frame, 20 ms apart by its clock`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.push(50, 32_124)
      var packets: [Packet] = []
      for _ in 1...50 { packets.append(try await talk.rtp.packet()) }
      let first = packets[0]
      #expect(first.marker && packets.dropFirst().allSatisfy { !$0.marker })
      #expect(packets.map { $0.sequence &- first.sequence } == (0..<50).map { UInt16($0) })
      #expect(packets.map { $0.timestamp &- first.timestamp } == (0..<50).map { UInt32(160 * $0) })
      #expect(packets.allSatisfy { $0.source == first.source && $0.type == 0 })
      #expect(packets.allSatisfy { $0.payload == [UInt8](repeating: 0x80, count: 160) })
      #expect(try await talk.onLoop { $0.report }.packetsSent == 50)
    }
  }

  @Test func `stops for a hold, while its clock goes on`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.push()
      let before = try await talk.rtp.packet()
      func reinvite(_ number: Int, _ direction: String) async throws -> Message {
        let offer = Dial.sdp(port: talk.rtp.port, control: talk.rtcp.port, ["a=\(direction)"])
        try await talk.send("INVITE", number, body: offer)
        #expect(try await talk.phone.next().status == 100)
        let answer = try await talk.phone.next()
        try await talk.send("ACK", number, branch: "ack\(number)")
        return answer
      }
      let held = try await reinvite(2, "sendonly")
      #expect(held.status == 200 && held.body.contains("a=recvonly") && held.audioPort == talk.media)
      #expect(await talk.events.next() == .held(true))
      try await talk.push(3)
      let resumed = try await reinvite(3, "sendrecv")
      #expect(resumed.status == 200 && resumed.body.contains("a=sendrecv"))
      #expect(await talk.events.next() == .held(false))
      try await talk.push()
      let after = try await talk.rtp.packet()
      #expect(after.sequence == before.sequence &+ 1 && after.timestamp == before.timestamp &+ 4 * 160)
    }
  }

  @Test func `moves to the port of a new offer`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.pull(from: 0)
      try await talk.send([.sound(0x80, 0)])
      try await talk.until { $0.packetsReceived == 1 }
      let moved = try await rig.socket()
      try await talk.send("INVITE", 2, body: Dial.sdp(port: moved.port))
      #expect(try await talk.phone.next().status == 100)
      #expect(try await talk.phone.next().status == 200)
      try await rig.settle()
      try await talk.push()
      #expect(try await moved.packet().payload.count == 160)
      try await talk.send((1..<4).map { .sound(0x80, $0) }, from: moved)
      try await talk.until { $0.packetsReceived == 4 }
    }
  }

  @Test func `survives a place that nothing can be sent to`() async throws {
    try await withRig({ $0.latching = .first }) { rig in
      // No system sends from a loopback address to another network.
      let talk = try await rig.connect(offer: { Dial.sdp(host: "192.0.2.1", port: $0, control: $1) })
      try await talk.push(5)
      try await talk.pull(from: 0)
      try await talk.send((0..<3).map { .sound(0x80, $0) })
      try await talk.until { $0.packetsReceived == 3 }
      try await talk.push()
      #expect(try await talk.rtp.packet().payload.count == 160)
    }
  }

  @Test func `is reported each five seconds, and ends with a goodbye`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.pull(from: 0)
      try await talk.send((0..<4).map { .sound(0x80, $0 == 3 ? 4 : $0) })
      try await talk.until { $0.packetsReceived == 4 }
      // The peer's report: its clock 0x1122334455667788, of which the middle comes back.
      let words: [UInt32] = [0x0A0B_0C0D, 0x1122_3344, 0x5566_7788, 0, 0, 0]
      let theirs: [UInt8] = [0x80, 200, 0, 6] + words.flatMap(Packet.octets)
      // Both sockets are read by one loop, yet in no promised order: the report is sent until it was taken.
      var report: [UInt8] = []
      for second in 1...50 {
        try await talk.rtcp.send(theirs, to: rig.address, talk.media + 1)
        try await talk.push(1, from: 5_000 * second)
        report = try #require(await talk.rtcp.arrivals.next()).bytes
        try #require(report.count > 60, "a report of what was heard, and a description")
        if Packet.word(report, at: 44) != 0 { break }
      }
      let source = try await talk.rtp.packet().source
      #expect(report[0] == 0x81 && report[1] == 200 && Packet.word(report, at: 4) == source)
      #expect(Packet.word(report, at: 28) == 0x0A0B_0C0D)
      #expect(Packet.word(report, at: 32) & 0xFF_FFFF == 1, "one packet was lost")
      #expect(Packet.word(report, at: 36) & 0xFFFF == 104)
      #expect(Packet.word(report, at: 44) == 0x3344_5566)
      #expect(report[53] == 202 && Packet.word(report, at: 56) == source)
      talk.line.hangUp()
      let last = try #require(await talk.rtcp.arrivals.next()).bytes
      try #require(last.count == 60, "a report and a goodbye")
      #expect(last[1] == 200 && last[53] == 203 && Packet.word(last, at: 56) == source)
    }
  }

  @Test(.enabled(if: canCountAllocations, "allocations cannot be counted in this build"))
  func `allocates nothing on its way out`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.push(20)
      let count = try await talk.onLoop { port in
        let buffer = FrameBuffer()
        return allocations { for _ in 0..<100 { port.push(buffer.samples.span, at: .zero) } }
      }
      #expect(count == 0)
    }
  }
}
