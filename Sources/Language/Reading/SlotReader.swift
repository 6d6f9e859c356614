public import Core

/// Reads values out of what was said, by the grammar of a slot. Pure; never fails, finds nothing instead.
///
/// A grammar guesses no missing part: seven of eight digits are no reading.
public enum SlotReader {
  /// The values an utterance may hold for a grammar, best first; several when it is ambiguous, none when nothing fits.
  public static func read(_ text: String, as grammar: SlotGrammar, context: ReadingContext) -> [SlotReading] {
    let pack = LanguagePack.pack(for: context.locale)
    let words = Word.split(text)
    guard !words.isEmpty else { return [] }
    switch grammar {
    case .freeText, .address:
      return FreeAnswerReader(words: words, pack: pack, isAddress: grammar == .address).readings()
    case .yesNo:
      return YesNoReader(text: text, words: words, pack: pack).readings()
    default:
      return CorrectionWeighing(words: words, pack: pack, grammar: grammar, context: context).readings()
    }
  }

  /// Findings of one grammar in a range of the words, corrections apart.
  static func findings(
    _ words: [Word], in range: Range<Int>, as grammar: SlotGrammar, pack: LanguagePack, context: ReadingContext
  ) -> [Finding] {
    guard !range.isEmpty else { return [] }
    switch grammar {
    case .digits(let minimum, let maximum):
      return DigitReader(words: words, range: range, pack: pack).findings(minimum: minimum, maximum: maximum)
    case .number(let minimum, let maximum):
      return NumberReader(words: words, range: range, pack: pack).findings(minimum: minimum, maximum: maximum)
    case .money(let currency):
      return MoneyReader(words: words, range: range, pack: pack, currency: currency).findings()
    case .date:
      return DateReader(words: words, range: range, pack: pack, context: context).findings()
    case .time:
      return TimeReader(words: words, range: range, pack: pack, context: context).findings()
    case .choice(let choices):
      return ChoiceReader(words: words, range: range, pack: pack, context: context).findings(choices)
    case .name:
      return NameReader(words: words, range: range, pack: pack).findings()
    case .email:
      return EmailReader(words: words, range: range, pack: pack).findings()
    case .spelling(let minimum, let maximum):
      return SpellingReader(words: words, range: range, pack: pack).findings(minimum: minimum, maximum: maximum)
    case .yesNo, .address, .freeText:
      return []
    }
  }
}
