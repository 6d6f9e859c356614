internal import Core

/// What a classified sentence may mean.
enum IntentLabel: Hashable, Sendable {
  case flow(FlowID)
  case stock(StockIntent.Kind)

  var description: String {
    switch self {
    case .flow(let flow): flow.rawValue
    case .stock(let kind): kind.rawValue
    }
  }
}

/// Picks the meaning of a sentence: a softmax head over features picks, the best similarity to an example gates.
struct IntentClassifier: Sendable {
  let labels: [IntentLabel]
  let gate: ScopeGate
  /// `minilm`, `ngram`: the proposer's name.
  let name: String
  private let head: SoftmaxHead
  private let rows: [FeatureVector]
  private let rowLabels: [Int]

  /// One label with how likely it is and how near its nearest example lies.
  struct Score: Hashable {
    var label: IntentLabel
    var probability: Float
    var similarity: Float
  }

  /// Learns from labelled vectors.
  init(
    name: String, labels: [IntentLabel], rows: [FeatureVector], rowLabels: [Int], features: Int,
    bounds: ScopeGate.Bounds,
    training: SoftmaxHead.Training
  ) {
    self.name = name
    self.labels = labels
    self.rows = rows
    self.rowLabels = rowLabels
    head = SoftmaxHead(rows: rows, labels: rowLabels, classes: labels.count, features: features, training: training)
    var own: [Float] = []
    var others: [Float] = []
    for (index, row) in rows.enumerated() {
      let label = rowLabels[index]
      var best: Float = 0
      switch labels[label] {
      case .flow:
        for (other, vector) in rows.enumerated() where other != index && rowLabels[other] == label {
          best = max(best, row.similarity(to: vector))
        }
        own.append(best)
      case .stock(.outOfScope):
        for (other, vector) in rows.enumerated() {
          if case .flow = labels[rowLabels[other]] { best = max(best, row.similarity(to: vector)) }
        }
        others.append(best)
      case .stock: break
      }
    }
    gate = ScopeGate(own: own, others: others, bounds: bounds)
  }

  /// All labels, likeliest first.
  func scores(_ vector: FeatureVector) -> [Score] {
    let probabilities = head.probabilities(vector)
    var nearest = [Float](repeating: 0, count: labels.count)
    for (index, row) in rows.enumerated() {
      nearest[rowLabels[index]] = max(nearest[rowLabels[index]], row.similarity(to: vector))
    }
    return labels.indices.map { Score(label: labels[$0], probability: probabilities[$0], similarity: nearest[$0]) }
      .sorted {
        $0.probability == $1.probability ? $0.label.description < $1.label.description : $0.probability > $1.probability
      }
  }
}
