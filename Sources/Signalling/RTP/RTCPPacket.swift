/// One packet of an RTCP compound (RFC 3550 section 6).
public enum RTCPPacket: Hashable, Sendable {
  /// What a sender says about its own stream.
  public struct SenderInfo: Hashable, Sendable {
    /// NTP time of this report, 32.32 fixed point.
    public var ntp: UInt64
    /// The same instant on the RTP clock.
    public var timestamp: UInt32
    /// Packets sent since the beginning.
    public var packets: UInt32
    /// Payload octets.
    public var octets: UInt32

    /// Sender information from its parts.
    public init(ntp: UInt64, timestamp: UInt32, packets: UInt32, octets: UInt32) {
      self.ntp = ntp
      self.timestamp = timestamp
      self.packets = packets
      self.octets = octets
    }
  }

  /// What a receiver says about one stream.
  public struct ReportBlock: Hashable, Sendable {
    /// The stream that is reported on.
    public var source: UInt32
    /// Packets lost since the last report, in 256ths.
    public var fractionLost: UInt8
    /// Packets lost since the beginning, signed 24 bits.
    public var cumulativeLost: Int32
    /// Highest sequence number received, its wraps in the upper half.
    public var highestSequence: UInt32
    /// In units of the RTP clock.
    public var jitter: UInt32
    /// Middle 32 bits of the last sender report's NTP time; 0 when none came.
    public var lastSenderReport: UInt32
    /// Time since that report in 65536ths of a second.
    public var delaySinceLast: UInt32

    /// A block from its parts.
    public init(
      source: UInt32, fractionLost: UInt8, cumulativeLost: Int32, highestSequence: UInt32, jitter: UInt32,
      lastSenderReport: UInt32 = 0, delaySinceLast: UInt32 = 0
    ) {
      self.source = source
      self.fractionLost = fractionLost
      self.cumulativeLost = cumulativeLost
      self.highestSequence = highestSequence
      self.jitter = jitter
      self.lastSenderReport = lastSenderReport
      self.delaySinceLast = delaySinceLast
    }
  }

  case senderReport(source: UInt32, SenderInfo, [ReportBlock])
  case receiverReport(source: UInt32, [ReportBlock])
  /// Source description; only the CNAME item is kept.
  case description(source: UInt32, cname: String)
  case bye(sources: [UInt32])
  /// A type that this room does not read.
  case other(type: UInt8)

  /// Reads a compound; nil when a length or a version is wrong or the first packet is no report (RFC 3550 appendix
  /// A.2).
  public static func parse(_ bytes: UnsafeRawBufferPointer) -> [RTCPPacket]? {
    guard bytes.count >= 8, bytes.count <= 1_500, bytes[1] == 200 || bytes[1] == 201 else { return nil }
    var found: [RTCPPacket] = []
    var index = 0
    while index < bytes.count {
      guard bytes.count - index >= 4, bytes[index] >> 6 == 2 else { return nil }
      let size = 4 * (1 + (Int(bytes[index + 2]) << 8 | Int(bytes[index + 3])))
      guard size <= bytes.count - index else { return nil }
      let packet = UnsafeRawBufferPointer(rebasing: bytes[index..<(index + size)])
      guard let parsed = single(packet) else { return nil }
      found.append(parsed)
      index += size
    }
    return found
  }

  private static func single(_ packet: UnsafeRawBufferPointer) -> RTCPPacket? {
    let count = Int(packet[0] & 0x1F)
    switch packet[1] {
    case 200:
      guard packet.count >= 28 + 24 * count else { return nil }
      let info = SenderInfo(
        ntp: UInt64(packet.word(at: 8)) << 32 | UInt64(packet.word(at: 12)), timestamp: packet.word(at: 16),
        packets: packet.word(at: 20), octets: packet.word(at: 24))
      return .senderReport(source: packet.word(at: 4), info, blocks(packet, at: 28, count: count))
    case 201:
      guard packet.count >= 8 + 24 * count else { return nil }
      return .receiverReport(source: packet.word(at: 4), blocks(packet, at: 8, count: count))
    case 202: return description(packet, chunks: count)
    case 203:
      guard packet.count >= 4 + 4 * count else { return nil }
      return .bye(sources: (0..<count).map { packet.word(at: 4 + 4 * $0) })
    default: return .other(type: packet[1])
    }
  }

  private static func blocks(_ packet: UnsafeRawBufferPointer, at start: Int, count: Int) -> [ReportBlock] {
    (0..<count).map { number in
      let at = start + 24 * number
      let lost = packet.word(at: at + 4)
      return ReportBlock(
        source: packet.word(at: at), fractionLost: UInt8(lost >> 24),
        cumulativeLost: Int32(bitPattern: lost << 8) >> 8, highestSequence: packet.word(at: at + 8),
        jitter: packet.word(at: at + 12), lastSenderReport: packet.word(at: at + 16),
        delaySinceLast: packet.word(at: at + 20))
    }
  }

  private static func description(_ packet: UnsafeRawBufferPointer, chunks: Int) -> RTCPPacket? {
    guard chunks > 0, packet.count >= 8 else { return .other(type: 202) }
    var at = 8
    while at + 1 < packet.count, packet[at] != 0 {
      let size = Int(packet[at + 1])
      guard at + 2 + size <= packet.count else { return nil }
      if packet[at] == 1 {
        let text = String(decoding: packet[(at + 2)..<(at + 2 + size)], as: UTF8.self)
        return .description(source: packet.word(at: 4), cname: text)
      }
      at += 2 + size
    }
    return .other(type: 202)
  }
}
