/// What became of one line's audio so far, for the journal and for metrics. Counts are since the call's start.
public struct MediaReport: Hashable, Sendable, Codable {
  /// Packets whose audio was taken.
  public var packetsReceived = 0
  /// Packets that came when their audio had already been played or replaced.
  public var packetsLate = 0
  /// Packets that had come before.
  public var packetsDuplicate = 0
  /// Packets refused: malformed, or out of any plausible order.
  public var packetsRefused = 0
  /// Packets sent.
  public var packetsSent = 0
  /// Frames that hold received audio only.
  public var framesReceived = 0
  /// Frames that hold replaced audio.
  public var framesConcealed = 0
  /// Frames of silence left out, to shorten the delay.
  public var framesSkipped = 0
  /// Frames of silence played twice, to lengthen the delay.
  public var framesStretched = 0
  /// Audio that was dropped unheard because too much of it had piled up.
  public var overflow = CallSpan.zero
  /// Times the stream began anew: another source, a jump of its clock.
  public var restarts = 0
  /// The playout delay that the buffer aims at.
  public var targetDelay = CallSpan.zero
  /// The playout delay at the last frame, over the fastest packet seen.
  public var delay = CallSpan.zero
  /// Frames that were not sent because their time had passed: the loop was blocked.
  public var framesUnsent = 0
  /// Keys that were dropped because one line sent more than anybody presses.
  public var keysRefused = 0
  /// Keys that came a second time on another way, as an audio packet and as a SIP message.
  public var keysRepeated = 0

  /// Nothing happened yet.
  public init() {}
}

/// The counts after `delay` came later: one that is missing is 0, and 0 is not written, so that older reports stay as they
/// are, octet by octet.
extension MediaReport {
  private enum CodingKeys: String, CodingKey {
    case packetsReceived, packetsLate, packetsDuplicate, packetsRefused, packetsSent, framesReceived, framesConcealed
    case framesSkipped, framesStretched, overflow, restarts, targetDelay, delay
    case framesUnsent, keysRefused, keysRepeated
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func count(_ key: CodingKeys) throws -> Int { try container.decode(Int.self, forKey: key) }
    func later(_ key: CodingKeys) throws -> Int { try container.decodeIfPresent(Int.self, forKey: key) ?? 0 }
    func span(_ key: CodingKeys) throws -> CallSpan { try container.decode(CallSpan.self, forKey: key) }
    packetsReceived = try count(.packetsReceived)
    packetsLate = try count(.packetsLate)
    packetsDuplicate = try count(.packetsDuplicate)
    packetsRefused = try count(.packetsRefused)
    packetsSent = try count(.packetsSent)
    framesReceived = try count(.framesReceived)
    framesConcealed = try count(.framesConcealed)
    framesSkipped = try count(.framesSkipped)
    framesStretched = try count(.framesStretched)
    overflow = try span(.overflow)
    restarts = try count(.restarts)
    targetDelay = try span(.targetDelay)
    delay = try span(.delay)
    framesUnsent = try later(.framesUnsent)
    keysRefused = try later(.keysRefused)
    keysRepeated = try later(.keysRepeated)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(packetsReceived, forKey: .packetsReceived)
    try container.encode(packetsLate, forKey: .packetsLate)
    try container.encode(packetsDuplicate, forKey: .packetsDuplicate)
    try container.encode(packetsRefused, forKey: .packetsRefused)
    try container.encode(packetsSent, forKey: .packetsSent)
    try container.encode(framesReceived, forKey: .framesReceived)
    try container.encode(framesConcealed, forKey: .framesConcealed)
    try container.encode(framesSkipped, forKey: .framesSkipped)
    try container.encode(framesStretched, forKey: .framesStretched)
    try container.encode(overflow, forKey: .overflow)
    try container.encode(restarts, forKey: .restarts)
    try container.encode(targetDelay, forKey: .targetDelay)
    try container.encode(delay, forKey: .delay)
    for (key, value) in [
      (CodingKeys.framesUnsent, framesUnsent), (.keysRefused, keysRefused), (.keysRepeated, keysRepeated),
    ] where value != 0 {
      try container.encode(value, forKey: key)
    }
  }
}
