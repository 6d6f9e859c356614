import Core
import Language

/// Reads slot values out of a turn by the grammars of the slots that can be filled in its state.
struct SlotFilling {
  let definition: AssistantDefinition
  let request: UnderstandingRequest
  let text: String
  /// Questions that nothing less than a yes answers.
  let assents: Set<SlotName>

  /// A value for a slot.
  struct Filled: Hashable {
    var slot: SlotName
    var reading: SlotReading
    var grammar: SlotGrammar
  }

  func context(of slot: SlotName) -> ReadingContext {
    ReadingContext(
      today: request.today, minuteOfDay: request.minuteOfDay, locale: definition.locale,
      tense: definition.slots[slot]?.tense ?? .future)
  }

  /// The grammar of a slot that callers may fill; nil for others.
  func grammar(of slot: SlotName) -> SlotGrammar? {
    guard let slot = definition.slots[slot], slot.filledBy == .understanding else { return nil }
    if case .list = slot.type { return nil }
    return slot.effectiveGrammar
  }

  /// The best reading of a slot, whatever its confidence.
  func reading(_ slot: SlotName, in text: String? = nil) -> Filled? {
    guard let grammar = grammar(of: slot) else { return nil }
    let text = text ?? self.text
    let reading = SlotReader.read(text, as: grammar, context: context(of: slot)).first { reading in
      goesTheRightWay(reading, grammar, slot, in: text)
    }
    return reading.map { Filled(slot: slot, reading: joined($0, to: slot, grammar, in: text), grammar: grammar) }
  }

  /// Values for slots nobody asked for: over-answers, and corrections of filled ones. Only what is beyond doubt by its form.
  func unasked(_ slots: [SlotName], besides taken: [Filled] = []) -> [Filled] {
    var found: [Filled] = []
    for slot in slots where slot != request.awaiting {
      guard let filled = reading(slot), isDistinct(filled), isMeant(filled, among: slots) else { continue }
      let used = (taken + found).map(\.reading.words)
      guard !used.contains(where: { $0.overlaps(filled.reading.words) }) else { continue }
      found.append(filled)
    }
    return found
  }

  /// Forms that are not mistaken for something else.
  private func isDistinct(_ filled: Filled) -> Bool {
    let permille = filled.reading.confidence.permille
    switch filled.grammar {
    case .digits(let minimum, let maximum):
      // Six digits and more of a known length are hardly anything else, even when one of them was misheard as a word.
      return permille >= (minimum == maximum && minimum >= 6 ? 500 : 700) && maximum >= 4
    case .email: return permille >= 600
    case .date: return permille >= 500 && !isBareFigures(filled.reading)
    case .time, .money: return permille >= 900
    case .choice: return permille >= 900
    case .number: return permille >= 900 && isMentioned(filled.slot)
    case .yesNo, .name, .address, .spelling, .freeText: return false
    }
  }

  /// Eight figures are a day where one is asked for, and a number of something else where none is.
  private func isBareFigures(_ reading: SlotReading) -> Bool {
    Word.split(text)[reading.words].allSatisfy { $0.text.allSatisfy(\.isNumber) }
  }

  /// Whether the caller names the slot: "the order number was wrong".
  func isMentioned(_ slot: SlotName) -> Bool {
    let words = Set(Word.split(text).texts)
    return slot.rawValue.split(separator: "_").contains { $0.count >= 4 && words.contains(String($0)) }
  }

  /// A new address in a turn that answers something else: "no, it's 14 Elm Street", "change it to 14 Elm Street".
  func addressCorrection(_ slots: [SlotName]) -> Filled? {
    for slot in slots where slot != request.awaiting && request.filled[slot] != nil && grammar(of: slot) == .address {
      // "Make it sixty": an amount that was read back beside the address is meant rather than the house.
      if case .address(let mended)? = mending(of: slot), amountCorrection(slots)?.reading.coversWhole != true {
        return whole(slot, mended)
      }
      guard let filled = reading(slot), filled.reading.confidence.permille >= 750 else { continue }
      let words = Word.split(text).texts
      let talk = LanguagePack.pack(for: definition.locale).talk
      let opensWithTakingBack =
        talk.corrections.match(words, at: 0, before: words.count) != nil
        || talk.negators.match(words, at: 0, before: words.count) != nil
      if isMentioned(slot) { return filled }
      // "no, I have ten euros": a house's number stands at an end of its address
      guard filled.reading.hasNumberAtAnEnd(in: Word.split(text), locale: definition.locale) else { continue }
      if filled.reading.isCorrection || opensWithTakingBack || isPlainAddress(filled) { return filled }
    }
    return nil
  }

  /// Another amount or number in a turn that does not say yes to the one read back: "yes, but make it fifty". Only where one
  /// value alone can be meant.
  func amountCorrection(_ slots: [SlotName]) -> Filled? {
    let found = slots.filter { $0 != request.awaiting && request.filled[$0] != nil }.compactMap { slot -> Filled? in
      guard let filled = reading(slot), filled.reading.confidence.permille >= 600,
        request.filled[slot]?.revealedText != filled.reading.value.revealedText
      else { return nil }
      switch filled.grammar {
      case .money: return filled
      // "no, give me five more minutes": a bare number counts anything
      case .number: return filled.reading.coversWhole || isMentioned(slot) ? filled : nil
      default: return nil
      }
    }
    return found.count == 1 ? found[0] : nil
  }

  /// The turn without the values that a classifier would trip over: digits and addresses of the net.
  func wordsToClassify(_ slots: [SlotName]) -> String {
    var rest = text
    for slot in slots {
      guard let filled = reading(slot, in: rest), filled.reading.confidence.permille >= 500 else { continue }
      switch filled.grammar {
      case .digits, .email:
        rest = filled.reading.remainder
        // "no, I meant 8 7 6 ..." says nothing without its number: the slot's name stands in for it
        if rest.split(separator: " ").count < 4, !isMentioned(slot) {
          rest += (rest.isEmpty ? "" : " ") + slot.rawValue.split(separator: "_").joined(separator: " ")
        }
      default: continue
      }
    }
    let pack = LanguagePack.pack(for: definition.locale)
    let words = Word.split(rest)
    let start = pack.talk.start(behindFillersOf: words.texts)
    // A greeting alone is what it is; in front of a request it says nothing.
    return words.count - start >= 3 ? words.written(start..<words.count) : rest
  }
}
