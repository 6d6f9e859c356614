extension CallEffect: Codable {
  /// The names of effects in journals.
  enum Kind: String, CaseIterable {
    case listen = "effect.listen"
    case understand = "effect.understand"
    case speak = "effect.speak"
    case pause = "effect.pause"
    case resume = "effect.resume"
    case stop = "effect.stop"
    case invoke = "effect.invoke"
    case setTimer = "effect.setTimer"
    case cancelTimer = "effect.cancelTimer"
    case transfer = "effect.transfer"
    case hangUp = "effect.hangUp"
    case suspend = "effect.suspend"
    case note = "effect.note"
    case fact = "effect.fact"
  }

  var kind: Kind {
    switch self {
    case .listen: .listen
    case .work(.understand): .understand
    case .speak: .speak
    case .pause: .pause
    case .resume: .resume
    case .stop: .stop
    case .work(.invoke): .invoke
    case .setTimer: .setTimer
    case .cancelTimer: .cancelTimer
    case .work(.transfer): .transfer
    case .hangUp: .hangUp
    case .suspend: .suspend
    case .note: .note
    case .fact: .fact
    }
  }

  /// Reads an effect.
  public init(from decoder: any Decoder) throws {
    let value = try WireValue(decoder, family: JournalRecord.Family.effect.prefix)
    let fields = value.fields
    switch try value.known(as: Kind.self) {
    case .listen: self = .listen(try fields("plan", "_0"))
    case .understand: self = .work(.understand(try fields("request", "_0")))
    case .speak: self = .speak(try fields("utterance", "_0"))
    case .pause: self = .pause(try fields("utterance", "_0"))
    case .resume: self = .resume(try fields("utterance", "_0"))
    case .stop: self = .stop(try fields("utterance", "_0"))
    case .invoke: self = .work(.invoke(try fields("invocation", "_0")))
    case .setTimer: self = .setTimer(try fields("timer", "_0"), at: try fields("at"))
    case .cancelTimer: self = .cancelTimer(try fields("timer", "_0"))
    case .transfer: self = .work(.transfer(try fields("request", "_0")))
    case .hangUp: self = .hangUp(try fields("reason", "_0"))
    case .suspend: self = .suspend(until: try fields("until"))
    case .note: self = .note(try fields("decision", "_0"))
    case .fact: self = .fact(try fields("fact", "_0"))
    }
  }

  /// Writes an effect.
  public func encode(to encoder: any Encoder) throws {
    var line = try WireWriter(encoder, kind: kind)
    switch self {
    case .listen(let plan): try line("plan", plan)
    case .work(.understand(let request)): try line("request", request)
    case .speak(let utterance): try line("utterance", utterance)
    case .pause(let utterance), .resume(let utterance), .stop(let utterance): try line("utterance", utterance)
    case .work(.invoke(let invocation)): try line("invocation", invocation)
    case .setTimer(let timer, let instant):
      try line("timer", timer)
      try line("at", instant)
    case .cancelTimer(let timer): try line("timer", timer)
    case .work(.transfer(let request)): try line("request", request)
    case .hangUp(let reason): try line("reason", reason)
    case .suspend(let instant): try line("until", instant)
    case .note(let decision): try line("decision", decision)
    case .fact(let fact): try line("fact", fact)
    }
  }
}

extension ToolInvocation: Codable {
  /// Reads an invocation.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      effect: try fields("effect"), tool: try fields("tool"), activation: try fields("activation"),
      arguments: try fields.optional("arguments") ?? [:], changesState: try fields("changesState"),
      deadline: try fields("deadline"), idempotency: try fields.optional("idempotency"))
  }

  /// Writes an invocation.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("effect", effect)
    try line("tool", tool)
    try line("activation", activation)
    try line("arguments", arguments)
    try line("changesState", changesState)
    try line("deadline", deadline)
    try line("idempotency", idempotency)
  }
}

extension TransferRequest: Codable {
  /// Reads a request.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      effect: try fields("effect"), destination: try fields("destination"), ringTimeout: try fields("ringTimeout"))
  }

  /// Writes a request.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("effect", effect)
    try line("destination", destination)
    try line("ringTimeout", ringTimeout)
  }
}
