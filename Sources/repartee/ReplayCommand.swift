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

struct Calls: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists calls, or shows one: what was said, decided and done.",
    discussion: """
      The list says of each call whether it is under way, or was left and until when it can be gone on with (chat --resume, or \
      by telephone with a ticket); of those that are over it says nothing more. `last` is the call that something happened in \
      last, whenever it began.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The call's id, or `last`: the one with the latest activity; all calls when left out.")
  var call: String?

  @Flag(help: "Show what was said in clear. Needs the vault's key.")
  var reveal = false

  @Flag(
    help:
      "Print JSON: the list of calls, or one line for each line of the call's journal, callers' values as tokens unless --reveal."
  )
  var json = false

  @Flag(
    help:
      "Print what happens in the calls that go on, until interrupted, or in one from its beginning to its end: a line for each line of their journals, without what callers said."
  )
  var follow = false

  @Flag(help: "Print a ticket to go on with a conversation by telephone. It opens once. Needs the vault's key.")
  var ticket = false

  func validate() throws {
    if follow, reveal { throw ValidationError("--follow shows nothing of what callers said: leave --reveal out") }
    if ticket, call == nil || follow || reveal || json { throw ValidationError("--ticket goes with a call alone") }
    if reveal, call == nil { throw ValidationError("--reveal goes with a call") }
  }

  func run() async throws {
    let archive = CallArchive(try options.load())
    if follow {
      try await archive.following(call, asJSON: json).run { Terminal.line($0) }
    } else if let call, ticket {
      Terminal.line(";conversation=\(try await archive.ticket(of: call))")
    } else if let call, json {
      for line in try await archive.lines(of: call, reveal: reveal) { Terminal.line(line) }
    } else if let call {
      for line in try await archive.story(of: call, reveal: reveal) { Terminal.line(line) }
    } else if json {
      try Terminal.json(try await archive.listing())
    } else {
      for line in try await archive.listing() { Terminal.line(line.text) }
    }
  }
}
