import Core
import Testing

@testable import Signalling
@testable import Telephony

/// The receiving half of a call's audio, without sockets and in virtual time.
@Suite struct `What is received` {
  private static func receiver() -> RTPReceiver {
    var receiver = RTPReceiver(latching: .sameHost)
    receiver.establish(`Hostile packets`.agreed(), signalled: `Hostile packets`.signalled)
    return receiver
  }

  private static func take(_ packets: [Packet], into receiver: inout RTPReceiver, at instant: CallInstant = .zero) {
    for packet in packets {
      packet.bytes.withUnsafeBytes { receiver.receive($0, from: `Hostile packets`.signalled, at: instant) }
    }
  }

  private static func keys(of receiver: inout RTPReceiver) -> String {
    var keys = ""
    while let key = receiver.nextKey() { keys.append(key) }
    return keys
  }

  @Test func `beside the stream, such as a report on the wrong port, is not counted as its packet`() {
    var receiver = Self.receiver()
    Self.take((0..<4).map { .sound(0x80, $0) }, into: &receiver)
    // A sender's report (200) read as a packet has type 72 and the peer's clock where the source stands.
    let report = Packet(
      marker: true, type: 72, sequence: 6, timestamp: 0x0A0B_0C0D, source: 0x1122_3344,
      payload: [UInt8](repeating: 0, count: 16))
    Self.take([report], into: &receiver)
    let block = receiver.block(lastSenderReport: 0, delaySinceLast: 0)
    #expect(block?.source == 0x0A0B_0C0D && block?.cumulativeLost == 0)
  }

  @Test func `as keys of another source is heard, although its numbers lie just behind those before`() {
    var receiver = Self.receiver()
    Self.take(Packet.press(1, 100, at: 8_000), into: &receiver)
    Self.take(Packet.press(1, 60, at: 8_000, source: 0x0102_0304), into: &receiver)
    Self.take(Packet.press(2, 66, at: 9_000, source: 0x0102_0304), into: &receiver)
    let heard = Self.keys(of: &receiver)
    #expect(heard == "112")
  }

  @Test func `as keys that nobody takes is kept up to a bound, however slowly they come`() {
    var receiver = Self.receiver()
    for number in 0..<300 {
      let key = Packet.key(
        UInt8(number % 10), 100 + number, at: UInt32(1_600 * (number + 1)), duration: 160, end: true)
      Self.take([key], into: &receiver, at: .milliseconds(200 * number))
    }
    let (heard, refused) = (Self.keys(of: &receiver), receiver.report.keysRefused)
    #expect(heard == String("0123456789012345678901234567890123456789".prefix(32)) && refused == 268)
  }
}
