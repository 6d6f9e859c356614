import Core
import Language

extension Inquiry {
  /// Whether a caller's value has words. One that is gone, and of which that was never asked, has none.
  mutating func canSay(_ sensitive: Sensitive<String>, _ grammar: SlotGrammar?) -> Bool {
    let question: String
    switch grammar {
    case .money: question = "can be said as an amount"
    case .number: question = "can be said as a number"
    case .spelling: question = "can be spelled"
    default: question = "can be said"
    }
    return facts.ask(sensitive, question) { .truth(!SpokenForm.text(for: .text($0), grammar: grammar).isBlank) }
      == .truth(true)
  }
}

extension String {
  /// Whether there is nothing to say in it.
  var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
