import Core
import Testing

@testable import Assistant

/// One mistake: what is written instead of what, where the message points, and what it says.
struct Mistake: CustomTestStringConvertible {
  var file: String
  var old: String
  var new: String
  /// The text at whose beginning the message points.
  var at: String
  var key: String
  var code: AssistantProblem.Code
  var says: String
  var hints: String = ""
  var severity = AssistantProblem.Severity.error
  var testDescription: String { "\(code.rawValue): \(says)" }
}

private let assistant = "assistant.yml"
private let domain = "domain.yml"
private let flow = "flows/book.yml"
private let tools = "tools.yml"

private let mistakes: [Mistake] = [
  // assistant.yml
  Mistake(
    file: assistant, old: "language: en-US", new: "langauge: en-US", at: "langauge", key: "langauge", code: .unknownKey,
    says: "unknown key `langauge`", hints: "did you mean `language`?"),
  Mistake(
    file: assistant, old: "language: en-US", new: "language: English", at: "English", key: "language",
    code: .wrongValue, says: "`English` is no language tag", hints: "en-US"),
  Mistake(
    file: assistant, old: "language: en-US", new: "profile: c14", at: "c14", key: "profile", code: .wrongValue,
    says: "`c14` is no profile", hints: "c13"),
  Mistake(
    file: assistant, old: "language: en-US", new: "voice: {longest_call: 3h}", at: "3h", key: "voice.longest_call",
    code: .wrongType, says: "expected a length of time, found `3h`", hints: "`250ms`, `3s`"),
  Mistake(
    file: assistant, old: "language: en-US", new: "voice: {clarify_below: 45}", at: "45", key: "voice.clarify_below",
    code: .wrongType, says: "expected a certainty", hints: "`0.45` or `45%`"),
  Mistake(
    file: assistant, old: "language: en-US", new: "voice: {end_of_turn: {certain: 2s}}", at: "{certain",
    key: "voice.end_of_turn", code: .wrongValue, says: "out of order", hints: "`certain` is the shortest"),
  Mistake(
    file: assistant, old: "language: en-US", new: "name: other", at: "name: other", key: "name", code: .duplicateKey,
    says: "`name` is written twice", hints: "line 1"),
  Mistake(
    file: assistant, old: "${HOST_URI}", new: "the front desk", at: "the front desk", key: "destinations.host",
    code: .wrongValue, says: "no address to transfer to", hints: "`sip:`"),
  Mistake(
    file: assistant, old: "${HOST_URI}", new: "\"sip:host:hunter2@pbx.example.com\"", at: "\"sip:",
    key: "destinations.host", code: .literalSecret, says: "literal password", hints: "`${NAME}`"),
  Mistake(
    file: assistant, old: "${HOST_URI}", new: "${HOST URI}", at: "${HOST URI}", key: "destinations.host",
    code: .wrongValue, says: "`${HOST URI}` is no reference", hints: "`${NAME}`"),
  Mistake(
    file: assistant, old: "    success: slots.booking_outcome = 'completed'\n", new: "", at: "description: A table",
    key: "jobs.book.success", code: .missingKey, says: "a job has no `success`",
    hints: "what holds when the job is done"),
  Mistake(
    file: assistant, old: "slots.booking_outcome =", new: "slots.booking_outcom =", at: "slots.booking_outcom",
    key: "jobs.book.success", code: .unknownName, says: "no slot `booking_outcom`", hints: "`booking_outcome`"),

  // domain.yml: slots
  Mistake(
    file: domain, old: "    type: bool", new: "    type: boolean", at: "boolean", key: "slots.confirmed.type",
    code: .wrongValue, says: "`boolean` is no slot type", hints: "write `bool`"),
  Mistake(
    file: domain, old: "    values: [inside, terrace]\n", new: "", at: "type: categorical", key: "slots.seating.values",
    code: .missingKey, says: "a slot has no `values`", hints: "`values: [small, large]`"),
  Mistake(
    file: domain, old: "[inside, terrace]", new: "[inside, Inside]", at: "Inside", key: "slots.seating.values[1]",
    code: .duplicateName, says: "`Inside` is listed twice"),
  Mistake(
    file: domain, old: "    values: [inside, terrace]", new: "    values: [inside, terrace]\n    max_value: 3",
    at: "max_value: 3", key: "slots.seating.max_value", code: .conflictingKeys,
    says: "a categorical slot has no `max_value`", hints: "`type: float`"),
  Mistake(
    file: domain, old: "max_value: 12", new: "max_value: twelve", at: "twelve", key: "slots.guests.max_value",
    code: .wrongType, says: "expected a number, found `twelve`"),
  Mistake(
    file: domain, old: "grammar: date", new: "grammar: dat", at: "dat\n".trimmingEnd, key: "slots.day.voice.grammar",
    code: .wrongValue, says: "`dat` is no grammar", hints: "`date`"),
  Mistake(
    file: domain, old: "{type: digits, length: 8}", new: "{type: digits, length: 8, minimum: 4}", at: "minimum: 4",
    key: "slots.phone.voice.grammar.minimum", code: .conflictingKeys, says: "`length` and `minimum` exclude each other"),
  Mistake(
    file: domain, old: "{type: digits, length: 8}", new: "money", at: "money", key: "slots.phone.voice.grammar",
    code: .wrongValue, says: "does not fit the slot's type", hints: "`type: float`"),
  Mistake(
    file: domain, old: "label: identifier", new: "label: identifer", at: "identifer", key: "slots.phone.voice.label",
    code: .wrongValue, says: "`identifer` is no label", hints: "`identifier`"),
  Mistake(
    file: domain, old: "mappings: [{type: controlled}]", new: "mappings: [{type: controled}]", at: "controled",
    key: "slots.booking_outcome.mappings[0].type", code: .wrongValue, says: "`controled` is no mapping",
    hints: "`controlled`"),
  Mistake(
    file: domain, old: "  confirmed:\n    type: bool", new: "  confirmed:\n    type: bool\n    initial_value: yes",
    at: "yes", key: "slots.confirmed.initial_value", code: .ambiguousValue, says: "a bare `yes`",
    hints: "`true` or `false`", severity: .warning),
  Mistake(
    file: domain, old: "  confirmed:\n    type: bool", new: "  confirmed:\n    type: bool\n    initial_value: perhaps",
    at: "perhaps", key: "slots.confirmed.initial_value", code: .wrongType,
    says: "expected true or false, found `perhaps`"),
  Mistake(
    file: domain, old: "responses:", new: "responces:", at: "responces", key: "responces", code: .unknownKey,
    says: "unknown key `responces`", hints: "did you mean `responses`?"),

  // domain.yml: responses
  Mistake(
    file: domain, old: "  utter_booked:\n    - text:", new: "  booked:\n    - text:", at: "booked:\n".trimmingEnd,
    key: "responses.booked", code: .wrongValue, says: "`booked` is no name of a response", hints: "`utter_booked`"),
  Mistake(
    file: domain, old: "  utter_booked:\n    - text: \"It is booked.\"", new: "  utter_booked: It is booked.",
    at: "It is booked.", key: "responses.utter_booked", code: .wrongType, says: "expected a list of variants",
    hints: "`- `"),
  Mistake(
    file: domain, old: "- text: \"It is booked.\"", new: "- txt: \"It is booked.\"", at: "txt",
    key: "responses.utter_booked[0].txt", code: .unknownKey, says: "unknown key `txt`", hints: "`text`"),
  Mistake(
    file: domain, old: "\"A table for {guests}. Is", new: "\"A table for {guest}. Is", at: "\"A table for {guest}",
    key: "responses.utter_ask_confirmed[0].text", code: .unknownName, says: "no slot `guest`", hints: "`guests`"),
  Mistake(
    file: domain, old: "\"It is booked.\"", new: "\"Your pin is {pin}.\"", at: "\"Your pin",
    key: "responses.utter_booked[0].text", code: .wrongValue, says: "is a secret and is never spoken"),
  Mistake(
    file: domain, old: "\"It is booked.\"", new: "\"It is {{ slots.day }.\"", at: "{{ slots.day",
    key: "responses.utter_booked[0].text", code: .template, says: "this text does not parse"),
  Mistake(
    file: domain, old: "condition: slots.guests > 0", new: "condition: slots.guests >", at: "",
    key: "responses.utter_ask_confirmed[0].condition", code: .predicate, says: "this condition does not parse"),
  Mistake(
    file: domain, old: "voice: {attempt: 2}", new: "voice: {attempt: 0}", at: "0}",
    key: "responses.utter_ask_phone[1].voice.attempt", code: .wrongValue, says: "0 is out of range",
    hints: "from 1 to 9"),
  Mistake(
    file: domain, old: "voice: {attempt: 2}", new: "voice: {interruption: must_be_herd}", at: "must_be_herd",
    key: "responses.utter_ask_phone[1].voice.interruption", code: .wrongValue,
    says: "`must_be_herd` is no interruption policy", hints: "`must_be_heard`"),
  Mistake(
    file: domain, old: "\"It is booked.\"", new: "It is: booked", at: ": booked", key: "", code: .syntax,
    says: "not well-formed YAML", hints: "needs quotes"),
  Mistake(
    file: domain, old: "    type: bool", new: "\ttype: bool", at: "\ttype", key: "", code: .syntax,
    says: "not well-formed YAML", hints: "spaces, not tabs"),

  // flows
  Mistake(
    file: flow, old: "- id: ask\n        collect: guests", new: "- id: ask\n        colect: guests", at: "colect",
    key: "flows.book.steps[0].colect", code: .unknownKey, says: "unknown key `colect` in a step",
    hints: "did you mean `collect`?"),
  Mistake(
    file: flow, old: "    description: Books a table\n", new: "", at: "voice: {menu_key", key: "flows.book.description",
    code: .missingKey, says: "a flow has no `description`", hints: "by which the flow is chosen"),
  Mistake(
    file: flow, old: "description:", new: "descripton:", at: "descripton", key: "flows.book.descripton",
    code: .unknownKey, says: "unknown key `descripton` in a flow", hints: "`description`"),
  Mistake(
    file: flow, old: "collect: phone", new: "collect: fone", at: "fone", key: "flows.book.steps[1].collect",
    code: .unknownName, says: "no slot `fone`", hints: "`phone`"),
  Mistake(
    file: flow, old: "collect: phone", new: "collect: day", at: "day", key: "flows.book.steps[1].collect",
    code: .unknownName, says: "no response `utter_ask_day`"),
  Mistake(
    file: flow, old: "action: book_table", new: "action: book_tabel", at: "book_tabel",
    key: "flows.book.steps[3].action", code: .unknownName, says: "no action `book_tabel`", hints: "`book_table`"),
  Mistake(
    file: flow, old: "action: utter_booked", new: "action: utter_boked", at: "utter_boked",
    key: "flows.book.steps[4].action", code: .unknownName, says: "no response `utter_boked`", hints: "`utter_booked`"),
  Mistake(
    file: flow, old: "then: booked", new: "then: bokked", at: "bokked", key: "flows.book.steps[3].next[0].then",
    code: .unknownName, says: "`bokked` is no step of `book`", hints: "`booked`"),
  Mistake(
    file: flow, old: "next: END", new: "next: end", at: "end", key: "flows.book.steps[4].next", code: .unknownName,
    says: "`end` is no step", hints: "`END` in capitals"),
  Mistake(
    file: flow, old: "- if: slots.confirmed\n", new: "- if: slots.confirmd\n", at: "slots.confirmd",
    key: "flows.book.steps[2].next[0].if", code: .unknownName, says: "no slot `confirmd`", hints: "`confirmed`"),
  Mistake(
    file: flow, old: "slots.booking_outcome = 'completed'", new: "slots.booking_outcome = = 'completed'",
    at: "= 'completed'", key: "flows.book.steps[3].next[0].if", code: .predicate, says: "this condition does not parse"),
  Mistake(
    file: flow, old: "- if: slots.confirmed\n            then: book\n", new: "- if: slots.confirmed\n",
    at: "if: slots.confirmed", key: "flows.book.steps[2].next[0].then", code: .missingKey,
    says: "a branch has no `then`", hints: "where to go"),
  Mistake(
    file: flow, old: "- else: failed\n", new: "- else: failed\n          - if: true\n            then: booked\n",
    at: "else: failed", key: "flows.book.steps[3].next[1]", code: .conflictingKeys, says: "`else` always holds",
    hints: "move it to the end"),
  Mistake(
    file: flow, old: "[{guests: null}]", new: "[{guests: many}]", at: "guests: many",
    key: "flows.book.steps[2].next[1].else[0].set_slots[0].guests", code: .wrongType,
    says: "the value does not fit the slot `guests`", hints: "float"),
  Mistake(
    file: flow, old: "- id: failed\n        action: utter_failed",
    new: "- id: failed\n        action: utter_failed\n        collect: phone", at: "collect: phone\n".trimmingEnd,
    key: "flows.book.steps[5].collect", code: .conflictingKeys, says: "`action` and `collect` in one step",
    hints: "two steps"),
  Mistake(
    file: flow, old: "- id: booked", new: "- id: book", at: "book\n".trimmingEnd, key: "flows.book.steps[4].id",
    code: .duplicateName, says: "the step `book` is defined twice"),
  Mistake(
    file: flow, old: "- id: failed\n        action: utter_failed", new: "- id: failed\n        link: pattern_goodbye",
    at: "pattern_goodbye", key: "flows.book.steps[5].link", code: .wrongValue,
    says: "`pattern_goodbye` cannot be linked", hints: "pattern_human_handoff"),
  Mistake(
    file: flow, old: "- id: failed\n        action: utter_failed", new: "- id: failed\n        link: bok",
    at: "bok\n".trimmingEnd, key: "flows.book.steps[5].link", code: .unknownName, says: "no flow `bok`", hints: "`book`"
  ),
  Mistake(
    file: flow, old: "- id: failed\n        action: utter_failed", new: "- id: failed\n        noop: true",
    at: "id: failed", key: "flows.book.steps[5]", code: .missingKey, says: "has no `next`"),
  Mistake(
    file: flow, old: "ask_before_filling: true", new: "ask_before_filling: on", at: "on\n".trimmingEnd,
    key: "flows.book.steps[2].ask_before_filling", code: .ambiguousValue, says: "a bare `on`",
    hints: "`true` or `false`", severity: .warning),
  Mistake(
    file: flow, old: "{confirmation: none, maximum_no_match: 2}", new: "{confirmation: always}", at: "always",
    key: "flows.book.steps[1].voice.confirmation", code: .wrongValue, says: "`always` is no confirmation"),
  Mistake(
    file: flow, old: "{confirmation: none, maximum_no_match: 2}", new: "{confirmation: none, max_no_match: 2}",
    at: "max_no_match", key: "flows.book.steps[1].voice.max_no_match", code: .unknownKey,
    says: "unknown key `max_no_match`", hints: "`maximum_no_match`"),
  Mistake(
    file: flow, old: "voice: {confirmation: none, maximum_no_match: 2}", new: "dtmf: {length: 8, finish_on_key: \"#\"}",
    at: "finish_on_key", key: "flows.book.steps[1].dtmf.finish_on_key", code: .conflictingKeys,
    says: "`length` and `finish_on_key` exclude each other"),
  Mistake(
    file: flow, old: "{confirmation: none, maximum_no_match: 2}", new: "{approval: supervisor}", at: "approval",
    key: "flows.book.steps[1].voice.approval", code: .unsupported, says: "`approval` is not enforced here",
    hints: "write it at the tool"),
  Mistake(
    file: flow, old: "menu_key: \"1\"", new: "menu_key: \"12\"", at: "\"12\"", key: "flows.book.voice.menu_key",
    code: .wrongValue, says: "`12` is no key of the menu", hints: "one digit"),
  Mistake(
    file: flow, old: "job: book}", new: "job: bok}", at: "bok}", key: "flows.book.voice.job", code: .unknownName,
    says: "no job `bok`", hints: "`book`"),
  Mistake(
    file: flow,
    old:
      "      - collect: confirmed\n        ask_before_filling: true\n        next:\n          - if: slots.confirmed\n            then: book\n          - else:\n              - set_slots: [{guests: null}]\n                next: ask\n",
    new: "", at: "id: book", key: "flows.book.steps.book", code: .flow, says: "needs 'confirmed'"),

  // examples and tools
  Mistake(
    file: "examples/en-US.yml", old: "  book:", new: "  bok:", at: "bok", key: "examples.bok", code: .unknownName,
    says: "no flow `bok`", hints: "`book`"),
  Mistake(
    file: "examples/en-US.yml", old: "    - dinner for four\n", new: "", at: "book:", key: "examples.book",
    code: .advice, says: "has 9 examples", hints: "varied words", severity: .warning),
  Mistake(
    file: tools, old: "Bearer ${TABLES_TOKEN}", new: "Bearer hunter2", at: "Authorization",
    key: "headers.Authorization", code: .literalSecret, says: "holds a literal secret", hints: "`${NAME}`"),
  Mistake(
    file: tools, old: "POST /tables/{phone}", new: "POST /tables/{phone}?token=hunter2", at: "POST",
    key: "tools.book_table.request", code: .literalSecret, says: "literal secret in `token`", hints: "`${NAME}`"),
  Mistake(
    file: tools, old: "base: ${TABLES_URL}", new: "base: https://user:hunter2@example.com", at: "https://", key: "base",
    code: .literalSecret, says: "literal password"),
  Mistake(
    file: tools, old: "POST /tables/{phone}", new: "FETCH /tables/{phone}", at: "FETCH",
    key: "tools.book_table.request", code: .wrongValue, says: "expected a method and a path",
    hints: "`GET /orders/{order_number}`"),
  Mistake(
    file: tools, old: "POST /tables/{phone}", new: "POST /tables/{fone}", at: "POST", key: "tools.book_table.request",
    code: .unknownName, says: "`{fone}` is no argument", hints: "`phone`"),
  Mistake(
    file: tools, old: "    changes_state: true\n", new: "", at: "description: Books",
    key: "tools.book_table.changes_state", code: .missingKey, says: "a tool has no `changes_state`", hints: "true when"),
  Mistake(
    file: tools, old: "{type: integer}", new: "{type: integer, pattern: '1'}", at: "'1'",
    key: "tools.book_table.arguments.guests.pattern", code: .conflictingKeys, says: "only a string has a pattern",
    hints: "`type: string`"),
  Mistake(
    file: tools, old: "{type: integer}", new: "{type: int}", at: "int}", key: "tools.book_table.arguments.guests.type",
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
    file: tools, old: "confirmed_by: confirmed", new: "confirmed_by: phone", at: "phone\n".trimmingEnd,
    key: "tools.book_table.confirmed_by", code: .wrongType, says: "is no yes or no", hints: "`type: bool`"),
  Mistake(
    file: tools, old: "    probe: GET /requests/{idempotency_key}", new: "", at: "description: Books",
    key: "tools.book_table", code: .advice, says: "has no `probe`", hints: "`probe: GET", severity: .warning),
  Mistake(
    file: tools, old: "probe: GET", new: "probe: POST", at: "POST /requests", key: "tools.book_table.probe",
    code: .wrongValue, says: "a probe only looks", hints: "`GET ...`"),
]

