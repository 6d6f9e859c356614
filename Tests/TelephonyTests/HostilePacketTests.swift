import Audio
import Core
import Foundation
import NIOCore
import TestSupport
import Testing

@testable import Signalling
@testable import Telephony

/// Packets with random and adversarial headers, by all that a packet goes through: source, latch, statistics, keys, buffer.
///
/// `REPARTEE_SOAK_PACKETS=100000000` makes a soak of it; a release build takes some minutes for that.
@Suite struct `Hostile packets` {
  private static let count =
    ProcessInfo.processInfo.environment["REPARTEE_SOAK_PACKETS"].flatMap { Int($0) } ?? 200_000

  static func agreed(_ change: (inout NegotiatedMedia) -> Void = { _ in }) -> NegotiatedMedia {
    var media = NegotiatedMedia(
      remoteAddress: "127.0.0.1", remotePort: 4_000, remoteControlPort: 4_001, codec: .pcmu, sendPayloadType: 0,
      receivePayloadType: 0, otherFormats: [AudioFormat(payloadType: 8, codec: .pcma)], sendEventPayloadType: 101,
      receiveEventPayloadType: 101, packetTime: 20, direction: .sendrecv, isUnroutable: false)
    change(&media)
    return media
  }

  static let signalled = MediaSource(address: IPAddress(v4: 0x7F00_0001), port: 4_000)

  /// A sender that knows the call and means it ill.
  private struct Sender {
    /// Mostly audio and keys; comfort noise and a report's number now and then.
    private static let types: [UInt8] = [0, 0, 0, 0, 8, 101, 101, 101, 0, 13, 72, 0, 8, 101, 0, 0]

    var random: Seeded
    var bytes = [UInt8](repeating: 0x80, count: 1_700)
    var sequence: UInt16 = 0
    var timestamp: UInt32 = 0
    var source: UInt32 = 1

    mutating func next() -> (length: Int, port: Int) {
      let (dice, more) = (random.next(), random.next())
      switch dice & 7 {
      case 0: sequence = UInt16(truncatingIfNeeded: more >> 40)
      case 1: sequence &-= UInt16(truncatingIfNeeded: more >> 40 & 127)
      default: sequence &+= 1
      }
      switch dice >> 3 & 7 {
      case 0: timestamp = UInt32(truncatingIfNeeded: more >> 24)
      case 1: timestamp &+= 0x7FFF_FF00
      case 2: timestamp &-= UInt32(truncatingIfNeeded: more & 0x3FFF)
      default: timestamp &+= 160
      }
      if dice >> 6 & 15 == 0 { source = UInt32(truncatingIfNeeded: more >> 16) }
      let kind = dice >> 10 & 15
      bytes[0] = kind == 0 ? UInt8(truncatingIfNeeded: more) : 0x80
      let type = Self.types[Int(dice >> 14 & 15)]
      bytes[1] = (dice >> 18 & 3 == 0 ? 0x80 : 0) | type
      bytes[2] = UInt8(sequence >> 8)
      bytes[3] = UInt8(truncatingIfNeeded: sequence)
      put(timestamp, at: 4)
      put(source, at: 8)
      bytes[12] = UInt8(truncatingIfNeeded: more & 17)
      bytes[13] = UInt8(truncatingIfNeeded: more >> 8)
      bytes[14] = UInt8(truncatingIfNeeded: more >> 16)
      let length = dice >> 20 & 15 == 0 ? Int(more >> 20 & 0x7FF) % 1_700 : type == 101 ? 16 : 172
      return (length, dice >> 24 & 63 == 0 ? 4_002 : 4_000)
    }

    private mutating func put(_ word: UInt32, at index: Int) {
      bytes[index] = UInt8(word >> 24)
      bytes[index + 1] = UInt8(truncatingIfNeeded: word >> 16)
      bytes[index + 2] = UInt8(truncatingIfNeeded: word >> 8)
      bytes[index + 3] = UInt8(truncatingIfNeeded: word)
    }
  }

