/// What the agent says under one name: variants by channel, condition, locale and attempt.
public struct ResponseDefinition: Hashable, Sendable, Codable {
  /// Its name, `utter_...`.
  public let name: ResponseName
  /// The variants in the order written.
  public let variants: [ResponseVariant]
  /// Where it is written.
  public let source: SourceLocation
  /// A response.
  public init(name: ResponseName, variants: [ResponseVariant], source: SourceLocation) {
    self.name = name
    self.variants = variants
    self.source = source
  }
}

/// One way of saying a response.
public struct ResponseVariant: Hashable, Sendable, Codable {
  /// What is said or shown.
  public let text: Template
  /// Choices offered on screens.
  public let buttons: [ResponseButton]
  /// The channel it is for: `voice`, `chat` or a channel's name; nil for all.
  public let channel: String?
  /// When it applies; nil: always.
  public let condition: Predicate?
  /// The language it is in; nil: the assistant's.
  public let locale: LocaleTag?
  /// The attempt from which on it is used (reprompts); 1: from the first.
  public let attempt: Int
  /// Whether, and by what, the caller may interrupt it.
  public let interruption: InterruptionPolicy
  /// Words it may have when it is spoken, values in full; the assistant's limit when nil.
  public let longestWords: Int?

  /// A variant.
  public init(
    text: Template, buttons: [ResponseButton] = [], channel: String? = nil, condition: Predicate? = nil,
    locale: LocaleTag? = nil, attempt: Int = 1, interruption: InterruptionPolicy = .free,
    longestWords: Int? = nil
  ) {
    self.text = text
    self.buttons = buttons
    self.channel = channel
    self.condition = condition
    self.locale = locale
    self.attempt = attempt
    self.interruption = interruption
    self.longestWords = longestWords
  }
}

/// A choice offered on a screen.
public struct ResponseButton: Hashable, Sendable, Codable {
  /// What it shows.
  public let title: String
  /// What it sends: `/SetSlots(a=b)`, an intent, or plain text.
  public let payload: String
  /// A button.
  public init(title: String, payload: String) {
    self.title = title
    self.payload = payload
  }
}

/// Whether, and by what, the caller may interrupt an utterance.
public enum InterruptionPolicy: String, Hashable, Sendable, Codable, Comparable, CaseIterable {
  /// Voice pauses it, words or a key end it.
  case free = "free"
  /// Only words end it; voice alone does not pause it.
  case words = "words"
  /// Only a key ends it.
  case keys = "keys"
  /// Nothing ends it: it is heard to the end (a legal sentence), and the flow waits for that.
  case mustBeHeard = "must_be_heard"

  /// Orders by strictness, `free` first.
  public static func < (left: Self, right: Self) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}
