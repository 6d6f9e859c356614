import Audio
import Core
import Testing

/// A recorder behind a reference: expectations copy what they look at, which a recorder forbids.
private final class Tape {
  var recorder = UtteranceRecorder()
  var dropped: Int { recorder.dropped }
  var isOpen: Bool { recorder.isOpen }
  var openSpan: CallSpan { recorder.openSpan }
  func join() -> Bool { recorder.join() }
  func snapshot() -> UtteranceRecorder.Segment? { recorder.snapshot() }
  func open(at instant: CallInstant) { recorder.open(at: instant) }
  func close(at instant: CallInstant) -> UtteranceRecorder.Segment? { recorder.close(at: instant) }

  static func sample(at place: Int) -> Int16 { Int16(truncatingIfNeeded: place &* 7) }

  /// Appends the frames of `ticks`; a sample tells its own place.
  func record(_ ticks: Range<Int>, reserving: Bool = true) {
    for tick in ticks {
      let frame = (tick * 160..<(tick + 1) * 160).map(Tape.sample)
      recorder.append(frame.span, at: milliseconds(tick * 20))
      if reserving, tick % 25 == 0 { recorder.reserve() }
    }
  }
}

struct UtteranceRecorderTests {
  private static func samples(_ from: Int, _ to: Int) -> [Int16] { (from * 8..<to * 8).map(Tape.sample) }

  @Test func `a segment begins 300 ms before the voice and ends where it is closed`() {
    let recorder = Tape()
    recorder.record(0..<100)
    recorder.open(at: milliseconds(1_800))
    recorder.record(100..<150)
    let partial = recorder.snapshot()
    #expect(partial?.start == milliseconds(1_500))
    #expect(partial?.end == milliseconds(3_000))
    #expect(partial?.clip.samples == Self.samples(1_500, 3_000))
    #expect(recorder.openSpan == .milliseconds(1_500))
    let final = recorder.close(at: milliseconds(2_700))
    #expect(final?.clip == AudioClip(samples: Self.samples(1_500, 2_700), sampleRate: 8_000))
    #expect(!recorder.isOpen && recorder.openSpan == .zero)
    let again = recorder.close(at: milliseconds(2_900))
    #expect(again == nil)
  }

  @Test func `at the start of a call there is less before the voice`() {
    let recorder = Tape()
    recorder.record(0..<7)
    recorder.open(at: milliseconds(40))
    let partial = recorder.snapshot()
    #expect(partial?.start == .zero)
    #expect(partial?.clip.samples == Self.samples(0, 140))
  }

  @Test func `a segment never repeats audio of the one before`() {
    let recorder = Tape()
    recorder.record(0..<100)
    recorder.open(at: milliseconds(1_500))
    recorder.record(100..<110)
    #expect(recorder.close(at: milliseconds(2_000))?.end == milliseconds(2_000))
    recorder.record(110..<120)
    recorder.open(at: milliseconds(2_200))
    #expect(recorder.snapshot()?.start == milliseconds(2_000))
    #expect(recorder.snapshot()?.clip.samples == Self.samples(2_000, 2_400))
  }

  @Test func `a segment taken back begins the next one`() {
    let recorder = Tape()
    recorder.record(0..<100)
    recorder.open(at: milliseconds(1_500))
    recorder.record(100..<110)
    _ = recorder.close(at: milliseconds(2_000))
    recorder.recorder.takeBack()
    recorder.record(110..<150)
    recorder.open(at: milliseconds(2_900))
    #expect(recorder.snapshot()?.start == milliseconds(1_200))
    #expect(recorder.close(at: milliseconds(3_000))?.clip.samples == Self.samples(1_200, 3_000))
    // Once, and also while the next one is open.
    recorder.record(150..<170)
    recorder.open(at: milliseconds(3_350))
    #expect(recorder.snapshot()?.start == milliseconds(3_050))
    recorder.recorder.takeBack()
    #expect(recorder.snapshot()?.start == milliseconds(1_200))
  }

