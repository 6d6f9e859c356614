/// The similarity an utterance needs to an example before anything is believed of it, learnt per assistant.
struct ScopeGate: Hashable, Sendable {
  /// Below it nothing is believed.
  let similarity: Float
  /// Share of the assistant's own examples that pass when each is left out once, in thousandths.
  let ownPassed: Int
  /// Share of out-of-scope sentences that are kept out, in thousandths.
  let othersStopped: Int

  /// Bounds that calibration does not leave, whatever the examples say.
  struct Bounds {
    var lowest: Float
    var highest: Float
  }

  /// Chooses the threshold that keeps most out-of-scope sentences out while most own examples pass.
  ///
  /// - Parameters:
  ///   - own: for each example its best similarity to another example of its class.
  ///   - others: for each out-of-scope sentence its best similarity to any flow's example.
  init(own: [Float], others: [Float], bounds: Bounds) {
    func share(_ values: [Float], from threshold: Float) -> Float {
      values.isEmpty ? 1 : Float(values.filter { $0 >= threshold }.count) / Float(values.count)
    }
    var best: (score: Float, threshold: Float) = (-1, bounds.lowest)
    var threshold = bounds.lowest
    while threshold <= bounds.highest + 0.0001 {
      // A wrong start costs more than a repeated question, but a caller who is never understood hangs up.
      let score = share(own, from: threshold) + 1.2 * (1 - share(others, from: threshold))
      if score > best.score + 0.0001 { best = (score, threshold) }
      threshold += 0.01
    }
    similarity = best.threshold
    ownPassed = Int((share(own, from: best.threshold) * 1000).rounded())
    othersStopped = Int(((1 - share(others, from: best.threshold)) * 1000).rounded())
  }
}
