import Core
import Foundation
import TestSupport
import Testing

@testable import Assistant

/// An assistant's folder under the temporary directory, gone when the value is.
final class Folder {
  let files: [String: String]
  private let home: TemporaryFolder
  /// There from the first file on.
  let path: String

  init(_ files: [String: String]) throws {
    self.files = files
    home = try TemporaryFolder()
    path = home.path + "/assistant"
    for (name, text) in files { try write(name, text) }
  }

  func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

  func write(_ name: String, _ data: Data) throws { try home.write("assistant/" + name, data) }

  func load() throws(AssistantLoadError) -> LoadedAssistant { try AssistantLoader.load(folder: path) }

  /// Everything the loader says, whether it loads or not.
  func problems() -> [AssistantProblem] {
    do { return try load().problems } catch { return error.problems }
  }

  /// A small assistant that loads without a word.
  static let small: [String: String] = [
    "assistant.yml": """
    name: cafe
    language: en-US
    destinations:
      host: ${HOST_URI}
    jobs:
      book:
        description: A table is booked
        success: slots.booking_outcome = 'completed'
    """,
    "domain.yml": """
    slots:
      guests:
        type: float
        min_value: 1
        max_value: 12
      day:
        type: text
        voice:
          grammar: date
          label: none
      seating:
        type: categorical
        values: [inside, terrace]
      phone:
        type: text
        voice:
          grammar: {type: digits, length: 8}
          label: identifier
      confirmed:
        type: bool
      pin:
        type: text
        voice: {label: secret}
      booking_outcome:
        type: text
        mappings: [{type: controlled}]
        voice: {label: none}
    responses:
      utter_ask_guests:
        - text: "For how many people?"
      utter_ask_phone:
        - text: "What is your phone number?"
        - text: "Please say it digit by digit."
          voice: {attempt: 2}
      utter_ask_confirmed:
        - text: "A table for {guests}, under {phone}. Is that right?"
          condition: slots.guests > 0
        - text: "Is that right?"
      utter_booked:
        - text: "It is booked."
      utter_failed:
        - text: "It did not work."
    """,
    "flows/book.yml": """
    flows:
      book:
        description: Books a table
        voice: {menu_key: "1", job: book}
        steps:
          - id: ask
            collect: guests
            rejections:
              - if: slots.guests > 8
                utter: utter_failed
          - collect: phone
            voice: {confirmation: none, maximum_no_match: 2}
          - collect: confirmed
            ask_before_filling: true
            next:
              - if: slots.confirmed
                then: book
              - else:
                  - set_slots: [{guests: null}]
                    next: ask
          - id: book
            action: book_table
            next:
              - if: slots.booking_outcome = 'completed'
                then: booked
              - else: failed
          - id: booked
            action: utter_booked
            next: END
          - id: failed
            action: utter_failed
    """,
    "examples/en-US.yml": """
    examples:
      book:
        - book a table
        - i want to book a table
        - a table for two
        - reservation please
        - can we come tonight
        - do you have a table
        - dinner for four
        - table on the terrace
        - we want to eat at your place
        - is there a free table
    """,
    "tools.yml": """
    base: ${TABLES_URL}
    headers:
      Authorization: Bearer ${TABLES_TOKEN}
    tools:
      book_table:
        description: Books a table
        request: POST /tables/{phone}
        arguments:
          guests: {type: integer}
          phone: {type: string, pattern: '\\d{8}'}
        results:
          booking.state: {type: string, slot: day}
        refusals: [full]
        outcome: booking_outcome
        deadline: 3s
        changes_state: true
        confirmed_by: confirmed
        probe: GET /requests/{idempotency_key}
    """,
  ]

  /// The small assistant with one text of one file replaced.
  static func small(_ file: String, _ old: String, _ new: String) throws -> Folder {
    var files = small
    let text = try #require(files[file], "no file \(file)")
    try #require(text.components(separatedBy: old).count == 2, "`\(old)` is there once in \(file)")
    files[file] = text.replacingOccurrences(of: old, with: new)
    return try Folder(files)
  }

  /// Line and column of the first occurrence of a text in a file, from 1.
  func place(of text: String, in file: String) throws -> Core.SourceLocation {
    let lines = try #require(files[file]).components(separatedBy: "\n")
    let line = try #require(lines.firstIndex { $0.contains(text) }, "`\(text)` is in \(file)")
    let start = try #require(lines[line].range(of: text)).lowerBound
    return Core.SourceLocation(
      file: file, line: line + 1,
      column: lines[line].unicodeScalars.distance(from: lines[line].startIndex, to: start) + 1)
  }
}
