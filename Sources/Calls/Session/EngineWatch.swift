public import Core
public import Logging
internal import Synchronization

/// Tells operators when an engine or a back end stops doing its work in time, and when it does it again: one line of the log for each
/// change, however many calls meet it, and nothing of a caller's.
///
/// Shared by all calls of a server. Under load an engine fails now and then: it is told to work again when it did so for a while.
public final class EngineWatch: Sendable {
  /// Who works for calls.
  public enum Engine: Hashable, Sendable {
    case recognizer
    /// The recogniser at words that are still being said.
    case guesses
    /// An assistant's own voice; another one speaks in its place.
    case voice
    /// Every voice: nobody speaks.
    case speech
    case understanding
    case tool(ActionName)
  }

  private let logger: Logger
  private let standing = Mutex(EngineStanding())

  /// A watch that writes to a log.
  public init(logger: Logger) { self.logger = logger }

  /// An engine gave what it was asked for. What came after its deadline came too late for the caller.
  func gave(_ engine: Engine, deadline: ContinuousClock.Instant, at now: ContinuousClock.Instant = .now) {
    if now > deadline { late(engine, by: now - deadline, at: now) } else { worked(engine, at: now) }
  }

  /// An engine gave nothing. Work that was given up in time is nobody's failure.
  func failed(
    _ engine: Engine, _ error: any Error, deadline: ContinuousClock.Instant, at now: ContinuousClock.Instant = .now
  ) {
    guard now < deadline else { return late(engine, by: now - deadline, at: now) }
    guard !(error is CancellationError || Task.isCancelled) else { return }
    let coded = error as? any CodedError
    fell(engine, coded?.code ?? "\(type(of: error))", [:], hint: coded?.hint, at: now)
  }

  /// A tool came to its end. What a back end refuses, and what never reaches it, is none of its failures.
  func gave(_ outcome: ToolOutcome, of tool: ActionName, at now: ContinuousClock.Instant = .now) {
    switch outcome {
    case .completed, .refused: worked(.tool(tool), at: now)
    case .failed(.badArgument), .failed(.forbidden): break
    case .failed(let failure): fell(.tool(tool), failure.rawValue, [:], hint: nil, at: now)
    case .unknown: fell(.tool(tool), "unknown", [:], hint: nil, at: now)
    }
  }

  private func late(_ engine: Engine, by time: Duration, at now: ContinuousClock.Instant) {
    fell(engine, "late", ["late_ms": "\(time.milliseconds)"], hint: nil, at: now)
  }

  private func worked(_ engine: Engine, at now: ContinuousClock.Instant) {
    guard let failures = standing.withLock({ $0.worked(engine, at: now) }) else { return }
    logger.notice("an engine works again", metadata: ["engine": "\(engine)", "failures": "\(failures)"])
  }

  private func fell(
    _ engine: Engine, _ reason: String, _ more: Logger.Metadata, hint: String?, at now: ContinuousClock.Instant
  ) {
    guard standing.withLock({ $0.failed(engine, at: now) }) else { return }
    let metadata: Logger.Metadata = [
      "engine": "\(engine)", "reason": "\(reason)", "callers": "\(engine.consequence)",
      "hint": "\(hint ?? engine.hint)",
    ]
    logger.log(
      level: engine == .speech ? .error : .warning, "an engine does not do its work in time",
      metadata: metadata.merging(more) { $1 })
  }
}

extension EngineWatch.Engine: CustomStringConvertible {
  public var description: String {
    switch self {
    case .recognizer: "recognizer"
    case .guesses: "recognizer at guesses"
    case .voice: "synthesizer"
    case .speech: "every synthesizer"
    case .understanding: "understanding"
    case .tool(let name): "tool \(name)"
    }
  }

  /// What callers meet.
  fileprivate var consequence: String {
    switch self {
    case .recognizer: "are told that they cannot be understood, and asked for keys or handed over"
    case .guesses: "are understood when they have ended, and interrupt the agent later or by keys alone"
    case .voice: "hear the other voice"
    case .speech: "hear nothing of what was to be said"
    case .understanding: "are asked again or handed over"
    case .tool: "are told that it did not work, or that nobody knows"
    }
  }

  /// How often it fails, without working once between, until that is told. A guess gives way to all other work by design.
  fileprivate var patience: Int { self == .guesses ? 10 : 1 }

  fileprivate var hint: String {
    switch self {
    case .recognizer, .guesses, .voice, .speech, .understanding: "fewer calls at once, more cores, or lighter engines"
    case .tool: "look at the tool's back end and at the way there"
    }
  }
}

/// Which engines were last told to fail. Pure: time comes from outside.
struct EngineStanding {
  /// How long an engine has to do its work without a failure until it is told to work again.
  static let calm = Duration.seconds(30)

  private var failing: [EngineWatch.Engine: (failures: Int, last: ContinuousClock.Instant)] = [:]

  /// Whether this failure is news.
  mutating func failed(_ engine: EngineWatch.Engine, at now: ContinuousClock.Instant) -> Bool {
    let before = failing[engine]?.failures ?? 0
    failing[engine] = (before + 1, now)
    return before + 1 == engine.patience
  }

  /// How often the engine failed, where it is news that it works again.
  mutating func worked(_ engine: EngineWatch.Engine, at now: ContinuousClock.Instant) -> Int? {
    guard let (failures, last) = failing[engine] else { return nil }
    let wasTold = failures >= engine.patience
    guard !wasTold || now - last >= Self.calm else { return nil }
    failing[engine] = nil
    return wasTold ? failures : nil
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
