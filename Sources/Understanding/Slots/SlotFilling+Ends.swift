import Core
import Language

// Which end of something a value is: where it comes from or goes to, whether it lies behind or ahead.

extension SlotFilling {
  /// Whether the words in front of a value agree with the end its slot is for: "from savings" is no target.
  func goesTheRightWay(_ reading: SlotReading, _ grammar: SlotGrammar, _ slot: SlotName, in text: String) -> Bool {
    switch grammar {
    case .choice, .digits: break
    default: return true
    }
    guard let wanted = Direction(named: slot.parts, locale: definition.locale),
      let said = Direction(before: reading.words.lowerBound, in: text, locale: definition.locale)
    else { return true }
    return wanted == said
  }

  /// Whether the words name an end that no slot is for: "from my savings" where the money always comes from elsewhere.
  func namesEndOfNobody(in slots: [SlotName], besides taken: [Filled]) -> Bool {
    slots.contains { slot in
      guard let grammar = grammar(of: slot) else { return false }
      return SlotReader.read(text, as: grammar, context: context(of: slot)).contains { reading in
        !goesTheRightWay(reading, grammar, slot, in: text)
          && !taken.contains { $0.reading.words.overlaps(reading.words) }
      }
    }
  }

  /// Whether the words name a value of the other end: "from 12345678" where the payee is asked for.
  func namesOtherEnd(of slot: SlotName, _ grammar: SlotGrammar) -> Bool {
    SlotReader.read(text, as: grammar, context: context(of: slot)).contains {
      !goesTheRightWay($0, grammar, slot, in: text)
    }
  }
}

extension SlotName {
  /// The words of its name.
  var parts: [String] { rawValue.split(separator: "_").map { $0.lowercased() } }
}

extension SlotDefinition {
  /// On which side of today its days lie: behind when it refuses those ahead.
  var tense: ReadingContext.Tense {
    guard grammar == .date else { return .future }
    if name.parts.contains(where: ["birth", "birthday", "birthdate", "born", "dob"].contains) { return .birth }
    return rejections.contains { $0.condition.refusesAhead(name) } ? .past : .future
  }
}

extension Predicate {
  /// Whether it holds of all days ahead: `slots.day > context.today`, whatever else it asks.
  fileprivate func refusesAhead(_ slot: SlotName) -> Bool {
    switch self {
    case .all(let parts): parts.contains { $0.refusesAhead(slot) }
    case .compare(.slot(slot), .greater, .context("today")), .compare(.slot(slot), .greaterOrEqual, .context("today")):
      true
    case .compare(.context("today"), .less, .slot(slot)), .compare(.context("today"), .lessOrEqual, .slot(slot)): true
    default: false
    }
  }
}
