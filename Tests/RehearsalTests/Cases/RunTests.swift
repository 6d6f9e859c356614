import Assistant
import Core
import Foundation
import FoundationXML
import Rehearsal
import TestSupport
import Testing

@Suite struct `A run of test cases` {
  private func stubbed(_ stub: String, _ assertion: String) async throws -> CaseResult {
    try await Cafe.play(
      "- user: all\n- user: yes\n  assertions:\n  - " + assertion, head: "stub_custom_actions:\n  book_table: \(stub)\n"
    )
  }

  @Test(arguments: [
    ("{slots: {table: eight}}", "bot_uttered: {text_matches: number eight}"),
    ("{events: [{event: slot, name: table, value: seven}]}", "slot_was_set: [{name: table, value: seven}]"),
    ("{outcome: full}", "slot_was_set: [{name: outcome, value: full}]"),
    ("{outcome: failed}", "slot_was_set: [{name: outcome, value: failed}]"),
    ("{outcome: unknown}", "slot_was_set: [{name: outcome, value: unknown}]"),
    ("{responses: [{text: The chef says hello}]}", "bot_uttered: {text_matches: chef}"),
    ("{responses: [{response: utter_hours}]}", "bot_uttered: {utter_name: utter_hours, text_matches: nine to five}"),
  ]) func `lets actions go as their stubs say`(_ stub: String, _ assertion: String) async throws {
    let result = try await stubbed(stub, assertion)
    #expect(result.status == .passed, "\(TextReport.text(of: result))")
  }

  @Test func `makes answers up where there is no stub, and says so`() async throws {
    let cafe = try Cafe(
      cases:
        "test_cases:\n- test_case: a\n  steps:\n  - user: all\n  - user: yes\n    assertions:\n    - bot_uttered: {text_matches: number seven}\n"
    )
    let report = try await cafe.report()
    #expect(report.isGood && report.actionsWithoutStub == ["book_table"])
    #expect(TextReport.summary(of: report).contains("no stub: book_table"))
  }

  @Test func `answers further calls by the further answers of a stub`() async throws {
    let result = try await Cafe.play(
      "- user: all\n- user: yes\n- utter: utter_failed\n- user: all\n- user: yes\n- utter: utter_booked\n- user: all\n- user: yes\n- utter: utter_booked",
      head: "stub_custom_actions:\n  book_table: [{outcome: full}, {slots: {table: eight}}]\n")
    #expect(result.status == .passed, "\(TextReport.text(of: result))")
  }

  @Test func `transfers as the stub of the transfer says`() async throws {
    let steps = "- user: person\n  assertions:\n  - slot_was_set: [{name: transfer_outcome, value: "
    #expect(try await Cafe.play(steps + "accepted}]").status == .passed)
    let busy = try await Cafe.play(steps + "busy}]", head: "stub_custom_actions: {action_transfer: {outcome: busy}}\n")
    #expect(busy.status == .passed)
  }

  @Test func `knows fixtures, and the clock they set`() async throws {
    let head = "fixtures:\n- known: [{guests: 2}, {mocked_datetime: \"2031-01-01T08:00\"}]\n"
    let cases =
      head + "test_cases:\n- test_case: a\n  fixtures: [known]\n  steps:\n  - user: book\n    assertions:\n"
      + "    - bot_uttered: {utter_name: utter_ask_seating}\n    - bot_did_not_utter: {utter_name: utter_ask_guests}\n"
    #expect(try await Cafe(cases: cases).report().isGood)
  }

  // MARK: Who says what turns mean

  private func commands(_ entries: String) throws -> RecordedCommands? {
    let cafe = try Cafe(cases: Self.pair, more: ["my.txt": "commands:\n  cases.yml:\n    a:\n" + entries])
    return try TestFolder.load(folder: cafe.path, commands: cafe.path + "/my.txt").commands
  }

  private static let pair = """
    test_cases:
      - test_case: a
        steps:
          - user: please book
          - user: /SetSlots(guests=2)
          - user: out there
            assertions:
              - slot_was_set: [{name: seating, value: terrace}]
    """

  @Test(arguments: [
    "      - StartFlow(book)\n      - set slot seating terrace\n",
    "      - StartFlow(book)\n      - null\n      - [SetSlot(seating, terrace)]\n",
    "      - {user: Please  book, commands: StartFlow(book)}\n      - user: out there\n        commands: [\"SetSlot(seating, 'terrace')\"]\n",
  ]) func `takes a case's turns from the file of commands`(_ entries: String) async throws {
    let report = try await Cafe(cases: Self.pair).report(commands: try commands(entries))
    #expect(report.isGood, "\(TextReport.text(of: report.cases[0]))")
    #expect(report.readers == ["commands file": 2, "payload": 1])
  }

