/// The fixed header of an RTP packet (RFC 3550 section 5.1) and where its payload lies. Neither reading nor writing
/// allocates.
public struct RTPHeader: Hashable, Sendable {
  /// Begin of a talk spurt or of a telephone event.
  public var marker: Bool
  /// 7 bits.
  public var payloadType: UInt8
  /// Wraps at 2^16; see `SequenceExtender`.
  public var sequence: UInt16
  /// In units of the codec's clock.
  public var timestamp: UInt32
  /// Synchronisation source.
  public var source: UInt32
  /// Offset of the payload in the packet, behind CSRC list and header extension.
  public private(set) var payloadOffset = RTPHeader.size
  /// Octets of payload, padding excluded.
  public private(set) var payloadCount = 0

  /// Octets of the header that `write` produces.
  public static let size = 12

  /// A header to be written.
  public init(marker: Bool = false, payloadType: UInt8, sequence: UInt16, timestamp: UInt32, source: UInt32) {
    self.marker = marker
    self.payloadType = payloadType & 0x7F
    self.sequence = sequence
    self.timestamp = timestamp
    self.source = source
  }

  /// Whether this may be an RTCP packet that came to the wrong port: its type, with the marker, is read as a payload type of
  /// 64 to 95 (RFC 5761 section 4). A peer may have agreed on such a payload type all the same.
  public var mayBeControl: Bool { 64...95 ~= payloadType }

  /// Reads a packet; nil when it is not RTP version 2 or when its lengths do not fit.
  public init?(_ packet: UnsafeRawBufferPointer) {
    guard packet.count >= Self.size, packet[0] >> 6 == 2 else { return nil }
    payloadType = packet[1] & 0x7F
    marker = packet[1] & 0x80 != 0
    sequence = UInt16(packet[2]) << 8 | UInt16(packet[3])
    timestamp = packet.word(at: 4)
    source = packet.word(at: 8)
    var offset = Self.size + 4 * Int(packet[0] & 0x0F)
    if packet[0] & 0x10 != 0 {
      guard packet.count >= offset + 4 else { return nil }
      offset += 4 + 4 * (Int(packet[offset + 2]) << 8 | Int(packet[offset + 3]))
    }
    guard packet.count >= offset else { return nil }
    var count = packet.count - offset
    if packet[0] & 0x20 != 0 {
      let padding = Int(packet[packet.count - 1])
      guard padding > 0, padding <= count else { return nil }
      count -= padding
    }
    payloadOffset = offset
    payloadCount = count
  }

  /// Writes the 12 octets at the start of the buffer.
  /// - Returns: false, writing nothing, when the buffer is too small.
  @discardableResult
  public func write(to buffer: UnsafeMutableRawBufferPointer) -> Bool {
    guard buffer.count >= Self.size else { return false }
    buffer[0] = 0x80
    buffer[1] = (marker ? 0x80 : 0) | payloadType
    buffer[2] = UInt8(sequence >> 8)
    buffer[3] = UInt8(truncatingIfNeeded: sequence)
    buffer.setWord(timestamp, at: 4)
    buffer.setWord(source, at: 8)
    return true
  }
}

extension UnsafeRawBufferPointer {
  /// A big-endian word; the caller has checked the bounds.
  func word(at index: Int) -> UInt32 {
    UInt32(self[index]) << 24 | UInt32(self[index + 1]) << 16 | UInt32(self[index + 2]) << 8 | UInt32(self[index + 3])
  }
}

extension UnsafeMutableRawBufferPointer {
  /// Stores a big-endian word; the caller has checked the bounds.
  func setWord(_ value: UInt32, at index: Int) {
    self[index] = UInt8(value >> 24)
    self[index + 1] = UInt8(truncatingIfNeeded: value >> 16)
    self[index + 2] = UInt8(truncatingIfNeeded: value >> 8)
    self[index + 3] = UInt8(truncatingIfNeeded: value)
  }
}
