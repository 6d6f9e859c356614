import Glibc

/// Finds keys in the audio itself (ITU-T Q.23, Q.24), for lines that do not send telephone events.
///
/// Blocks of 12.75 ms (102 samples of a narrowband line) go through eight Goertzel filters. Two equal blocks in a row begin a press, two
/// without it end it: 40 ms of tone are enough. A block counts when one row and one column stand out, carry most of
/// its energy, and differ by at most 8 dB (column weaker) or 4 dB (row weaker), so that voices seldom pass. Allocates
/// nothing.
public struct DTMFDetector: Hashable, Sendable {
  /// Mean square under which nothing is a key: about -42 dBov.
  private static let quietest: Float = 260 * 260
  /// 2 cos(2 pi f / 8000) for 697, 770, 852, 941, 1209, 1336, 1477, 1633 Hz.
  private static let narrowband = SIMD8<Float>(
    1.707_737_8, 1.645_281_0, 1.568_686_9, 1.478_204_6, 1.164_104_0, 0.996_370_8, 0.798_618_4, 0.568_532_8)
  /// 2 cos(2 pi f / 16000) for the same.
  private static let wideband = SIMD8<Float>(
    1.925_548_7, 1.909_261_9, 1.889_096_9, 1.864_994_5, 1.778_792_9, 1.731_002_7, 1.672_907_2, 1.602_664_3)

  private let coefficients: SIMD8<Float>
  /// Samples of a block.
  private let block: Int
  private var before = SIMD8<Float>()
  private var earlier = SIMD8<Float>()
  private var energy: Float = 0
  private var filled = 0
  private var candidate: UInt8 = 0
  private var pressed: UInt8 = 0
  private var misses = 0

  /// A detector at rest.
  public init(rate: AudioRate = .narrowband) {
    switch rate {
    case .narrowband: (coefficients, block) = (Self.narrowband, 102)
    case .wideband: (coefficients, block) = (Self.wideband, 204)
    }
  }

  /// Takes the next audio, of any length.
  /// - Returns: the key whose press began in it; the last one if there are several.
  public mutating func take(_ frame: Span<Int16>) -> Character? {
    var found: UInt8 = 0
    for index in frame.indices {
      let sample = Float(frame[index])
      let next = coefficients * before - earlier + SIMD8(repeating: sample)
      earlier = before
      before = next
      energy += sample * sample
      filled += 1
      if filled == block {
        let key = judge()
        if key != 0 { found = key }
      }
    }
    return found == 0 ? nil : Character(Unicode.Scalar(found))
  }

  /// Ends a block.
  /// - Returns: a key whose press begins with it, 0 for none.
  private mutating func judge() -> UInt8 {
    let key = Self.key(
      powers: before * before + earlier * earlier - coefficients * before * earlier, energy: energy, block: block)
    before = SIMD8()
    earlier = SIMD8()
    energy = 0
    filled = 0
    var begun: UInt8 = 0
    if key != 0, key == pressed {
      misses = 0
    } else if key != 0, key == candidate {
      pressed = key
      misses = 0
      begun = key
    } else if pressed != 0 {
      misses += 1
      if misses >= 2 { pressed = 0 }
    }
    candidate = key
    return begun
  }

  private static func key(powers: SIMD8<Float>, energy: Float, block: Int) -> UInt8 {
    guard energy > quietest * Float(block) else { return 0 }
    let (row, rowPower) = strongest(powers, from: 0)
    let (column, columnPower) = strongest(powers, from: 4)
    guard row >= 0, column >= 0, columnPower < rowPower * 2.6, rowPower < columnPower * 6.5 else { return 0 }
    // A pure tone of energy E gives a power of E * N / 2.
    guard rowPower + columnPower > 0.75 * energy * Float(block) / 2 else { return 0 }
    let keys: StaticString = "123A456B789C*0#D"
    return keys.utf8Start[row * 4 + column]
  }

  /// The strongest of four neighbours, -1 when another comes within 8 dB of it.
  private static func strongest(_ powers: SIMD8<Float>, from start: Int) -> (index: Int, power: Float) {
    var best = 0
    for index in 1..<4 where powers[start + index] > powers[start + best] { best = index }
    let power = powers[start + best]
    for index in 0..<4 where index != best && powers[start + index] * 6.3 > power { return (-1, 0) }
    return (best, power)
  }
}
