import Core
import Testing

@testable import Assistant

@Suite struct YAMLTests {
  private func reader(_ text: String) throws -> YAMLReader {
    let log = ProblemLog()
    let value = try #require(YAMLDocument(file: "a.yml", log: log).read(text))
    return YAMLReader(value: value, path: "", log: log)
  }

  @Test(arguments: [
    ("250ms", 250), ("3s", 3000), ("1.5s", 1500), ("2m", 120_000), ("7", 7000), ("0.5", 500), ("\"3s\"", 3000),
  ])
  func `a length of time is read in its unit, and in seconds without one`(text: String, milliseconds: Int) throws {
    #expect(try reader(text).span() == .milliseconds(milliseconds))
  }

  @Test(arguments: ["3h", "s", "", "ms", "-3s", "1e3", "0", "2000000s", "soon", "[3s]", "3 s"])
  func `what is no length of time is refused`(text: String) throws {
    let log = ProblemLog()
    let value =
      YAMLDocument(file: "a.yml", log: log).read(text)
      ?? YAMLValue(location: Core.SourceLocation(file: "a.yml", line: 1, column: 1), content: .sequence([]))
    #expect(YAMLReader(value: value, path: "", log: log).span() == nil)
    #expect(log.hasErrors)
  }

  @Test(arguments: [("true", true), ("True", true), ("FALSE", false), ("yes", true), ("off", false)])
  func `booleans are read, those of YAML 1_1 with a warning`(text: String, value: Bool) throws {
    let reader = try reader(text)
    #expect(reader.bool() == value)
    #expect(reader.log.problems.count == (["yes", "off"].contains(text) ? 1 : 0))
  }

  @Test func `quotes make text of everything`() throws {
    let reader = try reader("\"true\"")
    #expect(reader.bool() == nil)
    #expect(reader.text() == "true")
  }

  @Test func `numbers are numbers only when they look like one`() throws {
    #expect(try reader("12").number() == 12)
    #expect(try reader("-1.5e2").number() == -150)
    #expect(try reader("0x1F").scalar?.number == nil)
    #expect(try reader("nan").scalar?.number == nil)
    #expect(try reader("infinity").scalar?.number == nil)
    #expect(try reader("1e999").scalar?.number == nil)
    #expect(try reader("'12'").scalar?.number == nil)
  }

  @Test func `a block keeps its lines and loses its end`() throws {
    #expect(try reader("|\n  one\n  two\n\n").text() == "one\ntwo")
  }

  @Test(arguments: [
    ("brackets", String(repeating: "[", count: 5000)), ("braces", String(repeating: "{a: ", count: 5000)),
    ("dashes", String(repeating: "- ", count: 5000) + "a"), ("questions", String(repeating: "? ", count: 5000) + "a"),
    ("lines", (0..<3000).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")),
  ])
  func `deep nesting is refused and does not end the process`(name: String, text: String) {
    let log = ProblemLog()
    #expect(YAMLDocument(file: "a.yml", log: log).read(text) == nil)
    #expect(log.problems.first?.code == .limit)
  }

  @Test func `repetition through aliases is bounded`() {
    let log = ProblemLog()
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
    }
    _ = YAMLDocument(file: "a.yml", log: log).read(text)
    #expect(log.problems.map(\.code) == [.limit])
  }

  @Test func `a file beyond the limit is refused`() {
    let log = ProblemLog()
    #expect(YAMLDocument(file: "a.yml", log: log).read(String(repeating: "a", count: 1 << 20 | 1)) == nil)
    #expect(log.problems.first?.code == .limit)
  }
}
