/// One of G.722's two sub-bands: a quantiser whose step adapts, and a predictor with two poles and six zeros (ITU-T G.722,
/// section 3 and 4; the names of its blocks stand beside the steps). Coder and decoder of a stream keep the same state, which
/// follows from the octets alone.
struct G722Band: Sendable {
  /// What the band of a kind is told apart by.
  enum Kind { case lower, higher }

  private let kind: Kind
  /// The quantiser's step (DETL, DETH), and its logarithm (NBL, NBH).
  private(set) var step: Int
  private var logarithm = 0
  /// What is predicted (SL, SH), and the part of it by the zeros (SZL, SZH).
  private(set) var prediction = 0
  private var byZeros = 0
  /// The last two reconstructed samples (RLT), and the last two without their poles' part (PLT).
  private var sample = (0, 0)
  private var partial = (0, 0)
  /// Coefficients of the poles (AL).
  private var poles = (0, 0)
  /// The last six differences (DLT), and the coefficients of the zeros (BL).
  private var differences = [0, 0, 0, 0, 0, 0]
  private var zeros = [0, 0, 0, 0, 0, 0]

  init(_ kind: Kind) {
    self.kind = kind
    step = kind == .lower ? 32 : 8
  }

  /// Takes the next difference and what it says about the step.
  /// - Parameters:
  ///   - difference: as it is quantised, with which both sides go on.
  ///   - weight: by how much the step's logarithm changes (WL, WH).
  mutating func update(difference: Int, weight: Int) {
    adaptPrediction(to: difference)
    // LOGSCL, LOGSCH, SCALEL, SCALEH.
    let ceiling = kind == .lower ? 18_432 : 22_528
    logarithm = min(max((logarithm * 127) >> 7 + weight, 0), ceiling)
    let shift = (kind == .lower ? 8 : 10) - logarithm >> 11
    let mantissa = Self.mantissas[(logarithm >> 6) & 31]
    step = (shift < 0 ? mantissa << -shift : mantissa >> shift) << 2
  }

  private mutating func adaptPrediction(to difference: Int) {
    // RECONS, PARREC.
    let reconstructed = Self.limit(prediction + difference)
    let withoutPoles = Self.limit(byZeros + difference)
    adaptPoles(withoutPoles)
    adaptZeros(difference)
    sample = (reconstructed, sample.0)
    partial = (withoutPoles, partial.0)
    // FILTEP, FILTEZ, PREDIC.
    let byPoles = Self.limit(
      (poles.0 * Self.limit(2 * sample.0)) >> 15 + (poles.1 * Self.limit(2 * sample.1)) >> 15)
    var sum = 0
    for index in 0..<6 { sum += (zeros[index] * Self.limit(2 * differences[index])) >> 15 }
    byZeros = Self.limit(sum)
    prediction = Self.limit(byPoles + byZeros)
  }

  /// UPPOL2, UPPOL1.
  private mutating func adaptPoles(_ withoutPoles: Int) {
    let hasSignOfLast = (withoutPoles < 0) == (partial.0 < 0)
    let hasSignBefore = (withoutPoles < 0) == (partial.1 < 0)
    let scaled = Self.limit(4 * poles.0)
    let turned = min(hasSignOfLast ? -scaled : scaled, 32_767)
    let second = (hasSignBefore ? 128 : -128) + turned >> 7 + (poles.1 * 32_512) >> 15
    poles.1 = min(max(second, -12_288), 12_288)
    let bound = Self.limit(15_360 - poles.1)
    let first = Self.limit((hasSignOfLast ? 192 : -192) + (poles.0 * 32_640) >> 15)
    poles.0 = min(max(first, -bound), bound)
  }

  /// UPZERO, DELAYA.
  private mutating func adaptZeros(_ difference: Int) {
    let gain = difference == 0 ? 0 : 128
    for index in 0..<6 {
      let hasSign = (differences[index] < 0) == (difference < 0)
      zeros[index] = Self.limit((hasSign ? gain : -gain) + (zeros[index] * 32_640) >> 15)
    }
    var index = 5
    while index > 0 {
      differences[index] = differences[index - 1]
      index -= 1
    }
    differences[0] = difference
  }

  /// To 16 bits.
  private static func limit(_ value: Int) -> Int { min(max(value, -32_768), 32_767) }

  /// 2048 times two to the power of n / 32 (ILB).
  private static let mantissas = [
    2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834, 2896, 2960, 3025,
    3091,
    3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
  ]
}
