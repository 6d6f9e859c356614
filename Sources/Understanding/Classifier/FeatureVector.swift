/// A text as numbers: dense from an embedder, sparse from n-grams. Unit length, unless it is empty.
struct FeatureVector: Hashable, Sendable {
  /// Ascending.
  let indices: [Int32]
  let values: [Float]

  /// A dense vector of unit length.
  init(dense: [Float]) {
    indices = (0..<Int32(dense.count)).map { $0 }
    values = Self.unit(dense)
  }

  /// A sparse vector; made unit length.
  init(sparse: [(index: Int32, value: Float)]) {
    let sorted = sparse.sorted { $0.index < $1.index }
    indices = sorted.map(\.index)
    values = Self.unit(sorted.map(\.value))
  }

  /// The cosine of the angle between two texts.
  func similarity(to other: FeatureVector) -> Float {
    if indices.count == other.indices.count, indices.first == other.indices.first, indices.last == other.indices.last,
      indices.last == Int32(indices.count - 1)
    {
      return values.withUnsafeBufferPointer { left in
        other.values.withUnsafeBufferPointer { right in
          // Both buffers hold `values.count` numbers for the length of this closure; an empty vector has no loop.
          guard let a = left.baseAddress, let b = right.baseAddress else { return 0 }
          var sum: Float = 0
          var index = 0
          let count = min(left.count, right.count)
          while index < count {
            sum += a[index] * b[index]
            index += 1
          }
          return sum
        }
      }
    }
    var sum: Float = 0
    var left = 0
    var right = 0
    while left < indices.count, right < other.indices.count {
      if indices[left] == other.indices[right] {
        sum += values[left] * other.values[right]
        left += 1
        right += 1
      } else if indices[left] < other.indices[right] {
        left += 1
      } else {
        right += 1
      }
    }
    return sum
  }

  /// The same direction with length 1; zeros stay zeros.
  static func unit(_ values: [Float]) -> [Float] {
    let length = values.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? values.map { $0 / length } : values
  }
}
