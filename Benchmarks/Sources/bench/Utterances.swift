import Core
import Language

/// What callers say, with the grammar of the slot they were asked for; nil: open talk.
enum Utterances {
  private static let spoken: [(text: String, grammar: SlotGrammar?)] = [
    ("where is my order", nil), ("I want to change the delivery address of my order please", nil), ("mhm", nil),
    ("okay so I was wondering whether you could deliver it on another day", nil), ("Stop.", nil), ("thank you", nil),
    ("one zero four seven three eight two nine", .digits(minimum: 8, maximum: 8)),
    ("It's 1047 3829.", .digits(minimum: 8, maximum: 8)),
    ("double two oh five eight one six three", .digits(minimum: 8, maximum: 8)),
    ("12345678, no I meant 87654321", .digits(minimum: 8, maximum: 8)), ("yes that's right", .yesNo),
    ("no, thank you", .yesNo), ("next Friday", .date), ("the twentieth of May", .date),
    ("could you bring it on March the thirteenth, two thousand thirty", .date),
    ("half past three in the afternoon", .time),
    ("forty five dollars and twenty cents", .money(currency: "USD")), ("fourteen Main Street, Springfield", .address),
    ("jane dot doe at example dot com", .email), ("A B 1 2 C D", .spelling(minimum: 6, maximum: 6)),
    ("my name is Jane Doe", .name), ("the box was open and one cup is missing", .freeText),
  ]

  static func suite() throws -> Suite {
    let context = ReadingContext(today: CivilDate(daysSinceEpoch: 22_040), minuteOfDay: 600)
    let asked = spoken.compactMap { entry in entry.grammar.map { (entry.text, $0) } }
    let heard = spoken.enumerated().map { index, entry in
      (
        Sensitive(token: SensitiveToken(label: .speech, id: "u\(index)"), value: entry.text),
        ListenPlan(grammar: entry.grammar)
      )
    }
    for (text, grammar) in asked where SlotReader.read(text, as: grammar, context: context).isEmpty {
      throw BenchmarkError("nothing was read in an utterance: \(text)")
    }
    return Suite(
      name: "language", input: "\(spoken.count) utterances, \(asked.count) of them answers to a question",
      workloads: [
        Workload("splitting into words, lower case", unit: "utterance", operations: spoken.count) {
          for entry in spoken { consume(entry.text.lowercased().split { !$0.isLetter && !$0.isNumber }) }
        },
        Workload("HeardFeatures.describe", unit: "utterance", operations: heard.count) {
          for (text, plan) in heard {
            consume(HeardFeatures.describe(text: text, confidence: Confidence(permille: 800), listening: plan))
          }
        },
        Workload("SlotReader.read", unit: "utterance", operations: asked.count) {
          for (text, grammar) in asked { consume(SlotReader.read(text, as: grammar, context: context)) }
        },
      ])
  }
}
