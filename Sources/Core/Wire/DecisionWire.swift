extension Decision: Codable {
  /// Reads a decision.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      turn: try fields("turn"), kind: try fields("kind"), subject: try fields("subject"),
      step: try fields.optional("step"), reason: try fields("reason"))
  }

  /// Writes a decision.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("turn", turn)
    try line("kind", kind)
    try line("subject", subject)
    try line("step", step)
    try line("reason", reason)
  }
}

extension StepReference: Codable {
  /// Reads a reference.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(flow: try fields("flow"), step: try fields("step"), source: try fields("source"))
  }

  /// Writes a reference.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("flow", flow)
    try line("step", step)
    try line("source", source)
  }
}

extension SourceLocation: Codable {
  /// Reads a place in a file.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(file: try fields("file"), line: try fields("line"), column: try fields("column"))
  }

  /// Writes a place in a file.
  public func encode(to encoder: any Encoder) throws {
    var place = WireWriter(encoder)
    try place("file", file)
    try place("line", line)
    try place("column", column)
  }
}

extension Fact: Codable {
  /// Reads a fact.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(token: try fields("token"), question: try fields("question"), answer: try fields("answer"))
  }

  /// Writes a fact.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("token", token)
    try line("question", question)
    try line("answer", answer)
  }
}

extension FactAnswer: Codable {
  /// The names of answers in journals.
  enum Kind: String, CaseIterable {
    case truth = "truth"
    case number = "number"
  }

  /// Reads an answer.
  public init(from decoder: any Decoder) throws {
    let value = try WireValue(decoder)
    switch try value.known(as: Kind.self) {
    case .truth: self = .truth(try value.fields("value", "_0"))
    case .number: self = .number(try value.fields("value", "_0"))
    }
  }

  /// Writes an answer.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .truth(let holds):
      var line = try WireWriter(encoder, kind: Kind.truth)
      try line("value", holds)
    case .number(let number):
      var line = try WireWriter(encoder, kind: Kind.number)
      try line("value", number)
    }
  }
}
