import Core
import Language

// Addresses: inside a request, and what is said to one that was read back.

extension SlotFilling {
  /// An address inside a request, and the request without it: "change my address to 14 Main Street".
  func embeddedAddress(_ slot: SlotName) -> (value: Filled, before: String, behind: String)? {
    guard grammar(of: slot) == .address else { return nil }
    let words = Word.split(text)
    for index in words.indices.dropLast(2)
    where LanguagePack.pack(for: definition.locale).talk.addressLeads.contains(words[index].text) {
      let tail = words.spoken(index + 1..<words.count)
      guard let filled = reading(slot, in: tail), filled.reading.confidence.permille >= 800,
        filled.reading.words.lowerBound == 0,
        filled.reading.isStreetAddress(in: Word.split(tail), locale: definition.locale)
      else { continue }
      return (filled, words.spoken(0..<index + 1), filled.reading.remainder)
    }
    return nil
  }

  /// What the turn says to an address that is filled: a part of it, or a street in the same town.
  func mending(of slot: SlotName) -> AddressMending? {
    guard let held = request.filled[slot]?.revealedText else { return nil }
    return AddressMending.of(text, held: held, locale: definition.locale)
  }

  /// A filled address of which the caller says that a part is not right, without what it should be.
  func doubtedAddress(_ slots: [SlotName]) -> SlotName? {
    slots.first { slot in
      slot != request.awaiting && grammar(of: slot) == .address && mending(of: slot) == .unclear
    }
  }

  /// "6 Rose Street, Bath", and nothing else.
  func isPlainAddress(_ filled: Filled) -> Bool {
    filled.reading.coversWhole
      && filled.reading.isStreetAddress(in: Word.split(text), locale: definition.locale)
      && filled.reading.isNoSentence(in: Word.split(text), locale: definition.locale)
  }

  func whole(_ slot: SlotName, _ address: String) -> Filled {
    Filled(
      slot: slot,
      reading: SlotReading(
        value: .text(address), confidence: Confidence(permille: 760), coversWhole: true,
        words: 0..<Word.split(text).count, remainder: "", isCorrection: true),
      grammar: .address)
  }
}

extension Array where Element == Word {
  /// The words of a range with the pauses between them.
  func spoken(_ range: Range<Int>) -> String {
    range.map { self[$0].original + (self[$0].pauses && $0 + 1 < range.upperBound ? "," : "") }.joined(separator: " ")
  }
}
