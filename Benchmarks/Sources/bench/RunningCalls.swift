import Audio
import Calls
import Conversation
import Core
import Governance
import Logging
import NIOCore
import NIOEmbedded
import Speech
import Synchronization

/// Calls as the server runs them, on one event loop whose clock is moved by hand: the loop's beat, media sessions, the
/// calls' actors and conversations. In place of sockets, models and the database: nothing.
final class RunningCalls {
  static let calls = 50
  private let audio: CallerAudio
  private let assistant: PublishedAssistant
  private var loop = NIOAsyncTestingEventLoop()
  private var running: [Session] = []
  private let journal = CountingJournal()

  init(_ audio: CallerAudio, assistant: PreparedAssistant) {
    self.audio = audio
    self.assistant = PublishedAssistant(
      prepared: assistant, understander: NothingUnderstood(), tools: NoTools(),
      voice: Voice(LongHum(), fallback: nil))
  }

  /// Lines that were written to the journal.
  var lines: Int { journal.count.load(ordering: .relaxed) }

  /// Frames in which an agent was heard.
  var soundingFrames: Int { journal.sounding.load(ordering: .relaxed) }

  /// New calls that were just answered and greet their callers.
  func begin() async throws {
    try await end()
    loop = NIOAsyncTestingEventLoop()
    running = try await loop.executeInContext { [loop, assistant, journal, audio] in
      let ticks = NIOLoopBound(MediaLoop(loop: loop, lateness: TickLateness()), eventLoop: loop)
      let services = SessionServices(
        journal: journal, vault: OpenVault(), recognizer: nil, reach: { _ in nil }, policy: .standard,
        logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
      return (0..<Self.calls).map { number in
        let start = CallStart(
          tenant: "t", conversation: ConversationID("c\(number)"), call: CallID("k\(number)"), leg: "l",
          channel: .voice, calledAddress: "100",
          clock: WallClock(epochMilliseconds: 1_904_292_000_000, utcOffsetSeconds: 0), seed: UInt64(number))
        let call = Session(start: start, assistant: assistant, services: services, loop: loop, onEnd: { _ in })
        let sound = MediaSession(
          port: LoopbackPort(audio, journal), detector: EnergyDetector(), loop: ticks.value)
        call.assumeIsolated {
          $0.begin(with: Leg("caller", line: QuietLine(), medium: .sound(sound)))
          $0.line(.connected, of: "caller")
        }
        return call
      }
    }
    // The first time the greeting is made; afterwards the voice has it.
    let before = soundingFrames
    for _ in 0..<100 where soundingFrames == before {
      await advance(ticks: 5)
      try await Task.sleep(for: .milliseconds(2))
    }
    guard soundingFrames > before else { throw BenchmarkError("the agent of the running calls is not heard") }
  }

  /// So many beats of the loop.
  func advance(ticks: Int) async { await loop.advanceTime(by: MediaLoop.interval * Int64(ticks)) }

  /// Everybody hangs up.
  func end() async throws {
    let calls = running
    running = []
    guard !calls.isEmpty else { return }
    try await loop.executeInContext {
      for call in calls { call.assumeIsolated { $0.line(.ended(by: .caller), of: "caller") } }
    }
    await loop.shutdownGracefully()
  }
}

// MARK: - In place of everything around

/// A line's frames without a line: the caller's packets come in time, the agent's frames are encoded and dropped.
private final class LoopbackPort: MediaPort {
  private let audio: CallerAudio
  private let counter: CountingJournal
  private let codec: any Codec = G711Codec(.muLaw)
  private var jitter = JitterBuffer()
  private var octets = [UInt8](repeating: 0, count: AudioRate.narrowband.frame)
  private var ticks = 0

  init(_ audio: CallerAudio, _ counter: CountingJournal) {
    self.audio = audio
    self.counter = counter
  }

  let rate = AudioRate.narrowband
  var report: MediaReport { jitter.report }
  func nextKey() -> Character? { nil }
  func skip(_ frames: Int) {}

  func pull(into frame: inout MutableSpan<Int16>, at instant: CallInstant) -> PulledFrame {
    let payload = audio.payloads[ticks % CallerAudio.frames]
    jitter.insert(
      sequence: UInt16(truncatingIfNeeded: ticks),
      timestamp: UInt32(truncatingIfNeeded: ticks * AudioRate.narrowband.frame),
      source: 1, payload: payload.span, codec: codec, arrival: instant)
    ticks += 1
    return jitter.pull(into: &frame, at: instant)
  }

  func push(_ frame: Span<Int16>, at instant: CallInstant) {
    var out = octets.mutableSpan
    _ = codec.encode(frame, into: &out)
    if octets[0] != G711.muLaw.silence || octets[80] != G711.muLaw.silence {
      counter.sounding.add(1, ordering: .relaxed)
    }
  }
}

private final class CountingJournal: Journal {
  let count = Atomic<Int>(0)
  let sounding = Atomic<Int>(0)
  func append(_ entries: [JournalEntry]) { count.add(entries.count, ordering: .relaxed) }
  func flush(_ call: CallID) async throws {}
  func close(_ call: CallID) {}
}

private struct OpenVault: Vault {
  func protect(_ value: String, label: DataLabel, owner: DataOwner, ordinal: Int) -> Sensitive<String> {
    Sensitive(token: SensitiveToken(label: label, id: "v\(ordinal)"), value: value)
  }
  func reveal(_ token: SensitiveToken, owner: DataOwner) async throws -> String? { nil }
  func person(_ value: String, of tenant: TenantID) -> PersonID { PersonID(value) }
  func erase(_ owner: DataOwner) async throws {}
}

private struct QuietLine: Line {
  var identity: String? { nil }
  func deliver(to handler: @escaping @Sendable (LineEvent) -> Void) {}
  func answer() {}
  func reject(_ reason: LineRejection) {}
  func hangUp() {}
  func transfer(to uri: String, ringTimeout: CallSpan) {}
}

private struct NothingUnderstood: Understander {
  func understand(
    _ request: UnderstandingRequest, deadline: ContinuousClock.Instant
  ) async throws -> [ProposedCommand] { [] }
}

private struct NoTools: ToolInvoker {
  func invoke(_ invocation: ToolInvocation, in context: ToolContext) async -> ToolOutcome { .failed(.unreachable) }
}

/// Each sentence is a hum of 20 s: the agent speaks as long as is measured.
private struct LongHum: SpeechSynthesizer {
  let identity = EngineIdentity(name: "hum", version: "1")
  let sampleRate = AudioRate.narrowband.hertz
  func synthesize(
    _ text: String, voice: VoiceSettings, deadline: ContinuousClock.Instant
  ) async throws -> AudioClip {
    AudioClip(samples: (0..<20 * sampleRate).map { Int16(500 + $0 % 57 * 100) }, sampleRate: sampleRate)
  }
}