  @Test(arguments: [SourceLatch.Policy.sameHost, .first, .follow])
  func `neither trap nor grow, and whoever speaks properly afterwards is heard`(policy: SourceLatch.Policy) throws {
    var sender = Sender(random: Seeded(11))
    let addresses = try [4_000, 4_002].map { try SocketAddress(ipAddress: "127.0.0.1", port: $0) }
    var receiver = RTPReceiver(latching: policy)
    receiver.establish(Self.agreed(), signalled: Self.signalled)
    let frame = FrameBuffer()
    var keys = 0
    func take(_ packets: Int, from start: Int) -> Int? {
      allocations {
        for number in start..<start + packets {
          // 50,000 packets a second.
          let instant = CallInstant(microseconds: Int64(number) * 20)
          let (length, port) = sender.next()
          guard let source = MediaSource(addresses[port == 4_000 ? 0 : 1]) else { continue }
          sender.bytes.withUnsafeBytes { bytes in
            receiver.receive(UnsafeRawBufferPointer(rebasing: bytes[..<length]), from: source, at: instant)
          }
          guard number % 1_000 == 0 else { continue }
          var span = frame.samples.mutableSpan
          _ = receiver.pull(into: &span, at: instant)
          while receiver.nextKey() != nil { keys += 1 }
        }
      }
    }
    _ = take(10_000, from: 0)
    let made = take(Self.count, from: 10_000)
    let end = CallInstant(microseconds: Int64(Self.count + 10_000) * 20)
    #expect(keys > 10 && keys <= min(2_000, 20 + Int(end.microseconds / 50_000)))
    if let made { #expect(made == 0) }
    let report = receiver.report
    #expect(report.packetsReceived > 10 && report.packetsRefused > 1_000 && report.keysRefused > 0)
    #expect(report.restarts < 20 + Int(end.microseconds / 1_000_000))
    var heard = 0
    for number in 0..<100 {
      let now = end + .milliseconds(20 * number + 10_000)
      let packet = Packet.sound(0x80, number, source: 99)
      packet.bytes.withUnsafeBytes { receiver.receive($0, from: Self.signalled, at: now) }
      var span = frame.samples.mutableSpan
      if receiver.pull(into: &span, at: now + .milliseconds(5)) == .received { heard += 1 }
    }
    #expect(heard >= 85)
  }

  @Test(.enabled(if: canCountAllocations, "allocations cannot be counted in this build"))
  func `of any honest kind allocate nothing`() throws {
    let source = try #require(MediaSource(SocketAddress(ipAddress: "127.0.0.1", port: 4_000)))
    var receiver = RTPReceiver(latching: .sameHost)
    receiver.establish(Self.agreed(), signalled: Self.signalled)
    let frame = FrameBuffer()
    // A minute: speech in both codecs, a key now and then, loss, disorder, copies, comfort noise, another source.
    var packets: [[UnsafeRawBufferPointer]] = []
    defer { for packet in packets.joined() { packet.deallocate() } }
    for number in 0..<3_000 {
      let source: UInt32 = number < 1_500 ? 1 : 2
      let press = Packet.press(UInt8(number / 50 % 12), 100 + number, at: 8_000, source: source)
      var due: [Packet] =
        switch number % 50 {
        case 10...15: [press[0]]
        case 16: [press[5]]
        case 20: [.sound(0x20, number, source: source, type: 13)]
        default: [.sound(UInt8(number % 200), number, source: source, type: number % 7 == 0 ? 8 : 0)]
        }
      if number % 17 == 0 { due += due }
      if number % 23 == 0 { due.insert(.sound(0x30, number + 1, source: source), at: 0) }
      packets.append(
        (number % 31 == 5 ? [] : due).map { packet in
          let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: packet.bytes.count, alignment: 8)
          memory.copyBytes(from: packet.bytes)
          return UnsafeRawBufferPointer(memory)
        })
    }
    var keys = 0
    var made = 0
    for number in packets.indices {
      let instant = CallInstant.milliseconds(20 * number)
      // Each call by itself: what the loops of this test make in an unoptimised build is not counted.
      var count = 0
      for packet in packets[number] {
        count += allocations { receiver.receive(packet, from: source, at: instant) } ?? 0
      }
      count +=
        allocations {
          var span = frame.samples.mutableSpan
          _ = receiver.pull(into: &span, at: instant + .milliseconds(5))
        } ?? 0
      while receiver.nextKey() != nil { keys += 1 }
      // The first seconds warm up what is made once.
      if number >= 200 { made += count }
    }
    #expect(made == 0)
    let report = receiver.report
    #expect(keys > 40 && report.framesReceived > 1_500 && report.packetsDuplicate > 50 && report.restarts == 1)
  }

