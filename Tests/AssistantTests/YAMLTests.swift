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

  /// A few lines that are more than anybody can read, to whoever follows their aliases, as values or as keys.
  private static let bombs: [(String, String)] = {
    let pairs = { (last: Int, item: (Int) -> String) in
      "b0: &b0 [x, x]\n" + (1...last).map { "b\($0): &b\($0) \(item($0 - 1))\n" }.joined()
    }
    let lists = pairs(26) { "[*b\($0), *b\($0)]" }
    return [
      ("lists", lists), ("maps", pairs(40) { "{a: *b\($0), b: *b\($0)}" }),
      ("keys", lists + "it: {? *b26 : 1}"), ("key lists", lists + "it: {? [*b26, *b26] : 1}"),
      ("two keys", lists + "it:\n  ? *b25\n  : 1\n  ? *b26\n  : 2\n"),
      ("duplicates", lists + "it: {? *b26 : 1, a: 1, a: 2, b: 1, b: 2}"),
    ]
  }()

  @Test(.timeLimit(.minutes(1)), arguments: bombs)
  func `repetition is bounded before it is followed, and told with its line`(name: String, text: String) {
    let log = ProblemLog()
    _ = YAMLDocument(file: "a.yml", log: log).read(text)
    let limit = log.problems.first { $0.code == .limit }
    #expect((10...20).contains(limit?.location.line ?? 0), "\(log.problems)")
    #expect(limit?.message == "too many values, with what this alias stands for")
  }

  @Test(arguments: [
    ("a: &x 12\nit: *x", "12"), ("&k it: 1\nb: *k", "1"), ("a: &k it\n*k : 2", "2"), ("it: 'a * b'", "a * b"),
    ("it: a*b # *c", "a*b"), ("it: |\n  *a\n", "*a"), ("it: \"*a\"", "*a"), ("it: \"\u{E100}*\"", "\u{E100}*"),
    ("a: &x [&y 3]\nit: *y", "3"), ("\"*\": 1\nit: \"*\"", "*"),
  ])
  func `an alias is what stands at its anchor, and a star is a star`(text: String, expected: String) throws {
    let reader = try reader(text)
    let it = try #require(reader.value["it"])
    #expect(YAMLReader(value: it, path: "", log: reader.log).text() == expected)
    #expect(reader.log.problems == [])
  }

  @Test(arguments: [
    ("a: &b [1]\n*b : 1", "cannot be a key"), ("a: &k it\nit: 1\n*k : 2", "`it` is in the same map already"),
    ("a: *b c", "undefined alias"), ("it: **bold**", "undefined alias"), ("it: *", "undefined alias"),
  ])
  func `what is no alias is told`(text: String, message: String) {
    let log = ProblemLog()
    _ = YAMLDocument(file: "a.yml", log: log).read(text)
    #expect(log.problems.first?.message.contains(message) == true, "\(log.problems)")
    #expect(log.problems.first?.location.line == text.split(separator: "\n").count)
  }

  @Test func `a file beyond the limit is refused`() {
    let log = ProblemLog()
    #expect(YAMLDocument(file: "a.yml", log: log).read(String(repeating: "a", count: 1 << 20 | 1)) == nil)
    #expect(log.problems.first?.code == .limit)
  }

  // MARK: Merge keys, and what YAML has besides

  @Test(arguments: [
    ("base: &b {x: 1, y: 2}\nit:\n  <<: *b\n  y: 3", "x=1 y=3"),
    ("base: &b {x: 1, y: 2}\nit:\n  y: 3\n  <<: *b", "x=1 y=3"),
    ("one: &a {x: 1}\ntwo: &b {x: 2, z: 4}\nit: {<<: [*a, *b]}", "x=1 z=4"),
    ("one: &a {x: 1}\ntwo: &b {x: 2, z: 4}\nit: {<<: [*b, *a], z: 5}", "x=2 z=5"),
    ("one: &a {x: 1}\ntwo: &b {<<: *a, z: 4}\nit: {<<: *b}", "x=1 z=4"), ("it: {<<: {x: 1}, y: 2}", "x=1 y=2"),
    ("it: {<<: [], y: 2}", "y=2"), ("it: {\"<<\": 1}", "<<=1"), ("base: &b {x: 1}\r\nit:\r\n  <<: *b\r\n", "x=1"),
    ("a: &a {x: 1}\nb: &a {x: 2}\nit: {<<: *a}", "x=2"),
  ])
  func `maps are merged, own keys first and earlier ones before later`(text: String, expected: String) throws {
    let reader = try reader(text)
    let it = try #require(reader.value["it"])
    guard case .mapping(let entries) = it.content else {
      Issue.record("no map")
      return
    }
    let found = entries.map { entry in
      guard case .scalar(let scalar) = entry.value.content else { return entry.key }
      return entry.key + "=" + scalar.text
    }
    #expect(found.sorted().joined(separator: " ") == expected)
    #expect(reader.log.problems == [])
  }

  @Test(arguments: [
    ("it: {<<: 3}", "only maps can be merged into a map"),
    ("a: &a [x]\nit: {<<: *a}", "only maps can be merged into a map"),
    ("it: {<<: [{x: 1}, 2]}", "only maps can be merged into a map"), ("it: &a {<<: *a}", "undefined alias"),
    ("a: &a {x: 1}\nit:\n  <<: *a\n  <<: *a", "`<<` is written twice"),
    ("it: *later\nlater: &later {x: 1}", "undefined alias"),
    ("a: 1\n---\nb: 2", "another document"), ("it: !secret x", "the tag `!secret` is not read"),
    ("it: !!binary aGk=", "the tag `!!binary` is not read"), ("it: !!set {a, b}", "the tag `!!set` is not read"),
    ("it: {a: 1, a: 2}", "`a` is written twice"), ("it:\n\ta: 1", "not well-formed"),
    ("it: !<tag:x.org,2000:y> {a: 1}", "is not read"),
  ])
  func `what YAML has and no assistant needs is refused with its place and the right form`(
    text: String, message: String
  ) {
    let log = ProblemLog()
    _ = YAMLDocument(file: "a.yml", log: log).read(text)
    let problem = log.problems.first
    #expect(problem?.message.contains(message) == true, "\(log.problems)")
    #expect((problem?.hint ?? "").isEmpty == false && (problem?.location.line ?? 0) >= 1)
  }

  @Test(arguments: [("!!str 12", "12"), ("!!str true", "true"), ("!!str ~", "~")])
  func `a tag makes a text of what looks like a number`(text: String, expected: String) throws {
    let reader = try reader(text)
    #expect(reader.text() == expected)
    #expect(reader.scalar?.number == nil && reader.bool() == nil)
  }

  @Test func `merging is bounded like any repetition`() {
    let log = ProblemLog()
    var text = "a0: &a0 {" + (0..<50).map { "k\($0): v" }.joined(separator: ", ") + "}\n"
    for level in 1...9 {
      text +=
        "a\(level): &a\(level) {<<: [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]}\n"
    }
    _ = YAMLDocument(file: "a.yml", log: log).read(text)
    #expect(log.problems.map(\.code) == [.limit])
  }
}
