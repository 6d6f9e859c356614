import ArgumentParser
import Assistant
import Core
import Foundation
import Server

struct Publish: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a version of an assistant the one that answers: checked, at once, written down.",
    discussion: """
      Goes into the data folder of the configuration. Servers with `numbers: {"*": {published: NAME}}` there take it for their
      next call; calls that are going on stay on the version they began with.
      Exit status: 0 it is current, 1 refused or something went wrong, 2 the folder cannot be read. See Docs/publish.md.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The assistant's folder.")
  var folder: String?

  @Option(help: ArgumentHelp("Show what was published under a name.", valueName: "name"))
  var list: String?

  @Option(help: ArgumentHelp("Make the version before the current one current again.", valueName: "name"))
  var rollback: String?

  @Option(help: ArgumentHelp("With --rollback: the beginning of the version's hash.", valueName: "hash"))
  var to: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    guard [folder, list, rollback].count(where: { $0 != nil }) == 1 else {
      throw ValidationError("name a folder, or --list NAME, or --rollback NAME")
    }
    guard to == nil || rollback != nil else { throw ValidationError("--to goes with --rollback") }
  }

  func run() throws {
    let publishing = Publishing(try options.load())
    if let list { return try show(publishing.history(of: list)) }
    if let rollback { return try show(publishing.rollBack(rollback, to: to), findings: []) }
    guard let folder else { return }
    switch try publishing.publish(folder: folder) {
    case .current(let outcome, let report): try show(outcome, findings: report.findings)
    case .refused(let report):
      if json { try Terminal.json(report) } else { show(report.findings) }
      Terminal.complain("not published")
      throw ExitCode(report.status.exitStatus)
    }
  }

  private func show(_ findings: [CheckFinding]) {
    for finding in findings { finding.lines.forEach(Terminal.line) }
  }

  private func show(_ outcome: Publishing.Outcome, findings: [CheckFinding]) throws {
    struct Report: Encodable {
      var version, hash: String
      var previous: String?
      var wasCurrent, filesAreBack: Bool
      var findings: [CheckFinding]
    }
    if json {
      return try Terminal.json(
        Report(
          version: outcome.version.description, hash: outcome.version.contentHash, previous: outcome.previous,
          wasCurrent: outcome.wasCurrent, filesAreBack: outcome.filesAreBack, findings: findings))
    }
    show(findings)
    let before = outcome.previous.map { ", before it \($0.prefix(12))" } ?? ""
    let already = outcome.filesAreBack ? "was current, its files were gone and are back" : "was current already"
    Terminal.line("\(outcome.version): " + (outcome.wasCurrent ? already : "current" + before))
  }

  private func show(_ history: [Publishing.Entry]) throws {
    if json { return try Terminal.json(history) }
    for entry in history {
      let findings = entry.findings == 0 ? "" : "\t\(entry.findings) finding\(entry.findings == 1 ? "" : "s")"
      Terminal.line(
        "\(entry.at)\t\(entry.hash.prefix(12))\t\(entry.action)\tby \(entry.by)\(findings)"
          + (entry.isCurrent ? "\tcurrent" : ""))
    }
  }
}