  @Test(arguments: ["127.0.0.1", "192.0.2.7", "::1", "2001:db8::1:2", "::ffff:192.0.2.7"])
  func `come from where the socket says`(host: String) throws {
    let source = MediaSource(try SocketAddress(ipAddress: host, port: 40_002))
    #expect(source == MediaSource(address: try #require(IPAddress(host)), port: 40_002))
    #expect(MediaSource(try SocketAddress(unixDomainSocketPath: "/tmp/x")) == nil)
  }

  @Test(.enabled(if: canCountAllocations, "allocations cannot be counted in this build"))
  func `through the port itself allocate nothing of ours`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.pull(from: 0)
      let from = try SocketAddress(ipAddress: "127.0.0.1", port: talk.rtp.port)
      let (count, theirs) = try await talk.onLoop { port -> (Int?, Int?) in
        guard let port = port as? RTPPort else { return (-1, 0) }
        let packets = (0..<300).map { ByteBuffer(bytes: Packet.sound(0x80, $0).bytes) }
        // What NIO itself makes to give the octets of a packet and of its address, when it is not optimised.
        func read(_ packet: ByteBuffer) -> Int {
          packet.withUnsafeReadableBytes(\.count) + (MediaSource(from) == nil ? 1 : 0)
        }
        _ = packets.map(read)
        let theirs = allocations { for packet in packets.dropFirst(50) { _ = read(packet) } }
        for packet in packets.prefix(50) { port.receive(packet, from: from) }
        return (allocations { for packet in packets.dropFirst(50) { port.receive(packet, from: from) } }, theirs)
      }
      #expect(try #require(count) <= #require(theirs))
      #expect(try await talk.onLoop { $0.report }.packetsReceived == 300)
    }
  }

  @Test(arguments: [nil, 101] as [UInt8?])
  func `with tones are keys where nothing else was agreed for keys`(events: UInt8?) {
    var receiver = RTPReceiver(latching: .sameHost)
    receiver.establish(Self.agreed { $0.receiveEventPayloadType = events }, signalled: Self.signalled)
    let frame = FrameBuffer()
    var heard = ""
    let samples = Array("47#").flatMap { key -> [Int16] in
      (Tone.key(key)?.clip.samples ?? []) + [Int16](repeating: 0, count: 800)
    }
    for number in 0..<samples.count / 160 + 10 {
      var packet = Packet.sound(0xFF, number)
      let end = min((number + 1) * 160, samples.count)
      if end - number * 160 == 160 { packet.payload = samples[number * 160..<end].map { G711.muLaw.encode($0) } }
      let now = CallInstant.milliseconds(number * 20)
      packet.bytes.withUnsafeBytes { receiver.receive($0, from: Self.signalled, at: now) }
      var span = frame.samples.mutableSpan
      _ = receiver.pull(into: &span, at: now + .milliseconds(5))
      while let key = receiver.nextKey() { heard.append(key) }
    }
    #expect(heard == (events == nil ? "47#" : ""))
  }
}
