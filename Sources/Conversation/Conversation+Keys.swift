import Core
import Dialogue
import Language
import Turns

// Keys are commands at once: they answer the question asked, or choose from the menu of journeys.

extension Conversation {
  mutating func commands(for entry: KeyEntry, at now: CallInstant) -> [ProposedCommand] {
    let context = dialogue.understandingContext
    switch entry {
    case .choice(let value):
      if let slot = context.awaiting { return [.keyed(.setSlot(slot, value))] }
      guard case .text(let key) = value else { return [.notAKeyHere] }
      return [command(of: key)]
    case .digits(let digits, let isComplete):
      let asked = keysAsked
      if let slot = context.awaiting, let asked,
        let value = value(of: digits, isComplete: isComplete, for: slot, by: asked, at: now)
      {
        return [.keyed(.setSlot(slot, value))]
      }
      // At a question of a journey other keys than its own are slips, but for the two that work everywhere.
      let isBound = asked != nil && context.awaiting != nil && context.activeFlow != nil
      let journeys = journeysByKey.map(\.keys)
      let commons = [KeyMenu.person, KeyMenu.again]
      for keys in isBound ? commons : journeys + commons where isKey(digits, keys) {
        return [command(of: keys)]
      }
      return [.notAKeyHere]
    }
  }

  /// What may be keyed at the question that is open, or where nothing is asked; nil: single keys.
  private var keysAsked: DigitGrammar? {
    if case .caller(let plan) = dialogue.waiting { plan.digits } else { nil }
  }

  /// What an entry says to the question; nil when it says nothing.
  private mutating func value(
    of entry: Sensitive<String>, isComplete: Bool, for slot: SlotName, by asked: DigitGrammar, at now: CallInstant
  ) -> SlotValue? {
    guard asked.menu.isEmpty else {
      for (keys, value) in asked.menu.sorted(by: { $0.key < $1.key }) where keys.count > 1 && isKey(entry, keys) {
        return value
      }
      return nil
    }
    guard isComplete else { return nil }
    guard let grammar = assistant.slots[slot]?.effectiveGrammar,
      let form = KeyedForm(grammar, locale: assistant.locale)
    else { return .sensitive(entry) }
    return form.value(of: entry, by: asked, today: clock.date(at: now), facts: &facts).map { .sensitive($0) }
  }

  /// Journeys that can be started, or gone on with.
  private var journeysByKey: [KeyMenu.Entry] {
    let open = Set(dialogue.understandingContext.startable + dialogue.stack.map(\.flow))
    return dialogue.assistant.keys.entries.filter { open.contains($0.flow) }
  }

  /// The command of keys that answer no question: a journey, a person, the last words again.
  private func command(of keys: String) -> ProposedCommand {
    for entry in journeysByKey where entry.keys == keys { return .keyed(.startFlow(entry.flow)) }
    switch keys {
    case KeyMenu.person: return .keyed(.humanHandoff)
    case KeyMenu.again: return .keyed(.repeatLast)
    default: return .notAKeyHere
    }
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
