extension Heard: Codable {
  /// Reads words; `segment` is absent in journals written before segments were counted, `since` where no earlier voice was read with
  /// them, `others` where there is no other reading.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      text: try fields("text"), confidence: try fields("confidence"), wordCount: try fields("wordCount"),
      kind: try fields("kind"), ending: try fields("ending"), segment: try fields.optional("segment"),
      since: try fields.optional("since"), others: try fields.optional("others") ?? [])
  }

  /// Writes words.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("text", text)
    try line("confidence", confidence)
    try line("wordCount", wordCount)
    try line("kind", kind)
    try line("ending", ending)
    try line("segment", segment)
    try line("since", since)
    try line("others", others.isEmpty ? nil : others)
  }
}

extension ProposedCommand: Codable {
  /// Reads a proposal.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      try fields("command"), confidence: try fields("confidence"), proposer: try fields("proposer"),
      source: try fields.optional("source") ?? .speech, runnerUp: try fields.optional("runnerUp"),
      others: try fields.optional("others") ?? [])
  }

  /// Writes a proposal.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("command", command)
    try line("confidence", confidence)
    try line("proposer", proposer)
    try line("source", source)
    try line("runnerUp", runnerUp)
    try line("others", others.isEmpty ? nil : others)
  }
}

extension Command: Codable {
  /// The names of commands in journals.
  enum Kind: String, CaseIterable {
    case startFlow = "startFlow"
    case setSlot = "setSlot"
    case holdPart = "holdPart"
    case cancelFlow = "cancelFlow"
    case clarify = "clarify"
    case skipQuestion = "skipQuestion"
    case repeatLast = "repeatLast"
    case humanHandoff = "humanHandoff"
    case hold = "hold"
    case chitchat = "chitchat"
    case aside = "aside"
    case search = "search"
    case restart = "restart"
    case goodbye = "goodbye"
    case answer = "answer"
    case cannotHandle = "cannotHandle"
  }

  private var kind: Kind {
    switch self {
    case .startFlow: .startFlow
    case .setSlot: .setSlot
    case .holdPart: .holdPart
    case .cancelFlow: .cancelFlow
    case .clarify: .clarify
    case .skipQuestion: .skipQuestion
    case .repeatLast: .repeatLast
    case .humanHandoff: .humanHandoff
    case .hold: .hold
    case .chitchat: .chitchat
    case .aside: .aside
    case .search: .search
    case .restart: .restart
    case .goodbye: .goodbye
    case .answer: .answer
    case .cannotHandle: .cannotHandle
    }
  }

  /// Reads a command.
  public init(from decoder: any Decoder) throws {
    let value = try WireValue(decoder)
    let fields = value.fields
    switch try value.known(as: Kind.self) {
    case .startFlow: self = .startFlow(try fields("flow", "_0"))
    case .setSlot: self = .setSlot(try fields("slot", "_0"), try fields.optional("value", "_1"))
    case .holdPart:
      self = .holdPart(try fields("slot"), try fields("value"), count: try fields("count"))
    case .cancelFlow: self = .cancelFlow
    case .clarify: self = .clarify(try fields("flows", "_0"))
    case .skipQuestion: self = .skipQuestion
    case .repeatLast: self = .repeatLast
    case .humanHandoff: self = .humanHandoff
    case .hold: self = .hold
    case .chitchat: self = .chitchat
    case .aside: self = .aside(try fields("about"))
    case .search: self = .search
    case .restart: self = .restart
    case .goodbye: self = .goodbye
    case .answer: self = .answer(try fields("yes", "_0"))
    case .cannotHandle: self = .cannotHandle(try fields("reason", "_0"))
    }
  }

  /// Writes a command.
  public func encode(to encoder: any Encoder) throws {
    var line = try WireWriter(encoder, kind: kind)
    switch self {
    case .startFlow(let flow): try line("flow", flow)
    case .setSlot(let slot, let value):
      try line("slot", slot)
      try line("value", value)
    case .holdPart(let slot, let value, let count):
      try line("slot", slot)
      try line("value", value)
      try line("count", count)
    case .clarify(let flows): try line("flows", flows)
    case .answer(let yes): try line("yes", yes)
    case .cannotHandle(let reason): try line("reason", reason)
    case .aside(let aside): try line("about", aside)
    case .cancelFlow, .skipQuestion, .repeatLast, .humanHandoff, .hold, .chitchat, .search, .restart, .goodbye: break
    }
  }
}
