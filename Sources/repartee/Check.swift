import ArgumentParser
import Assistant
import Core
import Foundation
import Server

struct Check: ParsableCommand, Judging {
  static let configuration = CommandConfiguration(
    abstract: "Reads an assistant, searches everything that can happen in it, and says what is wrong.",
    discussion: """
      With --config a start is judged, too: addresses, folders, key, secrets, engines and assistants' folders, as `serve` with the same \
      environment would; only ports that others hold at the moment and a pack that nobody made are left to `doctor`.
      Exit status: 0 it can be published, 1 findings that must be mended, 2 it, or the configuration, cannot be read or used.
      """)

  @Option(
    help:
      "The configuration of the server it is for: would a start refuse it, and does it grant what the assistant asks of the environment?"
  )
  var config: String?

  @Argument(help: "The assistant's folder.")
  var folder: String

  @Flag(help: "Print the report as JSON.")
  var json = false

  func run() throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue else {
      Terminal.complain("\(folder) is no folder")
      throw ExitCode(2)
    }
    let environment = ProcessInfo.processInfo.environment
    let configuration = try config.map { try ConfigurationOptions.load(file: $0, environment: environment) }
    try configuration?.requireUsable(environment: environment)
    let report = configuration?.check(folder: folder, environment: environment) ?? AssistantCheck.run(folder: folder)
    if json { try Terminal.json(report) } else { printText(report) }
    if report.status != .publishable { throw ExitCode(report.status.exitStatus) }
  }

  private func printText(_ report: CheckReport) {
    for finding in report.findings { finding.lines.forEach(Terminal.line) }
    guard let version = report.version else { return }
    let errors = report.findings.count { $0.severity == .error }
    let warnings = report.findings.count - errors
    let count = { (number: Int, noun: String) in "\(number) \(noun)\(number == 1 ? "" : "s")" }
    Terminal.line(
      "\(version): " + (errors == 0 ? "good, " : count(errors, "error") + ", ") + count(warnings, "warning"))
  }
}
