/// G.711: the two laws that turn 16-bit linear samples into octets and back (ITU-T G.711, tables 1 and 2).
///
/// Linear values are the standard's 14-bit (mu-law) and 13-bit (A-law) numbers shifted up to 16 bits. Coding rounds
/// towards zero to the law's width first, so negative and positive samples are treated alike.
public enum G711: String, Hashable, Sendable, CaseIterable {
  /// North America and Japan; RTP payload type 0.
  case muLaw = "PCMU"
  /// Elsewhere; RTP payload type 8, even bits inverted.
  case aLaw = "PCMA"

  /// The octet that decodes to (almost) nothing.
  public var silence: UInt8 {
    switch self {
    case .muLaw: 0xFF
    case .aLaw: 0xD5
    }
  }

  /// The linear value of an octet.
  public func decode(_ octet: UInt8) -> Int16 { table[Int(octet)] }

  /// The octet of a linear value.
  public func encode(_ sample: Int16) -> UInt8 {
    switch self {
    case .muLaw: Self.encodeMuLaw(sample)
    case .aLaw: Self.encodeALaw(sample)
    }
  }

  /// Decodes as many octets as both sides hold.
  /// - Returns: how many.
  @discardableResult
  public func decode(_ octets: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    let count = min(octets.count, samples.count)
    let table = table
    for index in 0..<count { samples[index] = table[Int(octets[index])] }
    return count
  }

  /// Encodes as many samples as both sides hold.
  /// - Returns: how many.
  @discardableResult
  public func encode(_ samples: Span<Int16>, into octets: inout MutableSpan<UInt8>) -> Int {
    let count = min(samples.count, octets.count)
    switch self {
    case .muLaw: for index in 0..<count { octets[index] = Self.encodeMuLaw(samples[index]) }
    case .aLaw: for index in 0..<count { octets[index] = Self.encodeALaw(samples[index]) }
    }
    return count
  }
}

extension G711 {
  /// The linear value of each octet; fetched once a frame, not once a sample.
  var table: [Int16] {
    switch self {
    case .muLaw: Self.muLawTable
    case .aLaw: Self.aLawTable
    }
  }

  /// All 256 linear values of mu-law.
  static let muLawTable: [Int16] = (0...255).map { octet in
    let bits = ~octet & 0xFF
    let magnitude = (((bits & 0x0F) << 1 + 33) << ((bits >> 4) & 7)) - 33
    return Int16((bits & 0x80 != 0 ? -magnitude : magnitude) << 2)
  }

  /// All 256 linear values of A-law.
  static let aLawTable: [Int16] = (0...255).map { octet in
    let bits = octet ^ 0x55
    let segment = (bits >> 4) & 7
    let step = (bits & 0x0F) << 1 + 1
    let magnitude = segment == 0 ? step : (step + 32) << (segment - 1)
    return Int16((bits & 0x80 != 0 ? magnitude : -magnitude) << 3)
  }

  /// Magnitude in 14 bits plus the bias of 33; the leading one gives the segment, the four bits behind it the step.
  private static func encodeMuLaw(_ sample: Int16) -> UInt8 {
    let sign: UInt16 = sample < 0 ? 0x80 : 0
    let magnitude = min(UInt16(bitPattern: sample < 0 ? ~sample : sample) >> 2 + 33, 0x1FFF)
    let segment = UInt16(10 - magnitude.leadingZeroBitCount)
    let step = (magnitude >> (segment + 1)) & 0x0F
    return ~UInt8(truncatingIfNeeded: sign | segment << 4 | step)
  }

  /// Magnitude in 12 bits; segment 0 is linear like segment 1 but without the leading one.
  private static func encodeALaw(_ sample: Int16) -> UInt8 {
    let sign: UInt16 = sample < 0 ? 0 : 0x80
    let magnitude = UInt16(bitPattern: sample < 0 ? ~sample : sample) >> 4
    let segment = magnitude < 16 ? 0 : UInt16(12 - magnitude.leadingZeroBitCount)
    let step = (segment < 2 ? magnitude : magnitude >> (segment - 1)) & 0x0F
    return UInt8(truncatingIfNeeded: sign | segment << 4 | step) ^ 0x55
  }
}
