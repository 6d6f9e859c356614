/// A slot of an assistant's domain.
public struct SlotDefinition: Hashable, Sendable, Codable {
  /// Its name.
  public let name: SlotName
  /// What it can hold.
  public let type: SlotType
  /// What it holds at first.
  public let initialValue: SlotValue?
  /// Who may fill it.
  public let filledBy: Filler
  /// Values refused whenever it is set, with what is said then.
  public let rejections: [Rejection]
  /// What asks again after a refusal; the question itself when nil.
  public let refill: ResponseName?
  /// How it is spoken and heard; nil: by its type.
  public let grammar: SlotGrammar?
  /// What kind of personal data it holds; nil for none.
  public let label: DataLabel?
  /// Where it is written.
  public let source: SourceLocation

  /// A slot.
  public init(
    name: SlotName, type: SlotType, initialValue: SlotValue? = nil, filledBy: Filler = .understanding,
    rejections: [Rejection] = [], refill: ResponseName? = nil, grammar: SlotGrammar? = nil, label: DataLabel? = nil,
    source: SourceLocation
  ) {
    self.name = name
    self.type = type
    self.initialValue = initialValue
    self.filledBy = filledBy
    self.rejections = rejections
    self.refill = refill
    self.grammar = grammar
    self.label = label
    self.source = source
  }

  /// Who may fill a slot.
  public enum Filler: String, Hashable, Sendable, Codable {
    /// What callers say.
    case understanding
    /// Actions, buttons and steps only.
    case controlled
  }

  /// The grammar by which it is heard and spoken: its own, or its type's.
  public var effectiveGrammar: SlotGrammar {
    if let grammar { return grammar }
    switch type {
    case .bool: return .yesNo
    case .categorical(let values): return .choice(values.map { SlotChoice(value: $0, synonyms: []) })
    case .float(let minimum, let maximum): return .number(minimum: minimum, maximum: maximum)
    case .text, .list, .any: return .freeText
    }
  }
}

/// What a slot can hold.
public enum SlotType: Hashable, Sendable, Codable {
  /// Any text.
  case text
  /// Yes or no.
  case bool
  /// One of these, in this spelling.
  case categorical([String])
  /// A number within bounds.
  case float(minimum: Double?, maximum: Double?)
  /// Several values, from actions only.
  case list
  /// Anything.
  case any
}

/// How a slot's value is heard, when it is complete, and how it is spoken.
public enum SlotGrammar: Hashable, Sendable {
  /// Digits one by one: order, customer, phone numbers. Value: the digits.
  case digits(minimum: Int, maximum: Int)
  /// A number. Value: a number.
  case number(minimum: Double?, maximum: Double?)
  /// An amount of money. Value: a number in the major unit.
  case money(currency: String)
  /// A day. Value: `YYYY-MM-DD`.
  case date
  /// A time of day. Value: `HH:MM`.
  case time
  /// Yes or no. Value: a boolean.
  case yesNo
  /// One of several. Value: the choice's value.
  case choice([SlotChoice])
  /// A person's name. Value: text.
  case name
  /// A postal address. Value: text, as heard.
  case address
  /// An e-mail address. Value: text.
  case email
  /// Letters and digits spelled. Value: text.
  case spelling(minimum: Int, maximum: Int)
  /// Whatever is said. Value: text.
  case freeText
}

/// One of several values, and what callers call it.
public struct SlotChoice: Hashable, Sendable {
  /// The value in the slot.
  public let value: String
  /// Other words for it.
  public let synonyms: [String]
  /// A choice.
  public init(value: String, synonyms: [String]) {
    self.value = value
    self.synonyms = synonyms
  }
}
