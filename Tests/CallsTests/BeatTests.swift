import Audio
import Core
import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import Calls

@Suite struct `Beats` {
  private static let origin = NIODeadline.uptimeNanoseconds(1_000_000_000)

  private static func at(_ milliseconds: Int64) -> NIODeadline { origin + .milliseconds(milliseconds) }

  @Test func `come one by one when nothing is late, counted from the start`() {
    var clock = BeatClock(origin: Self.origin)
    for beat in 1...100 {
      #expect(clock.next == Self.at(Int64(20 * beat)))
      let due = clock.take(at: Self.at(Int64(20 * beat + beat % 19)))
      #expect(due == BeatClock.Due(lost: 0, beats: beat..<beat + 1) && due.sends(beat))
    }
  }

  /// Late by so many milliseconds: how many beats are lost, heard and sent.
  @Test(
    arguments: [
      (0, 0, 1, 1), (19, 0, 1, 1), (20, 0, 2, 2), (45, 0, 3, 2), (100, 0, 6, 2), (480, 0, 25, 2), (500, 1, 25, 2),
      (5_000, 226, 25, 2), (86_400_000, 4_319_976, 25, 2),
    ] as [(Int64, Int, Int, Int)])
  func `that were missed are heard as far as a buffer reaches, and two are sent`(
    _ late: Int64, _ lost: Int, _ heard: Int, _ sent: Int
  ) {
    var clock = BeatClock(origin: Self.origin)
    let due = clock.take(at: Self.at(20 + late))
    #expect(due.lost == lost && due.beats.count == heard && due.beats.count { due.sends($0) } == sent)
    #expect(due.beats.lowerBound == lost + 1)
    #expect(clock.next > Self.at(20 + late) && clock.next <= Self.at(40 + late))
  }

  @Test func `are made up after a blocked loop without a burst, and nothing that is said is lost`() async throws {
    let studio = try Studio()
    let (loop, port, lateness) = (studio.loop, studio.port, studio.lateness)
    let counts = try await studio.asCall { call -> [[Int]] in
      let beat = MediaLoop(loop: loop, lateness: lateness)
      let session = MediaSession(port: port, detector: ScriptedDetector(), loop: beat)
      session.start(for: call, leg: "caller")
      defer { session.close() }
      session.open(UtteranceID(1), sentences: 1)
      session.append(
        AudioClip(samples: [Int16](repeating: 900, count: 160 * 10), sampleRate: 8_000), to: UtteranceID(1), sentence: 0
      )
      let start = loop.now
      var counts: [[Int]] = []
      for late in [20, 40, 300, 2_000, 2_020] as [Int64] {
        let before = [port.pulls, port.pushes, port.skips]
        beat.beat(at: start + .milliseconds(late))
        counts.append([port.pulls - before[0], port.pushes - before[1], port.skips - before[2]])
      }
      for tick in 0..<20 { beat.beat(at: start + .milliseconds(Int64(2_040 + 20 * tick))) }
      return counts
    }
    // Pulled, pushed, skipped: every 20 ms is either sent or skipped.
    #expect(counts == [[1, 1, 0], [1, 1, 0], [13, 2, 11], [25, 2, 83], [1, 1, 0]])
    #expect(port.soundingFrames == 10)
  }

  @Test func `of a call and of its sound are of one loop, or nothing begins`() async throws {
    await #expect(processExitsWith: .failure) {
      let (studio, other) = (try Studio(), NIOAsyncTestingEventLoop())
      let port = studio.port
      try await studio.asCall { call in
        let media = MediaSession(
          port: port, detector: ScriptedDetector(), loop: MediaLoop(loop: other, lateness: TickLateness()))
        call.begin(with: Leg("caller", line: FakeLine(), medium: .sound(media)))
      }
    }
  }
}
