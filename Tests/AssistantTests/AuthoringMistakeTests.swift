import Core
import Testing

@testable import Assistant

@Suite struct AuthoringMistakeTests {
  @Test func `the small assistant has no problems`() throws {
    #expect(try Folder(Folder.small).load().problems == [])
  }

  @Test(arguments: Mistake.all) func `a mistake is named with its place, its key and what would be right`(
    _ mistake: Mistake
  ) throws {
    let folder = try Folder.small(mistake.file, mistake.old, mistake.new)
    let problems = folder.problems()
    let found = problems.filter {
      $0.code == mistake.code && $0.key == mistake.key && $0.message.contains(mistake.says)
    }
    try #require(!found.isEmpty, "found instead: \(problems.map(\.description).joined(separator: "\n"))")
    let problem = found[0]
    let lines = try #require(folder.files[mistake.file]).split(separator: "\n", omittingEmptySubsequences: false)
    let line = lines[problem.location.line - 1].unicodeScalars.dropFirst(problem.location.column - 1)
    #expect(problem.location.file == mistake.file)
    #expect(String(line).hasPrefix(mistake.at), "points at \(problem.location): \(String(line))")
    #expect((problem.hint ?? "").contains(mistake.hints), "hint: \(problem.hint ?? "none")")
    #expect(problem.severity == mistake.severity)
    #expect(!problems.contains { $0.description.contains("hunter2") }, "a literal secret is never shown")
  }

  @Test func `all problems are told at once`() throws {
    var files = Folder.small
    files["assistant.yml"]? += "\nvioce: {}\n"
    files["domain.yml"]? += "\nslotz: {}\n"
    files["tools.yml"]? += "\ntoolz: {}\n"
    files["flows/book.yml"]? += "\nflowz: {}\n"
    let found = try Folder(files).problems().filter { $0.code == .unknownKey }
    #expect(found.map(\.key) == ["vioce", "slotz", "flowz", "toolz"])
  }

  @Test func `several keys written twice are all told`() throws {
    var files = Folder.small
    files["assistant.yml"] = "name: a\nname: b\nlanguage: en-US\nlanguage: de\n'persona': {\"name\": x, name: y}\n"
    let found = try Folder(files).problems().filter { $0.code == .duplicateKey }
    #expect(found.map(\.location.line) == [2, 4, 5])
    #expect(found.map(\.location.column) == [1, 1, 24])
  }

  @Test func `two flows cannot have one key`() throws {
    var files = Folder.small
    files["flows/again.yml"] = files["flows/book.yml"]?.replacing(
      "  book:\n    description", with: "  again:\n    description")
    let found = try Folder(files).problems().filter { $0.code == .duplicateName }
    #expect(found.map(\.message) == ["the key 1 already starts `again`"])
    #expect(found.first?.key == "flows.book.voice.menu_key")
  }

  @Test(arguments: [
    ("password", true), ("db_password", true), ("auth", true), ("auth_token", true), ("api_key", true),
    ("X-Api-Key", true),
    ("Authorization", true), ("client_secret", true), ("Cookie", true), ("key", true), ("author", false),
    ("order", false),
    ("monkey", false), ("Accept", false),
  ])
  func `keys that hold secrets are known by their names`(key: String, tells: Bool) {
    #expect(SecretGuard.tells(key) == tells)
  }

  @Test func `a broken definition is one problem, not one for each use`() throws {
    let folder = try Folder.small("tools.yml", "    changes_state: true\n", "")
    #expect(folder.problems().filter { $0.severity == .error }.count == 1)
  }

  @Test func `an unreadable file does not make its names unknown`() throws {
    let folder = try Folder.small("domain.yml", "slots:", "slots: {{")
    #expect(folder.problems().filter { $0.severity == .error }.map(\.code) == [.syntax])
  }

  @Test func `the same name in two files is told with the other place`() throws {
    var files = Folder.small
    files["flows/again.yml"] = files["flows/book.yml"]
    files["domain/more.yml"] = "slots:\n  phone: {type: text}\n"
    let found = try Folder(files).problems().filter { $0.code == .duplicateName }
    #expect(found.map(\.message) == ["the slot `phone` is defined twice", "the flow `book` is defined twice"])
    let other = try Folder(files).place(of: "phone:", in: "domain.yml")
    #expect(found.first?.hint?.contains("the other is at \(other)") == true)
  }

  @Test(
    arguments: [
      ("missing", [:], "there is no folder "), ("empty", ["readme.md": "x"], "no `assistant.yml`"),
      ("misnamed", ["assistent.yml": "name: x"], "no `assistant.yml`"),
    ] as [(String, [String: String], String)])
  func `a folder that is none says so`(name: String, files: [String: String], says: String) throws {
    let folder = try Folder(files)
    let error = #expect(throws: AssistantLoadError.self) { try folder.load() }
    #expect(error?.problems.first?.message.contains(says) == true)
    if name == "misnamed" { #expect(error?.problems.first?.hint == "rename `assistent.yml`") }
  }

  @Test func `an error of loading lists every error on its line`() throws {
    let folder = try Folder.small("assistant.yml", "language: en-US", "langauge: en-US")
    let error = try #require(throws: AssistantLoadError.self) { try folder.load() }
    #expect(error.code == "assistant.not_loaded")
    #expect(error.description.contains("\nassistant.yml:2:1: error: langauge: unknown key `langauge`"))
    #expect(!error.isRetryable)
  }
}
