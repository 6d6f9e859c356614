public import Core

/// What is said to an address that was read back: a part of it, a street in the same town, or that a part is wrong.
public enum AddressMending: Hashable, Sendable {
  /// The whole address as it is to be now.
  case address(String)
  /// A part is named, and what it should be was not.
  case unclear

  /// What an utterance makes of an address; nil when it names no part of one.
  public static func of(_ text: String, held: String, locale: LocaleTag) -> AddressMending? {
    let pack = LanguagePack.pack(for: locale)
    guard let parts = AddressParts(Word.split(held), pack: pack) else { return nil }
    return Reader(words: Word.split(text), text: text, held: parts, pack: pack).mending
  }

  private struct Reader {
    let words: [Word]
    let text: String
    let held: AddressParts
    let pack: LanguagePack

    private var texts: [String] { words.texts }

    var mending: AddressMending? {
      if let street = sameTown { return .address(street) }
      if let unit { return .address(unit) }
      if let town { return .address(town) }
      if let street { return .address(street) }
      if let number { return .address(number) }
      return namesOwnPart && !isWholeAddress ? .unclear : nil
    }

    /// "No, I meant 21 Long Acre": a street line alone keeps the town.
    private var sameTown: String? {
      let reader = FreeAnswerReader(words: words, pack: pack, isAddress: true)
      guard let reading = reader.readings().first, let said = reading.value.revealedText, let town = held.town,
        !namesPart,
        let new = AddressParts(Word.split(said), pack: pack), new.place.isEmpty, new.endsStreet || new.street.count == 1
      else { return nil }
      return "\(said), \(town)"
    }

    private var isWholeAddress: Bool { AddressParts(words, pack: pack)?.endsStreet == true }

    /// "With flat 3", "it's apartment 2 b".
    private var unit: String? {
      guard let index = words.indices.first(where: { pack.address.units.contains(texts[$0]) }) else { return nil }
      var next = index + 1
      while next < words.count,
        pack.address.partNames.contains(texts[next]) || pack.address.links.contains(texts[next])
      {
        next += 1
      }
      guard next < words.count, let first = texts[next].first,
        first.isNumber || texts[next].count == 1 || isFigure(next), !hasStreet
      else { return nil }
      let new = "\(words[index].original) \(words[next].original)"
      if let old = held.unit { return held.replacing(old, by: new) }
      return held.replacing(0..<0, by: new + ",")
    }

    /// "The city is Bristol", "Bristol, not Bath".
    private var town: String? {
      if let name = words.indices.last(where: { pack.address.towns.contains(texts[$0]) }),
        let value = value(behind: name + 1), !held.place.isEmpty || held.endsStreet
      {
        return held.place.isEmpty
          ? held.replacing(held.words.count..<held.words.count, by: value)
          : held.replacing(held.place, by: value)
      }
      guard let old = held.town.map({ Word.split($0).texts }), let new = replacement(of: old) else { return nil }
      return held.replacing(held.place, by: new)
    }

    /// "The street is Rose Lane", "Rose Lane, not Rose Street".
    private var street: String? {
      if let name = words.indices.first(where: { index in
        pack.address.streetNames.contains(texts[index])
          && (index == 0 || pack.address.partOpenings.contains(texts[index - 1]))
      }),
        let value = value(behind: name + 1)
      {
        return held.replacing(held.street, by: value)
      }
      guard held.endsStreet, let new = replacement(of: held.words[held.street].map(\.text)) else { return nil }
      return held.replacing(held.street, by: new)
    }

    /// "The house number is 8", "make it 10", "8, not 6".
    private var number: String? {
      let loose = words.indices.filter { index in
        !pack.address.partNames.contains(texts[index])
      }
      let rest = loose.map { words[$0].original + (words[$0].pauses ? "," : "") }.joined(separator: " ")
      if let lettered = lettered(loose) { return held.replacing(held.number, by: lettered) }
      let context = ReadingContext(today: CivilDate(daysSinceEpoch: 0), minuteOfDay: 0, locale: pack.locale)
      let grammar = SlotGrammar.number(minimum: 1, maximum: 99_999)
      guard let reading = SlotReader.read(rest, as: grammar, context: context).first,
        reading.confidence.permille >= 600, saysMore(reading),
        pack.talk.carriers.covers(Word.split(reading.remainder).texts.filter { !isTalk($0) })
      else { return nil }
      guard case .number(let number) = reading.value else { return nil }
      return held.replacing(held.number, by: String(Int(number)))
    }

    /// "8b": a number of a house only.
    private func lettered(_ loose: [Int]) -> String? {
      let found = loose.filter { index in
        let text = texts[index]
        return text.first?.isNumber == true && text.last?.isLetter == true && text.count <= 5
          && text.drop { $0.isNumber }.count == 1
      }
      let others = loose.filter { !found.contains($0) }.map { texts[$0] }
      return found.count == 1 && pack.talk.carriers.covers(others.filter { !isTalk($0) }) && others.count > 0
        ? words[found[0]].original : nil
    }

    /// A bare number counts anything: a word has to say that it belongs here.
    private func saysMore(_ reading: SlotReading) -> Bool {
      reading.isCorrection || namesPart || !pack.talk.replacements.matches(in: texts).isEmpty
        || texts.contains("but")
    }

    private func isTalk(_ word: String) -> Bool { pack.address.talk.contains(word) }

    /// What follows "is" behind the name of a part.
    private func value(behind index: Int) -> String? {
      guard let link = pack.address.links.match(texts, at: index, before: words.count) else { return nil }
      let start = index + link.count
      guard start < words.count, !pack.address.references.contains(texts[start]) else { return nil }
      return words[start...].map(\.original).joined(separator: " ")
    }

    /// What is said in the place of words that are denied: "Bristol, not Bath", "not Bath but Bristol".
    private func replacement(of old: [String]) -> String? {
      guard let negation = pack.talk.negators.matches(in: texts).last?.range, !old.isEmpty else { return nil }
      let end = negation.upperBound + old.count
      guard end <= words.count, Array(texts[negation.upperBound..<end]) == old else { return nil }
      if end < words.count, let again = pack.talk.negationEnds.match(texts, at: end, before: words.count),
        end + again.count < words.count
      {
        return words.written(end + again.count..<words.count)
      }
      var start = 0
      while start < negation.lowerBound,
        isTalk(texts[start]) || pack.talk.carriers.contains(texts[start]) || pack.talk.fillers.contains(texts[start])
      {
        start += 1
      }
      return start < negation.lowerBound && end == words.count ? words.written(start..<negation.lowerBound) : nil
    }

    private var hasStreet: Bool { AddressParts(words, pack: pack)?.endsStreet == true && !namesPart }

    private var namesPart: Bool { words.indices.contains { name(at: $0) != nil } }

    /// "The number" may be any.
    private var namesOwnPart: Bool {
      words.indices.contains { name(at: $0).map { $0 != ["number"] } ?? false }
    }

    private func name(at index: Int) -> [String]? {
      guard let name = pack.address.partNames.match(texts, at: index, before: words.count) else { return nil }
      guard index == 0 || pack.address.partOpenings.contains(texts[index - 1]) else { return nil }
      let isPart =
        !pack.address.streets.contains(texts[index])
        || pack.address.links.match(texts, at: index + name.count, before: words.count) != nil
      return isPart ? Array(texts[index..<index + name.count]) : nil
    }

    private func isFigure(_ index: Int) -> Bool { pack.numbers.isNumber(texts[index]) }
  }
}
