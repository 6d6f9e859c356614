@testable import Assistant

private let assistant = "assistant.yml"

extension Mistake {
  static let inSettings: [Mistake] = [
    Mistake(
      file: assistant, old: "language: en-US", new: "langauge: en-US", at: "langauge", key: "langauge",
      code: .unknownKey, says: "unknown key `langauge`", hints: "did you mean `language`?"),
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
      file: assistant, old: "\n    success: slots.booking_outcome = 'completed'", new: "", at: "description: A table",
      key: "jobs.book.success", code: .missingKey, says: "a job has no `success`",
      hints: "what holds when the job is done"),
    Mistake(
      file: assistant, old: "slots.booking_outcome =", new: "slots.booking_outcom =", at: "slots.booking_outcom",
      key: "jobs.book.success", code: .unknownName, says: "no slot `booking_outcom`", hints: "`booking_outcome`"),
  ]
}
