import Core
import Language

// What the words that begin a journey bring for it.

extension SlotFilling {
  /// The values for slots in a request, and the request with the slots' names in their places.
  struct Opening {
    var values: [Filled] = []
    /// "Pay transfer amount to payee account": what is meant, whatever the values are.
    var named: String
    /// How many values have a form of their own: no word of the language is one.
    var counted = 0
  }

  /// Values that the words give unambiguously: by their form, and an amount that can be nothing else.
  func opening(_ slots: [SlotName]) -> Opening {
    var marked = self
    var opening = Opening(named: text)
    var names: [(mark: Character, slot: SlotName)] = []
    func mark(_ slot: SlotName) -> String {
      let mark = Self.mark(names.count)
      names.append((mark, slot))
      return String(mark)
    }
    func take(_ filled: Filled, from words: [Word]) {
      opening.values.append(filled)
      if case .choice = filled.grammar { return }
      opening.counted += 1
      let range = filled.reading.words
      let text = [words.spoken(0..<range.lowerBound), mark(filled.slot), words.spoken(range.upperBound..<words.count)]
      marked = marked.saying(text.filter { !$0.isEmpty }.joined(separator: " "))
    }
    for slot in slots {
      guard let found = marked.embeddedAddress(slot) else { continue }
      opening.values.append(found.value)
      opening.counted += 1
      marked = marked.saying([found.before, mark(slot), found.behind].filter { !$0.isEmpty }.joined(separator: " "))
    }
    // Numbers of a known length first: an amount beside them is not the other end of a range.
    for slot in slots.filter({ isOfKnownForm($0) }) + slots.filter({ !isOfKnownForm($0) }) {
      guard !opening.values.contains(where: { $0.slot == slot }) else { continue }
      let found = marked.unasked([slot]).first ?? (isOfKnownForm(slot) ? marked.behindLead(slot) : nil)
      if let found { take(found, from: Word.split(marked.text)) }
    }
    if let amount = marked.bareAmount(slots, besides: opening.values) { take(amount, from: Word.split(marked.text)) }
    opening.named = names.reduce(marked.text) { text, name in
      text.split(separator: name.mark, omittingEmptySubsequences: false).joined(
        separator: name.slot.rawValue.split(separator: "_").joined(separator: " "))
    }
    return opening
  }

  private static func mark(_ index: Int) -> Character {
    Character(Unicode.Scalar(UInt32(0xE000 + index)) ?? "\u{E000}")
  }

  private func saying(_ text: String) -> SlotFilling {
    SlotFilling(definition: definition, request: request, text: text, assents: assents)
  }

  /// "200 to 40662718": figures on both sides of a small word are not one number.
  private func behindLead(_ slot: SlotName) -> Filled? {
    let words = Word.split(text)
    let leads = LanguagePack.pack(for: definition.locale).talk.addressLeads
    for index in words.indices.dropLast() where leads.contains(words[index].text) {
      guard let filled = saying(words.spoken(index + 1..<words.count)).unasked([slot]).first else { continue }
      let range = filled.reading.words
      var moved = filled
      moved.reading = filled.reading.moved(to: range.lowerBound + index + 1..<range.upperBound + index + 1)
      return moved
    }
    return nil
  }

  private func isOfKnownForm(_ slot: SlotName) -> Bool {
    switch grammar(of: slot) {
    case .digits, .email: true
    default: false
    }
  }

  /// "Move 100 to savings": the only number, where the journey asks for one amount.
  private func bareAmount(_ slots: [SlotName], besides taken: [Filled]) -> Filled? {
    let amounts = slots.filter { if case .money? = grammar(of: $0) { true } else { false } }
    guard amounts.count == 1, !taken.contains(where: { $0.slot == amounts[0] }), let filled = reading(amounts[0]),
      filled.reading.confidence.permille >= 800, case .number(let amount) = filled.reading.value,
      amount >= Self.leastBareAmount, isMeant(filled, among: slots)
    else { return nil }
    return filled
  }

  /// Smaller numbers count anything: "one more transfer".
  private static let leastBareAmount = 10.0
}

extension SlotReading {
  /// The same reading of another value.
  func with(_ value: SlotValue) -> SlotReading {
    SlotReading(
      value: value, confidence: confidence, coversWhole: coversWhole, words: words, remainder: remainder,
      isCorrection: isCorrection, retracted: retracted)
  }

  /// The same reading, its words elsewhere in a longer text.
  fileprivate func moved(to range: Range<Int>) -> SlotReading {
    SlotReading(
      value: value, confidence: confidence, coversWhole: false, words: range, remainder: remainder,
      isCorrection: isCorrection, retracted: retracted)
  }
}
