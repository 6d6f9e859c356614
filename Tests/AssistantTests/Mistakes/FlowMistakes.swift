@testable import Assistant

private let flow = "flows/book.yml"

extension Mistake {
  static let inFlows: [Mistake] = [
    Mistake(
      file: flow, old: "- id: ask\n        collect: guests", new: "- id: ask\n        colect: guests", at: "colect",
      key: "flows.book.steps[0].colect", code: .unknownKey, says: "unknown key `colect` in a step",
      hints: "did you mean `collect`?"),
    Mistake(
      file: flow, old: "    description: Books a table\n", new: "", at: "voice: {menu_key",
      key: "flows.book.description",
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
      at: "= 'completed'", key: "flows.book.steps[3].next[0].if", code: .predicate,
      says: "this condition does not parse"),
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
      new: "- id: failed\n        action: utter_failed\n        collect: phone", at: "collect: phone",
      key: "flows.book.steps[5].collect", code: .conflictingKeys, says: "`action` and `collect` in one step",
      hints: "two steps"),
    Mistake(
      file: flow, old: "- id: booked", new: "- id: book", at: "book", key: "flows.book.steps[4].id",
      code: .duplicateName, says: "the step `book` is defined twice"),
    Mistake(
      file: flow, old: "- id: failed\n        action: utter_failed", new: "- id: failed\n        link: pattern_goodbye",
      at: "pattern_goodbye", key: "flows.book.steps[5].link", code: .wrongValue,
      says: "`pattern_goodbye` cannot be linked", hints: "pattern_human_handoff"),
    Mistake(
      file: flow, old: "- id: failed\n        action: utter_failed", new: "- id: failed\n        link: bok",
      at: "bok", key: "flows.book.steps[5].link", code: .unknownName, says: "no flow `bok`", hints: "`book`"
    ),
    Mistake(
      file: flow, old: "- id: failed\n        action: utter_failed", new: "- id: failed\n        noop: true",
      at: "id: failed", key: "flows.book.steps[5]", code: .missingKey, says: "has no `next`"),
    Mistake(
      file: flow, old: "ask_before_filling: true", new: "ask_before_filling: on", at: "on",
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
      file: flow, old: "voice: {confirmation: none, maximum_no_match: 2}",
      new: "dtmf: {length: 8, finish_on_key: \"#\"}",
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
  ]
}
