extension CallStart: Codable {
  /// Reads a start.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      tenant: try fields("tenant"), conversation: try fields("conversation"), call: try fields("call"),
      leg: try fields("leg"), person: try fields.optional("person"), channel: try fields("channel"),
      calledAddress: try fields("calledAddress"), callerAddress: try fields.optional("callerAddress"),
      clock: try fields("clock"), seed: try fields("seed"), holder: try fields.optional("holder"))
  }

  /// Writes a start.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("tenant", tenant)
    try line("conversation", conversation)
    try line("call", call)
    try line("leg", leg)
    try line("person", person)
    try line("channel", channel)
    try line("calledAddress", calledAddress)
    try line("callerAddress", callerAddress)
    try line("clock", clock)
    try line("seed", seed)
    try line("holder", holder)
  }
}

extension CallHolder: Codable {
  /// Reads a holder.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(node: try fields("node"), lease: try fields("lease"))
  }

  /// Writes a holder.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("node", node)
    try line("lease", lease)
  }
}

extension Attachment: Codable {
  /// Reads a line that joins.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      call: try fields("call"), leg: try fields("leg"), channel: try fields("channel"),
      calledAddress: try fields("calledAddress"), callerAddress: try fields.optional("callerAddress"),
      utcOffsetSeconds: try fields("utcOffsetSeconds"), epochMilliseconds: try fields.optional("epochMilliseconds"),
      holder: try fields.optional("holder"))
  }

  /// Writes a line that joins.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("call", call)
    try line("leg", leg)
    try line("channel", channel)
    try line("calledAddress", calledAddress)
    try line("callerAddress", callerAddress)
    try line("utcOffsetSeconds", utcOffsetSeconds)
    try line("epochMilliseconds", epochMilliseconds)
    try line("holder", holder)
  }
}

extension WallClock: Codable {
  /// Reads a clock.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      epochMilliseconds: try fields("epochMilliseconds"), utcOffsetSeconds: try fields("utcOffsetSeconds"))
  }

  /// Writes a clock.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("epochMilliseconds", epochMilliseconds)
    try line("utcOffsetSeconds", utcOffsetSeconds)
  }
}

extension AssistantVersion: Codable {
  /// Reads a version.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(name: try fields("name"), contentHash: try fields("contentHash"))
  }

  /// Writes a version.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("name", name)
    try line("contentHash", contentHash)
  }
}
