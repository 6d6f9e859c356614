import Audio
import Core
import Glibc
import NIOCore
import NIOEmbedded
import Synchronization
import TestSupport
import Testing

@testable import Calls

/// A line that keeps what it is told, and whose caller says a voiced sound between silences.
private final class KeepingPort: MediaPort, Sendable {
  private struct State {
    var rate: AudioRate
    var place = 0.0
    var said: [Int16] = []
    var heard: [Int16] = []
    var isSpeaking = false
  }
  private let state: Mutex<State>

  init(_ rate: AudioRate) { state = Mutex(State(rate: rate)) }

  var rate: AudioRate {
    get { state.withLock { $0.rate } }
    set { state.withLock { $0.rate = newValue } }
  }
  var isSpeaking: Bool {
    get { state.withLock { $0.isSpeaking } }
    set { state.withLock { $0.isSpeaking = newValue } }
  }
  /// What was pulled, and what was pushed.
  var said: [Int16] { state.withLock { $0.said } }
  var heard: [Int16] { state.withLock { $0.heard } }

  func pull(into frame: inout MutableSpan<Int16>, at instant: CallInstant) -> PulledFrame {
    let samples = state.withLock { state in
      let samples = (0..<state.rate.frame).map { _ in
        state.place += 1 / Double(state.rate.hertz)
        return state.isSpeaking ? Int16(6_000 * sin(2 * .pi * 300 * state.place)) : 0
      }
      state.said += samples
      return samples
    }
    for index in frame.indices { frame[index] = samples[index] }
    return .received
  }

  func push(_ frame: Span<Int16>, at instant: CallInstant) {
    let samples = frame.indices.map { frame[$0] }
    state.withLock { $0.heard += samples }
  }

  func skip(_ frames: Int) {}
  func nextKey() -> Character? { nil }
  var report: MediaReport { MediaReport() }
}

/// Keeps its windows, and takes loud ones for voice.
private final class KeepingDetector: VoiceActivityDetector {
  let sampleRate: Int
  let windowLength: Int
  private(set) var heard: [Int16] = []

  init(sampleRate: Int = 8_000) {
    self.sampleRate = sampleRate
    windowLength = sampleRate * 32 / 1_000
  }

  func probability(of window: Span<Int16>) -> Float {
    for index in window.indices { heard.append(window[index]) }
    for index in window.indices where window[index] > 500 { return 0.95 }
    return 0.02
  }

  func reset() {}
}

@Suite struct `A line of any rate` {
  private struct Outcome: Sendable {
    var windows: [Int16] = []
    var segment: AudioClip?
    var starts: [Int] = []
    var ends: [Int] = []
  }

  /// Half a second of silence, one of voice, one of silence; the agent says a clip meanwhile.
  private func talk(
    _ port: KeepingPort, detector rate: Int = 8_000, clip: AudioClip, change: (@Sendable (Int) -> Void)? = nil
  ) async throws -> Outcome {
    let studio = try Studio()
    let loop = studio.loop
    var outcome = try await studio.asCall { call -> Outcome in
      let detector = KeepingDetector(sampleRate: rate)
      let session = MediaSession(
        port: port, detector: detector, loop: MediaLoop(loop: loop, lateness: TickLateness()))
      // Whose sound it is does not matter here: the segment is the test's to take.
      call.caller = Leg("caller", line: FakeLine(), medium: .text(NoScreen()))
      session.start(for: call, leg: "caller")
      session.open(UtteranceID(1), sentences: 1)
      session.append(clip, to: UtteranceID(1), sentence: 0)
      var segment: AudioClip?
      for tick in 0..<125 {
        change?(tick)
        port.isSpeaking = 25..<75 ~= tick
        session.tick(deadline: .uptimeNanoseconds(UInt64(tick) * 20_000_000))
        segment = segment ?? session.takeSegment()
      }
      return Outcome(windows: detector.heard, segment: segment)
    }
    for event in studio.events {
      switch event {
      case .speechStarted(let instant): outcome.starts.append(instant.milliseconds)
      case .speechEnded(let instant): outcome.ends.append(instant.milliseconds)
      default: break
      }
    }
    return outcome
  }

  private static func tone(_ rate: AudioRate, frames: Int = 100) -> AudioClip {
    let samples = (0..<frames * rate.frame).map {
      Int16(8_000 * sin(2 * .pi * 440 * Double($0) / Double(rate.hertz)))
    }
    return AudioClip(samples: samples, sampleRate: rate.hertz)
  }

  private static func level(_ samples: some Sequence<Int16>) -> Float { Array(samples).span.levelInDecibels }

  @Test(arguments: AudioRate.allCases)
  func `equal to its engines' is heard and said sample by sample, as it is`(rate: AudioRate) async throws {
    let port = KeepingPort(rate)
    let clip = Self.tone(rate)
    let outcome = try await talk(port, detector: rate.hertz, clip: clip)
    let window = rate.hertz * 32 / 1_000
    #expect(outcome.windows == Array(port.said.prefix(port.said.count / window * window)))
    #expect(port.heard.prefix(clip.samples.count).elementsEqual(clip.samples))
    #expect(port.heard.dropFirst(clip.samples.count).allSatisfy { $0 == 0 })
    let segment = try #require(outcome.segment)
    #expect(segment.sampleRate == rate.hertz)
    // The segment is a part of what was pulled: from 300 ms before the voice on.
    let start = (480 - 300) * rate.hertz / 1_000
    #expect(port.said[start...].starts(with: segment.samples))
    #expect(outcome.starts == [480] && outcome.ends == [1_504])
  }

