import Core
import Dialogue
import Turns

// Keys are commands at once: they answer the question asked, or choose from the menu of journeys.

extension Conversation {
  /// The keys that work in every call: a person and the last words again.
  enum CommonKey {
    static let person = "0"
    static let again = "*"
  }

  mutating func commands(for entry: KeyEntry) -> [ProposedCommand] {
    let context = dialogue.understandingContext
    switch entry {
    case .choice(let value):
      guard let slot = context.awaiting else { return [.notAKeyHere] }
      return [.keyed(.setSlot(slot, value))]
    case .digits(let digits, let isComplete):
      if let slot = context.awaiting, acceptsDigits(slot) {
        return isComplete ? [.keyed(.setSlot(slot, .sensitive(digits)))] : [.notAKeyHere]
      }
      return [menuCommand(for: digits, startable: context.startable) ?? .notAKeyHere]
    }
  }

  /// The journeys by key: the author's keys, then the free ones of 1 to 9 in order of id.
  static func menu(of flows: [Flow]) -> [(key: String, flow: FlowID)] {
    var free = (1...9).map(String.init).filter { key in !flows.contains { $0.voice.menuKey == key } }
    return flows.compactMap { flow in
      if let key = flow.voice.menuKey { return (key, flow.id) }
      return free.isEmpty ? nil : (free.removeFirst(), flow.id)
    }
  }

  private func acceptsDigits(_ slot: SlotName) -> Bool {
    switch assistant.slots[slot]?.effectiveGrammar {
    case .digits, .number, .money, .spelling: true
    default: false
    }
  }

  private mutating func menuCommand(for key: Sensitive<String>, startable: [FlowID]) -> ProposedCommand? {
    let flows = startable.sorted().compactMap { assistant.flows[$0] }
    for (choice, flow) in Self.menu(of: flows) where isKey(key, choice) { return .keyed(.startFlow(flow)) }
    if isKey(key, CommonKey.person) { return .keyed(.humanHandoff) }
    if isKey(key, CommonKey.again) { return .keyed(.repeatLast) }
    return nil
  }

  private mutating func isKey(_ pressed: Sensitive<String>, _ key: String) -> Bool {
    facts.ask(pressed, "is key \(key)") { .truth($0 == key) } == .truth(true)
  }
}

extension ProposedCommand {
  fileprivate static func keyed(_ command: Command) -> ProposedCommand {
    ProposedCommand(command, confidence: .certain, proposer: "keys", source: .keys)
  }

  fileprivate static let notAKeyHere = keyed(.cannotHandle(.notUnderstood))
}