  @Test(arguments: [
    ("      - StartFlow(book)\n", "no entry"),
    ("      - {user: please cook, commands: StartFlow(book)}\n      - SetSlot(seating, terrace)\n", "other words"),
  ]) func `fails a turn that the file has not, or has for other words`(_ entries: String, _ why: String) async throws {
    let report = try await Cafe(cases: Self.pair).report(commands: try commands(entries))
    #expect(report.cases[0].failures.first?.found.contains(why) == true, "\(report.cases[0].failures)")
  }

  private struct Parrot: Understander {
    func understand(_ request: UnderstandingRequest, deadline: ContinuousClock.Instant) async throws
      -> [ProposedCommand]
    {
      request.heard.compactMap {
        $0.text.revealed == "hours" ? ProposedCommand(.startFlow("hours"), confidence: .certain, proposer: "p") : nil
      }
    }
  }

  @Test func `asks understanding when nobody else knows, and says who read what`() async throws {
    let cases = "test_cases:\n- test_case: a\n  steps:\n  - user: hours\n    assertions:\n    - flow_started: hours\n"
    let cafe = try Cafe(cases: cases)
    #expect(try await cafe.report(understander: Parrot()).readers == ["embedded understanding (fake)": 1])
    #expect(try await cafe.report().readers == ["recorded model table": 1])
    let nobody = try await cafe.report(commands: RecordedCommands(name: "empty"))
    #expect(nobody.cases[0].failures.first?.found == "nobody says what these words mean")
  }

  // MARK: Projects of another maker

  @Test func `plays the actions of a project that nothing here runs`() async throws {
    let files = [
      "config.yml": "recipe: default.v1\nlanguage: en\nassistant_id: shop\n",
      "domain.yml":
        "actions: [action_count, action_ask_size]\nslots:\n  count: {type: float, mappings: [{type: controlled}]}\n  size: {type: text}\nresponses:\n  utter_done: [{text: \"You have {count}.\"}]\n",
      "data/flows.yml":
        "flows:\n  count:\n    description: Counts\n    steps:\n      - action: action_count\n      - collect: size\n      - action: utter_done\n",
      "e2e_tests/a.yml":
        "stub_custom_actions:\n  action_count: {events: [{event: slot, name: count, value: 3}]}\n  action_ask_size: {responses: [{text: Which size?}]}\ntest_cases:\n- test_case: a\n  steps:\n  - user: count\n    assertions:\n    - action_executed: action_count\n    - bot_uttered: {text_matches: Which size}\n  - user: small\n    assertions:\n    - bot_uttered: {text_matches: You have 3}\n",
    ]
    let folder = try TemporaryFolder(files)
    let loaded = try AssistantLoader.load(folder: folder.path)
    let tests = try TestFolder.load(folder: folder.path)
    let words: [String: [Command]] = ["count": [.startFlow("count")], "small": [.setSlot("size", .text("small"))]]
    let run = TestRun(
      assistant: loaded, commands: RecordedCommands(name: "t", utterances: words),
      clock: WallClock(epochMilliseconds: 0, utcOffsetSeconds: 0))
    let report = await run.run(tests.cases)
    #expect(report.isGood, "\(TextReport.text(of: report.cases[0]))")
    #expect(report.actionsWithoutStub.isEmpty)
    let bare = TestRun(
      assistant: loaded, commands: RecordedCommands(name: "t", utterances: words),
      clock: WallClock(epochMilliseconds: 0, utcOffsetSeconds: 0))
    let stubless = tests.cases.map { TestCase(name: $0.name, file: $0.file, source: $0.source, steps: $0.steps) }
    #expect(await bare.run(stubless).actionsWithoutStub == ["action_ask_size", "action_count"])
  }

  // MARK: Reports

  @Test func `counts steps and branches that ran`() async throws {
    let cafe = try Cafe(cases: "test_cases:\n- test_case: a\n  steps:\n  - user: all\n  - user: no\n")
    let book = try #require(try await cafe.report().coverage.first { $0.flow == "book" })
    #expect(book.steps == 6 && book.stepsRun == 3 && book.missedSteps == ["book", "booked", "failed"])
    #expect(book.branches == 4 && book.branchesTaken == 1)
    #expect(book.missedBranches == ["confirm -> book", "book -> booked", "book -> failed"])
  }

  private static let three = """
    test_cases:
      - test_case: good & <well>
        steps:
          - user: hours
      - test_case: bad
        steps:
          - user: hours
            assertions:
              - bot_uttered: {text_matches: "<\\"ten\\" & more>"}
              - flow_started: book
          - user: book
      - test_case: part
        steps:
          - user: hours
            assertions:
              - generative_response_is_grounded: {threshold: 0.9, ground_truth: x}
    """