  @Test func `other than the detector's is judged at the detector's, dated by the line's audio`() async throws {
    let port = KeepingPort(.wideband)
    let outcome = try await talk(port, detector: 8_000, clip: Self.tone(.wideband))
    #expect(outcome.windows.count == 125 * 160 / 256 * 256)
    // The detector hears the same sound.
    #expect(abs(Self.level(outcome.windows[6_400..<11_520]) - Self.level(port.said[12_800..<23_040])) < 0.1)
    let segment = try #require(outcome.segment)
    #expect(segment.sampleRate == 16_000)
    #expect(outcome.starts.count == 1 && outcome.ends.count == 1)
    // Windows begin elsewhere than on a narrowband line, by no more than the resampler's lag.
    #expect(abs(outcome.starts[0] - 480) <= 32 && abs(outcome.ends[0] - 1_504) <= 32)
    let place = Int64(outcome.starts[0] - 300) * 16
    #expect(port.said[Int(place)...].starts(with: segment.samples.prefix(2_000)) || place % 320 != 0)
  }

  @Test func `may change it while somebody speaks, and both go on`() async throws {
    let port = KeepingPort(.narrowband)
    let outcome = try await talk(port, clip: Self.tone(.narrowband)) { tick in
      if tick == 50 { port.rate = .wideband }
    }
    // The agent: half of the clip at one rate, half at the other, without a break and as loud.
    let heard = port.heard
    #expect(heard.count == 50 * 160 + 75 * 320)
    let clip = Self.tone(.narrowband).samples
    #expect(heard[..<8_000].elementsEqual(clip[..<8_000]))
    #expect(abs(Self.level(heard[8_320..<24_000]) - Self.level(clip)) < 0.3)
    #expect(heard[24_320...].allSatisfy { abs($0) < 20 })
    // The caller: one segment of both halves.
    let segment = try #require(outcome.segment)
    #expect(segment.sampleRate == 16_000 && outcome.starts == [480] && outcome.ends.count == 1)
    #expect((1_450...1_560).contains(segment.duration.milliseconds - 300 + 480 - 200))
    let voice = segment.samples[(320 * 16)...].prefix(900 * 16)
    #expect(abs(Self.level(voice) - Self.level(port.said[4_000..<8_000])) < 0.2)
  }

  @Test func `brings to it what was made for another line`() async throws {
    let port = KeepingPort(.wideband)
    _ = try await talk(port, clip: Self.tone(.narrowband))
    let wanted = Self.tone(.wideband).samples
    let heard = port.heard
    let difference = zip(heard, wanted).dropFirst(400).prefix(30_000).map { abs(Int($0) - Int($1)) }.max() ?? .max
    #expect(difference < 200)
  }

  @Test(.enabled(if: canCountAllocations, "allocations cannot be counted in this build"))
  func `allocates nothing in its ticks, whatever is converted`() async throws {
    let studio = try Studio()
    let (loop, port) = (studio.loop, studio.port)
    let counts = try await studio.asCall { call -> [Int?] in
      let session = MediaSession(
        port: port, detector: ScriptedDetector(), loop: MediaLoop(loop: loop, lateness: TickLateness()))
      session.start(for: call, leg: "caller")
      var tick = 0
      func run(_ ticks: Int) {
        for _ in 0..<ticks {
          tick += 1
          session.tick(deadline: .uptimeNanoseconds(UInt64(tick) * 20_000_000))
        }
      }
      run(100)
      session.open(UtteranceID(1), sentences: 1)
      session.append(
        AudioClip(samples: [Int16](repeating: 900, count: 160 * 3_000), sampleRate: 8_000), to: UtteranceID(1),
        sentence: 0)
      run(100)
      // The clip is narrowband, and so is the detector.
      port.rate = .wideband
      run(100)
      let speaking = allocations { run(2_000) }
      port.callerLevel = 4_000
      run(60)
      let hearing = allocations { run(20) }
      return [speaking, hearing]
    }
    #expect(counts == [0, 0])
    #expect(studio.port.soundingFrames > 2_200)
  }
}

@Suite struct `The voice on lines of two rates` {
  @Test func `is made once for both, ahead, and brought to each`() async throws {
    let synthesizer = FakeSynthesizer()
    let voice = Voice(synthesizer, fallback: nil, lines: [.narrowband, .wideband])
    await voice.prepare(["Good day.", "Good day."])
    #expect(synthesizer.texts.asked == ["Good day."])
    for rate in AudioRate.allCases {
      let clip = try #require(voice.kept("Good day.", for: rate))
      #expect(clip.sampleRate == rate.hertz && clip.samples.count == 9 * rate.frame)
    }
  }

  @Test func `is made for the rate that asks, and kept for that one`() async throws {
    let voice = Voice(FakeSynthesizer(), fallback: nil)
    await voice.prepare(["Good day."])
    #expect(voice.kept("Good day.", for: .narrowband) != nil && voice.kept("Good day.", for: .wideband) == nil)
    let clip = try await voice.clip(
      for: "Good day.", line: .wideband, isConstant: true, isAwaited: true, deadline: .now + .seconds(5))
    #expect(clip.sampleRate == 16_000 && voice.kept("Good day.", for: .wideband) == clip)
  }
}

private struct NoScreen: TextPort {
  func show(_ text: String, as utterance: UtteranceID) {}
}
