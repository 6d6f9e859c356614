extension JournalEntry: Codable {
  /// Reads a line.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      conversation: try fields("conversation"), call: try fields("call"), sequence: try fields("sequence"),
      instant: try fields("instant"), record: try fields("record"))
  }

  /// Writes a line.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("conversation", conversation)
    try line("call", call)
    try line("sequence", sequence)
    try line("instant", instant)
    try line("record", record)
  }
}

extension JournalRecord: Codable {
  /// What a line holds that is of no family.
  enum Kind: String, CaseIterable {
    case started = "started"
  }

  /// Names of families: before the dot in schema 2, around the value in schema 1.
  enum Family: String, CaseIterable {
    case event = "event"
    case effect = "effect"
    case remark = "remark"

    var prefix: String { rawValue + "." }
  }

  /// The name of what the line holds, such as `started`, `event.transcript`, `effect.speak`, `remark.latency`.
  public var kind: String {
    switch self {
    case .started: Kind.started.rawValue
    case .event(let event): event.kind.rawValue
    case .effect(let effect): effect.kind.rawValue
    case .remark(let remark): remark.kind.rawValue
    case .unknown(let kind): kind
    }
  }

  /// The kind of a line that this version does not know, unless it is a remark: what it did to the conversation nobody here can
  /// tell.
  public var unknownStep: String? {
    guard case .unknown(let kind) = self, kind.prefix(while: { $0 != "." && $0 != "/" }) != Family.remark.rawValue
    else { return nil }
    return kind
  }

  /// Reads what a line holds, of every schema there has been. What a newer release added is `unknown`.
  public init(from decoder: any Decoder) throws {
    let value = try WireValue(decoder)
    do {
      try self.init(value, decoder)
    } catch let unknown as UnknownKind {
      self = .unknown(Self.name(value, unknown))
    }
  }

  private init(_ value: WireValue, _ decoder: any Decoder) throws {
    if let family = Family(rawValue: value.kind) {
      switch family {
      case .event: self = .event(try value.fields("_0"))
      case .effect: self = .effect(try value.fields("_0"))
      case .remark: self = .remark(try value.fields("_0"))
      }
    } else if let family = Family.allCases.first(where: { value.kind.hasPrefix($0.prefix) }) {
      switch family {
      case .event: self = .event(try CallEvent(from: decoder))
      case .effect: self = .effect(try CallEffect(from: decoder))
      case .remark: self = .remark(try JournalRemark(from: decoder))
      }
    } else {
      switch try value.known(as: Kind.self) {
      case .started: self = .started(try value.fields("start", "_0"), try value.fields("assistant", "_1"))
      }
    }
  }

  /// The line's kind; where a value in it is of an unknown kind, that one's behind a slash.
  private static func name(_ value: WireValue, _ unknown: UnknownKind) -> String {
    let isLine =
      unknown.kind == value.kind || Family(rawValue: value.kind).map { unknown.kind.hasPrefix($0.prefix) } == true
    return isLine ? unknown.kind : value.kind + "/" + unknown.kind
  }

  /// Writes what a line holds, under the present schema.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .started(let start, let assistant):
      var line = try WireWriter(encoder, kind: Kind.started)
      try line("start", start)
      try line("assistant", assistant)
    case .event(let event): try event.encode(to: encoder)
    case .effect(let effect): try effect.encode(to: encoder)
    case .remark(let remark): try remark.encode(to: encoder)
    case .unknown(let kind):
      var line = WireWriter(encoder)
      try line(WireKey.kind.stringValue, kind)
    }
  }
}