  @Test func `shows a failure as the dialogue up to it`() async throws {
    let report = try await Cafe(cases: Self.three).report()
    let text = TextReport.text(of: report.cases[1])
    #expect(text.hasPrefix("FAIL  tests/cases.yml:5  bad\n"))
    #expect(text.contains("caller: hours   [recorded model table: StartFlow(hours)]"))
    #expect(text.contains("tests/cases.yml:9 bot_uttered"))
    #expect(!text.contains("caller: book"), "what follows the divergence is not played")
    #expect(report.cases[1].failures.map(\.key) == ["bot_uttered", "flow_started"])
    #expect(TextReport.summary(of: report).contains("3 cases, 1 passed, 1 failed, 1 passed in part"))
  }

  @Test func `is JUnit that a parser of XML reads`() async throws {
    let report = try await Cafe(cases: Self.three).report()
    let seen = Elements()
    let parser = XMLParser(data: Data(JUnitReport.xml(of: report).utf8))
    parser.delegate = seen
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(seen.names.filter { $0 == "testcase" }.count == 3 && seen.names.first == "testsuites")
    for suite in ["testsuites", "testsuite"] {
      let counts = try #require(seen.attributes[suite]?.first)
      #expect(
        counts["tests"] == "3" && counts["failures"] == "1" && counts["skipped"] == "1" && counts["errors"] == "0")
    }
    let cases = try #require(seen.attributes["testcase"])
    #expect(cases.map { $0["name"] } == ["good & <well>", "bad", "part"])
    #expect(cases.allSatisfy { $0["classname"] == "tests/cases.yml" && Double($0["time"] ?? "") != nil })
    #expect(seen.attributes["failure"]?.first?["message"]?.contains("<\"ten\" & more>") == true)
    #expect(seen.text.contains("caller: hours"))
    #expect(seen.attributes["skipped"]?.count == 1)
  }

  @Test func `words of a case cannot act on a terminal or begin a line, in text and JUnit`() async throws {
    let cases = """
      test_cases:
        - test_case: "odd\\e]0;x\\a \\u009B2J \\u202Ex\\nFAIL"
          steps:
            - user: "hours\\e[2J"
              assertions:
                - flow_started: book
      """
    let report = try await Cafe(cases: cases).report()
    let text = TextReport.text(of: report.cases[0])
    #expect(text.hasPrefix(#"FAIL  tests/cases.yml:2  odd\u{1B}]0;x\u{07} \u{9B}2J \u{202E}x\nFAIL"#))
    #expect(text.contains(#"caller: hours\u{1B}[2J"#))
    for shown in [text, JUnitReport.xml(of: report), TextReport.summary(of: report)] {
      #expect(TerminalText.lines(shown) == shown)
    }
    #expect(XMLParser(data: Data(JUnitReport.xml(of: report).utf8)).parse())
  }

  @Test(arguments: [Channel.voice, .chat]) func `ends whatever the caller does`(_ channel: Channel) async throws {
    var state: UInt64 = channel == .voice ? 7 : 11
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    let words = Cafe.meanings.keys.sorted() + ["/SetSlots(guests=3)", "/hours", "gibberish", "and"]
    var cases = "test_cases:\n"
    for number in 0..<60 {
      cases += "- test_case: n\(number)\n  channel: \(channel.rawValue)\n  steps:\n"
      for step in 0..<12 {
        let bargeIn = step > 0 && draw(5) == 0 ? ", barge_in_at: \(100 + draw(2000))ms" : ""
        switch draw(10) {
        case 0: cases += "  - {dtmf: \"\(["1", "2", "12#", "0", "*"][draw(5)])\"\(bargeIn)}\n"
        case 1: cases += "  - {silence: \(1 + draw(12))s}\n"
        case 2 where step == 11: cases += "  - {hangup: true}\n"
        default: cases += "  - {user: \"\(words[draw(words.count)])\"\(bargeIn)}\n"
        }
      }
    }
    let cafe = try Cafe(cases: cases)
    let report = try await cafe.report()
    #expect(report.cases.count == 60)
    for result in report.cases {
      #expect(result.milliseconds < 1_000_000, "\(result.name)")
      // Nothing is asserted: only a call that is over, an agent that is silent, and words nobody knows stop a case.
      for failure in result.failures {
        #expect(
          ["the call is over", "the agent says nothing", "nobody says what these words mean"].contains(failure.found))
      }
    }
    #expect(report.cases.contains { $0.status == .passed })
    #expect(try await cafe.report() == report)
  }

  @Test func `is alike every time`() async throws {
    let cafe = try Cafe(cases: Self.three)
    #expect(try await cafe.report() == cafe.report())
  }
}

private final class Elements: NSObject, XMLParserDelegate {
  var names: [String] = []
  var attributes: [String: [[String: String]]] = [:]
  var text = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    names.append(name)
    self.attributes[name, default: []].append(attributes)
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
