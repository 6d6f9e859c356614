public import Assistant
public import Core
internal import Foundation
internal import Inference
public import Rehearsal
internal import Understanding

/// Plays the tests of an assistant's folder: reads them, finds what interprets turns, runs them.
public struct Rehearsing: Sendable {
  private let folder: String
  private let configuration: ServerConfiguration

  /// What is to be run.
  public struct Choice: Sendable {
    /// A file that says what turns mean.
    public var commands: String?
    /// A file of stubs and fixtures.
    public var stubs: String?
    /// Cases by parts of `file::name`, in any case of letters; empty for all.
    public var names: [String] = []
    /// What cases are played on that say nothing about it.
    public var channel: Channel?
    /// The time of cases that set none; nil: now.
    public var clock: TestClock?
    /// Everything, at this moment, as the assistant's layout wants it.
    public init() {}
  }

  /// The tests of a folder. The configuration says where the pack and the cache of examples lie.
  public init(folder: String, configuration: ServerConfiguration) {
    self.folder = folder
    self.configuration = configuration
  }

  /// Reads and plays.
  ///
  /// - Parameters:
  ///   - warn: told what authors should know of their tests.
  ///   - progress: told of each case as soon as it is over.
  ///
  /// Throws `AssistantLoadError` when assistant or tests cannot be read, `ServerError` when no case has such a name.
  public func run(
    _ choice: Choice, warn: (AssistantProblem) -> Void = { _ in }, progress: (CaseResult) -> Void = { _ in }
  ) async throws -> TestReport {
    let assistant = try AssistantLoader.load(folder: folder)
    let tests = try TestFolder.load(folder: folder, commands: choice.commands, stubs: choice.stubs)
    let unknown = CaseNames.problems(in: tests.cases, of: assistant)
    if unknown.contains(where: { $0.severity == .error }) { throw AssistantLoadError(problems: unknown) }
    for problem in tests.problems + unknown { warn(problem) }
    let cases = tests.cases.filter { test in
      choice.names.isEmpty || choice.names.contains { test.id.lowercased().contains($0.lowercased()) }
    }
    guard !cases.isEmpty else {
      throw ServerError(
        .configuration, "no case has such a name", hint: "name a part of `file::name`, such as \(tests.cases[0].id)")
    }
    let understanding = try await understanding(of: cases, assistant, tests.commands)
    let now = Date()
    let clock =
      choice.clock?.wallClock
      ?? WallClock(
        epochMilliseconds: Int64(now.timeIntervalSince1970 * 1000),
        utcOffsetSeconds: configuration.utcOffsetSeconds ?? TimeZone.current.secondsFromGMT(for: now))
    let run = TestRun(
      assistant: assistant, commands: tests.commands, understander: understanding?.understander,
      understanderName: understanding?.name ?? "", clock: clock, channel: choice.channel)
    return await run.run(cases, progress: progress)
  }

  /// Understanding is learnt only when a turn needs it.
  private func understanding(
    of cases: [TestCase], _ assistant: LoadedAssistant, _ commands: RecordedCommands?
  ) async throws -> (understander: any Understander, name: String)? {
    let isNeeded = cases.contains { test in
      guard commands?.turns(of: test) == nil else { return false }
      return test.steps.contains { step in
        guard case .user(let text, _, _) = step.kind, !text.hasPrefix("/") else { return false }
        return commands?.utterances[RecordedCommands.key(text)] == nil
      }
    }
    guard isNeeded else { return nil }
    let pack = EnginePack(folder: configuration.pack)
    let embedder = try? MiniLMEmbedder(
      configuration.engines.embedder, pack: pack, runtime: try pack.openRuntime(), pool: InferencePool(threads: 1))
    let understander = try await EmbeddedUnderstander(
      assistant: assistant.definition, embedder: embedder,
      cache: EmbeddingCache(folder: configuration.data + "/embeddings"))
    return (understander, embedder == nil ? "n-grams, without the pack" : "rules and MiniLM")
  }
}
