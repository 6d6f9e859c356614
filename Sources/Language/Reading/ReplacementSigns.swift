public import Core

/// Whether the words around a value say that it takes the place of one that is there already. A value alone is no correction:
/// "do it tomorrow" says when, not that another day was wrong.
public struct ReplacementSigns {
  private let words: [Word]
  private let reading: SlotReading
  private let grammar: SlotGrammar
  private let pack: LanguagePack

  /// Signs around a value that was read from a text.
  public init(text: String, reading: SlotReading, grammar: SlotGrammar, locale: LocaleTag) {
    words = Word.split(text)
    self.reading = reading
    self.grammar = grammar
    pack = .pack(for: locale)
  }

  /// "No, Friday", "make it Friday", "the day should be Friday", "yes, but on Friday".
  public var areThere: Bool {
    !isPutOff && (reading.isCorrection || asksForAnother || namesKind || followsBut)
  }

  /// "Ask me tomorrow", "I'll call back on Friday": no value at all, but where one is asked for.
  public var isPutOff: Bool {
    switch grammar {
    case .date, .time: !pack.talk.deferrals.matches(in: outside).isEmpty
    default: false
    }
  }

  /// Whether the value says by its form alone that it is one: a day with its month, an amount with its unit, and nothing beside it.
  public var isPlain: Bool {
    guard reading.coversWhole else { return false }
    switch grammar {
    case .date:
      return words[reading.words].contains { word in
        pack.calendar.months[word.text] != nil || word.text.first?.isNumber == true && word.text.count > 4
      }
    // "it is late" chooses nothing
    case .choice: return pack.talk.fillers.covers(outside)
    default: return true
    }
  }

  private var outside: [String] {
    words.indices.filter { !reading.words.contains($0) }.map { words[$0].text }
  }

  private var asksForAnother: Bool { !pack.talk.replacements.matches(in: outside).isEmpty }

  /// "The day", "another time".
  private var namesKind: Bool {
    guard let nouns = kind.flatMap({ pack.talk.valueNouns[$0] }) else { return false }
    return words.indices.dropFirst().contains { index in
      !reading.words.contains(index) && nouns.contains(words[index].text)
        && pack.talk.nounOpenings.contains(words[index - 1].text)
    }
  }

  private var kind: String? {
    switch grammar {
    case .date: "date"
    case .time: "time"
    case .money: "money"
    case .number: "number"
    default: nil
    }
  }

  /// "Yes, but on Friday": nothing of weight stands between.
  private var followsBut: Bool {
    guard let but = words.indices.last(where: { $0 < reading.words.lowerBound && words[$0].text == "but" }) else {
      return false
    }
    return pack.talk.carriers.covers(words[but + 1..<reading.words.lowerBound].map(\.text))
  }
}
