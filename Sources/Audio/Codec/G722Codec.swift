/// G.722 at 64,000 bits a second (ITU-T G.722, mode 1): wideband sound in as many octets as G.711. An octet holds two samples,
/// six bits for the lower sub-band and two for the higher one.
///
/// Its RTP clock is 8,000, an error of long ago that everybody keeps (RFC 3551 section 4.5.2).
public final class G722Codec: Codec {
  private var decoder = Half()
  private var encoder = Half()

  /// A codec whose streams begin.
  public init() {
    // The tables are made here and not in the first frame.
    var half = Half()
    _ = half.decode(0)
    _ = half.encode(0, 0)
  }

  public var name: String { "G722" }
  public var clockRate: Int { 8_000 }
  public var rate: AudioRate { .wideband }

  public func duration(of packet: Span<UInt8>) -> Int { packet.count }

  public func decode(_ packet: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    let count = min(packet.count, samples.count / 2)
    for index in 0..<count {
      let (first, second) = decoder.decode(Int(packet[index]))
      samples[2 * index] = first
      samples[2 * index + 1] = second
    }
    return 2 * count
  }

  public func encode(_ frame: Span<Int16>, into packet: inout MutableSpan<UInt8>) -> Int {
    let count = min(frame.count / 2, packet.count)
    for index in 0..<count { packet[index] = encoder.encode(Int(frame[2 * index]), Int(frame[2 * index + 1])) }
    return count
  }

  public func reset() { decoder = Half() }
}

extension G722Codec {
  /// One way of a stream: two bands, and the quadrature mirror filter that parts or joins them.
  private struct Half {
    private var lower = G722Band(.lower)
    private var higher = G722Band(.higher)
    /// The filter's last 24 values, the oldest first.
    private var history = [Int](repeating: 0, count: 24)

    mutating func decode(_ octet: Int) -> (Int16, Int16) {
      let low = octet & 63
      // INVQBL, LIMIT: what is heard has all six bits.
      let heardLow = Self.clamp(lower.prediction + (lower.step * G722Codec.sixBits[low]) >> 15)
      updateLower(low)
      let high = octet >> 6
      let heardHigh = Self.clamp(higher.prediction + (higher.step * G722Codec.twoBits[high]) >> 15)
      updateHigher(high)
      let (even, odd) = filter(heardLow + heardHigh, heardLow - heardHigh)
      return (Int16(clamping: odd >> 11), Int16(clamping: even >> 11))
    }

    mutating func encode(_ first: Int, _ second: Int) -> UInt8 {
      let (even, odd) = filter(first, second)
      // The filter's gain of 4,096, two sums, and the 15 bits of the bands.
      let low = quantizeLower(Self.limit((even + odd) >> 14 - lower.prediction))
      updateLower(low)
      let high = quantizeHigher(Self.limit((odd - even) >> 14 - higher.prediction))
      updateHigher(high)
      return UInt8(truncatingIfNeeded: high << 6 | low)
    }

    /// INVQAL: both sides go on with four of the six bits, which lesser modes of the codec have as well.
    private mutating func updateLower(_ code: Int) {
      let coarse = code >> 2
      lower.update(
        difference: (lower.step * G722Codec.fourBits[coarse]) >> 15, weight: G722Codec.lowerWeights[coarse])
    }

    /// INVQAH.
    private mutating func updateHigher(_ code: Int) {
      higher.update(
        difference: (higher.step * G722Codec.twoBits[code]) >> 15, weight: code & 1 == 0 ? 798 : -214)
    }

    /// QUANTL: the first of thirty levels that is over the magnitude.
    private func quantizeLower(_ difference: Int) -> Int {
      let magnitude = difference >= 0 ? difference : ~difference
      var level = 1
      while level < 30, magnitude >= (G722Codec.levels[level] * lower.step) >> 12 { level += 1 }
      if difference >= 0 { return 62 - level }
      return level < 3 ? 64 - level : 34 - level
    }

    /// QUANTH.
    private func quantizeHigher(_ difference: Int) -> Int {
      let magnitude = difference >= 0 ? difference : ~difference
      let isLarge = magnitude >= (564 * higher.step) >> 12
      return (difference >= 0 ? 2 : 0) | (isLarge ? 0 : 1)
    }

    /// Takes two values and gives the sums over the even and the odd ones.
    private mutating func filter(_ first: Int, _ second: Int) -> (even: Int, odd: Int) {
      var history = history.mutableSpan
      for index in 0..<22 { history[index] = history[index + 2] }
      history[22] = first
      history[23] = second
      let coefficients = G722Codec.filter.span
      var (even, odd) = (0, 0)
      for index in 0..<12 {
        even += history[2 * index] * coefficients[index]
        odd += history[2 * index + 1] * coefficients[11 - index]
      }
      return (even, odd)
    }

    /// To 15 bits.
    private static func clamp(_ value: Int) -> Int { min(max(value, -16_384), 16_383) }

    /// To 16 bits.
    private static func limit(_ value: Int) -> Int { min(max(value, -32_768), 32_767) }
  }

  /// Half of the filter's 24 coefficients, which are symmetric (table 4).
  private static let filter = [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11]

  /// Decision levels of the lower band (Q6).
  private static let levels = [
    0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339,
    1458,
    1612, 1765, 1980, 2195, 2557, 2919,
  ]
  /// What the codes of the lower band stand for, in steps (QQ6).
  private static let sixBits = [
    -136, -136, -136, -136, -24_808, -21_904, -19_008, -16_704, -14_984, -13_512, -12_280, -11_192, -10_232, -9_360,
    -8_576,
    -7_856, -7_192, -6_576, -6_000, -5_456, -4_944, -4_464, -4_008, -3_576, -3_168, -2_776, -2_400, -2_032, -1_688,
    -1_360,
    -1_040, -728, 24_808, 21_904, 19_008, 16_704, 14_984, 13_512, 12_280, 11_192, 10_232, 9_360, 8_576, 7_856, 7_192,
    6_576,
    6_000, 5_456, 4_944, 4_464, 4_008, 3_576, 3_168, 2_776, 2_400, 2_032, 1_688, 1_360, 1_040, 728, 432, 136, -432,
    -136,
  ]
  /// The same of their first four bits (QQ4).
  private static let fourBits = [
    0, -20_456, -12_896, -8_968, -6_288, -4_240, -2_584, -1_200, 20_456, 12_896, 8_968, 6_288, 4_240, 2_584, 1_200, 0,
  ]
  /// What these say about the step (WL by RL42).
  private static let lowerWeights = [
    -60, 3_042, 1_198, 538, 334, 172, 58, -30, 3_042, 1_198, 538, 334, 172, 58, -30, -60,
  ]
  /// What the codes of the higher band stand for, in steps (QQ2).
  private static let twoBits = [-7_408, -1_616, 7_408, 1_616]
}
