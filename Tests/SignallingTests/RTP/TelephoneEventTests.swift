import TestSupport
import Testing

@testable import Signalling

@Suite struct TelephoneEventTests {
  static func packets(_ digit: TelephoneDigit, _ timestamp: UInt32) -> [TelephoneEventSender.Packet] {
    var sender = TelephoneEventSender(digit, timestamp: timestamp)
    var all: [TelephoneEventSender.Packet] = []
    while let packet = sender.next() { all.append(packet) }
    return all
  }

  @Test func `a press is sent with one marker, growing duration and three ends`() {
    let all = Self.packets(.d5, 1_000)
    #expect(all.map(\.event.duration) == [160, 320, 480, 640, 800, 960, 1_120, 1_280, 1_280, 1_280])
    #expect(all.map(\.event.isEnd) == [false, false, false, false, false, false, false, true, true, true])
    #expect(all.filter(\.marker).count == 1 && all[0].marker && all.allSatisfy { $0.timestamp == 1_000 })
    var octets = [UInt8](repeating: 0, count: 4)
    _ = octets.withUnsafeMutableBytes { all[9].event.write(to: $0) }
    #expect(octets == [5, 0x8A, 5, 0])
    #expect(octets.withUnsafeBytes { TelephoneEvent($0) } == all[9].event)
    #expect([1, 2, 3].withUnsafeBytes { TelephoneEvent(UnsafeRawBufferPointer(rebasing: $0[0..<3])) } == nil)
  }

  @Test func `each press is reported once whatever is lost, repeated or late`() {
    var generator = Seeded(6)
    for _ in 0..<300 {
      var receiver = TelephoneEventReceiver()
      var now = Duration.zero
      var heard: [TelephoneDigit] = []
      var pressed: [TelephoneDigit] = []
      var timestamp: UInt32 = .random(in: .min ... .max, using: &generator)
      var sequence: UInt16 = .random(in: .min ... .max, using: &generator)
      for _ in 0..<6 {
        let digit = TelephoneDigit.allCases.randomElement(using: &generator) ?? .d0
        pressed.append(digit)
        var kept = Self.packets(digit, timestamp).filter { _ in Int.random(in: 0..<10, using: &generator) < 7 }
        if kept.isEmpty { kept = [Self.packets(digit, timestamp)[0]] }
        if Bool.random(using: &generator), let last = kept.last { kept.append(last) }
        for packet in kept {
          now += .milliseconds(20)
          sequence &+= 1
          if let press = receiver.receive(packet.event, sequence: sequence, timestamp: packet.timestamp, at: now) {
            heard.append(press.digit)
          }
          if let press = receiver.expire(at: now) { heard.append(press.digit) }
        }
        timestamp &+= 3_200
        now += .milliseconds(Bool.random(using: &generator) ? 5 : 300)
      }
      now += .seconds(1)
      if let press = receiver.expire(at: now) { heard.append(press.digit) }
      #expect(heard == pressed)
    }
  }

  @Test func `a lost end is closed by silence and told so`() {
    var receiver = TelephoneEventReceiver()
    #expect(
      receiver.receive(TelephoneEvent(code: 11, isEnd: false, duration: 160), sequence: 1, timestamp: 5, at: .zero)
        == nil)
    #expect(receiver.expire(at: .milliseconds(99)) == nil)
    let press = receiver.expire(at: .milliseconds(100))
    #expect(press?.digit == .pound && press?.endWasLost == true)
    #expect(
      receiver.receive(
        TelephoneEvent(code: 11, isEnd: true, duration: 320), sequence: 2, timestamp: 5, at: .milliseconds(120))
        == nil)
    #expect(
      receiver.receive(TelephoneEvent(code: 16, isEnd: true, duration: 320), sequence: 3, timestamp: 900, at: .zero)
        == nil)
  }

  @Test func `keys have their characters`() {
    #expect(String(TelephoneDigit.allCases.map(\.character)) == "0123456789*#ABCD")
    #expect(TelephoneDigit("a") == .a && TelephoneDigit("x") == nil && TelephoneDigit("#") == .pound)
  }
}
