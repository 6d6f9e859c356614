import Core
import Foundation
import Testing

@testable import Assistant

@Suite struct `Test cases that are read` {
  private static let schemas = repository + "/Schemas"

  private func folder(_ files: [String: String]) throws -> Folder {
    try Folder(Folder.small.merging(files) { $1 })
  }

  private func load(_ files: [String: String], commands: String? = nil, stubs: String? = nil) throws -> TestFolder {
    let folder = try folder(files)
    return try TestFolder.load(
      folder: folder.path, commands: commands.map { folder.path + "/" + $0 },
      stubs: stubs.map { folder.path + "/" + $0 })
  }

  private func problems(_ text: String) throws -> [AssistantProblem] {
    do {
      return try load(["tests/a.yml": text]).problems
    } catch let error as AssistantLoadError {
      return error.problems
    }
  }

  @Test func `the annotated sample is read whole`() throws {
    let tests = try TestFolder.load(
      folder: Self.schemas + "/samples", commands: Self.schemas + "/samples/tests/booking.commands.yml")
    #expect(tests.problems == [])
    #expect(tests.cases.map(\.name) == ["a table for two", "the house is full", "on the keypad"])
    let table = tests.cases[0]
    #expect(table.channel == .voice && table.usesAssertions && !table.needsVoice)
    #expect(table.fixtures.map(\.slot).starts(with: ["mocked_datetime", "phone"]))
    #expect(table.clock == TestClock("2030-05-06T10:00"))
    #expect(table.stubs["book_table"]?.answers[0].slots.map(\.slot) == ["day"])
    #expect(table.steps[0].isOrdered && table.steps[0].assertions.count == 2)
    #expect(
      table.steps[0].assertions[1].kind
        == .botUttered(UtteranceExpectation(response: "utter_ask_guests", pattern: "how many")))
    #expect(
      table.steps[4].assertions[1].kind == .flowCompleted(FlowExpectation(["book_table"], step: "booked")))
    #expect(
      table.steps[4].assertions[2].kind
        == .flowStarted(FlowExpectation(["pattern_completed", "pattern_human_handoff"], anyOfThem: true)))
    #expect(table.steps[1].assertions[0].kind == .slotWasSet([SlotExpectation("guests", .value(.number(2)))]))
    let full = tests.cases[1]
    #expect(
      full.stubs["book_table"]?.answers == [ActionStub.Answer(outcome: .refused("full"), after: .milliseconds(300))])
    #expect(full.steps[3].kind == .slotWasSet([SlotExpectation("guests", .value(.number(2)))]))
    #expect(full.steps[6].kind == .slotWasNotSet([SlotExpectation("phone")]))
    let keypad = tests.cases[2]
    #expect(keypad.needsVoice && keypad.steps[0].withinMilliseconds == 1500)
    #expect(keypad.steps[0].kind == .user("i would like to book a table", confidence: Confidence(0.9)))
    #expect(keypad.steps[1].kind == .keys("4#", bargeInAt: .milliseconds(300)))
    #expect(keypad.steps.map(\.isTurn) == [true, true, true, true, false, true, true])
    let turns = try #require(tests.commands?.turns(of: table))
    #expect(turns.map(\.commands.count) == [1, 1, 1, 1, 1] && turns[1].user == "two")
    #expect(turns[3].commands == [.setSlot("seating", .text("inside"))])
    #expect(tests.commands?.utterances["never mind"] == [.cancelFlow])
  }

  @Test(arguments: ((try? FileManager.default.contentsOfDirectory(atPath: schemas + "/wrong/tests")) ?? []).sorted())
  func `a wrong sample of tests is refused with its place`(_ name: String) throws {
    let text = try String(contentsOfFile: Self.schemas + "/wrong/tests/" + name, encoding: .utf8)
    let errors = try problems(text).filter { $0.severity == .error }
    #expect(!errors.isEmpty, "\(name) is read")
    #expect(errors.allSatisfy { $0.location.file == "tests/a.yml" && $0.location.line >= 2 }, "\(errors)")
  }

  @Test(arguments: ((try? FileManager.default.contentsOfDirectory(atPath: schemas + "/wrong/conftest")) ?? []).sorted())
  func `a wrong sample of stubs is refused`(_ name: String) throws {
    let text = try String(contentsOfFile: Self.schemas + "/wrong/conftest/" + name, encoding: .utf8)
    #expect(throws: AssistantLoadError.self) { try load(["tests/conftest.yml": text, "tests/a.yml": Self.plain]) }
    #expect(throws: AssistantLoadError.self) { try load(["my.txt": text, "tests/a.yml": Self.plain], stubs: "my.txt") }
  }

  @Test(arguments: ((try? FileManager.default.contentsOfDirectory(atPath: schemas + "/wrong/commands")) ?? []).sorted())
  func `a wrong sample of commands is refused`(_ name: String) throws {
    let text = try String(contentsOfFile: Self.schemas + "/wrong/commands/" + name, encoding: .utf8)
    #expect(throws: AssistantLoadError.self) {
      try load(["my.txt": text, "tests/a.yml": Self.plain], commands: "my.txt")
    }
  }

  private static let plain = "test_cases:\n- test_case: a\n  steps:\n  - user: hi\n"

  @Test(arguments: [
    ("- user: hi\n    asertions: []", 5, "test_cases[0].steps[0].asertions", "assertions"),
    ("- usr: hi", 4, "test_cases[0].steps[0].usr", "user"),
    (
      "- user: hi\n    assertions:\n    - bot_utered: {utter_name: x}", 6, "steps[0].assertions[0].bot_utered",
      "bot_uttered"
    ),
    ("- user: hi\n    barge_in_at: soon", 5, "test_cases[0].steps[0].barge_in_at", "250ms"),
    ("- user: hi\n    asr_confidence: 7", 5, "test_cases[0].steps[0].asr_confidence", "0.45"),
    ("- user: hi\n    within_ms: 0", 5, "test_cases[0].steps[0].within_ms", "1"),
    ("- user: hi\n    metadata: evning", 5, "test_cases[0].steps[0].metadata", ""),
    ("- user: hi\n    assertions:\n    - bot_uttered: {text_matches: \"[\"}", 6, "bot_uttered.text_matches", ""),
    (
      "- user: hi\n    assertions:\n    - flow_completed: {flow_id: a, flow_ids: [a]}", 6, "flow_completed.flow_ids", ""
    ),
    ("- dtmf: \"12\"\n    asr_confidence: 0.5", 5, "test_cases[0].steps[0].asr_confidence", "within_ms"),
  ]) func `a slip names line, key and the right form`(
    _ step: String, _ line: Int, _ key: String, _ hint: String
  ) throws {
    let errors = try problems("test_cases:\n- test_case: a\n  steps:\n  " + step + "\n").filter {
      $0.severity == .error
    }
    let found = errors.first { $0.location.line == line && $0.key.hasSuffix(key) }
    #expect(found != nil, "\(errors)")
    #expect(hint.isEmpty || found?.hint?.contains(hint) == true, "\(errors)")
  }

  @Test func `a fixture nobody wrote, and two cases of one name, are errors`() throws {
    let unknown = try problems("fixtures:\n- monday: [{day: x}]\n" + Self.plain + "  fixtures: [munday]\n")
    #expect(
      unknown.contains { $0.code == .unknownName && $0.location.line == 7 && $0.hint?.contains("monday") == true })
    let twice = try problems(Self.plain + "- test_case: a\n  steps: []\n")
    #expect(twice.contains { $0.code == .duplicateName })
    let clock = try problems("fixtures:\n- m: [{mocked_datetime: noon}]\n" + Self.plain + "  fixtures: [m]\n")
    #expect(clock.contains { $0.key.hasSuffix("fixtures") && $0.hint?.contains("T10:00") == true })
  }

  @Test func `a folder without tests says so`() throws {
    let error = #expect(throws: AssistantLoadError.self) { try load([:]) }
    #expect(error?.problems.first?.message.contains("no tests") == true)
  }

  @Test(arguments: [
    ("- user: hi\n    assertions: [{flow_started: bok}]", "book"),
    ("- user: hi\n    assertions: [{flow_cancelled: {flow_id: book, flow_step_id: aks}}]", "ask"),
    ("- user: hi\n    assertions: [{action_executed: book_tabel}]", "book_table"),
    ("- user: hi\n    assertions: [{bot_did_not_utter: {utter_name: utter_boked}}]", "utter_booked"),
    ("- user: hi\n    assertions: [{slot_was_not_set: [{name: gests}]}]", "guests"),
    ("- utter: utter_boked", "utter_booked"), ("- slot_was_set: [gests]", "guests"),
    ("- heard: utter_boked", "utter_booked"),
  ]) func `a name that the assistant does not have is an error`(_ step: String, _ meant: String) throws {
    let folder = try folder(["tests/a.yml": "test_cases:\n- test_case: a\n  steps:\n  " + step + "\n"])
    let assistant = try folder.load()
    let problems = CaseNames.problems(in: try TestFolder.load(folder: folder.path).cases, of: assistant)
    #expect(problems.count == 1 && problems[0].severity == .error && problems[0].hint == "did you mean `\(meant)`?")
  }

  @Test func `names that the assistant has are none`() throws {
    let shop = repository + "/Examples/shop"
    let assistant = try AssistantLoader.load(folder: shop)
    #expect(CaseNames.problems(in: try TestFolder.load(folder: shop).cases, of: assistant) == [])
  }

  @Test func `inner files go before outer ones`() throws {
    func conftest(_ day: String) -> String {
      "fixtures:\n- d: [{day: \(day)}]\nstub_custom_actions:\n  book_table: {slots: {day: \(day)}}\n"
    }
    let plain = Self.plain + "  fixtures: [d]\n"
    let own = "stub_custom_actions:\n  book_table: {outcome: full}\n  \"a::book_table\": {outcome: failed}\n"
    let tests = try load(
      [
        "all.txt": conftest("outermost"), "tests/conftest.yml": conftest("outer"), "tests/a.yml": plain,
        "tests/in/conftest.yml": conftest("inner"), "tests/in/b.yml": plain,
        "tests/in/c.yml": own + plain.replacingOccurrences(of: "- d", with: "- d") + "- test_case: b\n  steps: []\n",
      ], stubs: "all.txt")
    let days = tests.cases.map { $0.fixtures.first?.value?.revealedText }
    #expect(days == ["outer", "inner", "inner", nil])
    let stubs = tests.cases.map { $0.stubs["book_table"]?.answers[0] }
    #expect(stubs[0]?.slots.first?.value == .text("outer") && stubs[1]?.slots.first?.value == .text("inner"))
    #expect(stubs[2]?.outcome == .failed && stubs[3]?.outcome == .refused("full"))
    let outermost = try load(["all.txt": conftest("outermost"), "tests/a.yml": plain], stubs: "all.txt")
    #expect(outermost.cases[0].fixtures.first?.value == .text("outermost"))
  }

  @Test func `events of stubs, payload steps and results of other runs are taken as they are`() throws {
    let text = """
      stub_custom_actions:
        book_table:
          - events:
              - {event: slot, name: day, value: null, timestamp: 1}
              - {event: bot, text: Hello}
            responses:
              - {response: utter_booked}
              - text: Which one?
                buttons: [{title: Car, payload: /SetSlots(seating=inside)}]
          - outcome: unknown
      test_cases:
        - test_case: a
          steps:
            - user: /SetSlots(guests=2)
            - user: yes
      """
    let tests = try load(["tests/a.yml": text, "tests/e2e_results_passed.yml": "test_results: []\n"])
    #expect(tests.problems == [])
    let stub = try #require(tests.cases[0].stubs["book_table"])
    #expect(stub.answers.count == 2 && stub.answers[1].outcome == .unknown)
    #expect(stub.answers[0].slots == [SlotAssignment(slot: "day", value: nil)])
    #expect(
      stub.answers[0].responses == [
        StubResponse(text: "Hello"), StubResponse(response: "utter_booked"),
        StubResponse(text: "Which one?", buttons: [ResponseButton(title: "Car", payload: "/SetSlots(seating=inside)")]),
      ])
    #expect(tests.cases[0].steps[1].kind == .user("yes"))
  }

  @Test(arguments: [
    ("2030-05-06", 0, 0), ("2030-05-06T10:30", 37_800, 0), ("2030-05-06 10:30:15.25", 37_815, 0),
    ("2030-05-06T10:30:15Z", 37_815, 0), ("2030-05-06T10:30:15+02:00", 37_815, 7200),
    ("2030-05-06T10:30:15-0530", 37_815, -19_800),
  ]) func `clocks are read as people write them`(_ text: String, _ second: Int, _ offset: Int) throws {
    let clock = try #require(TestClock(text))
    #expect(clock.secondOfDay == second && clock.utcOffsetSeconds == offset)
    #expect(clock.wallClock.date(at: .zero).description == "2030-05-06")
    #expect(clock.wallClock.minuteOfDay(at: .zero) == second / 60)
  }

  @Test(arguments: ["", "noon", "2030-13-01", "2030-05-06T25:00", "2030-05-06T10", "2030-05-06T10:00+99:00"])
  func `what is no clock is none`(_ text: String) { #expect(TestClock(text) == nil) }
}
