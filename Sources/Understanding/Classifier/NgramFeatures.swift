/// Features without a model: TF-IDF over character n-grams of 2 to 5 inside word boundaries, learnt from the examples.
public struct NgramFeatures: Sendable {
  private let terms: [String: (index: Int32, weight: Float)]

  /// Learns terms and their rarity from the examples.
  public init(examples: [String]) {
    var counts: [String: Int] = [:]
    for example in examples {
      for term in Set(Self.grams(of: example)) { counts[term, default: 0] += 1 }
    }
    var terms: [String: (index: Int32, weight: Float)] = [:]
    for (index, term) in counts.keys.sorted().enumerated() {
      let rarity = Self.naturalLogarithm(Double(1 + examples.count) / Double(1 + (counts[term] ?? 0))) + 1
      terms[term] = (Int32(index), Float(rarity))
    }
    self.terms = terms
  }

  /// How many terms are known.
  public var dimension: Int { terms.count }

  func vector(of text: String) -> FeatureVector {
    var counts: [Int32: (count: Float, weight: Float)] = [:]
    for gram in Self.grams(of: text) {
      if let term = terms[gram] { counts[term.index, default: (0, term.weight)].count += 1 }
    }
    return FeatureVector(
      sparse: counts.map {
        (index: $0.key, value: (1 + Float(Self.naturalLogarithm(Double($0.value.count)))) * $0.value.weight)
      })
  }

  static func grams(of text: String) -> [String] {
    var grams: [String] = []
    for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "'" }) {
      let letters = Array(" " + word + " ")
      for length in 2...5 where letters.count >= length {
        for start in 0...(letters.count - length) { grams.append(String(letters[start..<start + length])) }
      }
    }
    return grams
  }

  /// The natural logarithm by argument reduction and the series of the inverse hyperbolic tangent: the same on every machine.
  static func naturalLogarithm(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return 0 }
    let mantissa = value.significand
    let ratio = (mantissa - 1) / (mantissa + 1)
    var power = ratio
    var sum = 0.0
    for term in stride(from: 1, to: 40, by: 2) {
      sum += power / Double(term)
      power *= ratio * ratio
    }
    return 2 * sum + Double(value.exponent) * 0.693_147_180_559_945_3
  }
}
