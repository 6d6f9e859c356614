import Audio
import Core
import TestSupport
import Testing

struct SpeechGateTests {
  private typealias Event = SpeechGate.Event

  /// One letter is a window of 20 ms: V voice, m in between, q quiet by probability, s silent by level.
  private static func run(_ letters: String, window: Int = 20, _ gate: inout SpeechGate) -> [SpeechGate.Event] {
    letters.filter { $0 != " " }.enumerated().compactMap { index, letter in
      let (probability, level): (Float, Float) =
        switch letter {
        case "V": (0.9, -25)
        case "m": (0.4, -25)
        case "s": (0.9, -60)
        default: (0.1, -25)
        }
      return gate.step(
        probability: probability, level: level, start: milliseconds(index * window), length: .milliseconds(window))
    }
  }

  @Test(arguments: [
    ("qqqqqqqqqqqqqqqqqqqq", []),
    // 80 ms are no speech, 100 ms are; the date is that of the first window.
    ("qqVVVVqqqqqqqqqqqqqq", []),
    ("qqVVVVVqqqqq", [SpeechGate.Event.speechStarted(at: milliseconds(40))]),
    // A dip is borne and does not count; 60 ms of dips start over.
    ("VVVqqVV", [.speechStarted(at: milliseconds(0))]), ("VVVqqVq", []),
    ("VVVVqqqVVVVV", [.speechStarted(at: milliseconds(140))]),
    // In between begins nothing, but goes on.
    ("mmmmmmmmmmmm", []),
    ("qVmmmm", [.speechStarted(at: milliseconds(20))]),
    ("VVVVV mmmm mmmm mmmm", [.speechStarted(at: milliseconds(0))]),
    // 180 ms of quiet are a pause, 200 ms an end, dated to its beginning.
    ("VVVVVV qqqqqqqqq V qqqqqqqqq V", [.speechStarted(at: milliseconds(0))]),
    ("VVVVVV qqqqqqqqqq", [.speechStarted(at: milliseconds(0)), .speechEnded(at: milliseconds(120))]),
    // Only voice that would begin takes it up again.
    ("VVVVVV qqqqqmmmmm", [.speechStarted(at: milliseconds(0)), .speechEnded(at: milliseconds(120))]),
    // A detector that lags: the end is where the energy ended.
    ("VVVVVV sssssssssss", [.speechStarted(at: milliseconds(0)), .speechEnded(at: milliseconds(120))]),
    ("ssssssssssss", []),
  ])
  func `begins after 100 ms of voice and ends after 200 ms without, dated by the audio`(
    letters: String, events: [SpeechGate.Event]
  ) {
    var gate = SpeechGate()
    #expect(Self.run(letters, &gate) == events)
  }

  @Test func `windows of another length are counted by their time`() {
    var gate = SpeechGate()
    #expect(
      Self.run("qqVVVV qqqqqqq", window: 32, &gate) == [
        .speechStarted(at: milliseconds(64)), .speechEnded(at: milliseconds(192)),
      ])
  }

  @Test func `the end of the audio ends speech`() {
    var gate = SpeechGate()
    _ = Self.run("VVVVVV", &gate)
    #expect(gate.isOpen)
    let end = gate.finish(at: milliseconds(120))
    #expect(end == .speechEnded(at: milliseconds(120)))
    let nothing = gate.finish(at: milliseconds(140))
    #expect(nothing == nil)
    _ = Self.run("VVVVVV qqq", &gate)
    let dated = gate.finish(at: milliseconds(180))
    #expect(dated == .speechEnded(at: milliseconds(120)))
  }

  @Test(arguments: 0..<50)
  func `beginnings and ends take turns, in order, never ahead of the audio`(seed: UInt64) {
    var random = Seeded(seed)
    var gate = SpeechGate()
    var now = CallInstant.zero
    var last = CallInstant.zero
    var isOpen = false
    var probability: Float = 0
    for _ in 0..<3_000 {
      let length = CallSpan.milliseconds(Int.random(in: 1...40, using: &random))
      if random.chance(0.1) { probability = Float.random(in: 0...1, using: &random) }
      let event = gate.step(
        probability: probability, level: random.chance(0.05) ? -70 : -30, start: now, length: length)
      now = now + length
      switch event {
      case nil: break
      case .speechStarted(let instant):
        #expect(!isOpen && instant >= last && now - instant >= .milliseconds(90))
        (isOpen, last) = (true, instant)
      case .speechEnded(let instant):
        #expect(isOpen && instant > last && now - instant >= .milliseconds(200))
        (isOpen, last) = (false, instant)
      }
      #expect(gate.isOpen == isOpen)
    }
  }
}
