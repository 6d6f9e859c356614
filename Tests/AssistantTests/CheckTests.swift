import Core
import Foundation
import Testing

@testable import Assistant

/// What `repartee check` says about folders.
@Suite struct CheckTests {
  /// The folder is there until its check is done.
  private func check(_ folder: Folder) -> CheckReport {
    withExtendedLifetime(folder) { AssistantCheck.run(folder: folder.path) }
  }

  @Test func `the shop can be published without a word`() {
    let report = AssistantCheck.run(folder: repository + "/Examples/shop")
    #expect(report.findings.flatMap(\.lines) == [])
    #expect(report.status == .publishable && report.status.exitStatus == 0 && report.version != nil)
  }

  @Test(arguments: ["bank", "clinic", "shop"]) func `an example says all that its changes use`(_ name: String) {
    let report = AssistantCheck.run(folder: repository + "/Examples/" + name)
    let codes = Set(report.findings.map(\.code))
    #expect(report.status == .publishable && codes.isDisjoint(with: ["flow.argument_unsaid", "response.too_long"]))
    let lines = report.findings.flatMap(\.lines)
    #expect(!lines.contains { $0.contains("argument_unsaid") || $0.contains("error:") })
  }

  @Test func `a problem is one line, whatever the author's file holds`() {
    let problem = AssistantProblem(
      .error, .unknownKey, at: SourceLocation(file: "flows/a.yml", line: 1, column: 1), key: "flows.\u{1B}]0;x\u{07}",
      "unknown key \u{9B}2J\u{202E}", hint: "one of a\nb")
    #expect(
      problem.description
        == #"flows/a.yml:1:1: error: flows.\u{1B}]0;x\u{07}: unknown key \u{9B}2J\u{202E} [assistant.unknown_key]. one of a\nb"#
    )
    #expect(AssistantLoadError(problems: [problem]).message.split(separator: "\n").count == 2)
  }

  @Test func `a small assistant can be published`() throws {
    let report = check(try Folder(Folder.small))
    #expect(report.findings.flatMap(\.lines) == [])
  }

  private static let readBack = "A table for {guests}, under {phone}. Is that right?"

  @Test(arguments: [
    ("tools.yml", "\n    confirmed_by: confirmed", "", "unconfirmed_action"),
    ("domain.yml", readBack, "A table for {guests}. Is that right?", "argument_unsaid"),
  ])
  func `a change that callers did not agree to is loaded and not published`(
    file: String, old: String, new: String, code: String
  ) throws {
    let folder = try Folder.small(file, old, new)
    #expect(try folder.load().problems.allSatisfy { $0.severity == .warning })
    let report = check(folder)
    #expect(report.status == .findings && report.version != nil)
    let findings = report.findings.filter { $0.message.hasSuffix("(flow.\(code))") }
    #expect(!findings.isEmpty && findings.allSatisfy { $0.severity == .error })
    #expect(findings.first?.location == (try folder.place(of: "id: book", in: "flows/book.yml")))
  }

  @Test(arguments: [
    ("tools.yml", "confirmed_by: confirmed", "confirmed_by: none", ""),
    ("domain.yml", readBack, "A table for {guests}. Is that right?", "read_back: false, "),
  ])
  func `unless its author says so`(file: String, old: String, new: String, argument: String) throws {
    var files = try Folder.small(file, old, new).files
    files["tools.yml"] = files["tools.yml"]?.replacingOccurrences(
      of: "phone: {type: string, ", with: "phone: {\(argument)type: string, ")
    #expect(check(try Folder(files)).findings.flatMap(\.lines) == [])
  }

  @Test(arguments: [
    ("action: utter_failed", ["book"]), ("action: utter_failed\n      - link: other", ["other"]),
  ])
  func `a flow that leads round to itself is an error where the link stands`(end: String, flows: [String]) throws {
    var files = Folder.small
    if flows == ["book"] {
      files["flows/book.yml"]?.append("\n      - id: again\n        link: book")
    } else {
      files["flows/two.yml"] = """
        flows:
          other:
            description: Says something
            if: false
            steps:
              - action: utter_booked
              - link: third
          third:
            description: Says something else
            if: false
            steps:
              - action: utter_failed
              - link: other
        """
    }
    let folder = try Folder(files)
    let report = check(folder)
    let found = report.findings.filter { $0.message.contains("endless_link") }
    #expect(report.status == .findings && found.count == (flows == ["book"] ? 1 : 2))
    #expect(found.allSatisfy { $0.severity == .error })
    let place = flows == ["book"] ? ("id: again", "flows/book.yml") : ("link: third", "flows/two.yml")
    #expect(found.first?.location.line == (try folder.place(of: place.0, in: place.1)).line)
  }

  @Test func `a finding has file, line, what to do and the shortest dialogue`() throws {
    let folder = try Folder.small(
      "flows/book.yml",
      """

              next:
                - if: slots.confirmed
                  then: book
                - else:
                    - set_slots: [{guests: null}]
                      next: ask
      """, "")
    let report = check(folder)
    #expect(report.status == .findings && report.status.exitStatus == 1 && report.version != nil)
    let finding = try #require(report.findings.first { $0.code == "flow.confirmation_missing" })
    #expect(finding.severity == .error && finding.key == "flows.book.steps.book")
    #expect(finding.location == (try folder.place(of: "id: book", in: "flows/book.yml")))
    #expect(
      finding.lines == [
        finding.lines[0],
        "    caller start book  \"book a table\"",
        "    agent  utter_ask_guests  \"For how many people?\"",
        "    caller guests = 7",
        "    agent  utter_ask_phone  \"What is your phone number?\"",
        "    caller phone = 12345678",
        "    agent  utter_ask_confirmed  \"Is that right?\"",
        "    caller confirmed = false",
        "    here   step book",
      ])
  }

  @Test func `few examples are told once, at the examples`() throws {
    let folder = try Folder.small("examples/en-US.yml", "\n    - is there a free table", "")
    let report = check(folder)
    #expect(report.findings.map(\.code) == ["flow.few_examples"])
    #expect(report.findings.first?.location.file == "examples/en-US.yml" && report.findings.first?.severity == .error)
  }

  @Test func `what does not load is a finding, what cannot be read is unreadable`() throws {
    let wrong = check(try Folder.small("flows/book.yml", "collect: phone", "colect: phone"))
    #expect(
      wrong.status == .findings && wrong.version == nil
        && wrong.findings.contains { $0.code == "assistant.unknown_key" })
    let none = AssistantCheck.run(folder: "/no/such/folder")
    #expect(none.status == .unreadable && none.status.exitStatus == 2)
  }

  @Test func `the report as JSON`() throws {
    let folder = try Folder.small("examples/en-US.yml", "\n    - is there a free table", "")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(check(folder))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(Set(json.keys) == ["version", "status", "findings"] && json["status"] as? String == "findings")
    let finding = try #require((json["findings"] as? [[String: Any]])?.first)
    #expect(
      Set(finding.keys) == ["severity", "code", "file", "line", "column", "key", "message", "hint", "dialogue"])
    let turn = try #require((finding["dialogue"] as? [[String: Any]])?.first)
    #expect(turn["speaker"] as? String == "caller" && turn["action"] as? String == "start book")
  }

  @Test func `an imported project has warnings where keys of ours are missing`() throws {
    let folder = try Folder([
      "config.yml": "recipe: default.v1\nlanguage: en\nassistant_id: bank-1\n",
      "domain.yml":
        "slots:\n  amount: {type: float, mappings: [{type: from_llm}]}\nresponses:\n  utter_ask_amount: [{text: \"How much?\"}]\n",
      "data/flows.yml": "flows:\n  pay:\n    description: Pays\n    steps:\n      - collect: amount\n",
    ])
    let report = check(folder)
    #expect(report.status == .publishable)
    #expect(report.findings.filter { $0.code == "flow.few_examples" }.map(\.severity) == [.warning])
  }
}