extension String {
  /// The text without its line break, for texts that end a line.
  fileprivate var trimmingEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}

@Suite struct AuthoringMistakeTests {
  @Test func `the small assistant has no problems`() throws {
    #expect(try Folder(Folder.small).load().problems == [])
  }

  @Test(arguments: mistakes) func `a mistake is named with its place, its key and what would be right`(
    _ mistake: Mistake
  ) throws {
    let folder = try Folder.small(mistake.file, mistake.old, mistake.new)
    let problems = folder.problems()
    let found = problems.filter {
      $0.code == mistake.code && $0.key == mistake.key && $0.message.contains(mistake.says)
    }
    try #require(!found.isEmpty, "found instead: \(problems.map(\.description).joined(separator: "\n"))")
    let problem = found[0]
    let lines = try #require(folder.files[mistake.file]).split(separator: "\n", omittingEmptySubsequences: false)
    let line = lines[problem.location.line - 1].unicodeScalars.dropFirst(problem.location.column - 1)
    #expect(problem.location.file == mistake.file)
    #expect(String(line).hasPrefix(mistake.at), "points at \(problem.location): \(String(line))")
    #expect((problem.hint ?? "").contains(mistake.hints), "hint: \(problem.hint ?? "none")")
    #expect(problem.severity == mistake.severity)
    #expect(!problems.contains { $0.description.contains("hunter2") }, "a literal secret is never shown")
  }

