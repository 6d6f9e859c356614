/// Loss and jitter of one received stream (RFC 3550 appendices A.3 and A.8). Allocates nothing.
public struct ReceiverStatistics: Hashable, Sendable {
  /// Synchronisation source of the stream.
  public let source: UInt32
  private var extender: SequenceExtender
  private var first: UInt32
  private var received: UInt32 = 0
  private var expectedBefore: UInt32 = 0
  private var receivedBefore: UInt32 = 0
  private var transit: UInt32?
  private var scaledJitter: UInt32 = 0

  /// Statistics that begin with the stream's first packet, which is then to be passed to `receive` as well.
  public init(source: UInt32, firstSequence: UInt16) {
    self.source = source
    extender = SequenceExtender(first: firstSequence)
    first = UInt32(firstSequence)
  }

  /// Counts a packet.
  /// - Parameters:
  ///   - arrival: instant of arrival in units of the RTP clock, of any origin.
  /// - Returns: the extended sequence number, nil when the packet looks foreign.
  @discardableResult
  public mutating func receive(sequence: UInt16, timestamp: UInt32, arrival: UInt32) -> UInt32? {
    let number: UInt32
    switch extender.extend(sequence) {
    case .suspicious: return nil
    case .valid(let extended): number = extended
    case .restarted(let extended):
      (number, first, received, expectedBefore, receivedBefore, transit) = (extended, extended, 0, 0, 0, nil)
    }
    received &+= 1
    let now = arrival &- timestamp
    if let transit {
      let difference = Int32(bitPattern: now &- transit)
      scaledJitter = scaledJitter &+ difference.magnitude &- ((scaledJitter &+ 8) >> 4)
    }
    transit = now
    return number
  }

  /// Interarrival jitter in units of the RTP clock.
  public var jitter: UInt32 { scaledJitter >> 4 }
  /// Packets expected so far.
  public var expected: UInt32 { extender.extendedHighest &- first &+ 1 }
  /// Packets lost so far; negative when duplicates came.
  public var lost: Int32 { Int32(bitPattern: expected &- received) }

  /// The block for the next report; closes the interval of `fractionLost`.
  /// - Parameters:
  ///   - lastSenderReport: middle 32 bits of the NTP time in the last sender report, 0 when none came.
  ///   - delaySinceLast: time since it, in 65536ths of a second.
  public mutating func report(lastSenderReport: UInt32 = 0, delaySinceLast: UInt32 = 0) -> RTCPPacket.ReportBlock {
    let expectedNow = expected &- expectedBefore
    let receivedNow = received &- receivedBefore
    expectedBefore = expected
    receivedBefore = received
    let lostNow = Int64(expectedNow) - Int64(receivedNow)
    let fraction = expectedNow == 0 || lostNow <= 0 ? 0 : UInt8(min(255, lostNow << 8 / Int64(expectedNow)))
    return RTCPPacket.ReportBlock(
      source: source, fractionLost: fraction, cumulativeLost: max(-0x80_0000, min(0x7F_FFFF, lost)),
      highestSequence: extender.extendedHighest, jitter: jitter, lastSenderReport: lastSenderReport,
      delaySinceLast: delaySinceLast)
  }
}
