import ArgumentParser
import Assistant
import Core
import Foundation

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reads an assistant and says what is wrong with it.",
    discussion: "Exit status: 0 it can be published, 1 findings that must be mended, 2 it cannot be read.")

  @Argument(help: "The assistant's folder.")
  var folder: String

  @Flag(help: "Print findings as JSON.")
  var json = false

  func run() throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue else {
      FileHandle.standardError.write(Data("repartee: \(folder) is no folder\n".utf8))
      throw ExitCode(2)
    }
    let problems: [AssistantProblem]
    var version: AssistantVersion?
    do {
      let loaded = try AssistantLoader.load(folder: folder)
      problems = loaded.problems
      version = loaded.definition.version
    } catch {
      problems = error.problems
    }
    if json { try printJSON(problems, version) } else { printText(problems, version) }
    if problems.contains(where: { $0.code == .file && $0.severity == .error }) { throw ExitCode(2) }
    if version == nil { throw ExitCode(1) }
  }

  private func printText(_ problems: [AssistantProblem], _ version: AssistantVersion?) {
    for problem in problems { print(problem) }
    if let version { print("\(version): good, \(problems.count) warning\(problems.count == 1 ? "" : "s")") }
  }

  private func printJSON(_ problems: [AssistantProblem], _ version: AssistantVersion?) throws {
    struct Finding: Encodable {
      var severity, code, file, key, message: String
      var line, column: Int
      var hint: String?
    }
    struct Report: Encodable {
      var version: String?
      var findings: [Finding]
    }
    let findings = problems.map {
      Finding(
        severity: $0.severity.rawValue, code: $0.code.rawValue, file: $0.location.file, key: $0.key,
        message: $0.message, line: $0.location.line, column: $0.location.column, hint: $0.hint)
    }
    try printAsJSON(Report(version: version?.description, findings: findings))
  }
}

/// One value as JSON on standard output, keys sorted.
func printAsJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