  @Test func `a segment taken back is forgotten when nothing follows soon`() {
    let recorder = Tape()
    recorder.record(0..<100)
    recorder.open(at: milliseconds(1_500))
    _ = recorder.close(at: milliseconds(2_000))
    recorder.recorder.takeBack()
    recorder.record(100..<210)
    recorder.open(at: milliseconds(4_000))
    #expect(recorder.snapshot()?.start == milliseconds(3_700))
  }

  @Test func `a segment is joined with the one before it, and with those that one was joined with`() {
    let recorder = Tape()
    recorder.record(0..<100)
    #expect(!recorder.join(), "nothing is open")
    recorder.open(at: milliseconds(1_500))
    #expect(!recorder.join(), "nothing was before")
    recorder.record(100..<200)
    _ = recorder.close(at: milliseconds(4_000))
    recorder.record(200..<250)
    recorder.open(at: milliseconds(4_900))
    #expect(recorder.join())
    recorder.record(250..<350)
    #expect(
      recorder.close(at: milliseconds(7_000))?.clip.samples == Self.samples(1_200, 7_000), "longer than the ring was")
    recorder.recorder.reserve()
    recorder.record(350..<400)
    recorder.open(at: milliseconds(7_800))
    #expect(recorder.join())
    #expect(recorder.snapshot()?.start == milliseconds(1_200))
  }

  @Test func `a segment is not joined over a long silence, nor with half of what was`() {
    let recorder = Tape()
    recorder.record(0..<100)
    recorder.open(at: milliseconds(1_500))
    _ = recorder.close(at: milliseconds(2_000))
    recorder.record(100..<200)
    recorder.open(at: milliseconds(3_900))
    #expect(!recorder.join())
    #expect(recorder.snapshot()?.start == milliseconds(3_600))
    recorder.record(200..<1_700)
    _ = recorder.close(at: milliseconds(34_000))
    recorder.record(1_700..<1_720)
    recorder.open(at: milliseconds(34_300))
    #expect(!recorder.join(), "its beginning is gone")
  }

  @Test func `an open segment keeps its start, a closed one is gone`() {
    let recorder = Tape()
    recorder.record(0..<50)
    recorder.open(at: milliseconds(500))
    recorder.open(at: milliseconds(900))
    #expect(recorder.snapshot()?.start == milliseconds(200))
    _ = recorder.recorder.close(at: milliseconds(950))
    let nothing = recorder.snapshot()
    #expect(nothing == nil)
  }

  @Test func `thirty seconds are kept whole, more loses the oldest and says so`() {
    let recorder = Tape()
    recorder.record(0..<50)
    recorder.open(at: milliseconds(900))
    recorder.record(50..<1_530)
    #expect(recorder.dropped == 0)
    #expect(recorder.snapshot()?.clip.samples == Self.samples(600, 30_600))
    recorder.record(1_530..<1_580)
    #expect(recorder.dropped == 8_000)
    #expect(recorder.snapshot()?.clip.samples == Self.samples(1_600, 31_600))
    #expect(recorder.snapshot()?.start == milliseconds(1_600))
  }

  @Test func `without room the recorder drops rather than grows`() {
    let recorder = Tape()
    recorder.record(0..<50)
    recorder.open(at: milliseconds(900))
    recorder.record(50..<300, reserving: false)
    #expect(recorder.dropped > 0)
    #expect(recorder.snapshot()?.end == milliseconds(6_000))
  }

  @Test func `after a long segment the room is given back and the next one is whole`() {
    let recorder = Tape()
    recorder.record(0..<50)
    recorder.open(at: milliseconds(900))
    recorder.record(50..<500)
    _ = recorder.close(at: milliseconds(9_600))
    recorder.recorder.reserve()
    recorder.open(at: milliseconds(9_900))
    recorder.record(500..<600)
    #expect(recorder.snapshot()?.clip.samples == Self.samples(9_600, 12_000))
  }
}
