import ArgumentParser
import Assistant
import Core
import Rehearsal
import Server

struct TestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Plays an assistant's test cases against the real conversation, in virtual time.",
    discussion: """
      What turns mean comes from --commands, else from the embedded understanding; the report says which. Actions go as \
      their stubs say; one without a stub completes with made-up results, and the report names it.
      Exit status: 0 all passed, 1 a case failed, 2 the assistant or its tests cannot be read. See Docs/tests.md.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The assistant's folder.")
  var folder: String

  @Argument(help: "Cases by parts of `file::name`; all when left out.")
  var names: [String] = []

  @Option(help: "A file that says what turns mean.")
  var commands: String?

  @Option(help: "A file of stubs and fixtures.")
  var stubs: String?

  @Option(help: "Write the result as JUnit XML to this file.")
  var junit: String?

  @Option(
    help: "What cases are played on that say nothing about it: voice or chat.",
    transform: { text in
      guard let channel = Channel(rawValue: text) else { throw ValidationError("voice or chat") }
      return channel
    })
  var channel: Channel?

  @Option(
    help: "The time of cases that set none, such as 2030-05-06T10:00; now when left out.",
    transform: { text in
      guard let clock = TestClock(text) else { throw ValidationError("such as 2030-05-06T10:00") }
      return clock
    })
  var clock: TestClock?

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    var choice = Rehearsing.Choice()
    choice.commands = commands
    choice.stubs = stubs
    choice.names = names
    choice.channel = channel
    choice.clock = clock
    let quiet = json
    let report: TestReport
    do {
      report = try await Rehearsing(folder: folder, configuration: try options.load()).run(
        choice,
        warn: { problem in Terminal.warn("\(problem)") },
        progress: { result in
          if !quiet { Terminal.report(TextReport.text(of: result)) }
        })
    } catch let error as any CodedError {
      Terminal.complain("\(error)")
      throw ExitCode(2)
    }
    if let junit { try Terminal.save(JUnitReport.xml(of: report), at: junit) }
    if json { try Terminal.json(report) } else { Terminal.report(TextReport.summary(of: report)) }
    if !report.isGood { throw ExitCode(1) }
  }
}
