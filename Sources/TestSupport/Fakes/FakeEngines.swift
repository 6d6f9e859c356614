public import Core
internal import Synchronization

/// What a fake does when it is asked.
public enum FakeAnswer<Value: Sendable>: Sendable {
  /// Answers.
  case gives(Value)
  /// Throws.
  case fails
  /// Waits until it is cancelled.
  case hangs
}

/// What fakes throw.
public struct FakeFailure: Error {
  /// A failure.
  public init() {}
}

/// Answers kept in order, the last one for ever; what was asked is kept too.
public final class FakeScript<Question: Sendable, Answer: Sendable>: Sendable {
  private struct State {
    var answers: [FakeAnswer<Answer>]
    var asked: [Question] = []
    var hung = 0
    var cancelled = 0
  }
  private let state: Mutex<State>

  init(_ answers: [FakeAnswer<Answer>]) { state = Mutex(State(answers: answers)) }

  /// What was asked so far.
  public var asked: [Question] { state.withLock { $0.asked } }
  /// How many answers were given up waiting for.
  public var cancelled: Int { state.withLock { $0.cancelled } }
  /// How many answers are waited for that do not come.
  public var held: Int { state.withLock { $0.hung - $0.cancelled } }
  /// Answers from now on.
  public func answer(_ answers: FakeAnswer<Answer>...) { state.withLock { $0.answers = answers } }

  func next(_ question: Question) async throws -> Answer? {
    let answer = state.withLock { state in
      state.asked.append(question)
      return state.answers.count > 1 ? state.answers.removeFirst() : state.answers.first
    }
    switch answer {
    case nil: return nil
    case .gives(let value): return value
    case .fails: throw FakeFailure()
    case .hangs:
      state.withLock { $0.hung += 1 }
      await withTaskCancellationHandler {
        // Ends by cancellation only.
        try? await Task.sleep(for: .seconds(3600))
      } onCancel: {
        state.withLock { $0.cancelled += 1 }
      }
      throw CancellationError()
    }
  }
}

/// A recogniser that hears what it is told to.
public struct FakeRecognizer: SpeechRecognizer {
  public let identity = EngineIdentity(name: "fake-recognizer", version: "1")
  /// Answers and questions of finished segments.
  public let finals: FakeScript<AudioClip, String>
  /// Answers and questions of segments that go on.
  public let partials: FakeScript<AudioClip, String>

  /// A recogniser; by default it hears nothing.
  public init(finals: FakeAnswer<String>..., partials: [FakeAnswer<String>] = [.fails]) {
    self.finals = FakeScript(finals)
    self.partials = FakeScript(partials)
  }

  public func recognize(
    _ audio: AudioClip, mode: RecognitionMode, expecting context: RecognitionContext,
    deadline: ContinuousClock.Instant
  ) async throws -> Recognition {
    let text = try await (mode == .final ? finals : partials).next(audio) ?? ""
    return Recognition(text: text, confidence: Confidence(permille: 900), duration: audio.duration)
  }
}

/// A synthesizer whose speech is a constant level, 20 ms a letter.
public struct FakeSynthesizer: SpeechSynthesizer {
  public let identity = EngineIdentity(name: "fake-synthesizer", version: "1")
  public let sampleRate = 8_000
  /// Whether it works, and what it was asked; an answer is the level of its samples.
  public let texts: FakeScript<String, Int16>

  /// A synthesizer.
  public init(_ answers: FakeAnswer<Int16>...) { texts = FakeScript(answers.isEmpty ? [.gives(1_000)] : answers) }

  public func synthesize(
    _ text: String, voice: VoiceSettings, deadline: ContinuousClock.Instant
  ) async throws -> AudioClip {
    let level = try await texts.next(text) ?? 0
    return AudioClip(samples: [Int16](repeating: level, count: 160 * text.count), sampleRate: sampleRate)
  }
}

/// An understander that finds what it is told to.
public struct FakeUnderstander: Understander {
  /// Answers and questions.
  public let requests: FakeScript<UnderstandingRequest, [Command]>
  /// Closed, it lets answers wait, and they cannot be given up.
  public let gate = FakeGate()

  /// An understander; by default it finds nothing.
  public init(_ answers: FakeAnswer<[Command]>...) { requests = FakeScript(answers) }

  public func understand(
    _ request: UnderstandingRequest, deadline: ContinuousClock.Instant
  ) async throws -> [ProposedCommand] {
    let commands = try await requests.next(request) ?? []
    await gate.pass()
    return commands.map { ProposedCommand($0, confidence: .certain, proposer: "fake") }
  }
}

/// Tools that go as they are told to, or as a table says.
public struct FakeToolInvoker: ToolInvoker {
  /// Answers and questions; no answer: the table's.
  public let invocations: FakeScript<ToolInvocation, ToolOutcome>
  /// Closed, it lets answers wait, and they cannot be given up.
  public let gate = FakeGate()
  private let table: @Sendable (ToolInvocation) -> ToolOutcome

  /// Tools of a table.
  public init(
    _ answers: FakeAnswer<ToolOutcome>...,
    table: @escaping @Sendable (ToolInvocation) -> ToolOutcome = ShopTable.answer
  ) {
    invocations = FakeScript(answers)
    self.table = table
  }

  public func invoke(_ invocation: ToolInvocation, in context: ToolContext) async -> ToolOutcome {
    do {
      let answer = try await invocations.next(invocation)
      await gate.pass()
      return answer ?? table(invocation)
    } catch {
      return .unknown
    }
  }
}
