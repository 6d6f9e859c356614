import Core
import Foundation
import NIOCore
import Signalling
import Testing

@testable import Telephony

@Suite struct `Reports` {
  private static let heard = NIODeadline.uptimeNanoseconds(1_000_000_000)

  /// 65536ths of a second since the peer's report, after so many seconds.
  @Test(arguments: [(0, 0), (1, 65_536), (5, 327_680), (65_535, 4_294_901_760), (65_536, .max), (3_000_000_000, .max)])
  func `tell the time since the peer's last one, however long ago`(_ seconds: Int64, _ expected: UInt32) {
    var clock = ControlClock(source: 1)
    #expect(clock.lastReport(at: Self.heard) == (0, 0))
    clock.heard(.init(ntp: 0x1122_3344_5566_7788, timestamp: 0, packets: 0, octets: 0), at: Self.heard)
    #expect(clock.lastReport(at: Self.heard + .seconds(seconds)) == (0x3344_5566, expected))
    #expect(clock.lastReport(at: Self.heard - .seconds(1)).1 == 0, "a clock that was read in another order")
  }

  @Test func `are due each five seconds, and missed ones are not made up`() {
    var clock = ControlClock(source: 1)
    let due = (0..<1_000).filter { clock.isDue(at: .milliseconds($0 * 20)) }
    #expect(due == [250, 500, 750])
    let late = (0..<3).map { _ in clock.isDue(at: .milliseconds(3_600_000)) }
    #expect(late == [true, false, false])
  }

  @Test func `are a sender's as long as anything was sent in the last two`() {
    var clock = ControlClock(source: 1)
    #expect(
      [0, 10, 10, 10, 10, 11, 11, 11].map { clock.isSender(sent: $0) } == [
        false, true, true, false, false, true, true, false,
      ])
  }

  @Test(arguments: [
    (0.5, 0x83AA_7E80_8000_0000), (-2_208_988_800, 0), (2_085_978_496, 0), (2_085_978_497, 0x1_0000_0000),
  ])
  func `give the wall clock as NTP, which begins anew in 2036`(_ seconds: Double, _ expected: UInt64) {
    #expect(ControlClock.ntp(Date(timeIntervalSince1970: seconds)) == expected)
    for odd in [Double.infinity, .nan, 1e300, -1e300] { _ = ControlClock.ntp(Date(timeIntervalSince1970: odd)) }
  }

  @Test func `go on while the line is on hold, as a receiver's once nothing was sent for long`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.push()
      try await talk.send(
        "INVITE", 2, body: Dial.sdp(port: talk.rtp.port, control: talk.rtcp.port, ["a=inactive"]))
      #expect(try await talk.phone.next().status == 100)
      #expect(try await talk.phone.next().status == 200)
      #expect(await talk.events.next() == .held(true))
      var kinds: [UInt8] = []
      for number in 1...3 {
        try await talk.push(1, from: 5_000 * number)
        let report = try #require(await talk.rtcp.arrivals.next()).bytes
        kinds.append(report[1])
      }
      #expect(kinds == [200, 200, 201])
      #expect(talk.rtp.arrivals.waiting.count == 1, "no audio")
    }
  }

  @Test func `of strangers are none of the peer's`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.pull(from: 0)
      try await talk.send([.sound(0x80, 0)])
      try await talk.until { $0.packetsReceived == 1 }
      func report(_ middle: UInt32) -> [UInt8] {
        let words = [0x0A0B_0C0D, middle >> 16, middle << 16, 0, 0, 0]
        return [0x80, 200, 0, 6] + words.flatMap(Packet.octets)
      }
      let stranger = try await rig.socket("127.0.0.2")
      // Both sockets are read by one loop, yet in no promised order: reports are sent until one was taken, and the stranger's
      // come to the same socket before them.
      var told: UInt32 = 0
      for second in 1...50 where told == 0 {
        try await stranger.send(report(0x3333_4444), to: rig.address, talk.media + 1)
        if second > 10 { try await talk.rtcp.send(report(0x1111_2222), to: rig.address, talk.media + 1) }
        try await talk.push(1, from: 5_000 * second)
        let ours = try #require(await talk.rtcp.arrivals.next()).bytes
        try #require(ours.count > 60)
        told = Packet.word(ours, at: 44)
      }
      #expect(told == 0x1111_2222)
    }
  }

  @Test func `find their place again after the old hold, whose address is no place`() async throws {
    try await withRig { rig in
      let talk = try await rig.connect()
      try await talk.send(
        "INVITE", 2, body: Dial.sdp(host: "0.0.0.0", port: talk.rtp.port, control: talk.rtcp.port))
      #expect(try await talk.phone.next().status == 100)
      #expect(try await talk.phone.next().status == 200)
      #expect(await talk.events.next() == .held(true))
      try await talk.push(1, from: 5_000)
      #expect(try #require(await talk.rtcp.arrivals.next()).bytes[1] == 201)
    }
  }
}