  @Test func `all problems are told at once`() throws {
    var files = Folder.small
    files["assistant.yml"]? += "\nvioce: {}\n"
    files["domain.yml"]? += "\nslotz: {}\n"
    files["tools.yml"]? += "\ntoolz: {}\n"
    files["flows/book.yml"]? += "\nflowz: {}\n"
    let found = try Folder(files).problems().filter { $0.code == .unknownKey }
    #expect(found.map(\.key) == ["vioce", "slotz", "flowz", "toolz"])
  }

  @Test func `several keys written twice are all told`() throws {
    var files = Folder.small
    files["assistant.yml"] = "name: a\nname: b\nlanguage: en-US\nlanguage: de\n'persona': {\"name\": x, name: y}\n"
    let found = try Folder(files).problems().filter { $0.code == .duplicateKey }
    #expect(found.map(\.location.line) == [2, 4, 5])
    #expect(found.map(\.location.column) == [1, 1, 24])
  }

  @Test func `two flows cannot have one key`() throws {
    var files = Folder.small
    files["flows/again.yml"] = files["flows/book.yml"]?.replacing(
      "  book:\n    description", with: "  again:\n    description")
    let found = try Folder(files).problems().filter { $0.code == .duplicateName }
    #expect(found.map(\.message) == ["the key 1 already starts `again`"])
    #expect(found.first?.key == "flows.book.voice.menu_key")
  }

