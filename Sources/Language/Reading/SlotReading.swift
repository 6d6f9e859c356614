public import Core

/// What an utterance is read against besides the grammar.
public struct ReadingContext: Hashable, Sendable {
  /// Today, civil time.
  public let today: CivilDate
  /// Minutes since midnight, civil time.
  public let minuteOfDay: Int
  /// The caller's language.
  public let locale: LocaleTag
  /// Where an incomplete date lies.
  public let tense: Tense

  /// A context. Dates without a year lie ahead unless said otherwise.
  public init(
    today: CivilDate, minuteOfDay: Int, locale: LocaleTag = .americanEnglish, tense: Tense = .future
  ) {
    self.today = today
    self.minuteOfDay = minuteOfDay
    self.locale = locale
    self.tense = tense
  }

  /// Where a date without a year lies.
  public enum Tense: String, Hashable, Sendable, Codable {
    /// Today or later: deliveries, appointments.
    case future
    /// Today or before: orders, payments.
    case past
    /// Before today and in a year that is said: births.
    case birth
  }
}

/// A value found in an utterance. The value is clear: whoever keeps it protects it first.
public struct SlotReading: Hashable, Sendable {
  /// `.text`, `.number` or `.bool`.
  public let value: SlotValue
  /// How sure the grammar is. From 700 on it may be used as it stands; below 500 it must be asked about.
  public let confidence: Confidence
  /// Whether nothing else of weight was said: all other words are carriers and fillers.
  public let coversWhole: Bool
  /// The words it was read from, as indexes of the utterance's words.
  public let words: Range<Int>
  /// The other words, as written; the ones that were taken back are left out.
  public let remainder: String
  /// Whether the speaker took something back in this utterance: "no, I meant ...", "not ... but ...".
  public let isCorrection: Bool
  /// What was taken back, when it could be read.
  public let retracted: SlotValue?

  /// A reading.
  public init(
    value: SlotValue, confidence: Confidence, coversWhole: Bool, words: Range<Int>, remainder: String,
    isCorrection: Bool = false, retracted: SlotValue? = nil
  ) {
    self.value = value
    self.confidence = confidence
    self.coversWhole = coversWhole
    self.words = words
    self.remainder = remainder
    self.isCorrection = isCorrection
    self.retracted = retracted
  }
}

/// A value found by one grammar before corrections are weighed.
struct Finding: Hashable {
  var value: SlotValue
  var permille: Int
  var range: Range<Int>

  init(_ value: SlotValue, _ permille: Int, _ range: Range<Int>) {
    self.value = value
    self.permille = permille
    self.range = range
  }
}
