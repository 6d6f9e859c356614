extension TimerID: Codable {
  /// The names of timers in journals.
  enum Kind: String, CaseIterable {
    case endOfTurn = "endOfTurn"
    case longestTurn = "longestTurn"
    case bargeIn = "bargeIn"
    case resume = "resume"
    case silence = "silence"
    case digits = "digits"
    case understanding = "understanding"
    case filler = "filler"
    case tool = "tool"
    case transfer = "transfer"
    case hangUp = "hangUp"
    case longestCall = "longestCall"
    case suspension = "suspension"
    case hold = "hold"
    case playback = "playback"
  }

  /// Reads a timer's name.
  public init(from decoder: any Decoder) throws {
    let value = try WireValue(decoder)
    let fields = value.fields
    switch try value.known(as: Kind.self) {
    case .endOfTurn: self = .endOfTurn(try fields("turn", "_0"))
    case .longestTurn: self = .longestTurn(try fields("turn", "_0"))
    case .bargeIn: self = .bargeIn(try fields("utterance", "_0"))
    case .resume: self = .resume(try fields("utterance", "_0"))
    case .silence: self = .silence(try fields("count", "_0"))
    case .digits: self = .digits(try fields("count", "_0"))
    case .understanding: self = .work(.understanding(try fields("turn", "_0")))
    case .filler: self = .meanwhile(.tool(try fields("effect", "_0")), try fields("count", "_1"))
    case .tool: self = .work(.tool(try fields("effect", "_0")))
    case .transfer: self = .work(.transfer(try fields("effect", "_0")))
    case .hangUp: self = .hangUp
    case .longestCall: self = .longestCall
    case .suspension: self = .suspension
    case .hold: self = .hold(try fields("count", "_0"))
    case .playback: self = .playback(try fields("utterance", "_0"))
    }
  }

  /// Writes a timer's name.
  public func encode(to encoder: any Encoder) throws {
    func write(_ kind: Kind, _ name: String, _ value: some Encodable) throws {
      var line = try WireWriter(encoder, kind: kind)
      try line(name, value)
    }
    switch self {
    case .endOfTurn(let turn): try write(.endOfTurn, "turn", turn)
    case .longestTurn(let turn): try write(.longestTurn, "turn", turn)
    case .bargeIn(let utterance): try write(.bargeIn, "utterance", utterance)
    case .resume(let utterance): try write(.resume, "utterance", utterance)
    case .silence(let count): try write(.silence, "count", count)
    case .digits(let count): try write(.digits, "count", count)
    case .work(.understanding(let turn)): try write(.understanding, "turn", turn)
    case .work(.tool(let effect)): try write(.tool, "effect", effect)
    case .work(.transfer(let effect)): try write(.transfer, "effect", effect)
    case .meanwhile(.tool(let effect), let count):
      var line = try WireWriter(encoder, kind: Kind.filler)
      try line("effect", effect)
      try line("count", count)
    case .meanwhile: throw unwritable(encoder, "of this work nobody is told")
    case .hangUp: _ = try WireWriter(encoder, kind: Kind.hangUp)
    case .longestCall: _ = try WireWriter(encoder, kind: Kind.longestCall)
    case .suspension: _ = try WireWriter(encoder, kind: Kind.suspension)
    case .hold(let count): try write(.hold, "count", count)
    case .playback(let utterance): try write(.playback, "utterance", utterance)
    }
  }
}
