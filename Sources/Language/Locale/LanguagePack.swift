public import Core

/// A language as a value: the words by which it is heard and spoken. Grammars read with it and spoken forms are made from it.
///
/// Another language is another value; a pack whose number or date order cannot be told by these tables needs grammars of its own.
public struct LanguagePack: Hashable, Sendable {
  /// The locale it is for.
  public let locale: LocaleTag

  package var numbers: NumberWords
  package var calendar: CalendarWords
  package var talk: TalkWords
  package var open: OpenWords
  package var additions: AdditionWords
  package var directions: DirectionWords
  package var address: AddressWords
  package var yesNo: YesNoWords
  package var spelling: SpellingWords
  package var speech: SpeechWords

  /// The pack for a locale: an exact match, else one of the same language, else American English.
  public static func pack(for locale: LocaleTag) -> LanguagePack {
    available.first { $0.locale == locale } ?? available.first { $0.locale.language == locale.language }
      ?? .americanEnglish
  }

  /// Every pack that is built in.
  public static let available: [LanguagePack] = [.americanEnglish]

  /// American English.
  public static let americanEnglish = LanguagePack(
    locale: .americanEnglish, numbers: .english, calendar: .english, talk: .english, open: .english,
    additions: .english, directions: .english, address: .english, yesNo: .english, spelling: .english, speech: .english)
}

/// Words for numbers.
package struct NumberWords: Hashable, Sendable {
  /// Digit names, also unusual ones.
  var digits: [String: Int]
  /// Words that sound like a digit and count as one inside a run of digits only.
  var soundAlikes: [String: Int]
  /// Ten to nineteen.
  var teens: [String: Int]
  /// Twenty to ninety.
  var tens: [String: Int]
  /// `hundred`.
  var hundred: Set<String>
  /// `thousand`, `million`.
  var scales: [String: Double]
  /// Letters that stand for one behind a number: `k`.
  var scaleLetters: [Character: Double]
  /// `double`, `triple`.
  var multipliers: [String: Int]
  /// First to nineteenth, and the tens.
  var ordinals: [String: Int]
  /// Endings of ordinals in figures: `st`, `nd`, `rd`, `th`.
  var ordinalEndings: [String]
  /// `and` inside a number.
  var joiner: String
  /// `point`.
  var point: String
  /// `minus`.
  var minus: Set<String>
  /// `a` in "a hundred".
  var article: Set<String>
  /// `half`.
  var half: String
  /// Words that may stand between the groups of one spoken number.
  var runFillers: PhraseSet
  /// Words for an end of a number, `last`: whether it is the last one.
  var ends: [String: Bool]
  /// Words between "the last four" and what they are.
  var runLeads: PhraseSet
  /// Words after which "one" is no digit: "this one".
  var pronounBefore: Set<String>
  /// Words for the major unit of money.
  var majorUnits: [String: String]
  /// Words that say of which country a unit is: "Canadian".
  var unitOrigins: Phrasebook<String>
  /// Words for the minor unit of money.
  var minorUnits: Set<String>
  /// Those of them that only one currency has.
  var minorUnitOwners: [String: String]
  /// Words in "s" that may follow an amount and count nothing.
  var behindAmounts: Set<String>
  /// Signs of currencies.
  var currencySigns: [Character: String]

  /// Whether a word is a digit, or a number below a hundred.
  func isNumber(_ word: String) -> Bool { digits[word] != nil || teens[word] != nil || tens[word] != nil }
}

/// Words for days and times.
package struct CalendarWords: Hashable, Sendable {
  var months: [String: Int]
  var weekdays: [String: Weekday]
  /// Days from today.
  var relativeDays: Phrasebook<Int>
  /// Days told from another day that is talked about: "the day after".
  var otherDays: PhraseSet
  /// Days in a unit; 0 stands for a month.
  var dayUnits: [String: Int]
  /// Days that a unit behind a day adds: "Friday week".
  var unitsBehind: [String: Int]
  var nextWords: Set<String>
  var thisWords: Set<String>
  var lastWords: Set<String>
  var inWords: Set<String>
  var agoWords: Set<String>
  var fromWords: Set<String>
  var nowWords: Set<String>
  var articles: Set<String>
  var ofWords: Set<String>
  /// Fixed times of day in minutes.
  var namedTimes: Phrasebook<Int>
  var clockWords: Set<String>
  var partsOfDay: Phrasebook<PartOfDay>
  var anteMeridiem: Phrasebook<Bool>
  var pastWords: Set<String>
  var toWords: Set<String>
  var quarter: String
  var minuteWords: Set<String>
  var hourWords: Set<String>
  /// Words that stand before a time and make it one.
  var atWords: Set<String>
  /// "not on", "can't": the day or time after it is the one that does not suit.
  var refusals: PhraseSet
  /// "doesn't work", "is no good": the day or time before it is the one that does not suit.
  var refusalsBehind: PhraseSet
  /// What else than days an ordinal counts: "the first part".
  var rankedThings: Set<String>
}

