extension Utterance: Codable {
  /// Reads an utterance.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      id: try fields("id"), turn: try fields("turn"), sentences: try fields("sentences"),
      interruption: try fields("interruption"), purpose: try fields.optional("purpose") ?? .answer)
  }

  /// Writes an utterance.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("id", id)
    try line("turn", turn)
    try line("sentences", sentences)
    try line("interruption", interruption)
    try line("purpose", purpose)
  }
}

extension Sentence: Codable {
  /// Reads a sentence.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(pieces: try fields("pieces"), response: try fields.optional("response"))
  }

  /// Writes a sentence.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("pieces", pieces)
    try line("response", response)
  }
}

extension Sentence.Piece: Codable {
  /// The names of pieces in journals.
  enum Kind: String, CaseIterable {
    case words = "words"
    case value = "value"
  }

  /// Reads a piece.
  public init(from decoder: any Decoder) throws {
    let value = try WireValue(decoder)
    let fields = value.fields
    switch try value.known(as: Kind.self) {
    case .words: self = .words(try fields("words", "_0"))
    case .value: self = .value(try fields("value", "_0"), try fields.optional("grammar", "_1"))
    }
  }

  /// Writes a piece.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .words(let words):
      var line = try WireWriter(encoder, kind: Kind.words)
      try line("words", words)
    case .value(let value, let grammar):
      var line = try WireWriter(encoder, kind: Kind.value)
      try line("value", value)
      try line("grammar", grammar)
    }
  }
}
