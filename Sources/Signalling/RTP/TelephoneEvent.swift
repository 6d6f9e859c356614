/// A key of the telephone keypad.
public enum TelephoneDigit: UInt8, Hashable, Sendable, CaseIterable, Codable {
  case d0 = 0, d1, d2, d3, d4, d5, d6, d7, d8, d9, star, pound, a, b, c, d

  /// The key as text: `0` to `9`, `*`, `#`, `A` to `D`.
  public var character: Character { Self.characters[Int(rawValue)] }

  /// By its text; nil for anything else.
  public init?(_ character: Character) {
    guard let index = Self.characters.firstIndex(of: Character(character.uppercased())) else { return nil }
    self.init(rawValue: UInt8(index))
  }

  private static let characters = Array("0123456789*#ABCD")
}

/// The payload of a telephone event (RFC 4733 section 2.3).
public struct TelephoneEvent: Hashable, Sendable {
  /// Event code; 0 to 15 are keys.
  public var code: UInt8
  /// Whether this packet ends the event.
  public var isEnd: Bool
  /// Power below 1 mW, 0 to 63.
  public var volume: UInt8
  /// Duration so far in units of the RTP clock.
  public var duration: UInt16

  /// An event from its parts.
  public init(code: UInt8, isEnd: Bool, volume: UInt8 = 10, duration: UInt16) {
    self.code = code
    self.isEnd = isEnd
    self.volume = volume
    self.duration = duration
  }

  /// Reads the first event of a payload; nil when it is too short.
  public init?(_ payload: UnsafeRawBufferPointer) {
    guard payload.count >= 4 else { return nil }
    code = payload[0]
    isEnd = payload[1] & 0x80 != 0
    volume = payload[1] & 0x3F
    duration = UInt16(payload[2]) << 8 | UInt16(payload[3])
  }

  /// Writes four octets; false when the buffer is too small.
  @discardableResult
  public func write(to buffer: UnsafeMutableRawBufferPointer) -> Bool {
    guard buffer.count >= 4 else { return false }
    buffer[0] = code
    buffer[1] = (isEnd ? 0x80 : 0) | volume & 0x3F
    buffer[2] = UInt8(duration >> 8)
    buffer[3] = UInt8(truncatingIfNeeded: duration)
    return true
  }
}
