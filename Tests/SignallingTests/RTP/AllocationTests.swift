import TestSupport
import Testing

@testable import Signalling

@Suite struct AllocationTests {
  @Test func `a packet is judged, read, counted and written without allocation`() throws {
    var packet = [UInt8](repeating: 0, count: 172)
    let source = MediaSource(address: IPAddress(v4: 0xC000_0207), port: 4_000)
    var latch = SourceLatch()
    latch.establish(signalled: source)
    var statistics = ReceiverStatistics(source: 9, firstSequence: 0)
    var keys = TelephoneEventReceiver()
    var admission = KeyAdmission()
    var taken = 0
    func run(_ range: Range<Int>) {
      packet.withUnsafeMutableBytes { buffer in
        for number in range {
          let header = RTPHeader(
            payloadType: 0, sequence: UInt16(truncatingIfNeeded: number), timestamp: UInt32(160 * number), source: 9)
          header.write(to: buffer)
          TelephoneEvent(code: 5, isEnd: number % 8 == 7, duration: 160).write(
            to: UnsafeMutableRawBufferPointer(rebasing: buffer[12..<16]))
          let bytes = UnsafeRawBufferPointer(buffer)
          guard let read = RTPHeader(bytes),
            latch.admit(source, identifier: read.source, sequence: read.sequence)
          else { continue }
          let payload = UnsafeRawBufferPointer(
            rebasing: bytes[read.payloadOffset..<(read.payloadOffset + read.payloadCount)])
          statistics.receive(sequence: read.sequence, timestamp: read.timestamp, arrival: UInt32(160 * number))
          let now = Duration.milliseconds(20 * number)
          if let event = TelephoneEvent(payload),
            let press = keys.receive(
              event, sequence: read.sequence, timestamp: UInt32(number / 8), at: now),
            admission.admit(press.digit, by: .event, at: now)
          {
            taken += 1
          }
          if number % 64 == 0, admission.admit(.d5, by: .info, at: now) { taken += 1 }
          if keys.expire(at: now) != nil { taken += 1 }
        }
      }
    }
    run(0..<16)
    let made = allocations { run(16..<1_016) }
    #expect(made == nil || made == 0)
    #expect(taken == 127)
  }
}
