import Core

/// Reads what stands beside test cases: fixtures, metadata, stubs.
struct TestScopeReader {
  let log: ProblemLog

  /// The scope of a whole file, such as a `conftest.yml` or a file of stubs.
  func scope(file: String, text: String) -> TestScope {
    guard let root = YAMLReader(file: file, text: text, log: log),
      let map = root.map("a file of fixtures and stubs", keys: ["fixtures", "metadata", "stub_custom_actions"])
    else { return TestScope() }
    return scope(map)
  }

  func scope(_ map: YAMLMap) -> TestScope {
    var scope = TestScope()
    for item in map["fixtures"]?.items("a list of fixtures") ?? [] {
      for (key, value) in item.entries("a fixture: its name and its slots") ?? [] {
        scope.fixtures[key.key] = slots(value)
      }
    }
    for item in map["metadata"]?.items("a list of metadata") ?? [] {
      for (key, _) in item.entries("metadata: its name and its values") ?? [] { scope.metadata.insert(key.key) }
    }
    for (key, value) in map["stub_custom_actions"]?.entries("a map of actions to their stubs") ?? [] {
      guard let stub = stub(value, at: key.keyLocation) else { continue }
      let action = key.key.split(separator: ":", omittingEmptySubsequences: true).last.map(String.init) ?? key.key
      if !YAMLReader.isName(action) {
        log.error(
          .wrongValue, at: key.keyLocation, key: value.path, "`\(key.key)` names no action",
          hint: "`action`, or `case name::action` for one case")
      }
      scope.stubs[key.key] = stub
    }
    return scope
  }

  /// Slots of a fixture: a list of `slot: value`, or one map of them.
  private func slots(_ reader: YAMLReader) -> [SlotAssignment] {
    (reader.items("a list of slots", orSingle: true) ?? []).flatMap { item in
      (item.entries("`slot: value`") ?? []).map { key, value in
        SlotAssignment(slot: SlotName(key.key), value: value.slotValue(for: .any))
      }
    }
  }

  private func stub(_ reader: YAMLReader, at place: SourceLocation) -> ActionStub? {
    if reader.isNull { return ActionStub(answers: [ActionStub.Answer()], source: place) }
    let answers = (reader.items("a stub", orSingle: true) ?? []).compactMap(answer)
    return answers.isEmpty ? nil : ActionStub(answers: answers, source: place)
  }

  private func answer(_ reader: YAMLReader) -> ActionStub.Answer? {
    guard let map = reader.map("a stub", keys: ["events", "slots", "responses", "outcome", "after"]) else { return nil }
    var slots: [SlotAssignment] = []
    var responses: [StubResponse] = []
    for item in map["events"]?.items("a list of events") ?? [] {
      event(item, into: &slots, &responses)
    }
    slots += map["slots"].map(self.slots) ?? []
    for item in map["responses"]?.items("a list of responses") ?? [] { responses += response(item).map { [$0] } ?? [] }
    return ActionStub.Answer(
      outcome: map["outcome"].flatMap(outcome) ?? .completed, slots: slots, responses: responses,
      after: map.span("after", default: .milliseconds(50)))
  }

  private func outcome(_ reader: YAMLReader) -> ActionStub.Outcome? {
    switch reader.name("`completed`, `failed`, `unknown` or a refusal") {
    case nil: nil
    case "completed"?: .completed
    case "failed"?: .failed
    case "unknown"?: .unknown
    case let code?: .refused(code)
    }
  }

  private func event(_ reader: YAMLReader, into slots: inout [SlotAssignment], _ responses: inout [StubResponse]) {
    guard
      let map = reader.map(
        "an event", keys: ["event", "name", "value", "text", "timestamp", "metadata", "data"]),
      let kind = map.required("event", hint: "`slot`")?.text("an event")
    else { return }
    switch kind {
    case "slot":
      guard let name = map.required("name")?.name("a slot") else { return }
      slots.append(SlotAssignment(slot: SlotName(name), value: map.raw("value")?.slotValue(for: .any)))
    case "bot": if let text = map.text("text") { responses.append(StubResponse(text: text)) }
    default:
      map["event"]?.warning(.unsupported, "`\(kind)` is not run here: stubs set slots and say things")
    }
  }

  private func response(_ reader: YAMLReader) -> StubResponse? {
    if !reader.isMapping { return reader.text("words", quietly: true).map { StubResponse(text: $0) } }
    guard
      let map = reader.map(
        "a response", keys: ["text", "response", "template", "buttons"],
        elsewhere: Dictionary(
          uniqueKeysWithValues: ["image", "custom", "elements", "attachment"].map { ($0, "words and buttons are said") }
        )),
      map.excludes(["response", "template"])
    else { return nil }
    let name = (map["response"] ?? map["template"])?.name("a response").map { ResponseName($0) }
    let text = map["text"]?.text("words", quietly: true)
    let buttons = map["buttons"]?.items("a list of buttons")?.compactMap(AssertionReader.button) ?? []
    guard name != nil || text != nil || !buttons.isEmpty else { return nil }
    return StubResponse(response: name, text: text, buttons: buttons)
  }
}
