extension ListenPlan: Codable {
  /// Reads a plan; without `confirms`, as in journals written before there was one, it asks for no confirmation.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      grammar: try fields.optional("grammar"), digits: try fields.optional("digits"),
      hints: try fields.optional("hints") ?? [], numbers: try fields.optional("numbers") ?? [],
      confirms: try fields.optional("confirms") ?? false)
  }

  /// Writes a plan.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("grammar", grammar)
    try line("digits", digits)
    try line("hints", hints)
    try line("numbers", numbers)
    try line("confirms", confirms)
  }
}

extension DigitGrammar: Codable {
  /// Reads a grammar.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      minimum: try fields("minimum"), maximum: try fields("maximum"), endKey: try fields.optional("endKey"),
      menu: try fields.optional("menu") ?? [:], interDigitTimeout: try fields("interDigitTimeout"))
  }

  /// Writes a grammar.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("minimum", minimum)
    try line("maximum", maximum)
    try line("endKey", endKey)
    try line("menu", menu)
    try line("interDigitTimeout", interDigitTimeout)
  }
}

extension SlotGrammar: Codable {
  /// The names of grammars in journals.
  enum Kind: String, CaseIterable {
    case digits = "digits"
    case number = "number"
    case money = "money"
    case date = "date"
    case time = "time"
    case yesNo = "yesNo"
    case choice = "choice"
    case name = "name"
    case address = "address"
    case email = "email"
    case spelling = "spelling"
    case freeText = "freeText"
  }

  private var kind: Kind {
    switch self {
    case .digits: .digits
    case .number: .number
    case .money: .money
    case .date: .date
    case .time: .time
    case .yesNo: .yesNo
    case .choice: .choice
    case .name: .name
    case .address: .address
    case .email: .email
    case .spelling: .spelling
    case .freeText: .freeText
    }
  }

  /// Reads a grammar.
  public init(from decoder: any Decoder) throws {
    let value = try WireValue(decoder)
    let fields = value.fields
    switch try value.known(as: Kind.self) {
    case .digits: self = .digits(minimum: try fields("minimum"), maximum: try fields("maximum"))
    case .number: self = .number(minimum: try fields.optional("minimum"), maximum: try fields.optional("maximum"))
    case .money: self = .money(currency: try fields("currency"))
    case .date: self = .date
    case .time: self = .time
    case .yesNo: self = .yesNo
    case .choice: self = .choice(try fields("choices", "_0"))
    case .name: self = .name
    case .address: self = .address
    case .email: self = .email
    case .spelling: self = .spelling(minimum: try fields("minimum"), maximum: try fields("maximum"))
    case .freeText: self = .freeText
    }
  }

  /// Writes a grammar.
  public func encode(to encoder: any Encoder) throws {
    var line = try WireWriter(encoder, kind: kind)
    switch self {
    case .digits(let minimum, let maximum), .spelling(let minimum, let maximum):
      try line("minimum", minimum)
      try line("maximum", maximum)
    case .number(let minimum, let maximum):
      try line("minimum", minimum)
      try line("maximum", maximum)
    case .money(let currency): try line("currency", currency)
    case .choice(let choices): try line("choices", choices)
    case .date, .time, .yesNo, .name, .address, .email, .freeText: break
    }
  }
}

extension SlotChoice: Codable {
  /// Reads a choice.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(value: try fields("value"), synonyms: try fields.optional("synonyms") ?? [])
  }

  /// Writes a choice.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("value", value)
    try line("synonyms", synonyms)
  }
}