/// Words of talk itself.
package struct TalkWords: Hashable, Sendable {
  /// Words that carry a value and say nothing by themselves.
  var carriers: PhraseSet
  /// Sounds of thinking.
  package var fillers: PhraseSet
  /// Those of them that are sounds and no words: alone they are no input.
  package var hesitations: PhraseSet
  /// Phrases by which speakers take back what they said.
  package var corrections: PhraseSet
  /// Words by which something is found wrong: no answer to whether there is more to do.
  package var complaints: PhraseSet
  /// Phrases that put another value in a place: "instead", "how about", "let's do".
  var replacements: PhraseSet
  /// Phrases that put something off: a day or time beside them is when the caller speaks again.
  var deferrals: PhraseSet
  /// What a value of a kind is called when nothing else names it: "the day", by the grammar's kind.
  var valueNouns: [String: Set<String>]
  /// Words before such a noun: "the", "another".
  var nounOpenings: Set<String>
  /// What talk itself is made of: "two questions", "one moment".
  var countedTalk: Set<String>
  /// Words between a number and those: "one more question".
  var countedTalkFillers: Set<String>
  /// Words of leaving: `hang up`, `a person`.
  package var leavings: PhraseSet
  /// Words that deny what follows: `I don't`, `are you`.
  package var denials: PhraseSet
  /// "Do not", "I don't want": what follows is not wished for.
  package var wishDenials: PhraseSet
  /// Words that may stand between a denial and what is denied.
  package var deniedFillers: PhraseSet
  /// Words that begin an answer anew: `start again`.
  package var anew: PhraseSet
  /// The ones among them that are no ordinary words: safe also inside free text.
  var strongCorrections: PhraseSet
  /// "not".
  package var negators: PhraseSet
  /// "instead of": what follows is replaced by what came before.
  var replaced: PhraseSet
  /// Ends what was negated: "but", "it's".
  var negationEnds: PhraseSet
  /// Phrases before a name.
  var nameCarriers: PhraseSet
  /// Words no name is made of.
  var notNames: PhraseSet
  /// Phrases before an address.
  var answerCarriers: PhraseSet
  /// Sounds before an answer in the caller's own words.
  var sighs: PhraseSet
  /// Politeness behind a free answer.
  var answerTails: PhraseSet
  /// Thanks.
  package var thanks: PhraseSet
  /// Words in the middle of a request after which an address follows.
  package var addressLeads: Set<String>
  /// Last words after which more must come.
  var unfinished: PhraseSet
  /// Endings that look unfinished and are not.
  var finished: [[String]]
  /// Before saying what they want, callers greet.
  var greetings: PhraseSet
  /// The caller listens on.
  var backchannels: PhraseSet
  /// The caller wants the floor.
  var interruptions: PhraseSet
  /// What recognisers write when there was only noise.
  var hallucinations: PhraseSet
  /// Such texts that callers also say.
  var doubtful: PhraseSet
  /// "the first one", as an index from 1.
  var choiceOrdinals: Phrasebook<Int>
}

/// Words for spelling and for addresses of the net.
package struct SpellingWords: Hashable, Sendable {
  var letterNames: [String: Character]
  var alphabet: [String: Character]
  /// "as in", "for", "like".
  var asIn: PhraseSet
  var signs: Phrasebook<String>
  var atSign: Set<String>
  var dot: Set<String>
  /// "capital", "lower case": say nothing about the value.
  var caseWords: PhraseSet
  /// Words before an e-mail address.
  var carriers: Set<String>
  /// Top-level domains after which an address is surely whole.
  var domains: Set<String>
}

/// Words to speak with.
package struct SpeechWords: Hashable, Sendable {
  var units: [String]
  var tens: [String]
  var hundred: String
  var scales: [(value: Int, name: String)] { scaleNames.enumerated().map { (Self.thousands[$0.offset], $0.element) } }
  var scaleNames: [String]
  var ordinalUnits: [String]
  var ordinalTens: [String]
  var months: [String]
  var weekdays: [Weekday: String]
  var yes: String
  var no: String
  var and: String
  var or: String
  var plus: String
  /// "three to five".
  var upTo: String
  /// "nineteen oh one", "three oh five".
  var oh: String
  var oClock: String
  var noon: String
  var midnight: String
  var point: String
  var minus: String
  var percent: String
  var currencies: [String: CurrencyWords]
  var abbreviations: [String: String]
  var measures: [String: UnitWords]
  var signs: [Character: String]
  /// Words after which four figures are a year.
  var beforeYears: Set<String>
  /// Abbreviations after which a sentence goes on.
  var noSentenceEnd: Set<String>

  private static let thousands = [1000, 1_000_000, 1_000_000_000]
}

/// Singular and plural.
package struct UnitWords: Hashable, Sendable {
  var one: String
  var many: String
}

/// How a currency is spoken.
package struct CurrencyWords: Hashable, Sendable {
  var major: UnitWords
  var minor: UnitWords
}
