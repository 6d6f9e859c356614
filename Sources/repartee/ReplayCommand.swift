import ArgumentParser
import Core
import Foundation
import Rehearsal
import Server

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Steps a call's journal again and compares every decision.",
    discussion: """
      Needs no caller's value: what the flows asked of sensitive values stands in the journal. Exit status: 0 identical, 1 a
      difference or an altered journal. Against another version of the assistant the difference is hypothetical from where it
      begins.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The call's id, or `last`.")
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

struct Calls: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists calls, or shows one: what was said, decided and done.")

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The call's id, or `last`; all calls when left out.")
  var call: String?

  @Flag(help: "Show what was said in clear. Needs the vault's key.")
  var reveal = false

  @Flag(help: "Print the list of calls as JSON.")
  var json = false

  @Flag(
    help:
      "Print what happens in the calls that go on, until interrupted: a line for each line of their journals, without what callers said."
  )
  var follow = false

  func validate() throws {
    if follow, json || reveal || call != nil { throw ValidationError("--follow goes with no other choice") }
    if json, call != nil { throw ValidationError("--json goes with the list of calls") }
  }

  func run() async throws {
    let archive = CallArchive(try options.load())
    if follow {
      try await archive.following().run { Terminal.line($0) }
    } else if let call {
      for line in try await archive.story(of: call, reveal: reveal) { Terminal.line(line) }
    } else if json {
      try Terminal.json(try await archive.listing())
    } else {
      for line in try await archive.listing() { Terminal.line(line.text) }
    }
  }
}
