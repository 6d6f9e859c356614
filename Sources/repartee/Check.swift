import ArgumentParser
import Assistant
import Core
import Foundation

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reads an assistant, searches everything that can happen in it, and says what is wrong.",
    discussion: "Exit status: 0 it can be published, 1 findings that must be mended, 2 it cannot be read.")

  @Argument(help: "The assistant's folder.")
  var folder: String

  @Flag(help: "Print the report as JSON.")
  var json = false

  func run() throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue else {
      FileHandle.standardError.write(Data("repartee: \(folder) is no folder\n".utf8))
      throw ExitCode(2)
    }
    let report = AssistantCheck.run(folder: folder)
    if json { try printAsJSON(report) } else { printText(report) }
    if report.status != .publishable { throw ExitCode(report.status.exitStatus) }
  }

  private func printText(_ report: CheckReport) {
    for finding in report.findings { finding.lines.forEach { print($0) } }
    guard let version = report.version else { return }
    let errors = report.findings.count { $0.severity == .error }
    let warnings = report.findings.count - errors
    let count = { (number: Int, noun: String) in "\(number) \(noun)\(number == 1 ? "" : "s")" }
    print("\(version): " + (errors == 0 ? "good, " : count(errors, "error") + ", ") + count(warnings, "warning"))
  }
}

/// One value as JSON on standard output, keys sorted, dates by ISO 8601.
func printAsJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
  encoder.dateEncodingStrategy = .iso8601
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
