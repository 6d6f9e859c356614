import ArgumentParser
import Server

struct Effects: AsyncParsableCommand, Judging {
  static let configuration = CommandConfiguration(
    abstract:
      "Lists changes of the outside world whose outcome nobody knows, and where journal and ledger do not agree.",
    discussion: """
      Reads the data folder of the configuration, beside or without a running server. Changes of calls that go on are \
      listed as `under_way`, entries of the ledger that were altered as `altered` (seen with the vault's key alone).
      Exit status: 0 there is nothing to look at, 1 a person has to look, 2 it cannot be read.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Flag(help: "Print the list as JSON.")
  var json = false

  func run() async throws {
    let findings = try await EffectArchive(try options.load()).findings()
    if json {
      try Terminal.json(findings)
    } else {
      if findings.isEmpty { Terminal.line("nothing to look at: the outcome of every change is known") }
      for finding in findings { Terminal.line(finding.text) }
    }
    if findings.contains(where: \.needsSomebody) { throw ExitCode(1) }
  }
}
