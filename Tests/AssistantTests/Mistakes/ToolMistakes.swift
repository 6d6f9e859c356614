@testable import Assistant

private let tools = "tools.yml"

extension Mistake {
  static let inExamples: [Mistake] = [
    Mistake(
      file: "examples/en-US.yml", old: "  book:", new: "  bok:", at: "bok", key: "examples.bok", code: .unknownName,
      says: "no flow `bok`", hints: "`book`"),
    Mistake(
      file: "examples/en-US.yml", old: "    - dinner for four\n", new: "", at: "book:", key: "examples.book",
      code: .advice, says: "has 9 examples", hints: "varied words", severity: .warning),
  ]

  static let inTools: [Mistake] = [
    Mistake(
      file: tools, old: "Bearer ${TABLES_TOKEN}", new: "Bearer hunter2", at: "Authorization",
      key: "headers.Authorization", code: .literalSecret, says: "holds a literal secret", hints: "`${NAME}`"),
    Mistake(
      file: tools, old: "POST /tables/{phone}", new: "POST /tables/{phone}?token=hunter2", at: "POST",
      key: "tools.book_table.request", code: .literalSecret, says: "literal secret in `token`", hints: "`${NAME}`"),
    Mistake(
      file: tools, old: "base: ${TABLES_URL}", new: "base: https://user:hunter2@example.com", at: "https://",
      key: "base", code: .literalSecret, says: "literal password"),
    Mistake(
      file: tools, old: "POST /tables/{phone}", new: "FETCH /tables/{phone}", at: "FETCH",
      key: "tools.book_table.request", code: .wrongValue, says: "expected a method and a path",
      hints: "`GET /orders/{order_number}`"),
    Mistake(
      file: tools, old: "POST /tables/{phone}", new: "POST /tables/{fone}", at: "POST", key: "tools.book_table.request",
      code: .unknownName, says: "`{fone}` is no argument", hints: "`phone`"),
    Mistake(
      file: tools, old: "    changes_state: true\n", new: "", at: "description: Books",
      key: "tools.book_table.changes_state", code: .missingKey, says: "a tool has no `changes_state`",
      hints: "true when"),
    Mistake(
      file: tools, old: "{type: integer}", new: "{type: integer, pattern: '1'}", at: "'1'",
      key: "tools.book_table.arguments.guests.pattern", code: .conflictingKeys, says: "only a string has a pattern",
      hints: "`type: string`"),
    Mistake(
      file: tools, old: "{type: integer}", new: "{type: int}", at: "int}",
      key: "tools.book_table.arguments.guests.type",
      code: .wrongValue, says: "`int` is no type", hints: "write `integer`"),
    Mistake(
      file: tools, old: "'\\d{8}'", new: "'(\\d{8}'", at: "'(\\d{8}'", key: "tools.book_table.arguments.phone.pattern",
      code: .wrongValue, says: "no regular expression"),
    Mistake(
      file: tools, old: "{type: string, slot: day}", new: "{type: string, slot: dai}", at: "dai}",
      key: "tools.book_table.results.booking.state.slot", code: .unknownName, says: "no slot `dai`", hints: "`day`"),
    Mistake(
      file: tools, old: "{type: string, slot: day}", new: "{type: string, slot: guests}", at: "guests}",
      key: "tools.book_table.results.booking.state.slot", code: .wrongType,
      says: "a string does not fit the slot `guests`", hints: "float"),
    Mistake(
      file: tools, old: "outcome: booking_outcome", new: "outcome: seating", at: "seating",
      key: "tools.book_table.outcome", code: .wrongValue, says: "cannot hold `completed`", hints: "`type: text`"),
    Mistake(
      file: tools, old: "confirmed_by: confirmed", new: "confirmed_by: phone", at: "phone",
      key: "tools.book_table.confirmed_by", code: .wrongType, says: "is no yes or no", hints: "`type: bool`"),
    Mistake(
      file: tools, old: "    probe: GET /requests/{idempotency_key}", new: "", at: "description: Books",
      key: "tools.book_table", code: .advice, says: "has no `probe`", hints: "`probe: GET", severity: .warning),
    Mistake(
      file: tools, old: "probe: GET", new: "probe: POST", at: "POST /requests", key: "tools.book_table.probe",
      code: .wrongValue, says: "a probe only looks", hints: "`GET ...`"),
  ]

  private static func identifying(
    _ more: String, says: String, hints: String, code: AssistantProblem.Code, slot: String = "phone",
    type: String = "string", result: String = "phone", at: String? = nil, changes: Bool = false,
    key: String = "tools.find_guest.identifies"
  ) -> Mistake {
    Mistake(
      file: tools, old: "    probe: GET /requests/{idempotency_key}",
      new: """
            probe: GET /requests/{idempotency_key}
          find_guest:
            description: Finds out who calls
            request: \(changes ? "POST" : "GET") /guests
            changes_state: \(changes)
            \(changes ? "probe: GET /requests/{idempotency_key}" : "deadline: 3s")
            results:
              guest: {type: \(type), slot: \(result)}
            identifies: \(slot)
        \(more)
        """, at: at ?? slot, key: key, code: code, says: says, hints: hints)
  }

  static let inIdentifying: [Mistake] = [
    identifying(
      "", says: "`day` is no result of the tool", hints: "the slot of one of its `results`", code: .unknownName,
      slot: "day"),
    identifying("", says: "no slot `fone`", hints: "`phone`", code: .unknownName, slot: "fone"),
    identifying(
      "", says: "would stand in the journal in clear", hints: "`voice: {label: identifier}`", code: .wrongValue,
      slot: "day", result: "day"),
    identifying(
      "", says: "a tool that changes something does not say who calls", hints: "`changes_state: false`",
      code: .conflictingKeys, changes: true),
    identifying("", says: "boolean values name nobody", hints: "a string", code: .wrongValue, type: "boolean"),
    identifying(
      "", says: "expected a slot, found a list", hints: "", code: .wrongType, slot: "[phone, pin]", at: "[phone"),
    identifying(
      """
        find_other:
          description: Finds out who calls, by another slot
          request: GET /others
          changes_state: false
          results:
            other: {type: string, slot: pin}
          identifies: pin
      """, says: "callers are known by `phone` already", hints: "all tools that identify fill `phone`",
      code: .conflictingKeys, at: "pin", key: "tools.find_other.identifies"),
  ]
}
