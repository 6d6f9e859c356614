import Assistant
import Core
import Rehearsal
import TestSupport

/// A small assistant whose test cases are written in the tests.
struct Cafe {
  private let folder: TemporaryFolder
  var path: String { folder.path }

  init(cases: String, more: [String: String] = [:]) throws {
    var files = Self.files.merging(more) { $1 }
    files["tests/cases.yml"] = cases
    folder = try TemporaryFolder(files)
  }

  /// What is said in these tests, and what it means.
  static let meanings: [String: [Command]] = [
    "book": [.startFlow("book")], "hours": [.startFlow("hours")], "two": [.setSlot("guests", .text("2"))],
    "nine": [.setSlot("guests", .text("9"))], "inside": [.setSlot("seating", .text("inside"))],
    "outside": [.setSlot("seating", .text("terrace"))], "yes": [.answer(true)], "no": [.answer(false)],
    "stop": [.cancelFlow], "which": [.clarify(["book", "hours"])], "person": [.humanHandoff], "what": [],
    "all": [.startFlow("book"), .setSlot("guests", .text("2")), .setSlot("seating", .text("terrace"))],
  ]

  /// Plays the cases.
  func report(
    commands: RecordedCommands? = nil, understander: (any Understander)? = nil, channel: Channel? = .voice
  ) async throws -> TestReport {
    let run = TestRun(
      assistant: try AssistantLoader.load(folder: path),
      commands: commands ?? (understander == nil ? RecordedCommands(name: "table", utterances: Self.meanings) : nil),
      understander: understander, understanderName: "fake", clock: TestClock("2030-05-06T10:00")!.wallClock,
      channel: channel)
    return await run.run(try TestFolder.load(folder: path).cases)
  }

  /// Plays one case of these steps.
  static func play(
    _ steps: String, head: String = "", channel: Channel? = .voice
  ) async throws -> CaseResult {
    let lines = steps.split(separator: "\n", omittingEmptySubsequences: false).map { "      " + $0 }
    let cafe = try Cafe(cases: head + "test_cases:\n  - test_case: one\n    steps:\n" + lines.joined(separator: "\n"))
    return try await cafe.report(channel: channel).cases[0]
  }

  static let files = [
    "assistant.yml": "name: cafe\nlanguage: en-US\ndestinations: {host: \"${HOST_URI}\"}\n",
    "domain.yml": """
    slots:
      guests: {type: float, min_value: 1, max_value: 12}
      seating: {type: categorical, values: [inside, terrace]}
      confirmed: {type: bool}
      outcome: {type: text, mappings: [{type: controlled}], voice: {label: none}}
      table: {type: text, mappings: [{type: controlled}], voice: {label: none}}
      name: {type: text, voice: {label: name}}
    responses:
      utter_session_start:
        - {text: "Welcome to the cafe. We record nothing."}
      utter_ask_guests:
        - {text: "For how many people?"}
      utter_ask_seating:
        - {text: "Inside, or on the terrace?", channel: voice}
        - text: "Where?"
          channel: chat
          buttons:
            - {title: Inside, payload: /SetSlots(seating=inside)}
            - {title: Terrace, payload: /SetSlots(seating=terrace)}
      utter_ask_confirmed:
        - {text: "A table for {guests}, right?"}
      utter_full:
        - {text: "That is too many."}
      utter_booked:
        - {text: "It is booked. Your table is number {table}."}
      utter_failed:
        - {text: "It did not work."}
      utter_hours:
        - {text: "We are open from nine to five."}
    """,
    "flows.yml": """
    flows:
      book:
        description: Books a table
        voice: {menu_key: "1"}
        steps:
          - id: guests
            collect: guests
            rejections: [{if: slots.guests > 8, utter: utter_full}]
          - {id: seating, collect: seating, voice: {dtmf: {menu: {"1": inside, "2": terrace}}}}
          - id: confirm
            collect: confirmed
            ask_before_filling: true
            next:
              - {if: slots.confirmed, then: book}
              - else: END
          - id: book
            action: book_table
            next:
              - {if: "slots.outcome = 'completed'", then: booked}
              - else: failed
          - {id: booked, action: utter_booked, next: END}
          - {id: failed, action: utter_failed}
      hours:
        description: Tells the hours
        voice: {menu_key: "2"}
        steps:
          - {id: tell, action: utter_hours}
    """,
    "tools.yml": """
    base: ${CAFE_URL}
    tools:
      book_table:
        description: Books a table
        request: POST /tables
        arguments: {guests: {type: integer}}
        results: {table: {type: string, values: ["seven", "eight"], slot: table}}
        refusals: [full]
        outcome: outcome
        changes_state: true
        confirmed_by: confirmed
        probe: GET /requests/{idempotency_key}
    """,
  ]
}
