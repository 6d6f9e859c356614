public import Assistant
public import Core

/// Plays an assistant's test cases and reports.
public struct TestRun: Sendable {
  private let assistant: LoadedAssistant
  private let commands: RecordedCommands?
  private let understander: (any Understander)?
  private let understanderName: String
  private let clock: WallClock
  private let channel: Channel?

  /// A run.
  ///
  /// - Parameters:
  ///   - commands: what turns mean, by case and by words; goes before understanding.
  ///   - understander: finds what other turns mean; without one they fail.
  ///   - understanderName: how reports call it, such as `minilm`.
  ///   - clock: the time of cases that set none.
  ///   - channel: what cases are played on that say nothing about it; nil: voice, and chat for projects of another maker.
  public init(
    assistant: LoadedAssistant, commands: RecordedCommands? = nil, understander: (any Understander)? = nil,
    understanderName: String = "", clock: WallClock, channel: Channel? = nil
  ) {
    self.assistant = assistant
    self.commands = commands
    self.understander = understander
    self.understanderName = understanderName
    self.clock = clock
    self.channel = channel
  }

  /// Plays the cases one after the other. `progress` is told of each as soon as it is over.
  public func run(_ cases: [TestCase], progress: (CaseResult) -> Void = { _ in }) async -> TestReport {
    var results: [CaseResult] = []
    var coverage = Coverage()
    var madeUp: Set<ActionName> = []
    for test in cases {
      var runner = CaseRunner(
        test, of: assistant.definition, undeclared: assistant.actionsWithoutTool,
        interpreter: TurnInterpreter(recorded: commands, understander: understander, name: understanderName),
        channel: channel ?? (assistant.layout == .imported ? .chat : .voice), clock: clock)
      let result = await runner.run()
      coverage.add(runner.coverage)
      madeUp.formUnion(runner.madeUp)
      results.append(result)
      progress(result)
    }
    return TestReport(
      assistant: assistant.definition.version.description, cases: results,
      coverage: coverage.report(of: assistant.definition), actionsWithoutStub: madeUp.map(\.rawValue).sorted())
  }
}
