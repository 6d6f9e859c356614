import Core
import Testing

@testable import Audio

/// Timestamps of a sender that counts wrongly, and where its packets belong.
struct StreamClockTests {
  /// A sender's packets, one after another, and the timestamps that they are given.
  private struct Stream {
    var clock = StreamClock(StreamUnits(clockRate: 8_000, rate: .narrowband))
    var sequence: UInt16 = 7
    var timestamp: UInt32 = 1_000
    var arrival = CallInstant.zero

    /// The next packet, 20 ms behind the one before it.
    mutating func next(step: UInt32) -> UInt32 {
      sequence &+= 1
      timestamp &+= step
      arrival = arrival + .milliseconds(20)
      return clock.timestamp(sequence: sequence, timestamp: timestamp, count: 160, arrival: arrival)
    }

    /// Twenty packets of a clock that runs at twice its rate: it is not believed any more. The place of the last.
    mutating func goesWrong() -> UInt32 {
      for _ in 0..<19 { _ = next(step: 320) }
      return next(step: 320)
    }
  }

  @Test func `a clock that is not believed is gone round by the numbers of the packets`() {
    var stream = Stream()
    let place = stream.goesWrong()
    let next = stream.next(step: 320)
    #expect(next == place &+ 160 && next != stream.timestamp)
  }

  @Test func `a clock that has been right for as long is believed again, also about a pause`() {
    var stream = Stream()
    let place = stream.goesWrong()
    let soon = (1...10).map { _ in stream.next(step: 160) }
    #expect(soon == (1...10).map { place &+ 160 * UInt32($0) }, "a few right steps are no proof")
    for _ in 0..<5 { _ = stream.next(step: 160) }
    let behindPause = stream.next(step: 8_000)
    #expect(behindPause == stream.timestamp)
  }

  @Test func `a packet that was overtaken where the sender goes over to shorter ones moves none of those behind it`() {
    var stream = Stream()
    let place = stream.goesWrong()
    let (sequence, now) = (stream.sequence, stream.arrival)
    func given(_ ahead: UInt16, _ count: Int) -> UInt32 {
      stream.clock.timestamp(
        sequence: sequence &+ ahead, timestamp: stream.timestamp &+ 320 * UInt32(ahead), count: count, arrival: now)
    }
    // The first is the last of 20 ms; those of 10 ms behind it come before it and after it.
    #expect(given(2, 80) == place &+ 320)
    _ = given(1, 160)
    #expect(given(3, 80) == place &+ 400)
  }
}
