extension CallEvent: Codable {
  /// The names of events in journals.
  enum Kind: String, CaseIterable {
    case connected = "event.connected"
    case held = "event.held"
    case hungUp = "event.hungUp"
    case attached = "event.attached"
    case speechStarted = "event.speechStarted"
    case speechEnded = "event.speechEnded"
    case partial = "event.partial"
    case transcript = "event.transcript"
    case message = "event.message"
    case digit = "event.digit"
    case playback = "event.playback"
    case understood = "event.understood"
    case identified = "event.identified"
    case toolFinished = "event.toolFinished"
    case transferFinished = "event.transferFinished"
    case timerFired = "event.timerFired"
    case engine = "event.engine"
  }

  var kind: Kind {
    switch self {
    case .connected: .connected
    case .held: .held
    case .hungUp: .hungUp
    case .attached: .attached
    case .speechStarted: .speechStarted
    case .speechEnded: .speechEnded
    case .partial: .partial
    case .transcript: .transcript
    case .message: .message
    case .digit: .digit
    case .playback: .playback
    case .finished(_, .understood): .understood
    case .finished(_, .tool): .toolFinished
    case .finished(_, .transfer): .transferFinished
    case .identified: .identified
    case .timerFired: .timerFired
    case .engine: .engine
    }
  }

  /// Reads an event.
  public init(from decoder: any Decoder) throws {
    let value = try WireValue(decoder, family: JournalRecord.Family.event.prefix)
    let fields = value.fields
    switch try value.known(as: Kind.self) {
    case .connected: self = .connected
    case .held: self = .held(try fields("isHeld", "_0"))
    case .hungUp: self = .hungUp(by: try fields("by"))
    case .attached: self = .attached(try fields("line", "_0"))
    case .speechStarted: self = .speechStarted(at: try fields("at"))
    case .speechEnded: self = .speechEnded(at: try fields("at"))
    case .partial: self = .partial(try fields("heard", "_0"))
    case .transcript: self = .transcript(try fields("heard", "_0"))
    case .message: self = .message(try fields("heard", "_0"))
    case .digit: self = .digit(try fields("key", "_0"))
    case .playback: self = .playback(try fields("playback", "_0"))
    case .understood:
      self = .finished(.understanding(try fields("turn", "_0")), .understood(try fields("commands", "_1")))
    case .toolFinished: self = .finished(.tool(try fields("effect", "_0")), .tool(try fields("outcome", "_1")))
    case .transferFinished:
      self = .finished(.transfer(try fields("effect", "_0")), .transfer(try fields("outcome", "_1")))
    case .identified: self = .identified(try fields("person"))
    case .timerFired: self = .timerFired(try fields("timer", "_0"))
    case .engine: self = .engine(try fields("engine", "_0"), isWorking: try fields("isWorking"))
    }
  }

  /// Writes an event.
  public func encode(to encoder: any Encoder) throws {
    var line = try WireWriter(encoder, kind: kind)
    switch self {
    case .connected: break
    case .held(let isHeld): try line("isHeld", isHeld)
    case .hungUp(let party): try line("by", party)
    case .attached(let attachment): try line("line", attachment)
    case .speechStarted(let instant), .speechEnded(let instant): try line("at", instant)
    case .partial(let heard), .transcript(let heard), .message(let heard): try line("heard", heard)
    case .digit(let key): try line("key", key)
    case .playback(let playback): try line("playback", playback)
    case .finished(.understanding(let turn), .understood(let commands)):
      try line("turn", turn)
      try line("commands", commands)
    case .identified(let person): try line("person", person)
    case .finished(.tool(let effect), .tool(let outcome)):
      try line("effect", effect)
      try line("outcome", outcome)
    case .finished(.transfer(let effect), .transfer(let outcome)):
      try line("effect", effect)
      try line("outcome", outcome)
    case .finished: throw unwritable(encoder, "the result is of another kind than the work")
    case .timerFired(let timer): try line("timer", timer)
    case .engine(let engine, let isWorking):
      try line("engine", engine)
      try line("isWorking", isWorking)
    }
  }
}

extension Playback: Codable {
  /// Reads a progress report.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      utterance: try fields("utterance"), state: try fields("state"),
      playedPermille: try fields.optional("playedPermille") ?? [])
  }

  /// Writes a progress report.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("utterance", utterance)
    try line("state", state)
    try line("playedPermille", playedPermille)
  }
}