  @Test(arguments: [
    ("password", true), ("db_password", true), ("auth", true), ("auth_token", true), ("api_key", true),
    ("X-Api-Key", true),
    ("Authorization", true), ("client_secret", true), ("Cookie", true), ("key", true), ("author", false),
    ("order", false),
    ("monkey", false), ("Accept", false),
  ])
  func `keys that hold secrets are known by their names`(key: String, tells: Bool) {
    #expect(SecretGuard.tells(key) == tells)
  }

  @Test func `a broken definition is one problem, not one for each use`() throws {
    let folder = try Folder.small("tools.yml", "    changes_state: true\n", "")
    #expect(folder.problems().filter { $0.severity == .error }.count == 1)
  }

  @Test func `an unreadable file does not make its names unknown`() throws {
    let folder = try Folder.small("domain.yml", "slots:", "slots: {{")
    #expect(folder.problems().filter { $0.severity == .error }.map(\.code) == [.syntax])
  }

  @Test func `the same name in two files is told with the other place`() throws {
    var files = Folder.small
    files["flows/again.yml"] = files["flows/book.yml"]
    files["domain/more.yml"] = "slots:\n  phone: {type: text}\n"
    let found = try Folder(files).problems().filter { $0.code == .duplicateName }
    #expect(found.map(\.message) == ["the slot `phone` is defined twice", "the flow `book` is defined twice"])
    let other = try Folder(files).place(of: "phone:", in: "domain.yml")
    #expect(found.first?.hint?.contains("the other is at \(other)") == true)
  }

  @Test(
    arguments: [
      ("missing", [:], "there is no such folder"), ("empty", ["readme.md": "x"], "no `assistant.yml`"),
      ("misnamed", ["assistent.yml": "name: x"], "no `assistant.yml`"),
    ] as [(String, [String: String], String)])
  func `a folder that is none says so`(name: String, files: [String: String], says: String) throws {
    let folder = try Folder(files)
    let error = #expect(throws: AssistantLoadError.self) { try folder.load() }
    #expect(error?.problems.first?.message.contains(says) == true)
    if name == "misnamed" { #expect(error?.problems.first?.hint == "rename `assistent.yml`") }
  }

  @Test func `an error of loading lists every error on its line`() throws {
    let folder = try Folder.small("assistant.yml", "language: en-US", "langauge: en-US")
    let error = try #require(throws: AssistantLoadError.self) { try folder.load() }
    #expect(error.code == "assistant.not_loaded")
    #expect(error.description.contains("\nassistant.yml:2:1: error: langauge: unknown key `langauge`"))
    #expect(!error.isRetryable)
  }
}
