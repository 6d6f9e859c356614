extension JournalRemark: Codable {
  /// The names of remarks in journals.
  enum Kind: String, CaseIterable {
    case latency = "remark.latency"
    case lineIdentity = "remark.lineIdentity"
    case legIdentity = "remark.legIdentity"
    case handOver = "remark.handOver"
    case media = "remark.media"
    case abandoned = "remark.abandoned"
    case settled = "remark.settled"
    case expired = "remark.expired"
    case repeated = "remark.repeated"
  }

  var kind: Kind {
    switch self {
    case .latency: .latency
    case .lineIdentity: .lineIdentity
    case .legIdentity: .legIdentity
    case .handOver: .handOver
    case .media: .media
    case .abandoned: .abandoned
    case .settled: .settled
    case .expired: .expired
    case .repeated: .repeated
    }
  }

  /// Reads a remark.
  public init(from decoder: any Decoder) throws {
    let value = try WireValue(decoder, family: JournalRecord.Family.remark.prefix)
    let fields = value.fields
    switch try value.known(as: Kind.self) {
    case .latency: self = .latency(try fields("latency", "_0"))
    case .lineIdentity: self = .lineIdentity(try fields("identity", "_0"))
    case .legIdentity: self = .legIdentity(try fields("leg"), try fields("identity"))
    case .handOver:
      self = .handOver(
        try fields("effect"), try fields("outcome"), NetworkStatus(try fields("code"), try fields("phrase")))
    case .media: self = .media(try fields("report", "_0"))
    case .abandoned: self = .abandoned
    case .settled: self = .settled(try fields("effect", "_0"), try fields("outcome", "_1"))
    case .expired: self = .expired
    case .repeated: self = .repeated(try fields("effect"))
    }
  }

  /// Writes a remark.
  public func encode(to encoder: any Encoder) throws {
    var line = try WireWriter(encoder, kind: kind)
    switch self {
    case .latency(let latency): try line("latency", latency)
    case .lineIdentity(let identity): try line("identity", identity)
    case .legIdentity(let leg, let identity):
      try line("leg", leg)
      try line("identity", identity)
    case .handOver(let effect, let outcome, let status):
      try line("effect", effect)
      try line("outcome", outcome)
      try line("code", status.code)
      try line("phrase", status.phrase)
    case .media(let report): try line("report", report)
    case .abandoned, .expired: break
    case .repeated(let effect): try line("effect", effect)
    case .settled(let effect, let outcome):
      try line("effect", effect)
      try line("outcome", outcome)
    }
  }
}

extension TurnLatency: Codable {
  /// Reads a measurement.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      turn: try fields("turn"), recognition: try fields.optional("recognition"),
      endOfTurn: try fields.optional("endOfTurn"), understanding: try fields.optional("understanding"),
      synthesis: try fields.optional("synthesis"), firstAudio: try fields.optional("firstAudio"))
  }

  /// Writes a measurement.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("turn", turn)
    try line("recognition", recognition)
    try line("endOfTurn", endOfTurn)
    try line("understanding", understanding)
    try line("synthesis", synthesis)
    try line("firstAudio", firstAudio)
  }
}

extension MediaReport: Codable {
  private static var counts: [(name: String, path: WritableKeyPath<MediaReport, Int>)] {
    [
      ("packetsReceived", \.packetsReceived), ("packetsLate", \.packetsLate), ("packetsDuplicate", \.packetsDuplicate),
      ("packetsRefused", \.packetsRefused), ("packetsSent", \.packetsSent), ("framesReceived", \.framesReceived),
      ("framesConcealed", \.framesConcealed), ("framesSkipped", \.framesSkipped),
      ("framesStretched", \.framesStretched), ("restarts", \.restarts),
    ]
  }
  private static var spans: [(name: String, path: WritableKeyPath<MediaReport, CallSpan>)] {
    [
      ("overflow", \.overflow), ("targetDelay", \.targetDelay), ("delay", \.delay),
    ]
  }
  /// Counts that came later: 0 is not written, so that reports written before them stay as they are, octet by octet.
  private static var laterCounts: [(name: String, path: WritableKeyPath<MediaReport, Int>)] {
    [
      ("framesUnsent", \.framesUnsent), ("keysRefused", \.keysRefused), ("keysRepeated", \.keysRepeated),
    ]
  }

  /// Reads a report; what it does not count is 0.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init()
    for (name, path) in Self.counts + Self.laterCounts { self[keyPath: path] = try fields.optional(name) ?? 0 }
    for (name, path) in Self.spans { self[keyPath: path] = try fields.optional(name) ?? .zero }
  }

  /// Writes a report.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    for (name, path) in Self.counts { try line(name, self[keyPath: path]) }
    for (name, path) in Self.spans { try line(name, self[keyPath: path]) }
    for (name, path) in Self.laterCounts where self[keyPath: path] != 0 { try line(name, self[keyPath: path]) }
  }
}
