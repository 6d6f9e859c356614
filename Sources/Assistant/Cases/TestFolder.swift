import Core
import FoundationEssentials

/// The tests of an assistant, read: cases, and what is to be known of their files.
public struct TestFolder: Sendable {
  /// Cases in the order of their files.
  public let cases: [TestCase]
  /// What turns mean, when such a file was given.
  public let commands: RecordedCommands?
  /// Warnings. Never an error.
  public let problems: [AssistantProblem]

  /// Reads the cases below `tests` or `e2e_tests` of an assistant's folder.
  ///
  /// - Parameters:
  ///   - commands: a file that says what turns mean.
  ///   - stubs: a file of stubs and fixtures; those in the tests go before them.
  ///
  /// Throws every problem when one of them is an error.
  public static func load(
    folder path: String, commands: String? = nil, stubs: String? = nil
  ) throws(AssistantLoadError) -> TestFolder {
    let log = ProblemLog()
    guard let folder = AssistantFolder(root: path, log: log) else { throw AssistantLoadError(problems: log.sorted) }
    let outermost = stubs.flatMap { file in
      text(of: file, log).map { TestScopeReader(log: log).scope(file: file, text: $0) }
    }
    let recorded = commands.flatMap { file in
      text(of: file, log).map { RecordedCommandsReader(log: log).read(file: file, text: $0) }
    }
    let cases = cases(in: folder, outermost ?? TestScope(), log)
    if cases.isEmpty, !log.hasErrors {
      log.error(
        .file, at: SourceLocation(file: "tests", line: 1, column: 1), key: "", "there are no tests",
        hint: "write dialogues with assertions into `tests/`")
    }
    if log.hasErrors { throw AssistantLoadError(problems: log.sorted) }
    return TestFolder(cases: cases, commands: recorded, problems: log.sorted)
  }

  private static func cases(in folder: AssistantFolder, _ outermost: TestScope, _ log: ProblemLog) -> [TestCase] {
    let files = folder.yaml("tests") + folder.yaml("e2e_tests") + folder.yaml("conftest")
    var scopes: [String: TestScope] = [:]
    for file in files where isConftest(file) {
      guard let text = folder.text(file) else { continue }
      scopes[directory(of: file)] = TestScopeReader(log: log).scope(file: file, text: text)
    }
    var cases: [TestCase] = []
    for file in files where !isConftest(file) && !isOther(file) {
      guard let text = folder.text(file) else { continue }
      cases += CaseFileReader(log: log, file: file, outer: scope(of: file, scopes, outermost)).cases(text)
    }
    return cases
  }

  /// What all `conftest.yml` from the outermost folder to the file's own say together.
  private static func scope(of file: String, _ scopes: [String: TestScope], _ outermost: TestScope) -> TestScope {
    let folder = directory(of: file)
    return scopes.filter { $0.key.isEmpty || folder == $0.key || folder.hasPrefix($0.key + "/") }.sorted {
      $0.key.count < $1.key.count
    }
    .reduce(outermost) { $0.overridden(by: $1.value) }
  }

  private static func directory(of file: String) -> String {
    file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
  }

  private static func name(of file: String) -> Substring { file.split(separator: "/").last ?? "" }

  private static func isConftest(_ file: String) -> Bool { ["conftest.yml", "conftest.yaml"].contains(name(of: file)) }

  /// Files that lie among tests and are none: results of earlier runs, recorded commands, stubs.
  private static func isOther(_ file: String) -> Bool {
    let name = name(of: file)
    let stem = name.prefix { $0 != "." }
    return stem.hasPrefix("e2e_results") || name.contains(".commands.y") || name.contains(".stubs.y")
      || stem == "commands" || stem == "stubs"
  }

  private static func text(of file: String, _ log: ProblemLog) -> String? {
    let place = SourceLocation(file: file, line: 1, column: 1)
    let data: Data
    do throws(PlainFile.Refusal) {
      data = try PlainFile.read(file, atMost: AssistantFolder.largestFile)
    } catch {
      log.error(.file, at: place, key: "", error.message, hint: error.hint)
      return nil
    }
    guard let text = String(validating: data, as: UTF8.self), !text.unicodeScalars.contains("\0") else {
      log.error(.syntax, at: place, key: "", "the file is not UTF-8 text", hint: "save it as UTF-8")
      return nil
    }
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
  }
}
