extension ToolOutcome: Codable {
  /// The names of outcomes in journals and ledgers.
  enum Kind: String, CaseIterable {
    case completed = "completed"
    case refused = "refused"
    case failed = "failed"
    case unknown = "unknown"
  }

  /// Reads an outcome.
  public init(from decoder: any Decoder) throws {
    let value = try WireValue(decoder)
    switch try value.known(as: Kind.self) {
    case .completed: self = .completed(try value.fields("values", "_0"))
    case .refused: self = .refused(try value.fields("code", "_0"))
    case .failed: self = .failed(try value.fields("failure", "_0"))
    case .unknown: self = .unknown
    }
  }

  /// Writes an outcome.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .completed(let values):
      var line = try WireWriter(encoder, kind: Kind.completed)
      try line("values", values)
    case .refused(let code):
      var line = try WireWriter(encoder, kind: Kind.refused)
      try line("code", code)
    case .failed(let failure):
      var line = try WireWriter(encoder, kind: Kind.failed)
      try line("failure", failure)
    case .unknown: _ = try WireWriter(encoder, kind: Kind.unknown)
    }
  }
}

extension EffectIntent: Codable {
  /// Reads an intent; `origin` is absent in ledgers of releases before 0.2.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      key: try fields("key"), call: try fields("call"), effect: try fields("effect"), tool: try fields("tool"),
      arguments: try fields.optional("arguments") ?? [:], origin: try fields.optional("origin"))
  }

  /// Writes an intent.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("key", key)
    try line("call", call)
    try line("effect", effect)
    try line("tool", tool)
    try line("arguments", arguments)
    try line("origin", origin)
  }
}

extension EffectOrigin: Codable {
  /// Reads an origin.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      assistant: try fields("assistant"), node: try fields("node"), backEnd: try fields("backEnd"),
      owner: try fields("owner"))
  }

  /// Writes an origin.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("assistant", assistant)
    try line("node", node)
    try line("backEnd", backEnd)
    try line("owner", owner)
  }
}

extension DataOwner: Codable {
  /// The names of owners in ledgers.
  enum Kind: String, CaseIterable {
    case person = "person"
    case call = "call"
  }

  /// Reads an owner.
  public init(from decoder: any Decoder) throws {
    let value = try WireValue(decoder)
    switch try value.known(as: Kind.self) {
    case .person: self = .person(try value.fields("tenant", "_0"), try value.fields("person", "_1"))
    case .call: self = .call(try value.fields("tenant", "_0"), try value.fields("call", "_1"))
    }
  }

  /// Writes an owner.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .person(let tenant, let person):
      var line = try WireWriter(encoder, kind: Kind.person)
      try line("tenant", tenant)
      try line("person", person)
    case .call(let tenant, let call):
      var line = try WireWriter(encoder, kind: Kind.call)
      try line("tenant", tenant)
      try line("call", call)
    }
  }
}
