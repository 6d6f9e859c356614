internal import Glibc

/// Multinomial logistic regression: full-batch gradient descent with momentum, zero start, fixed order, so that the same
/// examples give the same weights.
struct SoftmaxHead: Sendable {
  let classes: Int
  private let features: Int
  private let weights: [Float]
  private let biases: [Float]

  /// How it is trained.
  struct Training {
    var steps = 300
    var rate: Float = 6
    var momentum: Float = 0.9
    /// Pull of the weights towards zero.
    var decay: Float = 0.0005
  }

  /// Trains on rows with their class numbers. Classes weigh the same however many examples they have.
  init(rows: [FeatureVector], labels: [Int], classes: Int, features: Int, training: Training = Training()) {
    precondition(rows.count == labels.count)
    self.classes = classes
    self.features = features
    var counts = [Float](repeating: 0, count: classes)
    for label in labels { counts[label] += 1 }
    let present = Float(counts.filter { $0 > 0 }.count)
    let shares = labels.map { 1 / (present * counts[$0]) }
    var weights = [Float](repeating: 0, count: features * classes)
    var speed = weights
    var gradient = weights
    var biases = [Float](repeating: 0, count: classes)
    var biasSpeed = biases
    for _ in 0..<training.steps {
      var biasGradient = [Float](repeating: 0, count: classes)
      gradient.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
      for (row, vector) in rows.enumerated() {
        var errors = Self.probabilities(vector, weights, biases, classes)
        errors[labels[row]] -= 1
        for index in 0..<classes {
          errors[index] *= shares[row]
          biasGradient[index] += errors[index]
        }
        Self.addOuter(vector, errors, into: &gradient, classes)
      }
      Self.move(&weights, &speed, gradient, training)
      for index in 0..<classes {
        biasSpeed[index] = training.momentum * biasSpeed[index] - training.rate * biasGradient[index]
        biases[index] += biasSpeed[index]
      }
    }
    self.weights = weights
    self.biases = biases
  }

  /// The probability of each class.
  func probabilities(_ vector: FeatureVector) -> [Float] {
    Self.probabilities(vector, weights, biases, classes)
  }

  private static func probabilities(_ vector: FeatureVector, _ weights: [Float], _ biases: [Float], _ classes: Int)
    -> [Float]
  {
    var logits = biases
    logits.withUnsafeMutableBufferPointer { logits in
      weights.withUnsafeBufferPointer { weights in
        vector.values.withUnsafeBufferPointer { values in
          vector.indices.withUnsafeBufferPointer { indices in
            // Indices of a vector lie below `features`, so `base` stays inside the weights; no buffer is empty where the loops run.
            guard let out = logits.baseAddress, let all = weights.baseAddress, let x = values.baseAddress,
              let at = indices.baseAddress
            else { return }
            var item = 0
            let count = values.count
            while item < count {
              let row = all + Int(at[item]) * classes
              let value = x[item]
              var index = 0
              while index < classes {
                out[index] += value * row[index]
                index += 1
              }
              item += 1
            }
          }
        }
      }
    }
    let top = logits.max() ?? 0
    var sum: Float = 0
    for index in 0..<classes {
      logits[index] = expf(logits[index] - top)
      sum += logits[index]
    }
    for index in 0..<classes { logits[index] /= sum }
    return logits
  }

  private static func addOuter(_ vector: FeatureVector, _ errors: [Float], into gradient: inout [Float], _ classes: Int)
  {
    gradient.withUnsafeMutableBufferPointer { gradient in
      errors.withUnsafeBufferPointer { errors in
        vector.values.withUnsafeBufferPointer { values in
          vector.indices.withUnsafeBufferPointer { indices in
            // As in `probabilities`.
            guard let all = gradient.baseAddress, let error = errors.baseAddress, let x = values.baseAddress,
              let at = indices.baseAddress
            else { return }
            var item = 0
            let count = values.count
            while item < count {
              let row = all + Int(at[item]) * classes
              let value = x[item]
              var index = 0
              while index < classes {
                row[index] += value * error[index]
                index += 1
              }
              item += 1
            }
          }
        }
      }
    }
  }

  private static func move(_ weights: inout [Float], _ speed: inout [Float], _ gradient: [Float], _ training: Training)
  {
    let count = weights.count
    weights.withUnsafeMutableBufferPointer { weights in
      speed.withUnsafeMutableBufferPointer { speed in
        gradient.withUnsafeBufferPointer { gradient in
          // All three have `count` numbers.
          guard let w = weights.baseAddress, let v = speed.baseAddress, let g = gradient.baseAddress else { return }
          var index = 0
          while index < count {
            v[index] = training.momentum * v[index] - training.rate * (g[index] + training.decay * w[index])
            w[index] += v[index]
            index += 1
          }
        }
      }
    }
  }
}
