import Core
import Dialogue

/// What a test file, or a `conftest.yml`, says besides its cases.
struct TestScope {
  var fixtures: [String: [SlotAssignment]] = [:]
  var metadata: Set<String> = []
  /// By action, or by `case::action`.
  var stubs: [String: ActionStub] = [:]

  /// This scope with an inner one over it.
  func overridden(by inner: TestScope) -> TestScope {
    TestScope(
      fixtures: fixtures.merging(inner.fixtures) { $1 }, metadata: metadata.union(inner.metadata),
      stubs: stubs.merging(inner.stubs) { $1 })
  }

  /// The stubs of one case: those written for it alone go before the others.
  func stubs(of name: String) -> [ActionName: ActionStub] {
    var found: [ActionName: ActionStub] = [:]
    for (key, stub) in stubs where !key.contains("::") { found[ActionName(key)] = stub }
    for (key, stub) in stubs where key.hasPrefix(name + "::") {
      found[ActionName(String(key.dropFirst(name.count + 2)))] = stub
    }
    return found
  }
}

/// Reads one file of test cases.
struct CaseFileReader {
  let log: ProblemLog
  let file: String
  /// What files above it say.
  let outer: TestScope

  static let keys = ["test_cases", "fixtures", "metadata", "stub_custom_actions"]

  /// Cases of a file; nothing, with the log saying why, when it cannot be read.
  func cases(_ text: String) -> [TestCase] {
    guard let root = YAMLReader(file: file, text: text, log: log),
      let map = root.map("a file of tests", keys: Self.keys)
    else { return [] }
    let scope = outer.overridden(by: TestScopeReader(log: log).scope(map))
    var seen: Set<String> = []
    var cases: [TestCase] = []
    for item in map.required("test_cases", hint: "a list of cases, each with `test_case:` and `steps:`")?.items(
      "a list of test cases") ?? []
    {
      guard let read = testCase(item, scope) else { continue }
      if !seen.insert(read.name).inserted {
        item.error(.duplicateName, "there are two cases `\(read.name)` in this file", hint: "rename one of them")
      }
      cases.append(read)
    }
    return cases
  }

  private func testCase(_ reader: YAMLReader, _ scope: TestScope) -> TestCase? {
    guard
      let map = reader.map("a test case", keys: ["test_case", "fixtures", "metadata", "channel", "steps"]),
      let name = map.required("test_case", hint: "the name of the case")?.text("a name", quietly: true)
    else { return nil }
    let fixtures = fixtures(map, scope)
    metadata(map["metadata"], scope)
    let clockText = fixtures.last { $0.slot == "mocked_datetime" }?.value?.revealedText
    let clock = clockText.flatMap { TestClock($0) }
    if clockText != nil, clock == nil {
      map["fixtures"]?.error(
        .wrongValue, "`mocked_datetime` holds `\(clockText ?? "")`, which is no date and time",
        hint: "such as `2030-05-06T10:00:00`")
    }
    var steps: [TestStep] = []
    for item in map.required("steps", hint: "what the caller says, and what must come of it")?.items("a list of steps")
      ?? []
    {
      steps += StepOfCaseReader(log: log).step(item, metadata: { self.metadata($0, scope) }).map { [$0] } ?? []
    }
    return TestCase(
      name: name, file: file, source: reader.location, channel: map["channel"].flatMap(channel), fixtures: fixtures,
      clock: clock, stubs: scope.stubs(of: name), steps: steps)
  }

  private func channel(_ reader: YAMLReader) -> Channel? {
    guard let text = reader.text("a channel") else { return nil }
    if let channel = Channel(rawValue: text) { return channel }
    reader.error(.wrongValue, "`\(text)` is no channel", hint: "`voice` or `chat`")
    return nil
  }

  private func fixtures(_ map: YAMLMap, _ scope: TestScope) -> [SlotAssignment] {
    (map["fixtures"]?.items("a list of fixtures", orSingle: true) ?? []).flatMap { item -> [SlotAssignment] in
      guard let name = item.text("the name of a fixture") else { return [] }
      if let fixture = scope.fixtures[name] { return fixture }
      item.error(
        .unknownName, "there is no fixture `\(name)`", hint: NearestName.hint(name, among: Array(scope.fixtures.keys)))
      return []
    }
  }

  private func metadata(_ reader: YAMLReader?, _ scope: TestScope) {
    guard let reader, let name = reader.text("the name of metadata"), !scope.metadata.contains(name) else { return }
    reader.error(
      .unknownName, "there is no metadata `\(name)`", hint: NearestName.hint(name, among: Array(scope.metadata)))
  }
}
