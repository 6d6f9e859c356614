import ArgumentParser
import Server

struct Calls: AsyncParsableCommand, Judging {
  static let configuration = CommandConfiguration(
    abstract: "Lists calls, or shows one: what was said, decided and done.",
    discussion: """
      The list says of each call whether it is under way, or was left and until when it can be gone on with (chat --resume, or \
      by telephone with a ticket); of those that are over it says nothing more. It holds the newest 200, and says when there are \
      more. `last` is the call that something happened in last, whenever it began.
      Of a call whose journal is not as it was written all is shown that can be read, and what is wrong is told on standard error.
      Exit status: 1 when what was shown or verified is not as it was written, 2 when it cannot be read at all.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The call's id, or `last`: the one with the latest activity; all calls when left out.")
  var call: String?

  @Flag(help: "Show what was said in clear. Needs the vault's key.")
  var reveal = false

  @Flag(
    help:
      "Print JSON: the list of calls with `total` and `next`, or one line for each line of the call's journal, callers' values as tokens unless --reveal."
  )
  var json = false

  @Flag(
    help:
      "Print what happens in the calls that go on, until interrupted, or in one from its beginning to its end: a line for each line of their journals, without what callers said."
  )
  var follow = false

  @Flag(help: "Print a ticket to go on with a conversation by telephone. It opens once. Needs the vault's key.")
  var ticket = false

  @Flag(
    help:
      "Say whether the call, or every call, is as it was written: chain, head, seal, entries of the ledger, values. Needs the vault's key."
  )
  var verify = false

  @Flag(help: "List all calls.")
  var all = false

  @Option(parsing: .unconditional, help: "List so many calls, at least 1.", transform: Count.read)
  var limit: Int?

  @Option(help: ArgumentHelp("List the calls that come behind this one, older ones.", valueName: "call"))
  var before: String?

  @Option(
    help: ArgumentHelp(
      "In the list: an assistant's folder. Whether a conversation can be gone on with its assistant decides, which is taken from what is published or configured, or from here.",
      valueName: "folder"))
  var assistant: String?

  func validate() throws {
    if follow, reveal { throw ValidationError("--follow shows nothing of what callers said: leave --reveal out") }
    if ticket, call == nil || follow || reveal || json { throw ValidationError("--ticket goes with a call alone") }
    if reveal, call == nil { throw ValidationError("--reveal goes with a call") }
    if verify, follow || reveal || ticket { throw ValidationError("--verify goes with a call or alone") }
    if all || limit != nil || before != nil || assistant != nil, call != nil || follow || verify {
      throw ValidationError("--all, --limit, --before and --assistant go with the list")
    }
    if all, limit != nil { throw ValidationError("--all or --limit") }
  }

  func run() async throws {
    let archive = CallArchive(try options.load())
    if verify {
      let verified = try await archive.verify(call)
      if json { try Terminal.json(verified) } else { Terminal.report(verified.text) }
      if !verified.isSound { throw ExitCode(1) }
    } else if follow {
      try await archive.following(call, asJSON: json).run { Terminal.line($0) }
    } else if let call, ticket {
      Terminal.line(";conversation=\(try await archive.ticket(of: call))")
    } else if let call {
      let told = try await json ? archive.lines(of: call, reveal: reveal) : archive.story(of: call, reveal: reveal)
      for line in told.lines { Terminal.line(line) }
      guard told.soundness.isAltered else { return }
      Terminal.complain(told.soundness.text)
      throw ExitCode(1)
    } else {
      let listing = try await archive.listing(limit: all ? .max : limit ?? 200, before: before, assistant: assistant)
      if json { return try Terminal.json(listing) }
      for line in listing.calls { Terminal.line(line.text) }
      if let more = listing.more { Terminal.warn(more) }
    }
  }
}
