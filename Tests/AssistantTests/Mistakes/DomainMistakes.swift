@testable import Assistant

private let domain = "domain.yml"

extension Mistake {
  static let inSlots: [Mistake] = [
    Mistake(
      file: domain, old: "    type: bool", new: "    type: boolean", at: "boolean", key: "slots.confirmed.type",
      code: .wrongValue, says: "`boolean` is no slot type", hints: "write `bool`"),
    Mistake(
      file: domain, old: "    values: [inside, terrace]\n", new: "", at: "type: categorical",
      key: "slots.seating.values",
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
      file: domain, old: "grammar: date", new: "grammar: dat", at: "dat", key: "slots.day.voice.grammar",
      code: .wrongValue, says: "`dat` is no grammar", hints: "`date`"),
    Mistake(
      file: domain, old: "{type: digits, length: 8}", new: "{type: digits, length: 8, minimum: 4}", at: "minimum: 4",
      key: "slots.phone.voice.grammar.minimum", code: .conflictingKeys,
      says: "`length` and `minimum` exclude each other"),
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
      file: domain, old: "  confirmed:\n    type: bool",
      new: "  confirmed:\n    type: bool\n    initial_value: perhaps",
      at: "perhaps", key: "slots.confirmed.initial_value", code: .wrongType,
      says: "expected true or false, found `perhaps`"),
    Mistake(
      file: domain, old: "responses:", new: "responces:", at: "responces", key: "responces", code: .unknownKey,
      says: "unknown key `responces`", hints: "did you mean `responses`?"),
  ]

  static let inResponses: [Mistake] = [
    Mistake(
      file: domain, old: "  utter_booked:\n    - text:", new: "  booked:\n    - text:", at: "booked:",
      key: "responses.booked", code: .wrongValue, says: "`booked` is no name of a response", hints: "`utter_booked`"),
    Mistake(
      file: domain, old: "  utter_booked:\n    - text: \"It is booked.\"", new: "  utter_booked: It is booked.",
      at: "It is booked.", key: "responses.utter_booked", code: .wrongType, says: "expected a list of variants",
      hints: "`- `"),
    Mistake(
      file: domain, old: "- text: \"It is booked.\"", new: "- txt: \"It is booked.\"", at: "txt",
      key: "responses.utter_booked[0].txt", code: .unknownKey, says: "unknown key `txt`", hints: "`text`"),
    Mistake(
      file: domain, old: "\"A table for {guests}, under {phone}. Is", new: "\"A table for {guest}, under {phone}. Is",
      at: "\"A table for {guest}",
      key: "responses.utter_ask_confirmed[0].text", code: .unknownName, says: "no slot `guest`", hints: "`guests`"),
    Mistake(
      file: domain, old: "\"It is booked.\"", new: "\"Your pin is {pin}.\"", at: "\"Your pin",
      key: "responses.utter_booked[0].text", code: .wrongValue, says: "is a secret and is never spoken"),
    Mistake(
      file: domain, old: "\"It is booked.\"", new: "\"It is {{ slots.day }.\"", at: "{{ slots.day",
      key: "responses.utter_booked[0].text", code: .template, says: "this text does not parse"),
    Mistake(
      file: domain, old: "\"It is booked.\"", new: "\"It is booked for {day{day}}.\"", at: "{day{day}}",
      key: "responses.utter_booked[0].text", code: .template, says: "this '{' begins no place to fill",
      hints: "none within another"),
    Mistake(
      file: domain, old: "\"It is booked.\"", new: "\"It is booked for day}.\"", at: "}.",
      key: "responses.utter_booked[0].text", code: .template, says: "this '}' ends none", hints: "{slot}"),
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
  ]
}
