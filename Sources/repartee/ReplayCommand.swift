import ArgumentParser
import Core
import Foundation
import Rehearsal
import Server

struct ReplayCommand: AsyncParsableCommand, Judging {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Steps a call's journal again and compares every decision.",
    discussion: """
      Needs no caller's value: what the flows asked of sensitive values stands in the journal. Exit status: 0 identical, 1 a
      difference or an altered journal, 2 it cannot be read. Against another version of the assistant the difference is hypothetical from where it
      begins.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The call's id, or `last`: the one with the latest activity.")
  var call: String

  @Option(help: "The assistant's folder; that of the configuration when left out.")
  var assistant: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    let replayed = try await CallArchive(try options.load()).replay(call, assistant: assistant)
    if json { try Terminal.json(replayed) } else { Terminal.report(replayed.text) }
    if !replayed.isIdentical { throw ExitCode(1) }
  }
}
