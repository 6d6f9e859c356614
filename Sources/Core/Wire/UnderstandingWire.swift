extension UnderstandingRequest: Codable {
  /// Reads a request.
  public init(from decoder: any Decoder) throws {
    let fields = try WireFields(decoder)
    self.init(
      turn: try fields("turn"), heard: try fields("heard"), awaiting: try fields.optional("awaiting"),
      activeFlow: try fields.optional("activeFlow"), fillable: try fields.optional("fillable") ?? [],
      filled: try fields.optional("filled") ?? [:], part: try fields.optional("part"),
      startable: try fields.optional("startable") ?? [],
      options: try fields.optional("options") ?? [],
      forcesSlotFilling: try fields.optional("forcesSlotFilling") ?? false, today: try fields("today"),
      minuteOfDay: try fields("minuteOfDay"))
  }

  /// Writes a request.
  public func encode(to encoder: any Encoder) throws {
    var line = WireWriter(encoder)
    try line("turn", turn)
    try line("heard", heard)
    try line("awaiting", awaiting)
    try line("activeFlow", activeFlow)
    try line("fillable", fillable)
    try line("filled", filled)
    try line("part", part)
    try line("startable", startable)
    try line("options", options)
    try line("forcesSlotFilling", forcesSlotFilling)
    try line("today", today)
    try line("minuteOfDay", minuteOfDay)
  }
}
